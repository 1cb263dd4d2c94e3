from taskonomy_kedro.core.training.products import Examples, TaskLosses, TrainedNetwork
from taskonomy_kedro.tracking import Tracks, network_tracks, parent_tracks

CURVE = [
    {"step": 40, "train": 0.5, "validation": 0.4, "learning_rate": 0.003},
    {"step": 80, "train": 0.3, "validation": 0.2, "learning_rate": 0.001},
]
OUTCOME = {
    "content": "abc", "curve": CURVE, "best_step": 80, "best_validation": 0.2, "steps": 80, "seconds": 8.0,
    "images_per_second": 320.0, "device": "cpu, 2 threads", "precision": "bfloat16",
    "peak_memory_bytes": 2**29, "peak_gpu_memory_bytes": 2**31,
}  # fmt: skip
SETTINGS = {
    "seed": 3, "tile_size": None, "training": {"steps": 80, "learning_rates": [[0, 0.003], [40, 0.001]]},
}  # fmt: skip


def network(**changes) -> TrainedNetwork:
    return TrainedNetwork(**{"task": "normal", "outcome": OUTCOME, **changes})


def test_a_point_of_a_curve_stands_at_its_step_and_about_its_time():
    tracks = network_tracks(network(), "network", now=1000.0)
    points = [metric for metric in tracks.metrics if metric[0] == "curve/validation_loss"]
    assert points == [
        ("curve/validation_loss", 0.4, 996_000, 40),
        ("curve/validation_loss", 0.2, 1_000_000, 80),
    ]


def test_settings_are_parameters_one_by_one():
    assert network_tracks(network(), "network", SETTINGS).params == {
        "seed": "3", "tile_size": "none", "training.steps": "80",
        "training.learning_rates": "0=0.003, 40=0.001",
        "device": "cpu, 2 threads", "precision": "bfloat16",
    }  # fmt: skip


def test_numbers_are_metrics():
    metrics = {
        name: value for name, value, _, step in network_tracks(network(), "network").metrics if step == 0
    }
    assert metrics == {
        "fit/steps": 80, "fit/best_step": 80, "fit/best_validation_loss": 0.2,
        "effort/images_per_second": 320, "effort/seconds": 8,
        "effort/peak_memory_gib": 0.5, "effort/peak_gpu_memory_gib": 2,
    }  # fmt: skip


def test_a_tag_says_how_a_network_came_about():
    made = {
        "trained": network(),
        "failed": network(outcome={}, failure="nan at step 2"),
        "untrained": network(outcome={"content": "abc"}),
        "released": network(outcome={"content": "abc", "device": "released"}),
    }
    for how, product in made.items():
        assert network_tracks(product, "network").tags["network"] == how
    assert network_tracks(network(), "network", is_reused=True).tags["network"] == "reused"
    assert network_tracks(made["failed"], "network").tags["failure"] == "nan at step 2"


def test_other_products_give_what_they_know():
    readout = network_tracks(network(), "random_readout")
    assert [metric[:2] for metric in readout.metrics] == [("effort/random_readout_seconds", 8.0)]
    assert not readout.params
    failed = network_tracks(network(outcome={}, failure="nan"), "random_readout")
    assert failed.tags == {"random_readout_failure": "nan"}
    losses = TaskLosses(task="normal", outcome={"loss": 0.5, "n_items": 7})
    assert {m[:2] for m in network_tracks(losses, "losses").metrics} == {
        ("test/loss", 0.5),
        ("test/n_items", 7.0),
    }
    assert network_tracks(Examples(task="normal"), "examples") == Tracks()


def test_the_parent_has_means_and_the_rate_over_all_networks():
    sanity = [
        {"beats_average_guess": 0.8, "beats_random_readout": 0.5},
        {"beats_average_guess": 0.6, "beats_random_readout": 0.7},
        {},
    ]
    networks = [
        {"seconds": 1.0, "images_per_second": 100.0},
        {"seconds": 3.0, "images_per_second": 500.0},
        {},
    ]
    tracks = parent_tracks(sanity, networks, ["depth_zbuffer"])
    assert {name: round(value, 9) for name, value, *_ in tracks.metrics} == {
        "mean_beats_average_guess": 0.7, "mean_beats_random_readout": 0.6,
        "images_per_second": 400.0, "training_seconds": 4.0,
    }  # fmt: skip
    assert tracks.tags == {"failed_networks": "depth_zbuffer"}
    assert parent_tracks([], [], []) == Tracks()
