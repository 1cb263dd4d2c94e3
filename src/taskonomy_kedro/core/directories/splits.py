"""The published splits of buildings into training, validation and test, and the known bad buildings."""

import csv
import io
from pathlib import Path
from typing import Literal, get_args

from taskonomy_kedro.core.errors import UserError

Split = Literal["train", "val", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)
SUBSETS = ("tiny", "medium", "full", "fullplus")
_ARCHIVE = "data/assets/splits_taskonomy.zip of the repository StanfordVL/taskonomy"

# Why the loaders of the data set's authors exclude these (EPFL-VILAB/omnidata: download tool,
# `dataloader`, `splits.py`). `wiconisco` is only doubted in a comment there, so it is not excluded.
KNOWN_BAD_BUILDINGS: dict[str, str] = {
    "brinnon": "its rgb images are missing",
    "castroville": "its rgb images are missing",
    "darnestown": "its rgb images are missing",
    "goodyear": "its rgb images are missing",
    "ludlowville": "its rgb images are missing",
    "mosquito": "excluded by the official download tool and loaders",
    "newfields": "its rgb images are missing",
    "rough": "some of its viewpoints are wrong",
    "tansboro": "excluded by the official download tool and loaders",
    "tomkins": "its rgb images are missing",
    "woodbine": "excluded by the official download tool",
}


def read_splits(path: Path) -> dict[str, Split]:
    """Read which split each building belongs to.

    Args:
        path: Table with the columns `id, train, val, test`, the last three 0 or 1. Line ends may be
            line feeds, carriage returns (the published files) or both.

    Returns:
        Building to split, in the order of the file.

    Raises:
        UserError: No such file, a missing column, another value than 0 or 1, a building in no split,
            in two, or listed twice with different splits; the message has file, building and remedy.
    """
    if not path.is_file():
        raise UserError(f"there is no split file {path}; unpack {_ARCHIVE} there")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not a text file; unpack it again from {_ARCHIVE}") from error
    # Reading as text turns the carriage returns into line feeds, whichever of the three it was.
    rows = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    for column in ("id", *SPLITS):
        if column not in (rows.fieldnames or ()):
            raise UserError(
                f"{path} lacks the column {column!r}; expected id, train, val, test, "
                f"got {', '.join(map(repr, rows.fieldnames or ())) or 'nothing'}: unpack {_ARCHIVE} again"
            )
    splits: dict[str, Split] = {}
    for row in rows:
        building = (row["id"] or "").strip()
        split = _split_of(row, building, path)
        if splits.setdefault(building, split) != split:
            raise UserError(
                f"{path} puts building {building!r} in {splits[building]} and in {split}; keep one line"
            )
    if not splits:
        raise UserError(f"{path} lists no building; unpack it again from {_ARCHIVE}")
    return splits


def _split_of(row: dict[str, str | None], building: str, path: Path) -> Split:
    """Return the split that a line flags."""
    flags = {split: (row[split] or "").strip() for split in SPLITS}
    for split, flag in flags.items():
        if flag not in ("0", "1"):
            raise UserError(
                f"{path} has {flag!r} in column {split!r} of building {building!r}; expected 0 or 1"
            )
    flagged = [split for split in SPLITS if flags[split] == "1"]
    if len(flagged) != 1:
        put = f"in {' and '.join(flagged)}" if flagged else "in no split"
        raise UserError(f"{path} puts building {building!r} {put}; set exactly one of train, val, test to 1")
    return flagged[0]


def find_split_file(dataset_dir: Path, subset: str) -> Path:
    """Return the split file of a published subset in the folder of the data.

    Args:
        dataset_dir: Searched itself, then its folders `splits` and `splits_taskonomy`.
        subset: `tiny`, `medium`, `full` or `fullplus`.

    Raises:
        UserError: No such subset, or the file is in none of the folders; the message says where to get it.
    """
    if subset not in SUBSETS:
        raise UserError(f"subset must be one of {', '.join(SUBSETS)}, got {subset!r}")
    name = f"train_val_test_{subset}.csv"
    for folder in (dataset_dir, dataset_dir / "splits", dataset_dir / "splits_taskonomy"):
        if (folder / name).is_file():
            return folder / name
    raise UserError(f"there is no {name} in {dataset_dir} or its folder splits; unpack {_ARCHIVE} there")
