"""The families of networks. A new one is one file here and one entry in `FAMILIES`."""

from taskonomy_kedro.core.networks.families.encoder_family import DecoderInput, EncoderFamily
from taskonomy_kedro.core.networks.families.paper_family import PaperFamily
from taskonomy_kedro.core.networks.families.small_family import SmallFamily
from taskonomy_kedro.core.networks.settings import NetworkSettings

__all__ = ["FAMILIES", "DecoderInput", "EncoderFamily", "family_of"]

FAMILIES: dict[str, EncoderFamily] = {"small": SmallFamily(), "taskonomy_resnet50": PaperFamily()}
"""By the name that `NetworkSettings.encoder` has."""


def family_of(settings: NetworkSettings) -> EncoderFamily:
    """Return the family that the settings name."""
    return FAMILIES[settings.encoder]
