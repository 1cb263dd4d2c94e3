"""Settings of the sources: what feeds the targets, as data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.sources.source_kinds import SOURCE_KINDS, TASK_NETWORKS, SourceKind
from taskonomy_kedro.core.tasks import nearest_name_hint

_RANDOM = "random_projection"


class SourceEntry(BaseModel):
    """One entry of `sources`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: str = Field(description="Name of the kind, such as `trained` or `imagenet`.")
    file: str | None = Field(
        default=None, description="File or folder of weights; relative to `sources.project`."
    )
    layer: str | None = Field(
        default=None, description="Layer whose features are read; the last one if empty."
    )
    cost: float | None = Field(
        default=None,
        gt=0,
        description="Label cost in the program, unless `program.label_cost` names it; 1 if empty.",
    )

    @property
    def of_kind(self) -> SourceKind:
        """What is known of the kind."""
        return SOURCE_KINDS[self.kind]


_DEFAULTS = {TASK_NETWORKS: SourceEntry(kind="trained"), _RANDOM: SourceEntry(kind="random")}


class SourcesSettings(BaseModel):
    """What feeds the targets, by name.

    `task_networks` says where the encoders of the tasks come from; `random_projection` is the untrained
    network; any other name is a frozen encoder.
    """

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    __pydantic_extra__: dict[str, SourceEntry] = Field(init=False)

    project: str = Field(default="", description="Folder that relative files start from.")

    @model_validator(mode="before")
    @classmethod
    def _check_entries(cls, given: Any) -> Any:
        for name, entry in given.items() if isinstance(given, Mapping) else ():
            if name == "project" or isinstance(entry, SourceEntry):
                continue
            if not isinstance(entry, Mapping):
                raise UserError(f"sources.{name} must be an entry such as {{kind: imagenet}}, got {entry!r}")
            for key in entry:
                if key not in SourceEntry.model_fields:
                    hint = nearest_name_hint(str(key), SourceEntry.model_fields)
                    raise UserError(f"sources.{name} has no setting {key!r}{hint}")
            if (kind := entry.get("kind")) not in SOURCE_KINDS:
                hint = nearest_name_hint(str(kind), SOURCE_KINDS)
                raise UserError(f"sources.{name}.kind: unknown kind {kind!r}{hint}")
        return given

    @model_validator(mode="after")
    def _check(self) -> Self:
        for name, entry in self.entries.items():
            kind = entry.of_kind
            if kind.is_of_tasks != (name == TASK_NETWORKS):
                fitting = [key for key, one in SOURCE_KINDS.items() if one.is_of_tasks != kind.is_of_tasks]
                raise UserError(
                    f"sources.{name}.kind must be one of {', '.join(fitting)}, got {entry.kind!r}"
                )
            if (entry.kind == "random") != (name == _RANDOM):
                raise UserError(f"sources.{name}: {_RANDOM!r} is the only source of the kind 'random'")
            if kind.needs_file and not entry.file:
                raise UserError(f"sources.{name}.file is not set: the kind {entry.kind!r} needs one")
            if entry.layer is not None and entry.layer not in kind.layers:
                known = ", ".join(kind.layers) or "none"
                raise UserError(f"sources.{name}.layer must be one of {known}, got {entry.layer!r}")
        if (path := self.released_path) is not None and not path.is_dir():
            raise UserError(f"sources.{TASK_NETWORKS}.file must be a folder of released weights, got {path}")
        return self

    @property
    def entries(self) -> dict[str, SourceEntry]:
        """All entries by name, the two that are always there included."""
        return {**_DEFAULTS, **(self.__pydantic_extra__ or {})}

    @property
    def task_networks(self) -> SourceEntry:
        """Where the encoders of the tasks come from."""
        return self.entries[TASK_NETWORKS]

    @property
    def released_path(self) -> Path | None:
        """The folder of released weights that the tasks' networks come from, None if they are trained."""
        entry = self.task_networks
        return self.path(entry) if entry.kind == "released" else None

    @property
    def frozen(self) -> dict[str, SourceEntry]:
        """The frozen encoders that are no task, by name."""
        return {name: entry for name, entry in self.entries.items() if name not in (TASK_NETWORKS, _RANDOM)}

    @property
    def not_combined(self) -> tuple[str, ...]:
        """Names of the sources that no transfer of higher order reads."""
        return tuple(name for name, entry in self.entries.items() if not entry.of_kind.is_combined)

    @property
    def costs(self) -> dict[str, float]:
        """Label cost of each source whose entry has one."""
        return {name: entry.cost for name, entry in self.entries.items() if entry.cost is not None}

    def path(self, entry: SourceEntry) -> Path | None:
        """Return the file or folder of an entry, None if it names none."""
        return Path(self.project) / Path(entry.file).expanduser() if entry.file else None
