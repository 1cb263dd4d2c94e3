"""A store larger than the memory of the machine can be opened and learned from."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.lib import format as npy

from taskonomy_kedro.core.labels.stored import STORED_DOMAINS
from taskonomy_kedro.core.preparation.tuples import TUPLE_TASKS, VECTOR_TASKS

SIZE, LENGTH = 128, 63  # pixels a side; numbers of a vector
LIMIT_MB = 1000  # some 320 are measured: pages of the files, which the system drops when it needs them

LEARNING = """
import sys
from pathlib import Path
import numpy as np
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.preparation.prepared import PreparedSplit

def peak_mb():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024

before = peak_mb()
split = PreparedSplit.open(Path(sys.argv[1]))
rng = np.random.default_rng(0)
for _ in range(6):
    batch = split.batch(rng.integers(0, len(split), 32))
    assert set(batch) >= {*split.domains, "vanishing_point", "room_layout"}
    for task, rows in split.tuples.items():
        split.batch(rows[rng.integers(0, len(rows), 32)].ravel(), ("rgb",))
        split.tuple_labels[task][rng.integers(0, len(rows), 32)]
print(peak_mb() - before)
"""


def sparse_array(path: Path, shape: tuple[int, ...], dtype: np.dtype) -> None:
    """Write an `.npy` file of zeros that takes no place on the disk."""
    with path.open("wb") as file:
        header = {"descr": npy.dtype_to_descr(np.dtype(dtype)), "fortran_order": False, "shape": shape}
        npy.write_array_header_1_0(file, header)
        file.truncate(file.tell() + np.dtype(dtype).itemsize * int(np.prod(shape, dtype=np.int64)))


def write_store(folder: Path, n_images: int) -> None:
    """Write a split of empty labels, as `PreparedSplit.open` finds it."""
    names = sorted(STORED_DOMAINS)
    arrays: dict[str, tuple[tuple[int, ...], np.dtype]] = {
        name: ((n_images, *domain.shape(SIZE, LENGTH)), domain.dtype)
        for name, domain in STORED_DOMAINS.items()
    }
    arrays |= {task: ((n_images, length), np.dtype(np.float32)) for task, length in VECTOR_TASKS.items()}
    for task, length in TUPLE_TASKS.items():
        width = 3 if task == "egomotion" else 2
        arrays[f"{task}_rows"] = (2 * n_images, width), np.dtype(np.int64)
        arrays[task] = ((2 * n_images, length) if length else (2 * n_images,)), np.dtype(np.float32)
    for name, array in arrays.items():
        sparse_array(folder / f"{name}.npy", *array)
    np.save(folder / "present.npy", np.ones((n_images, len(names)), dtype=bool))
    ids = [f"building/{row}/0" for row in range(n_images)]
    (folder / "images.json").write_text(json.dumps({"image_ids": ids, "domains": names}))
    (folder / "split.json").write_text(json.dumps({"content": "zeros", "n_images": n_images}))


def n_images_beyond(n_bytes: int) -> int:
    one = sum(
        domain.dtype.itemsize * int(np.prod(domain.shape(SIZE, LENGTH))) for domain in STORED_DOMAINS.values()
    )
    return n_bytes // one + 1


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="peak memory is read from /proc, which is not here"
)
def test_a_store_larger_than_memory_is_learned_from_in_little(tmp_path: Path) -> None:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        write_store(tmp_path, n_images_beyond(memory))
    except OSError as error:
        pytest.skip(f"a file system that takes no file of this size: {error}")
    states = [path.stat() for path in tmp_path.iterdir()]
    if sum(state.st_blocks * 512 for state in states) > memory / 10:
        pytest.skip("the file system has no sparse files, so that the store would fill the disk")
    assert sum(state.st_size for state in states) > memory
    done = subprocess.run(
        [sys.executable, "-c", LEARNING, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < LIMIT_MB
