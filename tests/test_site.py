"""The documentation's site, built as `make docs` builds it."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
# what a browser loads by itself; links that a reader may follow are allowed
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source)\b[^>]*?\bsrc=["']?(?:https?:)?//|<link\b[^>]*?\bhref=["']?https?://"""
)


def build(folder: Path, config: Path = PROJECT / "mkdocs.yml") -> subprocess.CompletedProcess[str]:
    """Build as the Makefile does, with its flags."""
    flags = re.search(r"mkdocs (build .*)", (PROJECT / "Makefile").read_text())[1].split()
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", *flags, "-f", str(config), "-d", str(folder)],
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(PROJECT / "src")},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = build(folder)
    assert done.returncode == 0, done.stderr
    return folder


def pages(site: Path) -> dict[str, str]:
    return {path.relative_to(site).as_posix(): path.read_text() for path in site.rglob("*.html")}


def test_every_page_is_built_and_loads_nothing_from_other_hosts(site):
    built = pages(site)
    assert {
        path.with_suffix(".html").relative_to(PROJECT / "docs").as_posix()
        for path in (PROJECT / "docs").rglob("*.md")
    } <= set(built)
    assert [name for name, html in built.items() if FETCHED.search(html)] == []
    styles = [path.read_text() for path in site.rglob("*.css")]
    assert [style for style in styles if re.search(r"url\([\"']?(https?:)?//|@import", style)] == []


def test_generated_parts_are_in_the_pages(site):
    built = pages(site)
    assert "<wbr>training.<wbr>steps</code>" in built["parameters.html"]
    assert re.search(
        r"<p>label <code>\w+</code>(, <code>\w+</code>){0,4}; gain \d+%, quality \d+%",
        built["getting-started.html"],
    )
    n_decisions = len(list((PROJECT / "docs/decisions").glob("0*.md")))
    assert len(re.findall(r'<li><a href="0\d+-[\w-]+.html">', built["decisions/index.html"])) == n_decisions
    assert [name for name, html in built.items() if "<!-- made" in html or "(the site shows" in html] == []


def test_the_answer_on_the_page_comes_from_the_shipped_tables(monkeypatch):
    monkeypatch.syspath_prepend(str(PROJECT / "scripts"))  # the hooks import from their own folder
    describe_answer = runpy.run_path(str(PROJECT / "scripts/site_hooks.py"))["describe_answer"]
    page = (PROJECT / "docs/getting-started.md").read_text()
    (written,) = re.findall(r"<!-- made: answer -->\n(.*?)\n<!-- end -->", page, re.DOTALL)
    assert written == describe_answer(PROJECT / "data/07_model_output")


def test_only_the_pages_that_need_scripts_load_them(site):
    built = pages(site)
    assert {name for name, html in built.items() if "katex.min.js" in html} == {"method.html"}
    assert {name for name, html in built.items() if "mermaid.tiny.js" in html} == {"architecture.html"}
    for name in ("method.html", "architecture.html", "decisions/index.html"):
        for link in re.findall(r'(?:src|href)="([^"#:]+\.(?:js|css|png|jpg|woff2))"', built[name]):
            assert (site / name).parent.joinpath(link).is_file(), f"{name} needs {link}"


def test_a_dead_link_fails_the_build(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("[nowhere](nowhere.md)\n")
    (tmp_path / "mkdocs.yml").write_text("site_name: one\n")
    done = build(tmp_path / "site", tmp_path / "mkdocs.yml")
    assert "nowhere.md" in done.stderr
    assert done.returncode != 0
