"""The files of one domain of one building, listed without storing every name."""

import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from taskonomy_kedro.core.errors import UserError

VIEW_BITS = 24
_NO_CODES = np.empty(0, dtype=np.int64)
_NAME = re.compile(r"(point_)?(\d{1,9})(_view_|_)(\d{1,7})((?:\D.*)?\.\w+)")


@dataclass(frozen=True, kw_only=True, eq=False)
class LabelFolder:
    """The files of one domain of one building.

    Most names follow one pattern, so only the pattern and the exceptions are stored: a tree of four
    million images has eighty million files.

    Attributes:
        path: The folder.
        pattern: Text before the point id, between the ids, and after the view id.
        codes: (n,) int64, sorted; point and view of each file, as `code_of` packs them.
        exceptions: Code to name, for names that do not follow the pattern.
    """

    path: str
    pattern: tuple[str, str, str] = ("point_", "_view_", "")
    codes: np.ndarray = field(default_factory=lambda: _NO_CODES)
    exceptions: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of_names(cls, path: str, names: Mapping[int, str]) -> "LabelFolder":
        """Build a folder whose file names follow no pattern, from code to name."""
        return cls(path=path, codes=np.array(sorted(names), dtype=np.int64), exceptions=dict(names))

    def file_of(self, point: int, view: int) -> str:
        """Return the path of an image's file, whether it exists or not."""
        before, between, after = self.pattern
        name = self.exceptions.get(code_of(point, view)) or f"{before}{point}{between}{view}{after}"
        return f"{self.path}/{name}"

    def without_codes(self) -> "LabelFolder":
        """Return the same folder without the list of its files; it can still name them."""
        return replace(self, codes=_NO_CODES)


def code_of(point: int, view: int) -> int:
    """Pack point and view into one number that sorts by point, then view."""
    return (point << VIEW_BITS) | view


def points_and_views(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Unpack what `code_of` packed: points (n,) int64 and views (n,) int64."""
    return codes >> VIEW_BITS, codes & ((1 << VIEW_BITS) - 1)


def list_point_files(path: str, extensions: Collection[str]) -> LabelFolder:
    """List a folder and read point and view from names such as `point_3_view_1_domain_rgb.png`.

    Args:
        path: The folder.
        extensions: Other files are ignored, and so are other names.

    Raises:
        UserError: Two files belong to the same image.
    """
    pattern: tuple[str, str, str] | None = None
    names: dict[int, str] = {}
    exceptions: dict[int, str] = {}
    for name in names_with(extensions, path):
        match = _NAME.fullmatch(name)
        if match is None or (match[1] is None and not name.endswith(".npy")):
            continue
        before, point, between, view, after = match.groups(default="")
        code, parts = code_of(int(point), int(view)), (before, between, after)
        add_name(names, code, name, path)
        is_padded = f"{int(point)}" != point or f"{int(view)}" != view
        if not is_padded:
            pattern = pattern or parts
        if is_padded or parts != pattern:
            exceptions[code] = name
    codes = np.sort(np.fromiter(names, dtype=np.int64, count=len(names)))
    return LabelFolder(
        path=path, pattern=pattern or ("point_", "_view_", ""), codes=codes, exceptions=exceptions
    )


def add_name(names: dict[int, str], code: int, name: str, path: str) -> None:
    """Note the file of an image.

    Raises:
        UserError: There is one already.
    """
    if names.setdefault(code, name) != name:
        pair = " and ".join(sorted((names[code], name)))
        raise UserError(f"{pair} in {path} belong to the same image; remove one")


def names_with(extensions: Iterable[str], path: str) -> list[str]:
    """Return the names of the files in a folder that have one of the extensions, in any case."""
    ends = tuple(extensions)
    return [name for name in file_names(path) if name.lower().endswith(ends)]


def file_names(path: str) -> list[str]:
    """Return the names in a folder; one `Path` for each of millions would be slow."""
    return os.listdir(path)  # noqa: PTH208
