import pytest

from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.readouts.settings import TransferSettings


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"decoder": {"hidden": 0}}, "transfer_modeling.decoder.hidden must be ≥ 1, got 0"),
        (
            {"decoder": {"hiden": 8}},
            "transfer_modeling.decoder has no setting 'hiden'; did you mean 'hidden'",
        ),
        ({"higher_orders": {"steps": 0}}, "transfer_modeling.higher_orders.steps must be ≥ 1"),
        ({"overrides": {"normal": {"steps": 0}}}, "transfer_modeling.overrides.normal.steps must be"),
        (
            {"beam_widths": {2: 1}},
            "transfer_modeling.beam_widths must be at least 2 for order 2, .* got {2: 1}",
        ),
        ({"beam_widths": {1: 1}}, "transfer_modeling.beam_widths.1.*must be ≥ 2, got 1"),
    ],
)
def test_a_wrong_value_is_refused_when_the_settings_are_made(given, message):
    with pytest.raises(ValueError, match=message):
        TransferSettings(**given)


def test_readouts_read_cells_as_large_as_the_representations_have():
    settings = TransferSettings(decoder={"hidden": 8, "stride": 16})
    assert settings.readout_network(NetworkSettings(stride=16)).hidden == 8
    with pytest.raises(ValueError, match="read cells of 16 pixels, and those of the representations have 8"):
        settings.readout_network(NetworkSettings())
