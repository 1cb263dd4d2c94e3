"""The recipes of this session: of the configuration that Kedro has loaded last."""

from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from kedro.config import MissingConfigException
from kedro.framework.project import pipelines
from kedro.io import CatalogConfigResolver
from kedro.io.catalog_config_resolver import DEFAULT_RUNTIME_PATTERN

from taskonomy_kedro import config
from taskonomy_kedro.recipes.planning import Recipes


class _Session:
    """What is known of the session in this process."""

    loader: Any = None
    recipes: Recipes | None = None
    project_path: Path = config.PROJECT_ROOT
    run_id: str = ""
    load_versions: Mapping[str, str] = {}


def session_recipes() -> Recipes:
    """Return the recipes of this session."""
    loader = config.session_loader()
    if _Session.recipes is None or _Session.loader is not loader:
        try:
            credentials = loader["credentials"]
        except MissingConfigException:
            credentials = {}
        catalog = CatalogConfigResolver(loader["catalog"], credentials, DEFAULT_RUNTIME_PATTERN)
        nodes = chain.from_iterable(pipeline.nodes for pipeline in pipelines.values())
        _Session.recipes = Recipes(nodes, loader["parameters"], catalog, _Session.project_path)
        _Session.loader = loader
    _Session.recipes.load_versions = _Session.load_versions
    return _Session.recipes


def begin_session(project_path: Path) -> None:
    """Note where the project is; relative paths of the catalog are relative to it."""
    _Session.project_path, _Session.recipes = project_path, None


def begin_run(run_id: str, load_versions: Mapping[str, str] | None) -> None:
    """Note which run creates products from now on, and which versions of files it reads."""
    _Session.run_id, _Session.load_versions = run_id, load_versions or {}


def run_id() -> str:
    """Return the id of the run, empty outside a run."""
    return _Session.run_id
