from kedro.io import DataCatalog, MemoryDataset, Version
from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.datasets import HtmlDataset
from taskonomy_kedro.hooks.final_lines import FinalLines

VERSION = Version(None, "2026-01-01T00.00.00.000Z")


def test_a_run_ends_with_one_path_to_open(tmp_path, capsys):
    pages = {
        name: HtmlDataset(filepath=str(tmp_path / f"{name}.html"), version=VERSION)
        for name in ("what_if_page", "report")
    }
    nodes = [Node(lambda _: "", "given", name, name=name) for name in pages]
    catalog = DataCatalog({**pages, "given": MemoryDataset(1)})

    def last_words(*nodes):
        FinalLines().after_pipeline_run(Pipeline(nodes), catalog)
        return capsys.readouterr().out.splitlines()

    assert last_words(*nodes) == []  # nothing written yet
    for page in pages.values():
        page.save("<p>")
    address = (tmp_path / "report.html" / VERSION.save / "report.html").as_uri()
    assert last_words(*nodes) == [f"report: {address}"]
    assert last_words(nodes[0])[0].startswith("what if page: file://")
