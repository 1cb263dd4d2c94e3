"""One step of readouts on drawn representations and labels, as a run does it; torch and NumPy are enough."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from gpu_timing import flops_of
from torch import Tensor

from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.networks.encoder import CHANNELS
from taskonomy_kedro.core.networks.readout import Readout, make_readout
from taskonomy_kedro.core.networks.settings import EncoderName, NetworkSettings
from taskonomy_kedro.core.readouts.cells import draw_pixels, repeated, target_at
from taskonomy_kedro.core.readouts.settings import TransferSettings
from taskonomy_kedro.core.readouts.stack import ReadoutStack
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.batch_tensors import TargetTensors
from taskonomy_kedro.core.training.losses import loss_terms

SETTINGS = TransferSettings()  # those of conf/base


@dataclass(frozen=True, kw_only=True)
class Work:
    """Readouts of one target: their form, and the batch that they learn from."""

    target: str
    order: int
    encoder: EncoderName
    image: int
    batch: int
    device: torch.device

    @property
    def network(self) -> NetworkSettings:
        """How their decoders are built."""
        return SETTINGS.readout_network(NetworkSettings(encoder=self.encoder))

    def readout(self) -> Readout:
        """Return one with first weights."""
        generator = torch.Generator().manual_seed(0)
        return make_readout(
            self.network, TASKS[self.target], n_sources=self.order, image_size=self.image, generator=generator
        )

    def codes(self, n_readouts: int) -> Tensor:
        """Return representations (n, k, S·8·order, h, w), channels last as those of a run."""
        side, channels = self.image // self.network.cell, n_readouts * CHANNELS * self.order
        shape = (self.batch, TASKS[self.target].reads.n_inputs, side, side, channels)
        return torch.rand(shape, device=self.device).permute(0, 1, 4, 2, 3)

    def labels(self) -> TargetTensors:
        """Draw a target; every pixel and item of it counts."""
        task, kind = TASKS[self.target], kind_of(TASKS[self.target])
        places = (self.image, self.image) if kind.cell else ()
        if kind.is_segmentation:
            values = torch.randint(task.label.size or 1, (self.batch, *places), device=self.device)
        else:
            values = torch.rand((self.batch, task.label.size or 1, *places), device=self.device) * 2 - 1
        weights = torch.ones(kind.weights_shape(tuple(values.shape)), device=self.device)
        return TargetTensors(values=values, weights=weights)


def make_stack(work: Work, n_readouts: int) -> ReadoutStack:
    return ReadoutStack([work.readout() for _ in range(n_readouts)], work.device)


def stack_step(work: Work, stack: ReadoutStack) -> Callable[[], None]:
    """Return one step of a stack, as the training loop does it; the loop itself needs readers of labels."""
    task, device = TASKS[work.target], work.device
    codes, labels = work.codes(stack.size), work.labels()
    n_cells, cell = codes.shape[-1] * codes.shape[-2], work.network.cell
    generator = torch.Generator().manual_seed(0)
    optimiser = torch.optim.Adam(stack.parameters.values(), lr=1e-4, fused=True)

    def step() -> None:
        compared, target = None, labels
        if stack.can_choose_pixels:
            pixels = SETTINGS.training_pixels if kind_of(task).is_segmentation else None
            compared = draw_pixels(
                work.batch, n_cells, cell, cells=SETTINGS.training_cells, pixels=pixels, generator=generator
            ).to(device)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            output = stack.outputs(codes, compared, is_training=True)
        if compared is not None:
            target = target_at(labels, compared, cell)
        terms = loss_terms(task, output.flatten(0, 1), repeated(target, stack.size))
        sums, counts = (part.view(stack.size, -1).sum(dim=1) for part in (terms.sums, terms.counts))
        losses = sums / counts.clamp_min(1.0)
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(losses.sum())
        optimiser.step()

    return step


def flops_of_one(work: Work) -> int:
    """Return the operations of one readout's step, counted without a stack, whose groups are miscounted."""
    readout, codes, labels = work.readout().to(work.device), work.codes(1), work.labels()

    def step() -> None:
        with torch.autocast(work.device.type, dtype=torch.bfloat16):
            output = readout(codes)
        torch.autograd.backward(loss_terms(TASKS[work.target], output, labels).sums.sum())

    return flops_of(step)
