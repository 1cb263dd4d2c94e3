"""Where the pictures and pages of a run are."""

from pathlib import Path
from typing import Any

from kedro.framework.hooks import hook_impl
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline

from taskonomy_kedro.datasets import FigureDataset, HtmlDataset
from taskonomy_kedro.datasets.recipe_file import RecipeFileMixin
from taskonomy_kedro.reporting.taxonomy_report import budget_lines


def picture_place(dataset: Any) -> str | None:
    """Return where the PNG of a dataset is: that of a figure, or any file saved as `.png`; else None."""
    if not isinstance(dataset, RecipeFileMixin) or not dataset.has_version():
        return None
    if isinstance(dataset, FigureDataset):
        return str(dataset.png_path())
    path = dataset._get_load_path()
    return str(path) if path.suffix == ".png" else None


def page_place(dataset: Any) -> str | None:
    """Return where a page is that a browser opens, None where there is none."""
    if not isinstance(dataset, HtmlDataset) or not dataset.has_version():
        return None
    return str(dataset._get_load_path())


def shown_place(place: str | Path) -> Path:
    """Return a place as it is typed in this folder: relative to it where it lies below."""
    path = Path(place)
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


_PAGES = "in a browser: `make viz` shows the steps with these figures, `make mlflow` this run beside others"


class FigurePlaces:
    """Says at the end of a run what to label, and where its pictures and pages are."""

    @hook_impl
    def after_pipeline_run(self, pipeline: Pipeline, catalog: DataCatalog) -> None:
        """Print a line for each of a few budgets, then where to look: pages, figures, the taxonomy last."""
        if "taxonomy_summary" in pipeline.all_outputs():
            for line in budget_lines(catalog.load("taxonomy_summary")):
                print(line)
        places = {
            name: place
            for name in pipeline.outputs()
            if (place := picture_place(catalog.get(name)) or page_place(catalog.get(name))) is not None
        }
        if places:
            print(_PAGES)
        for name in sorted(places, key=lambda name: (name == "taxonomy_graph", name)):
            print(f"{name.replace('_', ' ')}: {shown_place(places[name])}")
