"""MkDocs hooks of the site: generated parts of pages, and scripts for the pages that need them.

A line `<!-- made: NAME -->` marks a generated part; in the repository the page says where to look instead.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from mkdocs.exceptions import PluginError
from mkdocs.utils import get_relative_url
from parameters_page import parameters_markdown  # MkDocs imports from this folder

from taskonomy_kedro.core.affinity.affinity_tables import read_scores
from taskonomy_kedro.core.taxonomy import ProgramSettings, solve_taxonomies
from taskonomy_kedro.core.taxonomy.admission import admit

_MARK = re.compile(r"<!-- made: (\w+) -->.*?<!-- end -->", re.DOTALL)
_IMAGE = re.compile(r'(<img [^>]*?src="([^"]+)"[^>]*>)')
_KATEX = ("assets/katex/katex.min.js", "assets/katex/auto-render.min.js", "assets/render_math.js")
_SCRIPTS = {'class="mermaid"': ("assets/mermaid/mermaid.tiny.js",), 'class="arithmatex"': _KATEX}
_STYLES = {'class="arithmatex"': "assets/katex/katex.min.css"}


def on_config(config: Any) -> Any:
    """Add the decisions to the navigation, so that a new file needs no entry."""
    for entry in config.nav:
        if "Decisions" in entry:
            entry["Decisions"] += [f"decisions/{path.name}" for path in _decisions(Path(config.docs_dir))]
    return config


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Fill in the generated parts."""
    makers: dict[str, Callable[[], str]] = {
        "answer": lambda: describe_answer(Path(config.config_file_path).parent / "data" / "07_model_output"),
        "parameters": parameters_markdown,
        "decisions": lambda: list_decisions(Path(config.docs_dir)),
    }

    def made(mark: re.Match[str]) -> str:
        try:
            return makers[mark[1]]()
        except (KeyError, ValueError) as error:
            raise PluginError(f"{page.file.src_path}: {mark[1]}: {error}") from error

    return _MARK.sub(made, markdown)


def on_page_content(html: str, page: Any, **_: Any) -> str:
    """Link images to their full size; add scripts and styles to the pages that need them."""
    html = _IMAGE.sub(r'<a href="\2">\1</a>', html)
    tags = [
        f'<link rel="stylesheet" href="{get_relative_url(path, page.url)}">'
        for sign, path in _STYLES.items()
        if sign in html
    ] + [
        f'<script src="{get_relative_url(path, page.url)}"></script>'
        for sign, paths in _SCRIPTS.items()
        if sign in html
        for path in paths
    ]
    return "\n".join([html, *tags])


def describe_answer(tables: Path, budget: float = 5, max_order: int = 2) -> str:
    """Solve the shipped tables, the oldest version, and return what to label as a Markdown quote."""
    frames = [
        pd.read_parquet(min((tables / f"{name}.parquet").iterdir()) / f"{name}.parquet")
        for name in ("affinities", "win_rates")
    ]
    (answer,) = solve_taxonomies(
        admit(read_scores(frames[0], frames[1]), ProgramSettings(budgets=budget, max_orders=max_order))
    )
    labelled = ", ".join(f"`{source}`" for source in answer.sources_used)
    return f"> label {labelled}; gain {answer.mean_gain:.0%}, quality {answer.mean_quality:.0%}"


def list_decisions(docs: Path) -> str:
    """Return links to the decisions as a Markdown list, by number."""
    lines = []
    for path in _decisions(docs):
        title = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        lines.append(f"- [{title}]({path.name})")
    return "\n".join(lines)


def _decisions(docs: Path) -> list[Path]:
    return sorted((docs / "decisions").glob("[0-9]*.md"))
