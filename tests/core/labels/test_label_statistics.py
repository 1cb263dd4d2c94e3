import json

import numpy as np
import pytest

from taskonomy_kedro.core.labels.statistics import (
    LabelStatistics,
    class_counts,
    rarity_weights,
    standardisation_of,
)


def test_mean_and_spread_of_finite_rows_by_hand():
    vectors = np.array([[1.0, 5.0], [3.0, 5.0], [np.nan, 9.0]])
    constants = standardisation_of(vectors)
    assert constants.mean.tolist() == [2.0, 5.0]
    assert constants.std.tolist() == [1.0, 1.0]  # the second never varies and is only centred
    np.testing.assert_allclose(constants.apply(vectors[:2]), [[-1, 0], [1, 0]])
    np.testing.assert_allclose(constants.invert(constants.apply(vectors[:2])), vectors[:2])
    weighted = standardisation_of(np.array([[0.0], [3.0], [100.0]]), np.array([2.0, 1.0, 0.0]))
    assert (weighted.mean[0], weighted.std[0]) == (pytest.approx(1.0), pytest.approx(np.sqrt(2.0)))
    channels = np.stack([np.arange(16.0).reshape(1, 4, 4), np.ones((1, 4, 4))], axis=-1)
    assert standardisation_of(channels).mean.tolist() == [7.5, 1.0]
    with pytest.raises(ValueError, match="2 given, none of them finite"):
        standardisation_of(np.full((2, 3), np.nan))


def test_counts_skip_the_unknown_and_add_up():
    ids = np.array([[0, 1, 1], [3, 0, 1]], dtype=np.uint8)
    assert class_counts(ids, 3).tolist() == [3, 0, 1]
    np.testing.assert_array_equal(class_counts(ids[:1], 3) + class_counts(ids[1:], 3), class_counts(ids, 3))
    with pytest.raises(ValueError, match="0 \\(unknown\\) to 2, got 3"):
        class_counts(ids, 2)


def test_weights_of_semantic_classes_are_the_published_ones():
    # frequencies in percent and weights of method.md §2.14, background, bottle, chair ... vase;
    # the frequencies are printed with two or three digits
    percent = [93.65, 0.006, 1.48, 1.66, 0.31, 1.21, 0.67, 0.02, 0.24, 0.06, 0.17, 0, 0.09, 0.39, 0.005]
    percent += [0.02, 0.03]
    published = [0.54241, 9.16744, 7.33099, 7.16203, 8.72289, 7.61330, 8.23692, 9.14858, 8.82202]
    published += [9.08579, 8.91407, 9.17723, 9.03539, 8.60392, 9.16992, 9.14673, 9.13737]
    np.testing.assert_allclose(rarity_weights(np.array(percent)), published, rtol=2e-3)


def test_the_mean_weight_of_what_was_counted_is_one():
    counts = np.array([900, 90, 10, 0])
    weights = rarity_weights(counts)
    assert (counts / 1000) @ weights == pytest.approx(1.0)
    assert (np.diff(weights) > 0).all()
    np.testing.assert_allclose(rarity_weights(counts, even_share=1.0), 1.0)
    with pytest.raises(ValueError, match="at least one counted item"):
        rarity_weights(np.zeros(3))


def test_statistics_are_the_same_after_writing_and_reading():
    statistics = LabelStatistics(
        standardisations={"room_layout": standardisation_of(np.random.default_rng(0).normal(size=(9, 9)))},
        class_weights={"segment_semantic": rarity_weights(np.arange(17))},
        color_weights=rarity_weights(np.arange(313)),
    )
    again = LabelStatistics.from_json(json.loads(json.dumps(statistics.to_json())))
    layout, wanted = again.standardisation("room_layout"), statistics.standardisation("room_layout")
    np.testing.assert_array_equal(layout.mean, wanted.mean)
    np.testing.assert_array_equal(layout.std, wanted.std)
    np.testing.assert_array_equal(again.color_weights, statistics.color_weights)
    empty = LabelStatistics.from_json(LabelStatistics().to_json())
    assert empty.color_weights is None
    with pytest.raises(ValueError, match="task 'room_layout'"):
        empty.standardisation("room_layout")
