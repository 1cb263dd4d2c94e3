"""`kedro products` keeps what current parameters and the last versions of tables need."""

import pytest
from click.testing import CliRunner
from tests.recipes.test_planning import recipes

from taskonomy_kedro import products_command
from taskonomy_kedro.core.training.products import AverageGuess, TrainedNetwork

GUESS, NETWORK = "task_modeling.3d.normal.average_guess", "task_modeling.3d.normal.network"
SLOW = {"overrides": {"normal": {"learning_rates": [[0, 0.01]]}}}


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """Return current recipes, and the folders of a current network, an older one and their guess."""
    folders = {}
    for key, parameters in (("older", SLOW), ("current", {})):
        found = recipes(tmp_path, task_modeling=parameters)
        for name, product in ((GUESS, AverageGuess(task="normal")), (NETWORK, TrainedNetwork(task="normal"))):
            dataset = found.dataset(name)
            dataset.save(product)
            folders[key if name == NETWORK else "guess"] = dataset._folder
    (tmp_path / "06_models/networks/normal/.0123.unfinished").mkdir()
    monkeypatch.setattr(products_command, "_recipes", lambda env: found)
    return found, folders


def names(root) -> set[str]:
    return {path.parent.as_posix() for path in root.rglob("record.json")}


def test_list_says_what_refers_to_each_product(stored):
    done = CliRunner().invoke(products_command.products, ["list"])
    lines = {line.split("  ")[1]: line for line in done.output.splitlines()}
    _, folders = stored
    assert "current parameters" in lines[folders["current"].rpartition("/")[2]]
    assert "unused" in lines[folders["older"].rpartition("/")[2]]
    assert "MiB" in done.output


def test_prune_deletes_what_nothing_refers_to(stored, tmp_path):
    _, folders = stored
    done = CliRunner().invoke(products_command.products, ["prune", "--keep-last", "1"], input="n\n")
    assert done.exit_code == 1
    assert names(tmp_path) == set(folders.values())
    done = CliRunner().invoke(products_command.products, ["prune", "--keep-last", "1", "--yes"])
    assert "bytes freed" in done.output
    assert names(tmp_path) == {folders["current"], folders["guess"]}
    assert not list(tmp_path.rglob("*.unfinished"))
    assert CliRunner().invoke(products_command.products, ["prune", "-n", "1"]).output == "nothing to delete\n"


@pytest.mark.parametrize(("keep_last", "is_kept"), [(1, True), (0, False)])
def test_a_kept_version_of_a_table_keeps_all_that_it_comes_from(stored, tmp_path, keep_last, is_kept):
    _, folders = stored
    key = folders["older"].rpartition("/")[2]
    note = tmp_path / "08_reporting/sanity_table.parquet/2026-01-01T00.00.00.000Z/recipe.json"
    note.parent.mkdir(parents=True)
    note.write_text(f'{{"hash": "0", "products": {{"{NETWORK}": "{key}"}}}}')
    CliRunner().invoke(products_command.products, ["prune", "--keep-last", str(keep_last), "--yes"])
    assert (folders["older"] in names(tmp_path)) == is_kept
