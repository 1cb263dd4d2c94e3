"""Name, tags and description of a run."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from taskonomy_kedro.reporting.taxonomy_report import budget_lines, budget_name, compared_rows

STEPS = ("data_preparation", "task_modeling", "transfer_modeling", "normalization", "taxonomy")

_SHARES = ("beats_average_guess", "beats_random_readout")
_SHORT = {"taskonomy_resnet50": "resnet50"}
_QUESTIONS = ("published_set", "program", "significance", "tree")
_MOST_ASKED = 3
_DATA, _NETWORKS, _TRANSFERS, *_ = STEPS


def run_name(
    env: str, steps: Sequence[str], parameters: Mapping[str, Any], given: Mapping[str, Any] | None = None
) -> str:
    """Return the name of a run in a list: environment, encoder, seed, orders, parameters of the taxonomy.

    Args:
        env: Environment, such as `base`.
        steps: The pipelines that run, in order; named unless all five run.
        parameters: All parameters of the run.
        given: Parameters given on the command line; the first few of the taxonomy are named.
    """
    modeling, transfers = parameters.get(_NETWORKS) or {}, parameters.get(_TRANSFERS) or {}
    parts = [env]
    if len(steps) < len(STEPS):
        parts.append("+".join(steps))
    if _NETWORKS in steps or _TRANSFERS in steps:
        encoder = str((modeling.get("network") or {}).get("encoder", ""))
        parts += [_SHORT.get(encoder, encoder), f"seed {modeling.get('seed', 0)}"]
    elif _DATA in steps:
        parts.append(f"seed {(parameters.get('data') or {}).get('seed', 0)}")
    if _TRANSFERS in steps:
        parts.append(f"orders to {transfers.get('max_order')}")
    asked = [
        line for root in _QUESTIONS if root in (given or {}) for line in _leaves(root, (given or {})[root])
    ]
    parts += asked[:_MOST_ASKED] + ["…"] * (len(asked) > _MOST_ASKED)
    return ", ".join(part for part in parts if part)


def _leaves(path: str, value: Any) -> list[str]:
    """Return settings as they are typed, without the first name: `budgets=5` of `program.budgets=5`."""
    if isinstance(value, Mapping):
        return [line for key, below in value.items() for line in _leaves(f"{path}.{key}", below)]
    return [f"{path.partition('.')[2] or path}={value}"]


def run_tags(env: str, steps: Sequence[str], parameters: Mapping[str, Any], root: Path) -> dict[str, str]:
    """Return the tags that runs are filtered by.

    Args:
        env: See `run_name`.
        steps: See `run_name`.
        parameters: See `run_name`.
        root: The project's folder; its revision is a tag.
    """
    modeling, transfers = parameters.get(_NETWORKS) or {}, parameters.get(_TRANSFERS) or {}
    tags = {"env": env, "steps": ", ".join(steps)}
    if _NETWORKS in steps or _TRANSFERS in steps:
        tags |= {
            "encoder": str((modeling.get("network") or {}).get("encoder")),
            "seed": str(modeling.get("seed", 0)),
        }
    if _TRANSFERS in steps:
        tags["max_order"] = str(transfers.get("max_order"))
    if revision := git_revision(root):
        tags["git_revision"] = revision
    return tags


def git_revision(root: Path) -> str:
    """Return the revision of a project, with a plus if files have changed since.

    Args:
        root: The project's folder.

    Returns:
        Empty without git, and if the folder lies inside the repository of something else.
    """
    top = _git(root, "rev-parse", "--show-toplevel")
    if not top or Path(top).resolve() != root.resolve():
        return ""
    return _git(root, "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=+")


def _git(root: Path, *words: str) -> str:
    """Return the output of git in a folder, empty if it fails."""
    try:
        done = subprocess.run(
            ["git", *words], cwd=root, capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def label_tags(summary: pd.DataFrame) -> dict[str, str]:
    """Return the sources to label at a few budgets, as tags.

    Args:
        summary: The table `taxonomy_summary`; its largest order cap counts.
    """
    return {
        f"label_at_{budget_name(row['budget'])}": ", ".join(row["sources_used"])
        for row in compared_rows(summary)
    }


def run_note(summary: pd.DataFrame | None, sanity: pd.DataFrame | None, origin: str | None) -> str:
    """Return the description of a run in Markdown: what to label at a few budgets.

    Args:
        summary: The table `taxonomy_summary`, None if no taxonomy was solved.
        sanity: The table `sanity_table`, None if no network was scored.
        origin: Where the affinities come from; None: a run of this project.
    """
    paragraphs = []
    lines = [] if summary is None else budget_lines(summary)
    if lines:
        heading, *budgets = lines
        paragraphs.append(f"**What to label**, {heading}:")
        paragraphs.append("\n".join(f"- {line}" for line in budgets))
        paragraphs.append(f"Affinities: {origin or 'own run'}.")
    shares = [] if sanity is None else [sanity[name].mean() for name in _SHARES]
    known = 0 if sanity is None else sanity[list(_SHARES)].notna().all(axis=1).sum()
    if known:
        paragraphs.append(
            f"Networks beat the average guess on {shares[0]:.0%} and the random network on {shares[1]:.0%} "
            f"of the test items, on average over {int(known)} tasks."
        )
    return "\n\n".join(paragraphs)
