"""Encoders, decoders and heads: shapes and forward passes, no training.

Names are looked up when first used, so that `settings` can be imported without torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from taskonomy_kedro.core.networks.building import (
        check_image_size,
        make_decoder,
        make_encoder,
        stride_of,
    )
    from taskonomy_kedro.core.networks.decoder import Decoder
    from taskonomy_kedro.core.networks.dense import DenseDecoder, QuarterDecoder
    from taskonomy_kedro.core.networks.discriminator import PatchDiscriminator, make_discriminator
    from taskonomy_kedro.core.networks.encoder import Encoder
    from taskonomy_kedro.core.networks.heads import EgomotionHead, FullyConnectedHead
    from taskonomy_kedro.core.networks.imagenet import (
        ImagenetEncoder,
        cached_imagenet,
        load_imagenet_encoder,
    )
    from taskonomy_kedro.core.networks.initialisation import initialise
    from taskonomy_kedro.core.networks.released import (
        find_released,
        load_released_decoder,
        load_released_encoder,
    )
    from taskonomy_kedro.core.networks.resnet50 import TaskonomyResNet50
    from taskonomy_kedro.core.networks.settings import ENCODERS, NetworkSettings
    from taskonomy_kedro.core.networks.small_decoders import SmallDenseDecoder, SmallQuarterDecoder
    from taskonomy_kedro.core.networks.small_encoder import SmallEncoder
    from taskonomy_kedro.core.networks.task_network import TaskNetwork, make_task_network

_NAMES_OF_MODULES = {
    "decoder": ("Decoder",),
    "dense": ("DenseDecoder", "QuarterDecoder"),
    "discriminator": ("PatchDiscriminator", "make_discriminator"),
    "encoder": ("Encoder",),
    "heads": ("EgomotionHead", "FullyConnectedHead"),
    "imagenet": ("ImagenetEncoder", "cached_imagenet", "load_imagenet_encoder"),
    "initialising": ("initialise",),
    "making": ("check_image_size", "make_decoder", "make_encoder", "stride_of"),
    "released": ("find_released", "load_released_decoder", "load_released_encoder"),
    "resnet50": ("TaskonomyResNet50",),
    "settings": ("ENCODERS", "NetworkSettings"),
    "small": ("SmallEncoder",),
    "small_decoders": ("SmallDenseDecoder", "SmallQuarterDecoder"),
    "task_network": ("TaskNetwork", "make_task_network"),
}
_MODULE_OF_NAME = {name: module for module, names in _NAMES_OF_MODULES.items() for name in names}

__all__ = [
    "ENCODERS",
    "Decoder",
    "DenseDecoder",
    "EgomotionHead",
    "Encoder",
    "FullyConnectedHead",
    "ImagenetEncoder",
    "NetworkSettings",
    "PatchDiscriminator",
    "QuarterDecoder",
    "SmallDenseDecoder",
    "SmallEncoder",
    "SmallQuarterDecoder",
    "TaskNetwork",
    "TaskonomyResNet50",
    "cached_imagenet",
    "check_image_size",
    "find_released",
    "initialise",
    "load_imagenet_encoder",
    "load_released_decoder",
    "load_released_encoder",
    "make_decoder",
    "make_discriminator",
    "make_encoder",
    "make_task_network",
    "stride_of",
]


def __getattr__(name: str) -> Any:
    """Import the module of a name when it is first asked for."""
    if name not in _MODULE_OF_NAME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF_NAME[name]}"), name)
