"""Every parameter as tables of Markdown, from the settings' models and conf.

Used by `scripts/site_hooks.py` when the site is built; needs neither Kedro nor torch.
"""

import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import yaml

from taskonomy_kedro.core.affinity.candidate_scores import NormalizationSettings
from taskonomy_kedro.core.base_settings import Settings
from taskonomy_kedro.core.preparation.settings import DataSettings
from taskonomy_kedro.core.readouts.settings import TransferSettings
from taskonomy_kedro.core.sources.settings import SourcesSettings
from taskonomy_kedro.core.taxonomy.settings import ProgramSettings, SignificanceSettings, TreeSettings
from taskonomy_kedro.core.training.settings import ModelingSettings

CONF = Path(__file__).resolve().parents[1] / "conf"
ROOTS: dict[str, type[Settings]] = {
    "data": DataSettings,
    "sources": SourcesSettings,
    "task_modeling": ModelingSettings,
    "transfer_modeling": TransferSettings,
    "normalization": NormalizationSettings,
    "program": ProgramSettings,
    "significance": SignificanceSettings,
    "tree": TreeSettings,
}
"""The settings that nodes get as `params:NAME`, in the order of the steps."""

OTHER_ENVIRONMENTS = ("tiny", "thorough", "paper", "taskonomy", "published")
RUN_PARAMETERS = {
    "dataset_dir": "The real directory to read; a relative one is relative to the project.",
    "subset": "Published subset of the real data: `tiny`, `medium`, `full` or `fullplus`.",
    "image_size": "Pixels a side that real images are brought to.",
    "images_per_building": "At most so many images of each building; empty: all.",
    "published_dir": "Folder that holds the tables published with the paper.",
    "published_set": "Which of them: `default`, `1k` or `16k`.",
    "drop_degenerate": "Whether the corrupted pairs of the set `default` are left out.",
    "export_dir": "Where `export_rooms` writes the directory.",
}
"""Parameters that configuration files read as `runtime_params`, and what they mean."""

_RUN_PARAMETER = re.compile(r"\$\{runtime_params:(\w+),\s*([^}]*?)\s*\}")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One setting.

    Attributes:
        path: Where it stands in YAML, such as `task_modeling.training.steps`.
        kind: Its type in words.
        default: Its default, in Python and in conf/base.
        elsewhere: Value by environment, if one sets it.
        meaning: Its description.
    """

    path: str
    kind: str
    default: Any
    elsewhere: Mapping[str, Any]
    meaning: str


def parameters_of(root: str) -> list[Parameter]:
    """Return the parameters of one step, those of nested tables behind the others."""
    by_environment = {name: _read(CONF / name).get(root, {}) for name in OTHER_ENVIRONMENTS}
    return list(_walk(root, ROOTS[root](), by_environment))


def run_parameters() -> dict[str, tuple[str, list[str]]]:
    """Return default and files of each parameter that is read as a `runtime_params`.

    Raises:
        ValueError: One without a meaning in `RUN_PARAMETERS`, or a meaning of none.
    """
    found: dict[str, tuple[str, list[str]]] = {}
    for path in sorted(CONF.glob("*/*.yml")):
        for name, default in _RUN_PARAMETER.findall(path.read_text(encoding="utf-8")):
            _, files = found.setdefault(name, (default, []))
            if (where := f"conf/{path.relative_to(CONF).as_posix()}") not in files:
                files.append(where)
    for name in sorted(found.keys() ^ RUN_PARAMETERS.keys()):
        raise ValueError(f"{name!r} is in RUN_PARAMETERS or in conf, and not in both")
    return found


def parameters_markdown() -> str:
    """Write a section for each step and each table in it."""
    parts = []
    for root in ROOTS:
        parameters = parameters_of(root)
        groups: dict[str, list[Parameter]] = {}
        for parameter in parameters:
            groups.setdefault(parameter.path.rpartition(".")[0], []).append(parameter)
        for name, members in groups.items():
            parts.append(f"{'##' if name == root else '###'} `{name}`\n\n{_table(members)}")
    rows = [
        f"| {_code(name)} | {_shown(default)} | {RUN_PARAMETERS[name]} | {', '.join(map(_code, files))} |"
        for name, (default, files) in run_parameters().items()
    ]
    head = "| parameter | default | meaning | read by |\n|---|---|---|---|\n"
    parts.append("## Parameters of one run\n\n" + head + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _walk(path: str, settings: Settings, given: Mapping[str, Mapping[str, Any]]) -> Iterator[Parameter]:
    nested = []
    for name, default in settings:
        field = type(settings).model_fields[name]
        if isinstance(default, Settings):
            inner = {env: table.get(name) or {} for env, table in given.items()}
            nested.append((f"{path}.{name}", default, inner))
            continue
        if not field.description:
            raise ValueError(f"{path}.{name} has no description")
        yield Parameter(
            path=f"{path}.{name}",
            kind=type_in_words(field.annotation),
            default=default,
            elsewhere={env: table[name] for env, table in given.items() if name in table},
            meaning=field.description,
        )
    for below, default, tables in nested:
        yield from _walk(below, default, tables)


def type_in_words(hint: Any) -> str:
    """Return a type as a reader of YAML calls it."""
    if get_origin(hint) is Literal:
        return " or ".join(f"`{choice}`" for choice in get_args(hint))
    if get_origin(hint) in (Union, types.UnionType):
        return " or ".join(type_in_words(part) for part in get_args(hint))
    plain = {bool: "true or false", int: "whole number", float: "number", str: "text", type(None): "empty"}
    if hint in plain:
        return plain[hint]
    return "list" if get_origin(hint) is tuple else "table"


def _read(folder: Path) -> dict[str, Any]:
    """Return all parameters of an environment; a value read by OmegaConf stays as it is written."""
    merged: dict[str, Any] = {}
    for path in sorted(folder.glob("parameters*.yml")):
        merged |= yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return merged


def _table(parameters: list[Parameter]) -> str:
    head = "| parameter | type | default | meaning |\n|---|---|---|---|\n"
    return head + "\n".join(_row(parameter) for parameter in parameters)


def _row(parameter: Parameter) -> str:
    elsewhere = "; ".join(f"{env}: {_shown(value)}" for env, value in parameter.elsewhere.items())
    meaning = parameter.meaning.replace("|", "\\|") + (f" *{elsewhere}*" if elsewhere else "")
    cells = (_code(parameter.path), parameter.kind, _shown(parameter.default), meaning)
    return f"| {' | '.join(cells)} |"


def _code(name: str) -> str:
    """Return a name that may break behind its dots and strokes."""
    return "<code>" + re.sub(r"([./])(?=.)", r"\1<wbr>", name) + "</code>"


def _shown(value: Any) -> str:
    """Return a value as it would stand in YAML."""
    if value is None or value in ("", "null", ()):
        return "empty"
    if isinstance(value, str) and (run := _RUN_PARAMETER.fullmatch(value)):
        return f"<code>{run[1]}</code> of the run, else {_shown(run[2])}"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key}: {_plain(one)}" for key, one in value.items())
        return f"`{{{inner}}}`"
    return f"`{_plain(value)}`"


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_plain(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_plain, value))}]"
    return f"{value:g}" if isinstance(value, float) and value < 1e6 else str(value)
