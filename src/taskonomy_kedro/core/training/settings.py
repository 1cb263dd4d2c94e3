"""Settings of the networks' training; free of torch, as every command reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from taskonomy_kedro.core.checks import Settings, check_choice, check_nested, check_whole, is_number
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.tasks import nearest_name_hint

COMPARED_PIXELS = 300
"""Of an image, by a metric loss in evaluation."""

_GREATEST_FACTOR = 1000  # of a schedule
_DEVICES = ("auto", "cpu", "cuda")
_PRECISIONS = ("auto", "float32", "bfloat16")


@dataclass(frozen=True, kw_only=True)
class ComputeSettings(Settings):
    """Where to compute. Nothing here is part of a network's record.

    Attributes:
        device: `auto`, `cpu` or `cuda`.
        precision: `auto`, `float32` or `bfloat16`; losses are float32 always.
        threads: Threads of one operation on the processor; empty: one for each core.
        memory_gb: Inputs and labels of a task up to this size are kept in memory while its network
            trains; larger ones are read batch by batch.
    """

    device: Literal["auto", "cpu", "cuda"] = "auto"
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    threads: int | None = None
    memory_gb: float = 1.0

    def __post_init__(self) -> None:
        check_choice("compute.device", self.device, _DEVICES)
        check_choice("compute.precision", self.precision, _PRECISIONS)
        if self.threads is not None:
            check_whole("compute.threads", self.threads, minimum=1)
        if not is_number(self.memory_gb) or self.memory_gb < 0:
            raise ValueError(f"compute.memory_gb must be a number ≥ 0, got {self.memory_gb!r}")


@dataclass(frozen=True, kw_only=True)
class TrainingSettings(Settings):
    """Schedule of one network.

    Attributes:
        steps: Steps of the optimiser at most.
        batch_size: Items a step.
        learning_rates: Learning rate from each step on; there must be one from step 0 on. In one text,
            `0=0.003 100=0.001`, it replaces that of another environment whole: tables are merged.
        warmup_steps: Steps over which the first rate is reached.
        weight_decay: Weight of the squared weights, half of it, in the loss.
        gradient_clip: Greatest norm of each parameter's gradient; empty: as it is.
        validate_every: Steps between two looks at the validation split.
        patience: Looks without a better validation loss that end the training; empty: never.
        checkpoint_every: Steps between two checkpoints that a killed training goes on from; empty:
            a killed training begins anew.
        is_adversarial: Whether tasks that the paper trained with a discriminator get one.
        adversarial_from: Step from which the discriminator counts.

    Example:
        >>> schedule = TrainingSettings(steps=100, learning_rates="0=0.003 80=0.001", warmup_steps=10)
        >>> schedule.learning_rate(4), schedule.learning_rate(90)
        (0.0015, 0.001)
        >>> schedule.stretched(2).learning_rates
        {0: 0.003, 160: 0.001}
    """

    steps: int = 144
    batch_size: int = 32
    learning_rates: Mapping[int, float] = field(default_factory=lambda: {0: 3e-3, 90: 1e-3, 126: 2e-4})
    warmup_steps: int = 10
    weight_decay: float = 0.0
    gradient_clip: float | None = None
    validate_every: int = 72
    patience: int | None = None
    checkpoint_every: int | None = None
    is_adversarial: bool = False
    adversarial_from: int = 25_000

    def __post_init__(self) -> None:
        check_whole("steps", self.steps, minimum=1)
        check_whole("batch_size", self.batch_size, minimum=2)
        check_whole("warmup_steps", self.warmup_steps, minimum=0)
        check_whole("validate_every", self.validate_every, minimum=1)
        check_whole("adversarial_from", self.adversarial_from, minimum=0)
        for name in ("patience", "checkpoint_every"):
            if (value := getattr(self, name)) is not None:
                check_whole(name, value, minimum=1)
        if not is_number(self.weight_decay) or self.weight_decay < 0:
            raise ValueError(f"weight_decay must be a number ≥ 0, got {self.weight_decay!r}")
        if self.gradient_clip is not None and not (is_number(self.gradient_clip) and self.gradient_clip > 0):
            raise ValueError(f"gradient_clip must be a number > 0 or empty, got {self.gradient_clip!r}")
        object.__setattr__(self, "learning_rates", _checked_rates(self.learning_rates))

    def learning_rate(self, step: int) -> float:
        """Return the learning rate of a step, counted from 0."""
        rate = [rate for start, rate in self.learning_rates.items() if start <= step][-1]
        return rate * min(1.0, (step + 1) / self.warmup_steps) if self.warmup_steps else rate

    def stretched(self, factor: float) -> "TrainingSettings":
        """Return the schedule with so many times as many steps, and what happens on the way as much later.

        Warming up and the steps between two checkpoints stay.
        """
        return replace(
            self,
            steps=max(1, round(factor * self.steps)),
            learning_rates={round(factor * step): rate for step, rate in self.learning_rates.items()},
            validate_every=max(1, round(factor * self.validate_every)),
            adversarial_from=round(factor * self.adversarial_from),
        )


def _checked_rates(rates: Any) -> dict[int, float]:
    wanted = "learning_rates must give a rate > 0 for steps from 0 on, such as 0=0.001 200=0.0001"
    if isinstance(rates, str):
        try:
            pairs = [pair.split("=") for pair in rates.replace(",", " ").split()]
            rates = {start: float(rate) for start, rate in pairs}
        except ValueError as error:
            raise ValueError(f"{wanted}, got {rates!r}") from error
    if not isinstance(rates, Mapping) or not rates:
        raise ValueError(f"{wanted}, got {rates!r}")
    checked = {}
    for start, rate in rates.items():
        if isinstance(start, bool) or not str(start).isdecimal() or not is_number(rate) or rate <= 0:
            raise ValueError(f"{wanted}, got {start!r}: {rate!r}")
        checked[int(start)] = float(rate)
    if 0 not in checked:
        raise ValueError(f"{wanted}, got none for step 0")
    return dict(sorted(checked.items()))


def checked_factors(factors: Any) -> dict[str, float]:
    """Return `step_factors`, a table or one text, as a table.

    Raises:
        ValueError: A factor is no number above 0 and up to 1000, or a task is named twice.
    """
    wanted = (
        f"task_modeling.step_factors must give tasks a number each, above 0 and up to {_GREATEST_FACTOR}, "
        f"such as normal=2 jigsaw=0.5, got {factors!r}"
    )
    if isinstance(factors, str):
        words = [word.partition("=") for word in factors.replace(",", " ").split()]
        pairs: list[tuple[Any, Any]] = [(name, number) for name, _, number in words]
    elif isinstance(factors, Mapping | None):
        pairs = list((factors or {}).items())
    else:
        raise ValueError(wanted)
    checked: dict[str, float] = {}
    for task, factor in pairs:
        try:
            number = float(factor)
        except (TypeError, ValueError, OverflowError) as error:
            raise ValueError(wanted) from error
        if isinstance(factor, bool) or not 0 < number <= _GREATEST_FACTOR or task in checked:
            raise ValueError(wanted)
        checked[str(task)] = number
    return checked


def _readout_schedule() -> TrainingSettings:
    return TrainingSettings(steps=48, learning_rates={0: 3e-3, 36: 5e-4}, validate_every=24)


def _step_factors() -> dict[str, float]:
    """Return the factors of what learns slowly, and of what is learnt soon."""
    slow = dict.fromkeys(("depth_zbuffer", "depth_euclidean", "reshading", "room_layout"), 2.0)
    soon = ("autoencoding", "denoising", "inpainting", "jigsaw")
    return {**slow, "segment_unsup25d": 1.25, **dict.fromkeys(soon, 0.75)}


@dataclass(frozen=True, kw_only=True)
class ModelingSettings(Settings):
    """Settings of the task-specific networks.

    Attributes:
        seed: Seed of weights, order of images and draws.
        tasks: Names of the tasks that get a network; empty: all.
        network: Which networks.
        training: Their schedule.
        step_factors: By task, how many times as many steps it is trained; changes of the rate, looks at the
            validation split and the discriminator's begin come as much later. In one text, `normal=2
            jigsaw=0.5`, it replaces that of another environment whole.
        overrides: Settings of the schedule by task, where they differ; `steps` of its own have no factor.
        readout: Schedule of the read-outs of the random network, of the sanity table.
        compute: Where to compute.
        tile_size: Pixels a side of a jigsaw tile; empty: the image's.
        training_pixels: Pixels of an image that a metric loss compares in training, 2 to 300; 300 in
            evaluation.
    """

    seed: int = 0
    tasks: Any = None
    network: Any = field(default_factory=NetworkSettings)
    training: Any = field(default_factory=TrainingSettings)
    step_factors: Any = field(default_factory=_step_factors)
    overrides: Any = field(default_factory=dict)
    readout: Any = field(default_factory=_readout_schedule)
    compute: Any = field(default_factory=ComputeSettings)
    tile_size: int | None = 32
    training_pixels: int = 100

    def __post_init__(self) -> None:
        check_whole("task_modeling.seed", self.seed, minimum=0)
        if self.tile_size is not None:
            check_whole("task_modeling.tile_size", self.tile_size, minimum=6)
        check_whole("task_modeling.training_pixels", self.training_pixels, minimum=2)
        if self.training_pixels > COMPARED_PIXELS:
            raise ValueError(
                f"task_modeling.training_pixels must be at most {COMPARED_PIXELS}, the pixels that the test "
                f"compares, got {self.training_pixels}"
            )
        kinds = {"network": NetworkSettings, "compute": ComputeSettings}
        kinds |= dict.fromkeys(("training", "readout"), TrainingSettings)
        for name, kind in kinds.items():
            checked = check_nested(f"task_modeling.{name}", kind, getattr(self, name))
            object.__setattr__(self, name, checked)
        if self.tile_size is not None:
            self.network.check_image_size(self.tile_size, "task_modeling.tile_size")
        object.__setattr__(self, "step_factors", checked_factors(self.step_factors))
        if not isinstance(self.overrides, Mapping):
            raise ValueError(f"task_modeling.overrides must be settings by task, got {self.overrides!r}")
        for task in {*self.overrides, *self.step_factors}:
            self.training_of(task)

    def training_of(self, task: str) -> TrainingSettings:
        """Return the schedule of one task.

        Raises:
            ValueError: A setting of `overrides` is unknown or wrong; the message says of which task.
        """
        changes = self.overrides.get(task) or {}
        if not isinstance(changes, Mapping):
            raise ValueError(f"task_modeling.overrides.{task} must be a table of settings, got {changes!r}")
        for key in changes:
            if key not in TrainingSettings.__dataclass_fields__:
                hint = nearest_name_hint(str(key), TrainingSettings.__dataclass_fields__)
                raise ValueError(f"task_modeling.overrides.{task} has no setting {key!r}{hint}")
        factor = 1.0 if "steps" in changes else self.step_factors.get(task, 1.0)
        try:
            return replace(self.training.stretched(factor), **changes)
        except ValueError as error:
            raise ValueError(f"task_modeling.overrides.{task}: {error}") from error
