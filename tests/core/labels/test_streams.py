import subprocess
import sys

import pytest

from taskonomy_kedro.core.labels.streams import image_rng


def test_a_stream_is_decided_by_seed_image_and_purpose_alone():
    first = image_rng(3, "room_00001/2/0", "denoising").integers(1 << 40)
    image_rng(3, "room_00001/2/1", "denoising").integers(1 << 40)
    assert image_rng(3, "room_00001/2/0", "denoising").integers(1 << 40) == first
    others = [(4, "room_00001/2/0", "denoising"), (3, "room_00001/2/1", "denoising")]
    others.append((3, "room_00001/2/0", "jigsaw"))
    assert all(image_rng(*other).integers(1 << 40) != first for other in others)


def test_another_process_with_another_hash_seed_draws_the_same():
    code = (
        "from taskonomy_kedro.core.labels.streams import image_rng;"
        "print(image_rng(3, 'room_00001/2/0', 'denoising').integers(1 << 40))"
    )
    drawn = {
        int(
            subprocess.run(
                [sys.executable, "-c", code],
                env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
                capture_output=True,
                check=True,
                text=True,
            ).stdout
        )
        for seed in ("1", "2")
    }
    assert drawn == {image_rng(3, "room_00001/2/0", "denoising").integers(1 << 40)}


def test_a_negative_seed_is_refused():
    with pytest.raises(ValueError, match="at least 0, got -1"):
        image_rng(-1, "a/0/0", "denoising")
