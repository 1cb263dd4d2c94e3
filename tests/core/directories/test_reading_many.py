from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.directory_trees import end_process

from taskonomy_kedro.core.directories import ImageKey, index_directory, read_image, read_many, reading_many
from taskonomy_kedro.core.errors import UserError

Tree = Callable[..., Path]
IMAGES = [("hanson", point, view) for point in range(10) for view in range(2)]


def break_file(root: Path, key: tuple[str, int, int]) -> Path:
    name = f"point_{key[1]}_view_{key[2]}_domain_normal.png"
    path = root / "normal" / "taskonomy" / key[0] / name
    path.write_bytes(path.read_bytes()[:50])
    return path


@pytest.mark.parametrize("processes", [1, 2])
def test_images_are_in_the_order_of_the_keys(
    tree: Tree, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_many, "_IMAGES_PER_CALL", 2)  # more calls than wait at a time
    index = index_directory(tree(IMAGES))
    keys = [ImageKey(*key) for key in reversed(IMAGES)]
    progress: list[tuple[int, int]] = []
    images = read_many(
        index,
        keys,
        size=4,
        processes=processes,
        on_progress=lambda done, total: progress.append((done, total)),
    )
    for key, image in zip(keys, images, strict=True):
        alone = read_image(index, key, size=4)
        assert image.image_id == alone.image_id
        assert image.present == alone.present
        for name, array in alone.domains.items():
            np.testing.assert_array_equal(image.domains[name], array)
    assert images.unreadable == []
    assert progress == [(done, 20) for done in range(1, 21)]


@pytest.mark.parametrize("processes", [1, 2])
def test_unreadable_files_are_listed_and_their_images_skipped(tree: Tree, processes: int) -> None:
    root = tree(IMAGES)
    path = break_file(root, IMAGES[3])
    index = index_directory(root)
    progress: list[int] = []
    images = read_many(
        index,
        index.keys(),
        size=8,
        processes=processes,
        max_unreadable_share=0.05,
        on_progress=lambda done, _: progress.append(done),
    )
    assert [image.image_id for image in images] == [
        ImageKey(*key).image_id for key in IMAGES if key != IMAGES[3]
    ]
    (row,) = images.unreadable
    assert (row.image_id, row.path) == ("hanson/1/1", str(path))
    assert row.reason.startswith("is not a whole image")
    assert progress == list(range(1, 21))


def test_wrong_settings_are_refused_before_anything_is_read(tree: Tree) -> None:
    index = index_directory(tree(IMAGES[:2]))
    with pytest.raises(ValueError, match="processes must be at least 1, got 0"):
        read_many(index, index.keys(), size=8, processes=0)
    with pytest.raises(ValueError, match="max_unreadable_share must be between 0 and 1, got 5"):
        read_many(index, index.keys(), size=8, max_unreadable_share=5)
    with pytest.raises(KeyError, match="no image hanson/77/0"):
        read_many(index, [ImageKey("hanson", 77, 0)], size=8)


def test_a_killed_process_is_reported(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    index = index_directory(tree(IMAGES[:2]))
    monkeypatch.setattr(reading_many, "_read_several", end_process)
    with pytest.raises(RuntimeError, match="a worker process was killed, most likely for lack of memory"):
        list(read_many(index, index.keys(), size=8, processes=2))


@pytest.mark.parametrize(
    ("n_broken", "share", "message"),
    [
        (2, 0.05, r"2 of the first 20 images .* share of 0.05"),
        (13, 0, r"10 of the first 12 images \(of 20\)"),
    ],
)
def test_too_many_unreadable_images_stop_the_reading_after_ten(
    tree: Tree, n_broken: int, share: float, message: str
) -> None:
    root = tree(IMAGES)
    paths = [break_file(root, key) for key in IMAGES[2 : 2 + n_broken]]
    index = index_directory(root)
    images = read_many(index, index.keys(), size=8, max_unreadable_share=share)
    with pytest.raises(UserError, match=message) as caught:
        list(images)
    assert [str(path) in str(caught.value) for path in paths[:11]] == ([True] * 10 + [False])[:n_broken]
    assert len(images.unreadable) == min(n_broken, 10)


def test_each_file_is_read_once(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    index = index_directory(tree(IMAGES[:2]))
    opened: list[str] = []
    whole = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: opened.append(str(path)) or whole(path))
    list(read_many(index, index.keys(), size=4))
    assert sorted(opened) == sorted(path for key in index.keys() for path in index.files(key).paths.values())  # noqa: SIM118
