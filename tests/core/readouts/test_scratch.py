"""The shallow front end of the scratch network."""

import torch

from taskonomy_kedro.core.readouts.scratch import PixelsFront


def test_features_are_sixteen_a_cell_eight_of_them_twice():
    features = PixelsFront(3, 8).eval()(torch.rand(2, 3, 32, 48))
    assert features.shape == (2, 16, 4, 6)
    torch.testing.assert_close(features[:, :8], features[:, 8:])


def test_what_is_negative_between_its_two_convolutions_is_cut():
    front = PixelsFront(3, 8).eval()
    torch.nn.init.constant_(front.first[0].weight, -1.0)
    picture = torch.rand(1, 3, 32, 32) + 0.1
    assert (front(picture) == 0).all()
    assert (front(-picture) != 0).any()
