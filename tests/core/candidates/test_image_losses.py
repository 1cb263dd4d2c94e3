import numpy as np
import pytest

from taskonomy_kedro.core.candidates import ImageLosses


def test_labels_must_fit_the_array():
    with pytest.raises(ValueError, match=r"2 transfers on 3 images have shape \(2, 4\), expected \(2, 3\)"):
        ImageLosses(values=np.zeros((2, 4)), transfer_ids=("a->t", "b->t"), image_ids=("1", "2", "3"))


def test_labels_are_distinct():
    with pytest.raises(ValueError, match="the image '1' occurs twice"):
        ImageLosses(values=np.zeros((1, 2)), transfer_ids=("a->t",), image_ids=("1", "1"))
