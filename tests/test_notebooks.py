"""The notebooks run from top to bottom on the shipped tables, and are committed without output."""

import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.end_to_end.project_copy import copy_tracked

PROJECT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))

# Text that the output of each must contain, in addition to the assertions in its cells.
SAID = {
    "01_tasks_and_rooms": "26 tasks, 22 of them targets",
    "02_reading_an_affinity_matrix": "the reference run that the repository ships",
    "03_planning_labels": "optimal: label",
    "04_published_tables": "The published tables are not here",
}
WHICH_PYTHON = "import sys, taskonomy_kedro\nprint(sys.executable, taskonomy_kedro.__file__)"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone: the shipped tables and nothing that this machine has computed since."""
    root = copy_tracked(tmp_path_factory.mktemp("clone"))
    (root / "notebooks").mkdir()
    return root


@pytest.fixture(autouse=True)
def own_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ignore kernels that the user has installed elsewhere."""
    monkeypatch.setenv("JUPYTER_PATH", str(Path(sys.prefix) / "share" / "jupyter"))


def run(path: Path, clone: Path, **variables: str) -> str:
    """Run a notebook in a kernel of this Python, in the folder `notebooks`; return what it printed.

    Whatever a cell writes to stderr is a failure, and so is a warning: Kedro's log shows those as `display_data`.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(WHICH_PYTHON))
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MLFLOW", "KEDRO", "TASKONOMY", "JUPYTER"))
    }
    environment = {**inherited, "PYTHONPATH": str(clone / "src"), "IPYTHONDIR": str(clone / ".ipython")}
    client = NotebookClient(
        notebook,
        timeout=150,
        kernel_name="python3",
        resources={"metadata": {"path": str(clone / "notebooks")}},
    )
    client.execute(env={**environment, **variables})
    printed = {"stdout": "", "stderr": ""}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                printed[output.name] += output.text
    assert printed["stderr"] == ""
    assert not (logged := logged_by(notebook)), "\n".join(logged)
    assert f"{sys.executable} {clone / 'src'}" in printed["stdout"]
    return printed["stdout"]


def logged_by(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the warnings and errors in the outputs, which rich has coloured."""
    shown = [
        re.sub(r"\x1b\[[\d;]*m", "", output.get("data", {}).get("text/plain", ""))
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    ]
    return [text for text in shown if re.search(r"\b(WARNING|ERROR|CRITICAL)\b|\b[A-Z]\w+Warning:", text)]


def test_there_are_four_notebooks():
    assert [path.stem for path in NOTEBOOKS] == list(SAID)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_committed_without_output(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs for cell in code)
    assert {cell.execution_count for cell in code} == {None}
    assert notebook.metadata.kernelspec.name == "python3"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_on_a_fresh_clone(path, clone):
    assert SAID[path.stem] in run(path, clone)


def test_logged_warnings_are_detected(clone, tmp_path):
    notebook = nbformat.read(NOTEBOOKS[1], as_version=4)
    cell = "import warnings\n\nwarnings.warn('a box')\nlogging.getLogger('kedro').error('a line')"
    notebook.cells = [*notebook.cells[:3], nbformat.v4.new_code_cell(cell)]
    nbformat.write(notebook, tmp_path / "one.ipynb")
    with pytest.raises(AssertionError, match=r"(?s)UserWarning: a box.*ERROR +a line"):
        run(tmp_path / "one.ipynb", clone)


def test_the_published_tables_are_read_if_available(clone, published_dir):
    printed = run(NOTEBOOKS[-1], clone, TASKONOMY_PUBLISHED_DIR=str(published_dir))
    assert "published with the paper, set 1k" in printed
    assert "22 targets, 27 tasks as sources" in printed
    assert "columns of a row: 28 to 28; no preference: 0.49" in printed
