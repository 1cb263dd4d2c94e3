"""Pixels of a drawn label: sizes, colour scales, captions and places without a label."""

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Color = tuple[int, int, int]

WHITE: Color = (255, 255, 255)
INK: Color = (43, 43, 43)
PALE_INK: Color = (120, 120, 120)
_EMPTY: Color = (228, 228, 228)
_RIM: Color = (205, 205, 205)
_STRIPES: tuple[Color, Color] = ((150, 150, 150), (178, 178, 178))
_STRIPE_WIDTH = 1 / 32  # of the side of a picture
_LEAST_CAPTION = 9

# the ends and steps between of Matplotlib's viridis, whose lightness rises evenly
_SCALE = np.array(
    [
        *((68, 1, 84), (71, 45, 123), (59, 82, 139), (44, 114, 142), (33, 145, 140)),
        *((40, 174, 128), (94, 201, 98), (173, 220, 48), (253, 231, 37)),
    ],
    dtype=np.float64,
)


def caption_height(size: int) -> int:
    """Return how many pixels the caption adds below a picture of that side."""
    return max(_LEAST_CAPTION, round(size / 8))


@cache
def font(pixels: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the font that Pillow brings along; it knows Latin letters, no dashes or arrows."""
    return ImageFont.load_default(max(6, pixels))


def resized(picture: np.ndarray, size: int) -> np.ndarray:
    """Resize (H, W, 3) uint8 to (size, size, 3): means when smaller, whole pixels when larger."""
    if picture.shape[:2] == (size, size):
        return np.ascontiguousarray(picture)
    resample = Image.Resampling.BOX if picture.shape[0] > size else Image.Resampling.NEAREST
    return np.asarray(Image.fromarray(np.ascontiguousarray(picture)).resize((size, size), resample))


def thinned(picture: np.ndarray, size: int) -> np.ndarray:
    """Resize (H, W[, k]) by the nearest pixel, so that no value appears that stands for nothing."""
    rows, columns = ((np.arange(size) * 2 + 1) * side // (2 * size) for side in picture.shape[:2])
    return picture[rows][:, columns]


def scale_colors(share: np.ndarray) -> np.ndarray:
    """Return colours (..., 3) uint8: 0 is dark violet, 1 bright yellow, lightness rises evenly."""
    place = np.clip(np.nan_to_num(share), 0.0, 1.0) * (len(_SCALE) - 1)
    steps = np.arange(len(_SCALE))
    channels = [np.interp(place, steps, _SCALE[:, k]) for k in range(3)]
    return np.rint(np.stack(channels, axis=-1)).astype(np.uint8)


def grey(share: np.ndarray) -> np.ndarray:
    """Return grey (..., 3) uint8: 0 is black, 1 white."""
    level = np.rint(np.clip(share, 0.0, 1.0) * 255).astype(np.uint8)
    return np.repeat(level[..., None], 3, axis=-1)


def with_stripes(picture: np.ndarray, is_shown: np.ndarray) -> np.ndarray:
    """Fill the places that have no label with grey diagonal stripes."""
    if is_shown.all():
        return picture
    height, width = is_shown.shape
    step = max(2, round(height * _STRIPE_WIDTH))
    number = (np.arange(height)[:, None] + np.arange(width)) // step % 2
    return np.where(is_shown[..., None], picture, np.array(_STRIPES, dtype=np.uint8)[number])


def with_caption(picture: np.ndarray, text: str, *, ink: Color = INK, paper: Color = WHITE) -> np.ndarray:
    """Write a line below a picture; what is too long is cut off at a word or letter."""
    height, width = picture.shape[:2]
    strip = Image.new("RGB", (width, caption_height(height)), paper)
    write_fitting(ImageDraw.Draw(strip), text, (0, 0, width, strip.height), ink)
    return np.concatenate([picture, np.asarray(strip)])


def draw_image(rgb: np.ndarray, size: int, caption: str = "") -> np.ndarray:
    """Draw an image of the same size as a label, with a caption."""
    return with_caption(resized(rgb, size), caption)


def with_scale(picture: np.ndarray, low: str, high: str, *, rises: bool = True) -> np.ndarray:
    """Write the colour scale below a picture: its least value at the left, its greatest at the right."""
    height, width = picture.shape[:2]
    tall = caption_height(height)
    strip = Image.new("RGB", (width, tall), WHITE)
    pen, letters = ImageDraw.Draw(strip), font(round(tall * 0.72))
    gap = max(2, width // 40)
    left = round(pen.textlength(low, font=letters)) + gap
    right = width - round(pen.textlength(high, font=letters)) - gap
    pen.text((0, tall / 2), low, fill=INK, font=letters, anchor="lm")
    pen.text((width, tall / 2), high, fill=INK, font=letters, anchor="rm")
    out = np.array(strip)
    if right > left:
        ramp = np.linspace(0.0, 1.0, right - left)
        out[tall // 4 : tall - tall // 4, left:right] = scale_colors(ramp if rises else 1.0 - ramp)
    return np.concatenate([picture, out])


def write_fitting(
    pen: ImageDraw.ImageDraw, text: str, box: tuple[int, int, int, int], ink: Color, *, is_left: bool = False
) -> None:
    """Write one line into a box (left, top, right, bottom), made smaller, then cut, to fit."""
    left, top, right, bottom = box
    tall = round((bottom - top) * 0.78)
    while tall > 8 and pen.textlength(text, font=font(tall)) > right - left:
        tall -= 1
    while len(text) > 1 and pen.textlength(text, font=font(tall)) > right - left:
        text = text[:-1]
    place = (left if is_left else (left + right) / 2, (top + bottom) / 2)
    pen.text(place, text, fill=ink, font=font(tall), anchor="lm" if is_left else "mm")


def note_picture(lines: tuple[str, ...], size: int, *, paper: Color = _EMPTY, ink: Color = INK) -> np.ndarray:
    """Return a plain square with a few lines of text in its middle, (size, size, 3)."""
    square = Image.new("RGB", (size, size), paper)
    pen = ImageDraw.Draw(square)
    tall = max(8, round(size / 7))
    top = round((size - tall * len(lines)) / 2)
    for k, line in enumerate(lines):
        write_fitting(pen, line, (2, top + k * tall, size - 2, top + (k + 1) * tall), ink)
    return np.asarray(square)


def missing_label(size: int) -> np.ndarray:
    """Return what stands where an image has no label: an empty grey square, `no label` in it."""
    return with_caption(note_picture(("no label",), size, ink=PALE_INK), "")


def framed(picture: np.ndarray) -> np.ndarray:
    """Return the picture with a thin grey rim, so that a white one ends somewhere."""
    out = picture.copy()
    for edge in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]):
        out[edge] = _RIM
    return out


def halves(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the left half of one picture and the right half of another, a white line between."""
    size = left.shape[1]
    out = np.concatenate([left[:, : size // 2], right[:, size // 2 :]], axis=1)
    line = max(1, size // 128)
    out[:, size // 2 - line : size // 2 + line] = 255
    return out
