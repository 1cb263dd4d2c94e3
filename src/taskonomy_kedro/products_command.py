"""`kedro products`: lists the products of all recipes, and deletes those that nothing refers to."""

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from kedro.framework.session import KedroSession
from kedro.framework.startup import bootstrap_project

from taskonomy_kedro.recipes.planning import Recipes

_UNFINISHED = (".unfinished", ".outdated")


@dataclass
class StoredProduct:
    """A folder of a product.

    Attributes:
        folder: Where it is.
        name: Of its dataset.
        record: Empty if it cannot be read.
        n_bytes: Size of all files.
        tables: Versions of tables that come from it, such as `affinities 2026-01-01T00.00.00.000Z`.
        is_asked: Whether the current parameters ask for it, or something they ask for comes from it.
    """

    folder: Path
    name: str
    record: dict[str, Any]
    n_bytes: int
    tables: list[str] = field(default_factory=list)
    is_asked: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Name and recipe."""
        return self.name, self.folder.name

    @property
    def inputs(self) -> Iterable[tuple[str, str]]:
        """Names and recipes of what it was made from."""
        return ((self.record.get("recipe") or {}).get("inputs") or {}).items()


def stored_products(recipes: Recipes, keep_last: int | None = None) -> list[StoredProduct]:
    """Return all products on this machine, and what refers to each.

    Args:
        recipes: Of the session.
        keep_last: Only so many newest versions of each table count; None: all.
    """
    found = {product.key: product for name in recipes.products() for product in _of(recipes, name)}
    asked = ((name, recipe.hash) for name in recipes.products() if (recipe := recipes.asked(name)))
    for product in _behind(found, asked):
        product.is_asked = True
    for name in recipes.files():
        for path in _versions(recipes, name)[:keep_last]:
            used = json.loads(path.read_text())["products"].items()
            for product in _behind(found, used):
                product.tables.append(f"{name} {path.parent.name}")
    return list(found.values())


def unfinished_folders(recipes: Recipes) -> list[Path]:
    """Return what stopped runs have left."""
    folders = (Path(recipes.entry(name)["filepath"]) for name in recipes.products())
    return [path for folder in folders for path in folder.glob(".*") if path.name.endswith(_UNFINISHED)]


def _of(recipes: Recipes, name: str) -> Iterator[StoredProduct]:
    folder = Path(recipes.entry(name)["filepath"])
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir() and path.name[0] != ".":
            yield StoredProduct(path, name, _record(path), _n_bytes(path))


def _record(folder: Path) -> dict[str, Any]:
    try:
        record = json.loads((folder / "record.json").read_text())
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _n_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _versions(recipes: Recipes, name: str) -> list[Path]:
    """Return the notes of the recipes of a table's versions, the newest first."""
    folder = Path(recipes.entry(name)["filepath"])
    return sorted(folder.glob("*/recipe.json"), reverse=True)


def _behind(
    found: dict[tuple[str, str], StoredProduct], keys: Iterable[tuple[str, str]]
) -> Iterator[StoredProduct]:
    """Yield the products of some keys, and all that they were made from."""
    todo, seen = list(keys), set()
    while todo:
        key = todo.pop()
        if key not in seen and key in found:
            seen.add(key)
            yield found[key]
            todo += found[key].inputs


@click.group(name="products")
def products() -> None:
    """List and delete products: splits, networks, losses, representations, readouts."""


_ENV = click.option("--env", "-e", default=None, help="Environment of the configuration.")


@products.command(name="list")
@_ENV
def list_products(env: str | None) -> None:
    """List all products: name, recipe, size, date, run, and what refers to them."""
    for product in stored_products(_recipes(env)):
        record = product.record
        refers = ["current parameters"] * product.is_asked + [f"{len(product.tables)} tables"] * bool(
            product.tables
        )
        click.echo(
            f"{product.name}  {product.folder.name}  {_size(product.n_bytes)}  "
            f"{record.get('created', 'unreadable record')}  {record.get('run', '')}  "
            f"{', '.join(refers) or 'unused'}{'  failed' if record.get('failure') else ''}"
        )


@products.command(name="prune")
@_ENV
@click.option("--keep-last", "-n", type=click.IntRange(min=0), required=True, help="Versions of each table.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
def prune_products(env: str | None, keep_last: int, yes: bool) -> None:
    """Delete the products that neither the current parameters nor the last versions of a table need."""
    recipes = _recipes(env)
    unused = [one for one in stored_products(recipes, keep_last) if not one.is_asked and not one.tables]
    folders = [*(product.folder for product in unused), *unfinished_folders(recipes)]
    n_bytes = sum(_n_bytes(folder) for folder in folders)
    if not folders:
        click.echo("nothing to delete")
        return
    for folder in folders:
        click.echo(str(folder))
    if not yes:
        click.confirm(f"Delete these {len(folders)} folders ({_size(n_bytes)})?", abort=True)
    for folder in folders:
        shutil.rmtree(folder)
    click.echo(f"deleted {len(folders)} folders, {n_bytes:,} bytes freed")


def _recipes(env: str | None) -> Recipes:
    from taskonomy_kedro.recipes.session import begin_session, session_recipes

    project = Path.cwd()
    bootstrap_project(project)
    session: Any = KedroSession.create(project_path=project, env=env)
    begin_session(session.load_context().project_path)
    return session_recipes()


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 2**20:,.1f} MiB"
