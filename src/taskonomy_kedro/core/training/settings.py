"""Settings of the networks' training; free of torch, as every command reads them."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    NonNegativeInt,
    PositiveFloat,
    field_validator,
    model_validator,
)

from taskonomy_kedro.core.base_settings import Changes, Settings, Words
from taskonomy_kedro.core.networks.settings import NetworkSettings

COMPARED_PIXELS = 300
"""Of an image, by a metric loss in evaluation."""


class ComputeSettings(Settings):
    """Where to compute. No network depends on these settings."""

    device: Literal["auto", "cpu", "cuda"] = Field("auto", description="`auto` is a GPU if there is one.")
    precision: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="`auto` is bfloat16 if the device computes with it; losses are always float32."
    )
    threads: int | None = Field(
        None, ge=1, description="Threads of one operation on the processor; empty: one for each core."
    )
    memory_gb: float = Field(
        1.0,
        ge=0,
        description="Inputs and labels of a task up to this size stay in memory while its network trains; "
        "larger ones are read batch by batch.",
    )


def _as_pairs(given: Any) -> Any:
    if isinstance(given, int | float) and not isinstance(given, bool):
        return ((0, given),)
    if isinstance(given, list | tuple) and all(isinstance(pair, list | tuple) for pair in given):
        return tuple(tuple(pair) for pair in given)
    raise ValueError("must be a list of [step, rate], such as [[0, 0.001], [200, 0.0001]], or one rate")


def _rising(rates: tuple[tuple[int, float], ...]) -> tuple[tuple[int, float], ...]:
    if 0 not in dict(rates):
        raise ValueError("must have a rate for step 0")
    return tuple(sorted(dict(rates).items()))


LearningRates = Annotated[
    tuple[tuple[NonNegativeInt, PositiveFloat], ...], BeforeValidator(_as_pairs), AfterValidator(_rising)
]


class TrainingSettings(Settings):
    """Schedule of one network.

    Example:
        >>> schedule = TrainingSettings(steps=100, learning_rates=[[0, 0.003], [80, 0.001]], warmup_steps=10)
        >>> schedule.learning_rate(4), schedule.learning_rate(90)
        (0.0015, 0.001)
        >>> schedule.stretched(2).learning_rates
        ((0, 0.003), (160, 0.001))
    """

    steps: int = Field(144, ge=1, description="Steps of the optimiser at most.")
    batch_size: int = Field(32, ge=2, description="Items a step.")
    learning_rates: LearningRates = Field(
        ((0, 3e-3), (90, 1e-3), (126, 2e-4)),
        description="List of `[step, rate]`: the learning rate from each step on, the first step is 0. A "
        "single number is the rate of all steps.",
    )
    warmup_steps: int = Field(10, ge=0, description="Steps in which the rate rises to the first one.")
    weight_decay: float = Field(0.0, ge=0, description="Weight of half the squared weights in the loss.")
    gradient_clip: float | None = Field(
        None, gt=0, description="Greatest norm of each parameter's gradient; empty: no limit."
    )
    validate_every: int = Field(72, ge=1, description="Steps between two validations.")
    patience: int | None = Field(
        None, ge=1, description="Validations without a better loss that end the training; empty: never."
    )
    checkpoint_every: int | None = Field(
        None,
        ge=1,
        description="Steps between two checkpoints, from which an interrupted training resumes; empty: none.",
    )
    is_adversarial: bool = Field(
        False, description="Whether tasks that the paper trained with a discriminator get one."
    )
    adversarial_from: int = Field(25_000, ge=0, description="Step from which the discriminator counts.")

    def learning_rate(self, step: int) -> float:
        """Return the learning rate of a step, counted from 0."""
        rate = [rate for start, rate in self.learning_rates if start <= step][-1]
        return rate * min(1.0, (step + 1) / self.warmup_steps) if self.warmup_steps else rate

    def stretched(self, factor: float) -> "TrainingSettings":
        """Return the schedule with `factor` times as many steps, changes and validations as much later.

        Warm-up and the steps between two checkpoints stay.
        """
        return self.updated(
            {
                "steps": max(1, round(factor * self.steps)),
                "learning_rates": tuple(
                    {round(factor * step): rate for step, rate in self.learning_rates}.items()
                ),
                "validate_every": max(1, round(factor * self.validate_every)),
                "adversarial_from": round(factor * self.adversarial_from),
            }
        )


class ModelingSettings(Settings):
    """Settings of the task-specific networks."""

    root = "task_modeling"

    seed: int = Field(0, ge=0, description="Seed of weights, order of images and draws.")
    tasks: Words = Field((), description="Names of the tasks that get a network; empty: all.")
    network: NetworkSettings = Field(NetworkSettings(), description="Which networks.")
    training: TrainingSettings = Field(TrainingSettings(), description="Their schedule.")
    step_factors: dict[str, Annotated[float, Field(gt=0, le=1000)]] = Field(
        {
            **dict.fromkeys(("depth_zbuffer", "depth_euclidean", "reshading", "room_layout"), 2.0),
            "segment_unsup25d": 1.25,
            **dict.fromkeys(("autoencoding", "denoising", "inpainting", "jigsaw"), 0.75),
        },
        description="By task, times as many steps; changes of the rate, validations and the discriminator's "
        "start come as much later. Empty: none.",
    )
    overrides: dict[str, Changes] = Field(
        {}, description="Settings of the schedule by task, where they differ; own `steps` have no factor."
    )
    readout: TrainingSettings = Field(
        TrainingSettings(steps=48, learning_rates=((0, 3e-3), (36, 5e-4)), validate_every=24),
        description="Schedule of the readouts of the random network, for the sanity table.",
    )
    compute: ComputeSettings = Field(ComputeSettings(), description="Where to compute.")
    tile_size: int | None = Field(32, ge=6, description="Pixels a side of a jigsaw tile; empty: the image's.")
    training_pixels: int = Field(
        100,
        ge=2,
        le=COMPARED_PIXELS,
        description=f"Pixels of an image that a metric loss compares in training; {COMPARED_PIXELS} in "
        "evaluation.",
    )

    @field_validator("step_factors", mode="before")
    @classmethod
    def _none_is_empty(cls, given: Any) -> Any:
        return {} if given is None else given

    @model_validator(mode="after")
    def _check_schedules(self) -> Self:
        if self.tile_size is not None:
            self.network.check_image_size(self.tile_size, "task_modeling.tile_size")
        for task in {*self.overrides, *self.step_factors}:
            self.training_of(task)
        return self

    def training_of(self, task: str) -> TrainingSettings:
        """Return the schedule of one task.

        Raises:
            UserError: A setting of `overrides` is unknown or wrong; the message has the task.
        """
        changes = self.overrides.get(task, {})
        factor = 1.0 if "steps" in changes else self.step_factors.get(task, 1.0)
        return self.training.stretched(factor).updated(changes, root=f"task_modeling.overrides.{task}")
