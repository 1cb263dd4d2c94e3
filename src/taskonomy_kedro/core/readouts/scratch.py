"""The network that a target is learned with from nothing."""

from torch import Tensor, nn
from torch.nn import functional

from taskonomy_kedro.core.networks.building import make_decoder
from taskonomy_kedro.core.networks.encoder import CHANNELS, Encoder, conv_bn, without_global_draws
from taskonomy_kedro.core.networks.initialisation import initialise
from taskonomy_kedro.core.networks.task_network import TaskNetwork
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.seeding import generator_for
from taskonomy_kedro.core.training.task_context import TaskContext
from taskonomy_kedro.core.training.task_dataset import n_outputs

_HIDDEN = 4
_STRIDE = 4


class PixelsFront(Encoder):
    """Pictures (n, c, H, W) to (n, 16, H/cell, W/cell): the shallow front end `pixels` of the released code.

    The picture at four pixels a cell, 3×3 → 4 channels, 3×3 with stride 4 → 8 channels, these twice over,
    batch normalisation. Source: the released configurations; docs/method.md.
    """

    out_channels = 2 * CHANNELS

    def __init__(self, in_channels: int, cell: int) -> None:
        super().__init__()
        self.in_channels, self.stride = in_channels, cell
        self.first = conv_bn(in_channels, _HIDDEN, 3)
        self.second = conv_bn(_HIDDEN, CHANNELS, 3, stride=_STRIDE)
        self.normalise = nn.BatchNorm2d(self.out_channels)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the features of each picture."""
        height, width = (side // self.stride * _STRIDE for side in pictures.shape[-2:])
        small = functional.interpolate(pictures, (height, width), mode="bilinear", align_corners=False)
        features = self.second(functional.relu(self.first(small)))
        doubled: Tensor = self.normalise(features.repeat(1, 2, 1, 1))
        return doubled


def scratch_network(modeling: TaskContext, split: PreparedSplit, front: str) -> TaskNetwork:
    """Build the scratch network of a task with its first weights.

    Args:
        modeling: The task.
        split: Tells the size of images, and the number of classes.
        front: `encoder`, the task's own architecture, or `pixels`.
    """
    task, settings = modeling.task, modeling.settings
    network = modeling.network(split)
    size = modeling.picture_size(split)
    if front == "pixels":
        with without_global_draws():
            network.encoder = PixelsFront(task.reads.n_channels, settings.network.cell)
        network.decoder = make_decoder(
            settings.network,
            task,
            n_outputs=n_outputs(task, split),
            image_size=size,
            in_channels=PixelsFront.out_channels,
        )
    initialise(network, generator_for(settings.seed, "scratch_network", task.name, "weights"))
    return network
