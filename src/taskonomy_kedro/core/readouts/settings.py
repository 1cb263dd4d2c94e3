"""Settings of the transfers; free of torch, as every command reads them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, PositiveInt, model_validator

from taskonomy_kedro.core.base_settings import Changes, Settings, Words
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.tasks import Task, nearest_name_hint
from taskonomy_kedro.core.training.settings import TrainingSettings


def _whole_keys(given: Any) -> Any:
    """Return a table with whole numbers as keys, which the command line gives as text."""
    if not isinstance(given, Mapping):
        return given
    return {int(key) if str(key).isdecimal() else key: value for key, value in given.items()}


def _wide_enough(widths: dict[int, int]) -> dict[int, int]:
    for order, width in widths.items():
        if width < order:
            raise UserError(
                f"must be at least {order} for order {order}, as its transfers have that many sources"
            )
    return dict(sorted(widths.items()))


BeamWidths = Annotated[
    dict[Annotated[int, Field(ge=2)], PositiveInt], BeforeValidator(_whole_keys), AfterValidator(_wide_enough)
]


class TransferSettings(Settings):
    """Which transfers are trained, and how."""

    root = "transfer_modeling"

    seed: int = Field(0, ge=0, description="Seed of weights, order of images and draws.")
    max_order: int = Field(2, ge=1, description="Most sources of one transfer.")
    targets: Words = Field(
        (), description="Names of the targets; empty: all tasks with a network that are not source-only."
    )
    sources: Words = Field((), description="Names of the sources; empty: all tasks with a network.")
    beam_widths: BeamWidths = Field(
        {2: 5, 3: 5, 4: 6},
        description="By order, from how many of the best first-order sources all combinations are taken; the "
        "best k alone at orders that are not named.",
    )
    max_per_order: int | None = Field(
        None,
        ge=1,
        description="Most transfers of one order into one target, the best sources first; empty: all.",
    )
    decoder: Changes = Field(
        {"decoder_width": 32, "hidden": 48},
        description="Settings of the readouts' decoders that differ from those of the task networks.",
    )
    training: TrainingSettings = Field(
        TrainingSettings(
            steps=56,
            batch_size=16,
            learning_rates=((0, 3e-3), (40, 6e-4)),
            warmup_steps=10,
            validate_every=28,
        ),
        description="Schedule of the readouts and of the scratch network.",
    )
    higher_orders: Changes = Field({}, description="Settings of the schedule that differ from order 2 on.")
    segmentation_factor: float = Field(
        2.0,
        ge=1,
        description="Times as many steps for targets whose label is a map of regions or classes, ≥ 1.",
    )
    overrides: dict[str, Changes] = Field(
        {}, description="Settings of the schedule by target, where they differ; own `steps` have no factor."
    )
    training_cells: int | None = Field(
        8,
        ge=1,
        description="Cells of the representation whose pixels a training step compares in each image, with "
        "the small decoders; empty: all. The test always compares all.",
    )
    training_pixels: int | None = Field(
        64,
        ge=2,
        description="Pixels among those of the drawn cells, where a pixel has more than three numbers; "
        "empty: all.",
    )
    stack_size: int | None = Field(
        None,
        ge=1,
        description="Most readouts trained together; empty: all of a target and order. Fewer if memory does "
        "not suffice, with the same results.",
    )
    scratch: Literal["encoder", "pixels"] = Field(
        "encoder",
        description="What the scratch network sees images with: the target's own `encoder`, or the shallow "
        "`pixels` front end of the original code.",
    )

    @model_validator(mode="after")
    def _check_changes(self) -> Self:
        self._decoder_of(NetworkSettings())  # whatever the task networks are, before any of them is trained
        for target in self.overrides:
            self._schedule(target, 1)
        self._schedule("", 2)
        return self

    def schedule(self, task: Task, order: int) -> TrainingSettings:
        """Return the schedule of the readouts of a target and order; order 0 is the scratch network."""
        schedule = self._schedule(task.name, order)
        if not kind_of(task).is_segmentation or "steps" in self.overrides.get(task.name, {}):
            return schedule
        return schedule.stretched(self.segmentation_factor)

    def _schedule(self, target: str, order: int) -> TrainingSettings:
        training = self.training
        if order > 1:
            training = training.updated(self.higher_orders, root="transfer_modeling.higher_orders")
        return training.updated(self.overrides.get(target, {}), root=f"transfer_modeling.overrides.{target}")

    def readout_network(self, network: NetworkSettings) -> NetworkSettings:
        """Return the settings that the decoders of the readouts are built with.

        Args:
            network: Of the task networks.

        Raises:
            UserError: Cells of the readouts and of the representations differ.
        """
        readout = self._decoder_of(network)
        if readout.cell != network.cell:
            raise UserError(
                f"transfer_modeling.decoder: readouts of the encoder {readout.encoder!r} read cells of "
                f"{readout.cell} pixels, and those of the representations have {network.cell}: omit "
                "encoder and stride, or set task_modeling.network to the same"
            )
        return readout

    def _decoder_of(self, network: NetworkSettings) -> NetworkSettings:
        return network.updated(self.decoder, root="transfer_modeling.decoder")


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
            UserError: The order is too high.
        """
        if max_order > self.greatest_order:
            fed_by = [name for name in self.sources if name not in self.not_combined]
            raise UserError(
                f"transfer_modeling.max_order must be at most {len(fed_by)}, the number of sources "
                f"({', '.join(fed_by)}), got {max_order}; lower it, or take more tasks"
            )


def choose_transfers(
    networks: Mapping[str, Task],
    *,
    targets: Sequence[str] = (),
    sources: Sequence[str] = (),
    frozen: Iterable[str] = (),
    not_combined: tuple[str, ...] = (),
) -> ChosenTransfers:
    """Return targets and sources among the tasks that have a network.

    Args:
        networks: Tasks with a network, by name.
        targets: Names of targets; all that are not source-only if empty.
        sources: Names of sources; all if empty.
        frozen: Names of the frozen encoders, which are sources too.
        not_combined: Sources that no transfer of higher order reads.

    Raises:
        UserError: A name stands twice or is unknown, or a target is not trained.
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


def _names(what: str, names: Sequence[str], known: Sequence[str]) -> list[str]:
    for number, name in enumerate(names):
        if name not in known:
            raise UserError(f"transfer_modeling.{what}: {name!r} is none{nearest_name_hint(name, known)}")
        if name in names[:number]:
            raise UserError(f"transfer_modeling.{what} lists {name!r} twice")
    return [name for name in known if name in names] if names else list(known)
