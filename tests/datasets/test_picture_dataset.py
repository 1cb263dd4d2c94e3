import io

import numpy as np
import pytest
from kedro.io.core import DatasetError, Version
from matplotlib.figure import Figure
from PIL import Image

from taskonomy_kedro.datasets import PictureDataset


class HalfAFigure(Figure):
    def savefig(self, file, **_):
        file.write(b"half")
        raise OSError("disk is full")


def figure() -> Figure:
    drawn = Figure(figsize=(1, 1))
    drawn.add_subplot().imshow(np.eye(3))
    return drawn


def test_what_is_saved_is_loaded(tmp_path):
    picture = PictureDataset(filepath=str(tmp_path / "a.png"), version=Version(None, None))
    picture.save(figure())
    with Image.open(io.BytesIO(picture.load())) as saved:
        assert saved.size == (100, 100)
    assert picture.preview()


def test_a_file_that_could_not_be_written_leaves_the_old_one(tmp_path):
    picture = PictureDataset(filepath=str(tmp_path / "a.png"))
    picture.save(figure())
    before = (tmp_path / "a.png").read_bytes()
    with pytest.raises(DatasetError, match="disk is full"):
        picture.save(HalfAFigure())
    assert (tmp_path / "a.png").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png"]
