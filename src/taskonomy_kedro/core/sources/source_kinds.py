"""The kinds of sources. A new kind is one entry here and, for a frozen encoder, one module.

Free of torch: every command reads this table.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

TASK_NETWORKS = "task_networks"
"""Entry of `sources` that says where the encoders of the tasks themselves come from."""


@dataclass(frozen=True, kw_only=True)
class SourceKind:
    """What is known of a kind of source before it is opened.

    Attributes:
        module: Module of a kind that is read from files; imported only when the source is opened. That
            of a frozen encoder has `files(path)`, the files it depends on, and
            `open_encoder(path, layer=..., network=...)`.
        is_of_tasks: Whether it gives every task an encoder, instead of being one source by itself.
        needs_file: Whether an entry must name a file or folder.
        layers: Layers whose features can be read; the last one is the default.
        is_combined: Whether transfers of higher orders read it together with others.
    """

    module: str = ""
    is_of_tasks: bool = False
    needs_file: bool = False
    layers: tuple[str, ...] = ()
    is_combined: bool = True

    def load(self) -> Any:
        """Import the kind's module."""
        return import_module(f"{__package__}.{self.module}")

    def files(self, path: Path | None) -> list[Path]:
        """Return the files that a frozen encoder depends on."""
        found: list[Path] = self.load().files(path)
        return found


SOURCE_KINDS: dict[str, SourceKind] = {
    "trained": SourceKind(is_of_tasks=True),
    "released": SourceKind(module="released", is_of_tasks=True, needs_file=True),
    "random": SourceKind(is_combined=False),
    "imagenet": SourceKind(
        module="imagenet", layers=("layer1", "layer2", "layer3", "layer4"), is_combined=False
    ),
}
