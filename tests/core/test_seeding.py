import pytest

from taskonomy_kedro.core.seeding import generator_for, image_rng, seed_for


def test_a_seed_depends_on_run_role_and_task():
    seeds = {
        seed_for(seed, role, task)
        for seed in range(3)
        for role in ("task_network", "random_readout")
        for task in ("normal", "curvature")
    }
    assert len({*seeds, seed_for(0, "task_network"), seed_for(0, "normal", "task_network")}) == 14
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_seeds_and_streams_are_the_same_in_every_process_and_version():
    """Of SHA-256 and BLAKE2, not of Python's own hash: a change here would move every network's bytes."""
    assert seed_for(0, "task_network", "normal", "weights") == 2245937551993230067
    assert image_rng(3, "room_00001/2/0", "denoising").integers(1 << 40) == 866096721726


def test_a_generator_has_the_seed_of_its_purpose():
    one, two = generator_for(3, "a"), generator_for(3, "a")
    assert one.initial_seed() == two.initial_seed() == seed_for(3, "a")


def test_a_stream_depends_on_seed_image_and_purpose():
    streams = [(3, "room_00001/2/0", "denoising"), (4, "room_00001/2/0", "denoising")]
    streams += [(3, "room_00001/2/1", "denoising"), (3, "room_00001/2/0", "jigsaw")]
    assert len({image_rng(*stream).integers(1 << 40) for stream in streams}) == 4


def test_a_negative_seed_is_refused():
    with pytest.raises(ValueError, match="at least 0, got -1"):
        image_rng(-1, "a/0/0", "denoising")
