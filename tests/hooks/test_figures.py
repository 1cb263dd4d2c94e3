import matplotlib.pyplot as plt
import pandas as pd
import plotly.graph_objects as go
import pytest
from kedro.io import MemoryDataset, Version
from kedro_datasets.matplotlib import MatplotlibDataset

from taskonomy_kedro.datasets import FigureDataset, HtmlDataset, TableDataset
from taskonomy_kedro.hooks.figures import page_place, picture_place


@pytest.mark.parametrize("version", [None, Version(None, "2026-01-01T00.00.00.000Z")])
def test_every_picture_has_a_place_whatever_drew_it(tmp_path, version):
    figure = FigureDataset(filepath=str(tmp_path / "tree.json"), version=version)
    sheet = MatplotlibDataset(filepath=str(tmp_path / "sheet.png"), version=version)
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
    page = HtmlDataset(
        filepath=str(tmp_path / "page.html"), version=Version(None, "2026-01-01T00.00.00.000Z")
    )
    assert page_place(page) is None  # not written yet
    page.save("<p>")
    assert page_place(page) == str(tmp_path / "page.html" / "2026-01-01T00.00.00.000Z" / "page.html")
    assert picture_place(page) is None  # what is logged as a picture is none
    assert page_place(FigureDataset(filepath=str(tmp_path / "tree.json"))) is None


def test_what_is_no_picture_has_none(tmp_path):
    table = TableDataset(filepath=str(tmp_path / "table.parquet"))
    table.save(pd.DataFrame({"a": [1]}))
    assert picture_place(table) is None
    assert picture_place(MemoryDataset(1)) is None
