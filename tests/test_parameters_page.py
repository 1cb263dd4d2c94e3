"""The site's page of parameters: every field, told; nothing that does not exist."""

import ast
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from scripts import parameters_page
from scripts.parameters_page import (
    OTHER_ENVIRONMENTS,
    ROOTS,
    meanings_of,
    parameters_markdown,
    parameters_of,
    run_parameters,
    type_in_words,
)

from taskonomy_kedro.core.checks import Settings

PROJECT = Path(__file__).resolve().parents[1]


def paths() -> set[str]:
    return {parameter.path for root in ROOTS for parameter in parameters_of(root)}


def settings_classes() -> set[str]:
    """The settings dataclasses that the source has, read without importing it."""
    trees = [ast.parse(path.read_text()) for path in (PROJECT / "src").rglob("*.py")]
    return {
        node.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Settings" for base in node.bases)
    }


def test_every_settings_dataclass_is_reached():
    reached = set(ROOTS.values())
    for root in ROOTS.values():
        reached |= {type(value) for value in vars(root()).values() if isinstance(value, Settings)}
    assert {kind.__name__ for kind in reached} == settings_classes()


def test_the_page_knows_every_environment():
    folders = {path.name for path in (PROJECT / "conf").iterdir() if path.is_dir()}
    assert set(OTHER_ENVIRONMENTS) == folders - {"base", "local"}


@pytest.mark.parametrize("environment", ["base", *OTHER_ENVIRONMENTS])
def test_every_key_of_the_configuration_stands_on_the_page(environment):
    known = paths()
    for path in (PROJECT / "conf" / environment).glob("parameters*.yml"):
        for root, table in yaml.safe_load(path.read_text()).items():
            for key, value in table.items():
                inner = [f"{root}.{key}.{below}" for below in value] if isinstance(value, dict) else []
                told = [f"{root}.{key}", *inner]
                assert known & set(told), f"{told[0]} of conf/{environment} is told nowhere"


def test_a_row_has_both_values_and_those_of_other_environments():
    (row,) = [
        p for p in parameters_of("transfer_modeling") if p.path == "transfer_modeling.segmentation_factor"
    ]
    assert (row.kind, row.default, row.base, row.elsewhere) == ("number", 2.0, 2.0, {"paper": 1.0})
    line = next(line for line in parameters_markdown().splitlines() if "segmentation_factor" in line)
    assert line == (
        "| <code>transfer_modeling.<wbr>segmentation_factor</code> | number | `2` | `2` | Times as many steps for targets "
        "whose label is a map of regions or classes, ≥ 1. *paper: `1`* |"
    )


def test_a_meaning_of_several_lines_is_one_text():
    assert (
        meanings_of(ROOTS["tree"])["beta"] == "Steepness of the features e^(-beta·P); of no effect on ranks."
    )
    assert meanings_of(ROOTS["data"])["processes"].endswith("one for each core. Results do not depend on it.")


@dataclass(frozen=True, kw_only=True)
class Forgetful(Settings):
    """Settings.

    Attributes:
        told: What it is.
    """

    told: int = 0
    forgotten: int = 0


@dataclass(frozen=True, kw_only=True)
class Stale(Settings):
    """Settings.

    Attributes:
        told: What it is.
        gone: What it was.
    """

    told: int = 0


@pytest.mark.parametrize(
    ("kind", "message"),
    [(Forgetful, "Forgetful.forgotten has no meaning"), (Stale, "Stale.gone is no field, but has a meaning")],
)
def test_a_field_without_a_meaning_ends_the_build(monkeypatch, kind, message):
    monkeypatch.setitem(ROOTS, "tree", kind)
    with pytest.raises(ValueError, match=message):
        parameters_markdown()


def test_a_parameter_of_one_run_without_a_meaning_ends_the_build(monkeypatch):
    assert run_parameters()["published_set"] == (
        "default",
        ["conf/published/catalog.yml", "conf/published/mlflow.yml"],
    )
    monkeypatch.delitem(parameters_page.RUN_PARAMETERS, "subset")
    with pytest.raises(ValueError, match="'subset' is in RUN_PARAMETERS or in conf"):
        run_parameters()


@pytest.mark.parametrize(
    ("hint", "default", "words"),
    [
        (Literal["cpu", "cuda"], "cpu", "`cpu` or `cuda`"),
        (int | None, None, "whole number or empty"),
        (bool, False, "true or false"),
        (Mapping[str, float], None, "table"),
        (Any, {}, "table"),
        (Any, (), "list or text"),
    ],
)
def test_types_are_told_in_words(hint, default, words):
    assert type_in_words(hint, default) == words


def test_the_page_needs_neither_torch_nor_kedro():
    code = "import sys, scripts.parameters_page as p; p.parameters_markdown(); print({'torch', 'kedro'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
