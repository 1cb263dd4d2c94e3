"""Write images in the layout of the official downloader: `{folder}/taskonomy/{building}`."""

import contextlib
import io
import json
import os
from collections.abc import Collection, Iterable
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from taskonomy_kedro.core.directories.files import ImageKey
from taskonomy_kedro.core.directories.formats import FEWEST_BYTES, NONFIXATED_MATCHES, POINT_INFO
from taskonomy_kedro.core.directories.matches import PointMatches
from taskonomy_kedro.core.labels.domains import STORED_DOMAINS, Domain
from taskonomy_kedro.core.labels.stored import StoredImage

_COMPONENT = "taskonomy"


def export_image(stored: StoredImage, directory: Path, *, compression: int = 3) -> list[Path]:
    """Write all present domains of one image and its `point_info`.

    Each file is replaced as a whole, or not at all.

    Args:
        stored: The image. A user's own domains are skipped.
        directory: Created if it does not exist.
        compression: Of the PNG files, 0 (fast) to 9 (small).

    Returns:
        The files written.

    Raises:
        OSError: The directory cannot be written or the disk is full; the message has the file.
    """
    key = ImageKey(stored.building, stored.point, stored.view)
    info = stored.point_info
    paths = exported_paths(directory, key, stored.present, has_point_info=info is not None)
    for name, path in paths.items():
        if name in STORED_DOMAINS:
            _write(path, _content(stored.domains[name], STORED_DOMAINS[name], compression))
        elif info is not None:
            _write(path, json.dumps(info.to_json(), allow_nan=False).encode())
    return list(paths.values())


def export_matches(matches: Iterable[PointMatches], directory: Path, *, building: str) -> list[Path]:
    """Write a building's `nonfixated_matches`, one file for each point; see `export_image`."""
    written = []
    for one in matches:
        path = matches_path(directory, building, one.point)
        _write(path, json.dumps(one.to_json(), allow_nan=False).encode())
        written.append(path)
    return written


def exported_paths(
    directory: Path, key: ImageKey, present: Collection[str], *, has_point_info: bool
) -> dict[str, Path]:
    """Return the path of each file of an image in the downloader's layout, by domain or `point_info`."""
    files = {
        name: (form.name, f"{form.file_suffix}{form.extensions[0]}")
        for name, form in STORED_DOMAINS.items()
        if name in present
    }
    if has_point_info:
        files[POINT_INFO] = (POINT_INFO, f"{POINT_INFO}.json")
    begin = f"point_{key.point}_view_{key.view}_domain_"
    return {
        name: directory / folder / _COMPONENT / key.building / f"{begin}{end}"
        for name, (folder, end) in files.items()
    }


def matches_path(directory: Path, building: str, point: int) -> Path:
    """Return the path of a point's `nonfixated_matches` in the downloader's layout."""
    name = f"point_{point}_view_all_domain_{NONFIXATED_MATCHES}.json"
    return directory / NONFIXATED_MATCHES / _COMPONENT / building / name


def _content(array: np.ndarray, form: Domain, compression: int) -> bytes:
    stream = io.BytesIO()
    if form.kind == "vector":
        np.save(stream, array, allow_pickle=False)
        return stream.getvalue()
    image = Image.fromarray(np.ascontiguousarray(array))
    image.save(stream, "PNG", compress_level=compression)
    if form.is_missing_when_tiny and stream.tell() < FEWEST_BYTES:
        # A small plain map has fewer bytes than readers of the data set expect of a label.
        note = PngImagePlugin.PngInfo()
        note.add_text("Comment", "padded".ljust(FEWEST_BYTES, "."))
        stream = io.BytesIO()
        image.save(stream, "PNG", compress_level=compression, pnginfo=note)
    return stream.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Write to a temporary file and rename it: readers find the old file or the new one."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        message = f"cannot write {path} ({error.strerror or error}); free space or choose another directory"
        raise OSError(error.errno, message) from error
