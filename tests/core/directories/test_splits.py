import itertools
from pathlib import Path

import pytest

from taskonomy_kedro.core.directories import KNOWN_BAD_BUILDINGS, SUBSETS, find_split_file, read_splits
from taskonomy_kedro.core.errors import UserError

ROWS = ["id,train,val,test", "hanson,1,0,0", "merom,0,1,0", "ihlen,0,0,1"]
EXPECTED = {"hanson": "train", "merom": "val", "ihlen": "test"}


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("is_ended", [True, False])
def test_any_line_end_is_read(tmp_path: Path, line_end: str, is_ended: bool) -> None:
    path = tmp_path / "splits.csv"
    path.write_bytes((line_end.join(ROWS) + line_end * is_ended).encode())
    assert read_splits(path) == EXPECTED


# Counted from the files themselves; the table in the data set's README disagrees for three of them.
@pytest.mark.parametrize(
    ("subset", "counts"),
    [("tiny", (25, 5, 5)), ("medium", (99, 20, 19)), ("full", (346, 67, 69)), ("fullplus", (383, 75, 79))],
)
def test_published_files_have_their_counts(
    published_dir: Path, subset: str, counts: tuple[int, int, int]
) -> None:
    path = find_split_file(published_dir, subset)
    assert b"\r" in path.read_bytes()
    assert b"\n" not in path.read_bytes()
    splits = list(read_splits(path).values())
    assert tuple(splits.count(split) for split in ("train", "val", "test")) == counts


def test_smaller_published_subsets_lie_within_larger_ones(published_dir: Path) -> None:
    tables = [read_splits(find_split_file(published_dir, subset)) for subset in SUBSETS]
    for small, large in itertools.pairwise(tables):
        assert small.items() <= large.items()
    assert {"woodbine", "newfields"} <= set(tables[0]) & set(KNOWN_BAD_BUILDINGS)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            ["id,train,test", "hanson,1,0"],
            "lacks the column 'val'; expected id, train, val, test, got 'id', ",
        ),
        (["id,train,val,test", "hanson,1,1,0"], "puts building 'hanson' in train and val; set exactly one"),
        (["id,train,val,test", "hanson,0,0,0"], "puts building 'hanson' in no split; set exactly one"),
        (["id,train,val,test", "hanson,yes,0,0"], "has 'yes' in column 'train' of building 'hanson'; "),
        (["id,train,val,test", "hanson,1,0"], "has '' in column 'test' of building 'hanson'"),
        ([*ROWS, "hanson,0,1,0"], "puts building 'hanson' in train and in val; keep one line"),
        (["id,train,val,test"], "lists no building"),
        ([""], "lacks the column 'id'; expected id, train, val, test, got nothing"),
        (["\xff\xfe"], "splits.csv is not a text file; unpack it again"),
    ],
)
def test_a_wrong_table_is_refused_by_name(tmp_path: Path, rows: list[str], message: str) -> None:
    path = tmp_path / "splits.csv"
    path.write_bytes("\r".join(rows).encode("latin-1"))
    with pytest.raises(ValueError, match=message) as caught:
        read_splits(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_says_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"splits_taskonomy\.zip"):
        read_splits(tmp_path / "splits.csv")
    with pytest.raises(UserError, match=r"no train_val_test_tiny.csv in .*splits_taskonomy.zip"):
        find_split_file(tmp_path, "tiny")
    with pytest.raises(ValueError, match="tiny, medium, full, fullplus, got 'small'"):
        find_split_file(tmp_path, "small")


def test_the_split_file_is_found_in_the_folder_of_the_data(tmp_path: Path) -> None:
    (tmp_path / "splits").mkdir()
    path = tmp_path / "splits" / "train_val_test_full.csv"
    path.write_text("\n".join(ROWS))
    assert find_split_file(tmp_path, "full") == path
