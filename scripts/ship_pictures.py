"""Puts the pictures of the newest run into `docs/images`, as docs/figures.md shows them.

Run `kedro run` (of the tables alone: `kedro run --pipelines=taxonomy`), the same with `--env=thorough`, and
for the picture of the README
`kedro run --env=published --pipelines=taxonomy --params=published_dir=DIR,published_set=1k`; then

    python scripts/ship_pictures.py

Pictures whose figures are not there stay as they are.
"""

import io
from pathlib import Path

import plotly.io
from PIL import Image

from taskonomy_kedro.core.figures import render_png

PROJECT = Path(__file__).resolve().parents[1]
IMAGES = PROJECT / "docs" / "images"
FIGURES = ("affinity_matrix", "taxonomy_graph", "gain_and_quality", "significance_plot", "similarity_tree")
OF_THOROUGH = ("affinity_matrix", "similarity_tree")
PUBLISHED = "taxonomy_published_1k"
_PUBLISHED_DPI = 150
_WIDEST = 1800  # px; the contact sheet is twice as wide
_QUALITY = 88


def newest(folder: Path, name: str) -> Path | None:
    """Return a file of the newest version of a dataset, None where there is none."""
    return max(folder.glob(f"*/{name}"), default=None)


def shrunken(picture: Path) -> bytes:
    """Return a picture as JPEG, at most as wide as a page shows it."""
    image = Image.open(picture).convert("RGB")
    if image.width > _WIDEST:
        image = image.resize((_WIDEST, round(image.height * _WIDEST / image.width)), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, format="JPEG", quality=_QUALITY, optimize=True)
    return file.getvalue()


def main() -> None:
    """Write what there is, and name it."""
    reports, made = PROJECT / "data" / "08_reporting", {}
    for name in FIGURES:
        if (picture := newest(reports / f"{name}.json", f"{name}.png")) is not None:
            made[f"{name}.png"] = picture.read_bytes()
    thorough = PROJECT / "data" / "thorough" / "08_reporting"
    for name in OF_THOROUGH:
        if (picture := newest(thorough / f"{name}.json", f"{name}.png")) is not None:
            made[f"thorough_{name}.png"] = picture.read_bytes()
    if (sheet := newest(reports / "contact_sheet.png", "contact_sheet.png")) is not None:
        made["contact_sheet.jpg"] = shrunken(sheet)
    examples = PROJECT / "data" / "06_models" / "examples" / "normal" / "examples.png"
    if examples.is_file():
        made["task_examples_normal.jpg"] = shrunken(examples)
    published = PROJECT / "data" / "published" / "08_reporting" / "taxonomy_graph.json"
    if (graph := newest(published, "taxonomy_graph.json")) is not None:
        made[f"{PUBLISHED}.png"] = render_png(plotly.io.read_json(graph), dpi=_PUBLISHED_DPI)
    for name, content in made.items():
        (IMAGES / name).write_bytes(content)
        print(f"docs/images/{name}: {len(content) // 1024} KiB")


if __name__ == "__main__":
    main()
