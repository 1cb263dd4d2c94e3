"""Settings of the sources: what feeds the targets, as data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import ConfigDict, Field, model_validator

from taskonomy_kedro.core.base_settings import Settings
from taskonomy_kedro.core.sources.source_kinds import SOURCE_KINDS, TASK_NETWORKS, SourceKind
from taskonomy_kedro.core.tasks import nearest_name_hint

_RANDOM = "random_projection"


class SourceEntry(Settings):
    """One entry of `sources`."""

    kind: str = Field(description="Name of the kind, such as `trained` or `imagenet`.")
    file: str | None = Field(None, description="File or folder of weights; relative to `sources.project`.")
    layer: str | None = Field(None, description="Layer whose features are read; empty: the last one.")
    cost: float | None = Field(
        None, gt=0, description="Label cost in the program, unless `program.label_cost` names it; empty: 1."
    )

    @property
    def of_kind(self) -> SourceKind:
        """What is known of the kind."""
        return SOURCE_KINDS[self.kind]


class SourcesSettings(Settings):
    """What feeds the targets, by name.

    `task_networks` says where the encoders of the tasks come from; `random_projection` is the untrained
    network; any other name is a frozen encoder.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, SourceEntry] = Field(init=False)
    root = "sources"

    project: str = Field("", description="Folder where relative files start.")
    task_networks: SourceEntry = Field(
        SourceEntry(kind="trained"), description="Where the encoders of the tasks come from."
    )
    random_projection: SourceEntry = Field(SourceEntry(kind="random"), description="The untrained network.")

    @model_validator(mode="before")
    @classmethod
    def _check_names(cls, given: Any) -> Any:
        for name, entry in given.items() if isinstance(given, Mapping) else ():
            kind = entry.get("kind") if isinstance(entry, Mapping) else None
            if isinstance(entry, Mapping) and kind not in SOURCE_KINDS:
                hint = nearest_name_hint(str(kind), SOURCE_KINDS)
                raise ValueError(f"sources.{name}.kind: unknown kind {kind!r}{hint}")
        return given

    @model_validator(mode="after")
    def _check_entries(self) -> Self:
        for name, entry in self.entries.items():
            kind = entry.of_kind
            if kind.is_of_tasks != (name == TASK_NETWORKS):
                fitting = [key for key, one in SOURCE_KINDS.items() if one.is_of_tasks != kind.is_of_tasks]
                raise ValueError(
                    f"sources.{name}.kind must be one of {', '.join(fitting)}, got {entry.kind!r}"
                )
            if (entry.kind == "random") != (name == _RANDOM):
                raise ValueError(f"sources.{name}: {_RANDOM!r} is the only source of the kind 'random'")
            if kind.needs_file and not entry.file:
                raise ValueError(f"sources.{name}.file is not set: the kind {entry.kind!r} needs one")
            if entry.layer is not None and entry.layer not in kind.layers:
                known = ", ".join(kind.layers) or "none"
                raise ValueError(f"sources.{name}.layer must be one of {known}, got {entry.layer!r}")
        if (path := self.released_path) is not None and not path.is_dir():
            raise ValueError(f"sources.{TASK_NETWORKS}.file must be a folder of released weights, got {path}")
        return self

    @property
    def entries(self) -> dict[str, SourceEntry]:
        """All entries by name."""
        fixed = {TASK_NETWORKS: self.task_networks, _RANDOM: self.random_projection}
        return {**fixed, **self.frozen}

    @property
    def released_path(self) -> Path | None:
        """Folder of released weights that the tasks' networks come from; None if they are trained."""
        return self.path(self.task_networks) if self.task_networks.kind == "released" else None

    @property
    def frozen(self) -> dict[str, SourceEntry]:
        """The frozen encoders, by name."""
        return dict(self.__pydantic_extra__ or {})

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
