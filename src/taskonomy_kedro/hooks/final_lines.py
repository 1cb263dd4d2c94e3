"""The last words of a run: what to label, and the page to open."""

from pathlib import Path

from kedro.framework.hooks import hook_impl
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline

from taskonomy_kedro.datasets import HtmlDataset, PictureDataset
from taskonomy_kedro.reporting.taxonomy_report import budget_lines

# The report contains the others, which a run of some nodes may write without it.
_PAGES = ("report", "what_if_page", "contact_sheet")


class FinalLines:
    """Prints the answer of a run and the path of its report."""

    @hook_impl
    def after_pipeline_run(self, pipeline: Pipeline, catalog: DataCatalog) -> None:
        """Print a line for each of a few budgets, then one path: the report, or what the run has instead."""
        written = pipeline.all_outputs()
        if "taxonomy_summary" in written:
            for line in budget_lines(catalog.load("taxonomy_summary")):
                print(line)
        for name in _PAGES:
            dataset = catalog.get(name) if name in written else None
            if isinstance(dataset, HtmlDataset | PictureDataset) and dataset.has_version():
                print(f"{name.replace('_', ' ')}: {address_of(dataset)}")
                return


def address_of(dataset: HtmlDataset | PictureDataset) -> str:
    """Return what to open a dataset's file by: a `file://` address on this machine, else its path."""
    path = Path(str(dataset._get_load_path()))
    return path.absolute().as_uri() if path.exists() else str(path)
