import pytest

from taskonomy_kedro.core.training.seeding import generator_for, seed_for


def test_a_seed_depends_on_run_role_and_task():
    seeds = {
        seed_for(seed, role, task)
        for seed in range(3)
        for role in ("task_network", "random_readout")
        for task in ("normal", "curvature")
    }
    assert len(seeds) == 12
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert seed_for(0, "task_network", "normal") == seed_for(0, "task_network", "normal")


def test_a_seed_is_the_same_in_every_process_and_version():
    """Of SHA-256, not of Python's own hash: a change here would move every network's bytes."""
    assert seed_for(0, "task_network", "normal", "weights") == 2245937551993230067


def test_a_generator_is_its_seeds():
    one, two = generator_for(3, "a"), generator_for(3, "a")
    assert one.initial_seed() == two.initial_seed() == seed_for(3, "a")


@pytest.mark.parametrize("purpose", [("a", "b"), ("b", "a"), ("a",), ("a", "b", "c")])
def test_purposes_are_told_apart(purpose):
    assert (seed_for(0, *purpose) == seed_for(0, "a", "b")) == (purpose == ("a", "b"))
