"""Settings of the transfers; free of torch, as every command reads them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from taskonomy_kedro.core.checks import Settings, check_choice, check_nested, check_whole, is_number
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.tasks import Task, nearest_name_hint
from taskonomy_kedro.core.training.settings import TrainingSettings

_FRONTS = ("encoder", "pixels")
_SCHEDULE = TrainingSettings(
    steps=56, batch_size=16, learning_rates={0: 3e-3, 40: 6e-4}, warmup_steps=10, validate_every=28
)


@dataclass(frozen=True, kw_only=True)
class TransferSettings(Settings):
    """Which transfers are trained, and how.

    Attributes:
        seed: Seed of weights, order of images and draws.
        max_order: Most sources of one transfer.
        targets: Names of the targets; empty: all tasks that are not source-only.
        sources: Names of the sources; empty: all.
        beam_widths: By order, how many of the best first-order sources all combinations are taken of; the
            best k alone at orders that are not named.
        max_per_order: Most transfers of one order into one target, the best sources first; empty: all.
        decoder: Settings of the readouts' decoders that differ from those of the task networks.
        training: Schedule of the readouts and of the scratch network.
        higher_orders: Settings of the schedule that differ from order 2 on.
        segmentation_factor: Times as many steps for targets whose label is a map of regions or classes, ≥ 1.
        overrides: Settings of the schedule by target, where they differ; `steps` of its own have no factor.
        training_cells: Cells of the representation whose pixels a training step compares in each image,
            with the small decoders; empty: all. The test always compares all.
        training_pixels: Pixels among those of the drawn cells, where a pixel has more than three numbers;
            empty: all.
        stack_size: Readouts trained together at most; empty: all of a target and order. Fewer where
            memory does not suffice, with the same results.
        scratch: What the scratch network sees images with: the target's own `encoder`, or the shallow
            `pixels` front end of the original code.
    """

    seed: int = 0
    max_order: int = 2
    targets: Any = None
    sources: Any = None
    beam_widths: Any = field(default_factory=lambda: {2: 5, 3: 5, 4: 6})
    max_per_order: int | None = None
    decoder: Any = field(default_factory=lambda: {"decoder_width": 32, "hidden": 48})
    training: Any = field(default_factory=lambda: _SCHEDULE)
    higher_orders: Any = field(default_factory=dict)
    segmentation_factor: float = 2.0
    overrides: Any = field(default_factory=dict)
    training_cells: int | None = 8
    training_pixels: int | None = 64
    stack_size: int | None = None
    scratch: Literal["encoder", "pixels"] = "encoder"

    def __post_init__(self) -> None:
        check_whole("transfer_modeling.seed", self.seed, minimum=0)
        check_whole("transfer_modeling.max_order", self.max_order, minimum=1)
        check_choice("transfer_modeling.scratch", self.scratch, _FRONTS)
        for name in ("max_per_order", "training_cells", "stack_size"):
            if (value := getattr(self, name)) is not None:
                check_whole(f"transfer_modeling.{name}", value, minimum=1)
        if self.training_pixels is not None:
            check_whole("transfer_modeling.training_pixels", self.training_pixels, minimum=2)
        factor = self.segmentation_factor
        if not is_number(factor) or factor < 1:
            raise ValueError(f"transfer_modeling.segmentation_factor must be a number ≥ 1, got {factor!r}")
        object.__setattr__(self, "beam_widths", _checked_widths(self.beam_widths))
        training = check_nested("transfer_modeling.training", TrainingSettings, self.training)
        object.__setattr__(self, "training", training)
        self._check_table("decoder", self.decoder, NetworkSettings)
        self._decoder_of(NetworkSettings())  # whatever the task networks are, before any of them is trained
        self._check_table("higher_orders", self.higher_orders, TrainingSettings)
        if not isinstance(self.overrides, Mapping):
            raise ValueError(f"transfer_modeling.overrides must be settings by task, got {self.overrides!r}")
        for target in self.overrides:
            self._schedule(str(target), 1)
        self._schedule("", 2)

    def schedule(self, task: Task, order: int) -> TrainingSettings:
        """Return the schedule of the readouts of a target and order; order 0 is the scratch network."""
        schedule = self._schedule(task.name, order)
        if not kind_of(task).is_segmentation or "steps" in self.overrides.get(task.name, {}):
            return schedule
        return schedule.stretched(self.segmentation_factor)

    def _schedule(self, target: str, order: int) -> TrainingSettings:
        changes: dict[str, Any] = dict(self.higher_orders) if order > 1 else {}
        where = f"overrides.{target}" if target in self.overrides else "higher_orders"
        own = self.overrides.get(target, {})
        self._check_table(f"overrides.{target}", own, TrainingSettings)
        try:
            return replace(self.training, **{**changes, **own})
        except ValueError as error:
            raise ValueError(f"transfer_modeling.{where}: {error}") from error

    def readout_network(self, network: NetworkSettings) -> NetworkSettings:
        """Return the settings that the decoders of the readouts are built with.

        Args:
            network: Of the task networks.

        Raises:
            ValueError: Cells of the readouts and of the representations differ.
        """
        readout = self._decoder_of(network)
        if readout.cell != network.cell:
            raise ValueError(
                f"transfer_modeling.decoder: readouts of the encoder {readout.encoder!r} read cells of "
                f"{readout.cell} pixels, and those of the representations have {network.cell}: leave out "
                "encoder and stride, or set task_modeling.network to the same"
            )
        return readout

    def _decoder_of(self, network: NetworkSettings) -> NetworkSettings:
        try:
            return replace(network, **self.decoder)
        except ValueError as error:
            raise ValueError(f"transfer_modeling.decoder: {error}") from error

    @staticmethod
    def _check_table(name: str, given: Any, kind: type[Any]) -> None:
        if not isinstance(given, Mapping):
            raise ValueError(f"transfer_modeling.{name} must be a table of settings, got {given!r}")
        for key in given:
            if key not in kind.__dataclass_fields__:
                hint = nearest_name_hint(str(key), kind.__dataclass_fields__)
                raise ValueError(f"transfer_modeling.{name} has no setting {key!r}{hint}")


def _checked_widths(widths: Any) -> dict[int, int]:
    if not isinstance(widths, Mapping):
        raise ValueError(
            f"transfer_modeling.beam_widths must give a number of sources by order, such as {{2: 5}}, "
            f"got {widths!r}"
        )
    checked = {}
    for order, width in widths.items():
        if isinstance(order, bool) or not str(order).isdecimal() or int(order) < 2:
            raise ValueError(f"transfer_modeling.beam_widths: orders are whole numbers ≥ 2, got {order!r}")
        check_whole(f"transfer_modeling.beam_widths.{order}", width, minimum=1)
        if width < int(order):
            raise ValueError(
                f"transfer_modeling.beam_widths.{order} must be at least {order}, as a transfer of that "
                f"order has that many sources, got {width}"
            )
        checked[int(order)] = int(width)
    return dict(sorted(checked.items()))


@dataclass(frozen=True, kw_only=True)
class ChosenTransfers:
    """Who feeds whom.

    Attributes:
        targets: Tasks to be solved, in the dictionary's order.
        sources: Names of the sources, in the dictionary's order, frozen encoders last.
        not_combined: Sources that no transfer of higher order reads.
    """

    targets: tuple[Task, ...]
    sources: tuple[str, ...]
    not_combined: tuple[str, ...] = ()

    @property
    def greatest_order(self) -> int:
        """Most sources that a transfer can have."""
        return max(1, sum(name not in self.not_combined for name in self.sources))

    def check_order(self, max_order: int) -> None:
        """Refuse transfers of more sources than there are.

        Raises:
            ValueError: The order is too high.
        """
        if max_order > self.greatest_order:
            fed_by = [name for name in self.sources if name not in self.not_combined]
            raise ValueError(
                f"transfer_modeling.max_order must be at most {len(fed_by)}, the number of sources "
                f"({', '.join(fed_by)}), got {max_order}; lower it, or take more tasks"
            )


def choose_transfers(
    networks: Mapping[str, Task],
    *,
    targets: Any = None,
    sources: Any = None,
    frozen: Iterable[str] = (),
    not_combined: tuple[str, ...] = (),
) -> ChosenTransfers:
    """Return targets and sources among the tasks that have a network.

    Args:
        networks: Tasks with a network, by name.
        targets: Names of targets; all that are not source-only if None or empty.
        sources: Names of sources; all if None or empty.
        frozen: Names of the frozen encoders, which are sources too.
        not_combined: Sources that no transfer of higher order reads.

    Raises:
        ValueError: A name stands twice or is unknown, a target is not trained, or no task is left.
    """
    frozen = list(frozen)
    for name in frozen:
        if name in networks:
            raise UserError(f"sources.{name}: {name!r} is a task; give the frozen encoder another name")
    known = [*networks, *frozen]
    chosen_sources = _names("sources", sources, known)
    able = [name for name, task in networks.items() if not task.is_source_only]
    chosen_targets = _names("targets", targets, able)
    return ChosenTransfers(
        targets=tuple(networks[name] for name in chosen_targets),
        sources=tuple(chosen_sources),
        not_combined=not_combined,
    )


def _names(what: str, given: Any, known: Sequence[str]) -> list[str]:
    if not isinstance(given, str | Iterable | None):
        raise ValueError(f"transfer_modeling.{what} must be a list of names, got {given!r}")
    names = given.replace(",", " ").split() if isinstance(given, str) else list(given or ())
    for number, name in enumerate(names):
        if name not in known:
            raise ValueError(
                f"transfer_modeling.{what}: {name!r} is none{nearest_name_hint(str(name), known)}"
            )
        if name in names[:number]:
            raise ValueError(f"transfer_modeling.{what} lists {name!r} twice")
    return [name for name in known if name in names] if names else list(known)
