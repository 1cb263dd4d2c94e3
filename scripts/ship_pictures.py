"""Renders the pictures of the documentation, `docs/images`, from the report pages of the newest runs.

Run `kedro run` (for the figures alone: `kedro run --pipelines=taxonomy`), the same with `--env=thorough`, and
for the picture of the README
`kedro run --env=published --pipelines=taxonomy --params=published_dir=DIR,published_set=1k`; then

    scripts/install_browser.sh
    python scripts/ship_pictures.py

A picture stays as it is if its run is missing.
"""

import base64
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from chromium import open_chromium, resize
from PIL import Image

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

PROJECT = Path(__file__).resolve().parents[1]
IMAGES = PROJECT / "docs" / "images"
FIGURES = {
    ".": {
        "taxonomy_graph": "taxonomy_graph",
        "gain_and_quality": "gain_and_quality",
        "affinity_matrix": "affinity_matrix",
        "similarity_tree": "similarity_tree",
        "significance_plot": "significance_plot",
    },
    "thorough": {
        "affinity_matrix": "thorough_affinity_matrix",
        "similarity_tree": "thorough_similarity_tree",
    },
    "published": {"taxonomy_graph": "taxonomy_published_1k"},
}
"""Picture by figure, by the folder of products below `data`."""
_PAGE = (1160, 800)  # CSS pixels
_SCALE = 1.25
_WIDEST = 1800  # px; the contact sheet is twice as wide
_QUALITY = 88
# The page waits for its fonts and figures; what is only there to be clicked on the page is hidden.
_READY = "return document.fonts.status === 'loaded' && !!document.querySelector('.js-plotly-plot .main-svg')"
_BARE = "document.head.insertAdjacentHTML('beforeend', '<style>.modebar { display: none }</style>')"
_BOX = """const box = document.querySelector(arguments[0]).getBoundingClientRect();
return { x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height, scale: 1 };"""


def newest(folder: Path, name: str) -> Path | None:
    """Return a file of the newest version of a dataset, None if there is none."""
    return max(folder.glob(f"*/{name}"), default=None)


def figure_pictures(browser: "Chrome") -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the pictures of figures, from the report pages."""
    from selenium.webdriver.support.ui import WebDriverWait

    resize(browser, *_PAGE, scale=_SCALE)
    for products, pictures in FIGURES.items():
        reports = PROJECT / "data" / products / "08_reporting" / "report.html"
        if (page := newest(reports, "report.html")) is None:
            continue
        browser.get(page.as_uri())
        WebDriverWait(browser, 60).until(lambda driver: driver.execute_script(_READY))
        browser.execute_script(_BARE)
        if products == ".":
            yield "report.png", shot(browser, {"x": 0, "y": 0, "width": _PAGE[0], "height": 1290, "scale": 1})
        for figure, name in pictures.items():
            box = browser.execute_script(_BOX, f"[data-figure={figure}]")
            yield f"{name}.png", shot(browser, box)


def shot(browser: "Chrome", clip: dict[str, float]) -> bytes:
    """Return a part of the page as PNG."""
    command = {"captureBeyondViewport": True, "clip": clip}
    content = base64.b64decode(browser.execute_cdp_cmd("Page.captureScreenshot", command)["data"])
    file = io.BytesIO()
    Image.open(io.BytesIO(content)).convert("RGB").save(file, format="PNG", optimize=True)
    return file.getvalue()


def shrunken(picture: Path) -> bytes:
    """Return a picture as JPEG, at most as wide as a page shows it."""
    image = Image.open(picture).convert("RGB")
    if image.width > _WIDEST:
        image = image.resize((_WIDEST, round(image.height * _WIDEST / image.width)), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, format="JPEG", quality=_QUALITY, optimize=True)
    return file.getvalue()


def image_pictures() -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the pictures that show images."""
    data = PROJECT / "data"
    if (sheet := newest(data / "08_reporting" / "contact_sheet.png", "contact_sheet.png")) is not None:
        yield "contact_sheet.jpg", shrunken(sheet)
    examples = [*(data / "06_models" / "examples" / "normal").rglob("examples.png")]
    if examples:
        yield "task_examples_normal.jpg", shrunken(max(examples, key=lambda path: path.stat().st_mtime))


def main() -> None:
    """Write the pictures and print their names."""
    with tempfile.TemporaryDirectory() as profile:
        browser = open_chromium(Path(profile))
        try:
            pictures = dict([*figure_pictures(browser), *image_pictures()])
        finally:
            browser.quit()
    for name, content in pictures.items():
        (IMAGES / name).write_bytes(content)
        print(f"docs/images/{name}: {len(content) // 1024} KiB")


if __name__ == "__main__":
    main()
