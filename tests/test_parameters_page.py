"""The site's page of parameters: every setting described, and nothing that does not exist."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest
import yaml
from scripts import parameters_page
from scripts.parameters_page import (
    OTHER_ENVIRONMENTS,
    ROOTS,
    parameters_markdown,
    parameters_of,
    run_parameters,
    type_in_words,
)

from taskonomy_kedro.core.base_settings import Settings

PROJECT = Path(__file__).resolve().parents[1]


def paths() -> set[str]:
    return {parameter.path for root in ROOTS for parameter in parameters_of(root)}


def settings_classes() -> set[str]:
    """The settings models that the source has, read without importing it."""
    trees = [ast.parse(path.read_text()) for path in (PROJECT / "src").rglob("*.py")]
    return {
        node.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Settings" for base in node.bases)
    }


def test_every_settings_model_is_reached():
    reached = set(ROOTS.values())
    for root in ROOTS.values():
        reached |= {type(value) for _, value in root() if isinstance(value, Settings)}
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
                names = [f"{root}.{key}", *inner]
                assert known & set(names), f"{names[0]} of conf/{environment} is described nowhere"


def test_a_row_has_the_default_and_values_of_other_environments():
    (row,) = [
        p for p in parameters_of("transfer_modeling") if p.path == "transfer_modeling.segmentation_factor"
    ]
    assert (row.kind, row.default, row.elsewhere) == ("number", 2.0, {"paper": 1.0})
    line = next(line for line in parameters_markdown().splitlines() if "segmentation_factor" in line)
    assert line == (
        "| <code>transfer_modeling.<wbr>segmentation_factor</code> | number | `2` | Times as many steps for targets "
        "whose label is a map of regions or classes, ≥ 1. *paper: `1`* |"
    )


def test_a_setting_without_a_description_ends_the_build(monkeypatch):
    class Forgetful(Settings):
        forgotten: int = 0

    monkeypatch.setitem(ROOTS, "tree", Forgetful)
    with pytest.raises(ValueError, match="tree.forgotten has no description"):
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
    ("hint", "words"),
    [
        (Literal["cpu", "cuda"], "`cpu` or `cuda`"),
        (Literal["all"] | tuple[int, ...], "`all` or list"),
        (int | None, "whole number or empty"),
        (bool, "true or false"),
        (dict[str, float], "table"),
    ],
)
def test_types_are_written_in_words(hint, words):
    assert type_in_words(hint) == words


def test_the_page_needs_neither_torch_nor_kedro():
    code = "import sys, scripts.parameters_page as p; p.parameters_markdown(); print({'torch', 'kedro'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
