import numpy as np
import pytest

from taskonomy_kedro.core.labels.class_labels import (
    KEPT_SCENES,
    OBJECT_CLASSES,
    SCENE_CLASSES,
    object_logits,
    scene_probabilities,
)
from taskonomy_kedro.rooms import SEMANTIC_CLASSES


def picture_of(**shares):
    """A semantic image of 1000 pixels with so many of each class, the rest background."""
    ids = np.ones(1000, dtype=np.uint8)
    start = 0
    for name, share in shares.items():
        ids[start : start + share] = SEMANTIC_CLASSES.index(name.replace("_", " "))
        start += share
    return ids.reshape(20, 50)


def softmax(logits):
    return np.exp(logits) / np.exp(logits).sum()


def test_objects_share_probability_by_visible_area():
    probabilities = softmax(object_logits(picture_of(bed=300, book=100)))
    # 2 % are spread evenly over the 16 classes, the rest 3 : 1
    assert probabilities[OBJECT_CLASSES.index("bed")] == pytest.approx(0.98 * 0.75 + 0.02 / 16, abs=1e-6)
    assert probabilities[OBJECT_CLASSES.index("book")] == pytest.approx(0.98 * 0.25 + 0.02 / 16, abs=1e-6)
    assert probabilities.sum() == pytest.approx(1.0)


def test_without_objects_all_classes_are_equally_likely_and_a_speck_hardly_counts():
    np.testing.assert_allclose(softmax(object_logits(picture_of())), 1 / 16, rtol=1e-5)
    speck = softmax(object_logits(picture_of(vase=2)))  # 0.2 % of the image, of the 1 % that convince
    assert speck[OBJECT_CLASSES.index("vase")] == pytest.approx(0.98 * (0.2 + 0.8 / 16) + 0.02 / 16, abs=1e-6)


def test_uncertain_pixels_are_no_object():
    ids = picture_of(bed=300)
    ids[ids == 1] = 0
    assert softmax(object_logits(ids)).argmax() == OBJECT_CLASSES.index("bed")


def test_the_kind_of_room_is_more_probable_the_more_objects_indicate_it():
    bathroom = SCENE_CLASSES.index("bathroom")
    nothing, sink, toilet = (
        scene_probabilities(picture_of(**shares), "bathroom")
        for shares in ({}, {"sink": 200}, {"toilet": 200})
    )
    assert nothing[bathroom] == pytest.approx(0.6)
    assert sink[bathroom] == pytest.approx(0.6 + 0.35 / 2)  # a sink speaks for a kitchen as well
    assert toilet[bathroom] == pytest.approx(0.95)
    assert sink[SCENE_CLASSES.index("kitchen")] > 3 * sink[SCENE_CLASSES.index("bedroom")]
    for probabilities in (nothing, sink, toilet):
        assert probabilities.dtype == np.float32
        assert probabilities.sum() == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("kind", SCENE_CLASSES)
def test_objects_in_view_never_outweigh_the_kind_of_room(kind):
    shares = {name.replace(" ", "_"): 50 for name in OBJECT_CLASSES}
    probabilities = scene_probabilities(picture_of(**shares), kind)
    assert probabilities.argmax() == SCENE_CLASSES.index(kind)


def test_63_of_365_scenes_are_selected():
    assert len(set(KEPT_SCENES)) == 63
    assert (KEPT_SCENES[0], KEPT_SCENES[-1]) == (3, 363)
    assert list(KEPT_SCENES) == sorted(KEPT_SCENES)
