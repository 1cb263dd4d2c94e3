import math

import pandas as pd
import pytest

from taskonomy_kedro.tracking.record_metrics import (
    Tracks,
    network_tracks,
    parent_tracks,
    score_tracks,
    trained_images,
    transfer_tracks,
)

OUTCOME = {
    "content": "abc", "best_step": 80, "best_validation": 0.2, "steps": 80, "seconds": 8.0,
    "images_per_second": 320.0, "device": "cpu, 2 threads", "precision": "bfloat16",
    "peak_memory_bytes": 2**29, "peak_gpu_memory_bytes": 2**31,
    "curve": [
        {"step": 40, "train": 0.5, "validation": 0.4, "learning_rate": 0.003},
        {"step": 80, "train": 0.3, "validation": 0.2, "learning_rate": 0.001},
    ],
}  # fmt: skip
SETTINGS = {
    "seed": 3,
    "tile_size": None,
    "training": {"steps": 80, "learning_rates": [[0, 0.003], [40, 0.001]]},
}
READOUTS = {
    "seconds": 9.0,
    "facts": [
        {"transfer_id": "a->normal", "sources": ["a"], "best_validation": 0.5, "mean_test_loss": 0.7,
         "seconds": 1.5, "pictures": 60, "failure": ""},
        {"transfer_id": "b->normal", "sources": ["b"], "best_validation": 0.4, "mean_test_loss": 0.6,
         "seconds": 1.5, "pictures": 30, "failure": ""},
        {"transfer_id": "c->normal", "sources": ["c"], "best_validation": None, "mean_test_loss": None,
         "seconds": 1.5, "pictures": 20, "failure": "the training loss was nan at step 5"},
    ],
}  # fmt: skip


def record(outcome=OUTCOME, failure="", settings=SETTINGS):
    recipe = {"hash": "0123", "settings": settings}
    return {"outcome": outcome, "failure": failure, "recipe": recipe, "run": "earlier"}


def test_a_network_has_its_settings_numbers_and_curve():
    tracks = network_tracks("network", record(), is_reused=False)
    assert tracks.params == {
        "seed": "3", "tile_size": "none", "training.steps": "80", "recipe": "0123",
        "training.learning_rates": "0=0.003, 40=0.001", "device": "cpu, 2 threads", "precision": "bfloat16",
    }  # fmt: skip
    assert tracks.metrics == {
        "fit/steps": 80, "fit/best_step": 80, "fit/best_validation_loss": 0.2,
        "effort/images_per_second": 320, "effort/seconds": 8,
        "effort/peak_memory_gib": 0.5, "effort/peak_gpu_memory_gib": 2,
    }  # fmt: skip
    points = [point for point in tracks.curves if point[0] == "curve/validation_loss"]
    assert points == [("curve/validation_loss", 0.4, 40, 4.0), ("curve/validation_loss", 0.2, 80, 0.0)]


@pytest.mark.parametrize(
    ("origin", "found", "is_reused"),
    [
        ("trained", record(), False),
        ("reused", record(), True),
        ("failed", record({}, "nan at step 2"), False),
        ("untrained", record({"content": "abc"}), False),
        ("released", record({"content": "abc", "device": "released"}), False),
    ],
)
def test_a_tag_names_the_origin_of_a_network(origin, found, is_reused):
    tags = network_tracks("network", found, is_reused=is_reused).tags
    assert tags["network"] == origin
    assert tags["created_by"] == "earlier"
    assert tags.get("failure", "") == found["failure"]


@pytest.mark.parametrize(
    ("part", "found", "tracks"),
    [
        ("random_readout", record(), Tracks(metrics={"effort/random_readout_seconds": 8.0})),
        ("random_readout", record({}, "nan"), Tracks(tags={"random_readout_failure": "nan"})),
        ("losses", record({"loss": 0.5, "n_items": 7}), Tracks(metrics={"test/loss": 0.5, "test/n_items": 7.0})),
        ("examples", record({}), Tracks()),
    ],
)  # fmt: skip
def test_other_products_of_a_network(part, found, tracks):
    assert network_tracks(part, found, is_reused=False) == tracks


def test_readouts_are_described_by_the_best_of_them():
    tracks = transfer_tracks("order_1", record(READOUTS))
    assert tracks.metrics == {
        "effort/order_1_seconds": 9, "transfers/order_1_readouts": 3,
        "fit/order_1_best_validation_loss": 0.4, "test/order_1_loss": 0.6,
    }  # fmt: skip
    assert tracks.tags == {"best_of_order_1": "b", "left_out_of_order_1": "c->normal"}


def test_images_are_counted_for_each_network_that_learns_from_them():
    assert trained_images(record()) == (320 * 8, 8)
    assert trained_images(record(READOUTS)) == (110, 4.5)
    assert trained_images(record({"content": "1"})) == (0, 0)


def test_the_best_transfer_of_a_target_has_gain_and_quality():
    keys = {"target": ["t"] * 3, "order": [1] * 3, "kind": ["transfer", "transfer", "scratch"]}
    sources = {"sources": [["a"], ["b"], []]}
    affinities = pd.DataFrame({**keys, **sources, "affinity": [0.2, 0.3, 0.5]})
    win_rates = pd.DataFrame({**keys, **sources, "gain": [0.1, 0.7, 0.5], "quality": [0.1, math.nan, 0.5]})
    (tracks,) = score_tracks(affinities, win_rates).values()
    assert tracks == Tracks(metrics={"test/best_transfer_gain": 0.7}, tags={"best_transfer": "b"})


def test_the_parent_has_means_and_the_rate_over_all_networks():
    outcomes = [
        ("losses", {"beats_average_guess": 0.8, "beats_random_readout": 0.5}),
        ("losses", {"beats_average_guess": 0.6, "beats_random_readout": 0.7}),
        ("losses", {}),
        ("network", {"seconds": 1.0, "images_per_second": 100.0}),
        ("network", {"seconds": 3.0, "images_per_second": 500.0}),
        ("random_readout", {"seconds": 9.0, "images_per_second": 1.0}),
        ("network", {}),
    ]
    tracks = parent_tracks([(part, {"outcome": outcome}) for part, outcome in outcomes], ["depth_zbuffer"])
    assert tracks.metrics == pytest.approx(
        {"mean_beats_average_guess": 0.7, "mean_beats_random_readout": 0.6,
         "images_per_second": 400.0, "training_seconds": 4.0}
    )  # fmt: skip
    assert tracks.tags == {"failed_networks": "depth_zbuffer"}
    assert parent_tracks([], []) == Tracks()
