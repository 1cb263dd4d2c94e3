"""The same list of cases for every dataset that saves."""

import inspect
import io

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from kedro.io import DatasetError, Version
from matplotlib.figure import Figure
from PIL import Image

from taskonomy_kedro.core.candidates import ImageLosses
from taskonomy_kedro.datasets import (
    FigureDataset,
    HtmlDataset,
    ImageLossesDataset,
    OptionalTableDataset,
    PictureDataset,
    TableDataset,
)

TABLE = pd.DataFrame({"target": ["a", "b"], "sources": [["x"], ["x", "y"]], "affinity": [0.123456, 0.5]})
TABLE.attrs["origin"] = "by hand"
LOSSES = ImageLosses(
    values=np.array([[0.1, np.nan], [0.2, 0.3]], dtype=np.float32),
    transfer_ids=("a->t", "full_supervision->t"),
    image_ids=("room/1/0", "room/1/1"),
)
PAGE = "<!doctype html>\n<p>größer als 1 </p>\r\n"
FIGURE = go.Figure(go.Scatter(x=[0, 1], y=[1, 0]), layout={"title": {"text": "line"}})


def same_tables(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other)
    assert one.attrs == other.attrs


def same_losses(one: ImageLosses, other: ImageLosses) -> None:
    np.testing.assert_array_equal(one.values, other.values)
    assert one.values.dtype == other.values.dtype
    assert (one.transfer_ids, one.image_ids) == (other.transfer_ids, other.image_ids)


def same_texts(one: str, other: str) -> None:
    assert one == other


def same_figures(one: go.Figure, other: go.Figure) -> None:
    assert one.to_plotly_json() == other.to_plotly_json()


CASES = [
    pytest.param(TableDataset, "t.parquet", TABLE, same_tables, id="table"),
    pytest.param(ImageLossesDataset, "l.npz", LOSSES, same_losses, id="losses"),
    pytest.param(FigureDataset, "f.json", FIGURE, same_figures, id="figure"),
    pytest.param(HtmlDataset, "p.html", PAGE, same_texts, id="page"),
]


@pytest.mark.parametrize(("kind", "name", "content", "same"), CASES)
class TestEveryDataset:
    def test_round_trip_and_again(self, kind, name, content, same, tmp_path):
        dataset = kind(filepath=str(tmp_path / name))
        assert not dataset.exists()
        dataset.save(content)
        assert dataset.exists()
        dataset.save(dataset.load())
        same(dataset.load(), content)

    def test_a_missing_file_is_named(self, kind, name, content, same, tmp_path):
        with pytest.raises(DatasetError, match=name.replace(".", r"\.")):
            kind(filepath=str(tmp_path / name)).load()

    def test_the_newest_version_is_loaded(self, kind, name, content, same, tmp_path):
        path = str(tmp_path / name)
        for version in ("2026-01-01T00.00.00.000Z", "2026-02-01T00.00.00.000Z"):
            kind(filepath=path, version=Version(None, version)).save(content)
        newest = kind(filepath=path, version=Version(None, None))
        assert newest.exists()
        assert newest.resolve_load_version() == "2026-02-01T00.00.00.000Z"
        same(newest.load(), content)

    def test_a_failing_save_leaves_no_version_behind(self, kind, name, content, same, tmp_path):
        dataset = kind(filepath=str(tmp_path / name), version=Version(None, "2026-01-01T00.00.00.000Z"))
        with pytest.raises(DatasetError):
            dataset.save(object())
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]
        assert not kind(filepath=str(tmp_path / name), version=Version(None, None)).exists()

    def test_it_works_on_other_file_systems(self, kind, name, content, same):
        dataset = kind(filepath=f"memory://folder/{name}")
        dataset.save(content)
        same(dataset.load(), content)

    def test_metadata_is_kept(self, kind, name, content, same, tmp_path):
        assert kind(filepath=str(tmp_path / name), metadata={"a": 1}).metadata == {"a": 1}


def test_a_table_preview_is_readable(tmp_path):
    dataset = TableDataset(filepath=str(tmp_path / "t.parquet"))
    dataset.save(TABLE)
    assert dataset.preview(nrows=1)["data"] == [["a", "x", 0.1235]]
    assert dataset.preview()["data"][1][1] == "x + y"


def test_kedro_viz_knows_the_kinds_of_preview():
    kinds = [
        inspect.signature(kind.preview).return_annotation.__name__ for kind in (TableDataset, FigureDataset)
    ]
    assert kinds == ["TablePreview", "PlotlyPreview"]


def test_an_empty_table_with_lists_is_stored(tmp_path):
    dataset = TableDataset(filepath=str(tmp_path / "t.parquet"))
    dataset.save(TABLE.head(0))
    assert list(dataset.load().columns) == list(TABLE.columns)


def test_an_optional_table_or_picture_is_none_until_saved(tmp_path):
    version = Version(None, "2026-01-01T00.00.00.000Z")
    table = OptionalTableDataset(filepath=str(tmp_path / "t.parquet"), version=version)
    assert table.load() is None
    assert PictureDataset(filepath=str(tmp_path / "p.png"), version=version).load() is None
    table.save(TABLE)
    assert list(table.load().columns) == list(TABLE.columns)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"values": np.array([{}]), "transfer_ids": ["a"], "image_ids": ["b"]}, "allow_pickle"),
        ({"values": np.zeros((1, 1))}, r"l\.npz lacks transfer_ids, image_ids; it has values"),
    ],
)
def test_losses_that_are_pickled_or_without_labels_are_refused(tmp_path, arrays, message):
    np.savez(tmp_path / "l.npz", **arrays)
    with pytest.raises(DatasetError, match=message):
        ImageLossesDataset(filepath=str(tmp_path / "l.npz")).load()


class HalfAFigure(Figure):
    def savefig(self, file, **_):
        file.write(b"half")
        raise OSError("disk is full")


def test_a_picture_is_written_whole_or_not_at_all(tmp_path):
    picture = PictureDataset(filepath=str(tmp_path / "a.png"))
    picture.save(Figure(figsize=(1, 2)))
    with pytest.raises(DatasetError, match="disk is full"):
        picture.save(HalfAFigure())
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
    with Image.open(io.BytesIO(picture.load())) as saved:
        assert saved.size == (100, 200)
    assert picture.preview()
