"""A session of a few nodes: the project's catalog in a folder, and the recipes of its datasets."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from kedro.io import CatalogConfigResolver
from kedro.pipeline import Node

from taskonomy_kedro import config
from taskonomy_kedro.recipes import session
from taskonomy_kedro.recipes.planning import Recipes

CONF = Path(__file__).resolve().parents[1] / "conf/base"


def catalog_entries(*pipelines: str, folder: Path) -> dict[str, Any]:
    """Return the entries of the project's catalog for some pipelines, with products in a folder."""
    entries: dict[str, Any] = {}
    for pipeline in pipelines:
        text = (CONF / f"catalog_{pipeline}.yml").read_text()
        for name, value in {
            "globals:products_dir": folder,
            "globals:cache_dir": "cache",
            "root:": folder,
        }.items():
            text = text.replace(f"${{{name}}}", str(value))
        read = yaml.safe_load(text.replace("${runtime_params:export_dir, null}", "null"))
        entries |= {name: entry for name, entry in read.items() if name[0] != "_"}
    return config._named(entries)


def begin(
    nodes: Iterable[Node], parameters: Mapping[str, Any], entries: dict[str, Any], folder: Path
) -> Recipes:
    """Let datasets ask for the recipes of these nodes and parameters."""
    recipes = Recipes(nodes, parameters, CatalogConfigResolver(entries), folder)
    session._Session.loader, session._Session.recipes = config.session_loader(), recipes
    session._Session.run_id = "a run"
    return recipes
