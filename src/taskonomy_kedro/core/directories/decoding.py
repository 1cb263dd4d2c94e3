"""Decode the bytes of one file into an array of stored form, at the size of the file."""

import io
import struct
import warnings
import zlib
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from taskonomy_kedro.core.directories.files import UnreadableFileError
from taskonomy_kedro.core.directories.formats import FEWEST_BYTES, N_PLACES
from taskonomy_kedro.core.labels.class_labels import KEPT_SCENES
from taskonomy_kedro.core.labels.domains import Domain

_AGAIN = "download it again"
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
_MODES = {"1": (1, 1), "L": (8, 1), "P": (8, 1), "LA": (8, 2), "RGB": (8, 3), "RGBA": (8, 4), "CMYK": (8, 3)}


def decode_file(content: bytes, form: Domain, path: str) -> np.ndarray | None:
    """Decode a file of the Taskonomy data set, or of a user's own task, by its domain.

    Args:
        content: The whole file.
        form: Its domain.
        path: Its name, for messages.

    Returns:
        As `decode_image`, `decode_vector` or `decode_number`; None if the file stands for a missing label.

    Raises:
        UnreadableFileError: The file is damaged or is not of the domain; the message names it.
    """
    if form.is_missing_when_tiny and len(content) < FEWEST_BYTES:
        return None
    if form.kind == "vector":
        return decode_vector(content, form, path)
    if form.kind == "number":
        number = decode_number(content, form, path)
        return number if number >= 0 else None
    return decode_image(content, form, path)


def decode_image(content: bytes, form: Domain, path: str) -> np.ndarray:
    """Decode an image file of a domain.

    Alpha is dropped; grey `rgb` becomes three equal channels; `reshading` of three channels is averaged;
    8-bit edges and keypoints are widened to 16 bits; a mask becomes 0 or 255.

    Args:
        content: The whole file.
        form: The domain's format.
        path: Its name, for messages.

    Returns:
        (H, W) or (H, W, 3), uint8 or uint16 as the format says, at the size of the file.

    Raises:
        UnreadableFileError: Not a whole image, or of another bit depth or number of channels.
    """
    image, header = _open(content, form, path)
    if form.kind == "colour":
        if form.name == "rgb" and image.format == "JPEG":
            image = ImageOps.exif_transpose(image)  # photographs note there how the camera was held
        return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
    is_grey_alpha = image.mode in ("LA", "RGBA") and header.n_colours == 1
    pixels = np.asarray(image.convert("L") if is_grey_alpha else image)
    if form.kind == "mask":
        return np.where(pixels > 0, 255, 0).astype(np.uint8)
    if pixels.ndim == 3:
        total = pixels[..., 0].astype(np.uint16) + pixels[..., 1] + pixels[..., 2]
        return ((total * 2 + 3) // 6).astype(np.uint8)
    if form.n_ids is not None and int(pixels.max(initial=0)) >= form.n_ids:
        remedy = "fix it or the task's `classes`" if form.is_custom else _AGAIN
        raise UnreadableFileError(
            path, f"holds the id {pixels.max()}; expected 0 to {form.n_ids - 1}: {remedy}"
        )
    if form.bits == 16:
        return pixels.astype(np.uint16) * np.uint16(257 if header.bits == 8 and form.kind == "grey" else 1)
    return pixels.astype(np.uint8)


class _Header(NamedTuple):
    """Bits and channels that an image file declares."""

    bits: int
    n_channels: int
    has_palette: bool

    def __str__(self) -> str:
        if self.has_palette:
            return f"a palette image of {self.bits} bits"
        return f"{self.bits}-bit with {self.n_channels} channel{'s' if self.n_channels > 1 else ''}"

    @property
    def n_colours(self) -> int:
        """Channels without alpha."""
        return {2: 1, 4: 3}.get(self.n_channels, self.n_channels)


def _open(content: bytes, form: Domain, path: str) -> tuple[Image.Image, _Header]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Pillow, on damaged metadata that is not used
            image: Image.Image = Image.open(io.BytesIO(content))
            header = _header(content, image)
            _check(header, form, path)
            image.load()
    except UnreadableFileError:
        raise
    except UnidentifiedImageError as error:
        raise UnreadableFileError(path, f"is not an image: {_AGAIN}") from error
    except _BROKEN as error:
        raise UnreadableFileError(path, f"is not a whole image ({error}): {_AGAIN}") from error
    return image, header


def _header(content: bytes, image: Image.Image) -> _Header:
    """Read bits and channels; Pillow alone would hide that a colour file has 16 bits."""
    if content.startswith(_PNG):
        bits, colour = content[24], content[25]
        return _Header(bits, _PNG_CHANNELS[colour], colour == 3)
    bits, n_channels = _MODES.get(image.mode, (16 if image.mode.startswith("I;16") else 32, 1))
    return _Header(bits, n_channels, image.mode == "P")


def _check(header: _Header, form: Domain, path: str) -> None:
    """Refuse a file that would silently give wrong numbers."""
    expected = f"{form.bits}-bit with 1 channel"
    if form.kind == "colour":
        expected = "8-bit with 3 channels"
        has_channels = header.n_colours == 3 or form.name == "rgb"
        is_fit = has_channels and (header.bits == 8 or header.has_palette)
    elif form.kind in ("ids", "mask"):
        narrow = 1 if form.kind == "mask" else 8  # Pillow would stretch 2 and 4 bits to 0..255
        is_fit = header.n_colours == 1 and (header.has_palette or header.bits in (8, narrow, form.bits))
    else:
        is_wide = header.bits == form.bits == 16 and header.n_channels == 1
        is_byte = header.bits == 8 and (form.bits == 8 or form.may_be_narrower)
        is_grey = header.n_colours == 1 and not header.has_palette
        is_fit = is_wide or (is_byte and (is_grey or (form.averages_channels and header.n_colours == 3)))
    if not is_fit:
        remedy = "download it again, or write it as the data set stores it"
        if form.is_custom:
            remedy = "write it as expected, or set the task's `bits` and `channels`"
        if form.kind == "depth" and header.n_colours == 3:
            remedy = "a colour image of the depth is no depth; download the depth itself, in 1/512 m"
        raise UnreadableFileError(path, f"is {header}; expected {form.name} {expected}: {remedy}")


def decode_vector(content: bytes, form: Domain, path: str) -> np.ndarray:
    """Decode a .npy file of class logits, class probabilities or a user's own numbers.

    Axes of size 1 are dropped. Of the 365 Places probabilities the 63 indoor ones are taken and
    divided by their sum.

    Returns:
        (n,) float32.

    Raises:
        UnreadableFileError: Not a plain array of numbers, more than one axis, NaN, or probabilities
            that are negative or sum to 0.
    """
    try:
        array = np.load(io.BytesIO(content), allow_pickle=False)
    except _BROKEN as error:
        raise UnreadableFileError(path, f"is not a plain array of numbers ({error}): {_AGAIN}") from error
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu":
        came = getattr(array, "dtype", "several arrays")
        raise UnreadableFileError(path, f"holds {came}; expected numbers: {_AGAIN}")
    vector = np.atleast_1d(array.squeeze())
    if vector.ndim != 1 or not len(vector):
        raise UnreadableFileError(path, f"has shape {array.shape}; expected one vector: {_AGAIN}")
    vector = vector.astype(np.float32)
    is_log_zero = np.isneginf(vector) & (form.name == "class_object")
    if not (np.isfinite(vector) | is_log_zero).all() or is_log_zero.all():
        where = int(np.flatnonzero(~np.isfinite(vector))[0])
        raise UnreadableFileError(
            path, f"has {vector[where]} at index {where}; expected finite numbers: {_AGAIN}"
        )
    return _indoor(vector, path) if form.name == "class_scene" else vector


def decode_number(content: bytes, form: Domain, path: str) -> np.ndarray:
    """Decode a .npy file of one whole number, the class of an image; -1 if it is unknown.

    Returns:
        Shape (), int64.

    Raises:
        UnreadableFileError: Not a plain array of one whole number in -1 .. n_ids - 1.
    """
    vector = decode_vector(content, form, path)
    number = float(vector[0])
    greatest = np.inf if form.n_ids is None else form.n_ids - 1
    if len(vector) != 1 or number != int(number) or not -1 <= number <= greatest:
        came = f"{number:g}" if len(vector) == 1 else f"{len(vector)} numbers"
        raise UnreadableFileError(
            path,
            f"holds {came}; expected one class from 0 to {greatest:g}, or -1 if it is unknown: "
            "fix it or the task's `classes`",
        )
    return np.array(int(number), dtype=np.int64)


def _indoor(places: np.ndarray, path: str) -> np.ndarray:
    """Return probabilities of the indoor scenes, of all 365 or of those already selected."""
    if (places < 0).any() or places.sum() <= 0:
        raise UnreadableFileError(
            path, f"has probabilities from {places.min()} that sum to {places.sum()}: {_AGAIN}"
        )
    if len(places) != N_PLACES:
        return places
    indoor = places[list(KEPT_SCENES)]
    total = indoor.sum(dtype=np.float64)
    if total <= 0:
        raise UnreadableFileError(path, f"gives no probability to any indoor class: {_AGAIN}")
    return (indoor / total).astype(np.float32)
