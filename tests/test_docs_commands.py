"""Every command in the documentation exists: targets of make, options, pipelines, parameters, files."""

import re
import shlex
import subprocess
from functools import cache
from pathlib import Path

import pytest
import yaml
from scripts.parameters_page import ROOTS, RUN_PARAMETERS, parameters_of

from taskonomy_kedro.core.sources.settings import SourceEntry
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.pipeline_registry import register_pipelines

PROJECT = Path(__file__).resolve().parents[1]
PAGES = (
    "README.md", "docs/index.md", "docs/getting-started.md", "docs/data.md", "docs/add-a-task.md",
    "docs/released-weights.md", "docs/gpu.md", "docs/compare-runs.md", "docs/what-if.md",
)  # fmt: skip
PYTHON_PAGES = (
    "docs/getting-started.md", "docs/add-a-task.md", "docs/tables.md", "docs/compare-runs.md",
)  # fmt: skip
OPTIONS = {
    "--pipelines",
    "--pipeline",
    "--env",
    "--params",
    "--tags",
    "--namespaces",
    "--only-missing-outputs",
}


def commands(page: str) -> list[list[str]]:
    """Return the kedro and make commands in code blocks, split into words."""
    blocks = re.findall(
        r"^ *```(?:sh)?\n(.*?)^ *```$", (PROJECT / page).read_text(), re.DOTALL | re.MULTILINE
    )
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    words = [shlex.split(line, comments=True) for line in lines if re.search(r"\b(kedro|make) ", line)]
    return [[word for word in line if not re.fullmatch(r"[A-Z_]+=\S+", word)] for line in words]


COMMANDS = [
    (page, line) for page in PAGES for line in commands(page) if line and line[0] in ("kedro", "make")
]


@cache
def known_parameters() -> frozenset[str]:
    return (
        frozenset(parameter.path for root in ROOTS for parameter in parameters_of(root))
        | RUN_PARAMETERS.keys()
    )


@cache
def registered():
    return register_pipelines()


def check_parameter(name: str) -> None:
    """Check a parameter, also one by task such as `program.label_cost.normal`."""
    if name.startswith("sources."):  # entries under names of the user's choice
        assert name.count(".") == 2
        assert name.rpartition(".")[2] in SourceEntry.model_fields, f"{name} is not a parameter"
        return
    above, _, last = name.rpartition(".")
    assert name in known_parameters() or (above in known_parameters() and last in TASKS), (
        f"{name} is not a parameter"
    )


def parameters_given(text: str) -> list[str]:
    """Return the names in `a=1,b=x=2 y=3`: a comma separates settings, the first = ends a name."""
    return [part.partition("=")[0] for part in text.split(",")]


def test_the_pages_have_commands():
    assert len(COMMANDS) > 40
    assert {page for page, _ in COMMANDS} == set(PAGES)


@pytest.mark.parametrize(
    ("page", "words"), COMMANDS, ids=lambda value: " ".join(value) if isinstance(value, list) else None
)
def test_a_command_uses_what_exists(page, words):
    if words[0] == "make":
        made = set(re.findall(r"^([\w-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
        assert set(words[1:]) <= made
        return
    assert words[1] == "run"
    chosen = ["__default__"]
    for word in words[2:]:
        option, _, value = word.partition("=")
        assert option in OPTIONS, f"{option} is not a known option"
        if option == "--env":
            assert (PROJECT / "conf" / value).is_dir()
        if option in ("--pipelines", "--pipeline"):
            chosen = value.split(",")
            assert set(chosen) <= set(registered())
        if option == "--params":
            for name in parameters_given(value):
                check_parameter(name)
    nodes = [node for name in chosen for node in registered()[name].nodes]
    for word in words[2:]:
        option, _, value = word.partition("=")
        if option == "--tags":
            assert any(value in node.tags for node in nodes)
        if option == "--namespaces":
            assert any((node.namespace or "").startswith(value) for node in nodes)


def test_parameters_are_found_in_a_line():
    assert parameters_given("task_modeling.tasks=normal reshading,dataset_dir=DIR") == [
        "task_modeling.tasks",
        "dataset_dir",
    ]
    with pytest.raises(AssertionError, match="program.budget is not a parameter"):
        check_parameter("program.budget")


@pytest.mark.parametrize("page", PYTHON_PAGES)
def test_python_on_a_page_compiles_and_its_imports_exist(page):
    for block in re.findall(r"```python\n(.*?)```", (PROJECT / page).read_text(), re.DOTALL):
        compile(block, page, "exec")
        exec("\n".join(line for line in block.splitlines() if line.startswith(("from", "import"))), {})


def test_the_entry_on_the_page_gives_what_the_page_says(capsys):
    page = (PROJECT / "docs/add-a-task.md").read_text()
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(block, {})
    assert capsys.readouterr().out.strip() == re.search(r"print\(.*\)  # (.*)", block)[1]


def test_help_lists_every_phony_target():
    makefile = (PROJECT / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    listed = set(re.findall(r"make ([\w-]+)", makefile.partition("install: $(STAMP)")[0]))
    assert phony - listed == {"help", "format", "clean"}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_links_to_files_exist(page):
    links = re.findall(r"\]\((?!http)([^)#]+)", (PROJECT / page).read_text())
    assert [link for link in links if not (PROJECT / link).exists()] == []
    assert page != "README.md" or len(links) >= 10


def test_ci_builds_the_site():
    said = (PROJECT / ".ci/run").read_text().splitlines()
    assert "make docs" in said
    assert yaml.safe_load(re.sub(r"!!python\S+", "", (PROJECT / "mkdocs.yml").read_text()))["strict"] is True
    assert (
        "site/"
        in subprocess.run(
            ["git", "check-ignore", "site/"], cwd=PROJECT, capture_output=True, text=True, check=False
        ).stdout
    )
