import matplotlib.pyplot as plt
import pandas as pd
import plotly.graph_objects as go
import pytest
from kedro.io import DataCatalog, MemoryDataset, Version
from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.datasets import FigureDataset, HtmlDataset, PictureDataset, TableDataset
from taskonomy_kedro.hooks.figure_paths import FigurePlaces, page_place, picture_place

VERSION = Version(None, "2026-01-01T00.00.00.000Z")


@pytest.mark.parametrize("version", [None, VERSION])
def test_every_picture_has_a_place_whatever_drew_it(tmp_path, version):
    figure = FigureDataset(filepath=str(tmp_path / "tree.json"), version=version)
    sheet = PictureDataset(filepath=str(tmp_path / "sheet.png"), version=version)
    assert picture_place(figure) is None  # not drawn yet
    assert picture_place(sheet) is None
    figure.save(go.Figure())
    sheet.save(plt.figure())
    plt.close("all")
    for dataset, name in ((figure, "tree.png"), (sheet, "sheet.png")):
        place = picture_place(dataset)
        assert place.endswith(name)
        with open(place, "rb") as file:  # noqa: PTH123
            assert file.read(4) == b"\x89PNG"


def test_a_page_has_a_place_of_its_own(tmp_path):
    page = HtmlDataset(filepath=str(tmp_path / "page.html"), version=VERSION)
    assert page_place(page) is None  # not written yet
    page.save("<p>")
    assert page_place(page) == str(tmp_path / "page.html" / VERSION.save / "page.html")
    assert picture_place(page) is None  # what is logged as a picture is none
    assert page_place(FigureDataset(filepath=str(tmp_path / "tree.json"))) is None


def test_what_is_no_picture_has_none(tmp_path):
    table = TableDataset(filepath=str(tmp_path / "table.parquet"))
    table.save(pd.DataFrame({"a": [1]}))
    assert picture_place(table) is None
    assert picture_place(MemoryDataset(1)) is None


def test_a_run_ends_with_where_to_look(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pages = {name: HtmlDataset(filepath=str(tmp_path / f"{name}.html"), version=VERSION) for name in "ab"}
    pages["a"].save("<p>")
    nodes = [Node(lambda _: "", "given", name, name=name) for name in pages]
    catalog = DataCatalog({**pages, "given": MemoryDataset(1)})
    FigurePlaces().after_pipeline_run(Pipeline(nodes), catalog)
    first, second = capsys.readouterr().out.splitlines()
    assert ["make viz" in first, "make mlflow" in first] == [True, True]
    assert second == f"a: a.html/{VERSION.save}/a.html"
    FigurePlaces().after_pipeline_run(Pipeline(nodes[1:]), catalog)
    assert capsys.readouterr().out == ""
