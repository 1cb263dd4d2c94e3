import json

import numpy as np
import pytest
from tests.label_examples import camera

from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.preparation import lines
from taskonomy_kedro.core.preparation.lines import PointInfos, read_lines

INFOS = [camera(yaw=0.25), None, camera((1.0, 2.0, 3.0)), None]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "images.jsonl"
    write(path, INFOS)
    return path


def write(path, infos):
    records = [None if info is None else info.to_json() for info in infos]
    path.write_text("".join(json.dumps({"point_info": record}) + "\n" for record in records))


@pytest.mark.parametrize("block", [1, 7, 1 << 22])
def test_each_row_has_the_camera_facts_of_its_line(path, monkeypatch, block):
    monkeypatch.setattr(lines, "_BLOCK", block)
    infos = PointInfos(path)
    assert len(infos) == 4
    assert list(infos) == INFOS
    assert infos[-2] == INFOS[2]
    assert infos[1:3] == INFOS[1:3]
    with pytest.raises(IndexError):
        infos[4]


def test_only_the_requested_rows_are_parsed(path, monkeypatch):
    infos, read = PointInfos(path), []
    from_json = PointInfo.from_json
    monkeypatch.setattr(PointInfo, "from_json", lambda *a, **b: read.append(1) or from_json(*a, **b))
    assert infos[2] == INFOS[2]
    assert len(read) == 1


def test_a_file_that_replaces_it_is_not_read(path):
    infos = PointInfos(path)
    write(path.with_name("other"), [None])
    path.with_name("other").replace(path)
    assert list(infos) == INFOS


def test_the_lines_and_their_ends_are_of_one_file(path, monkeypatch):
    write(path.with_name("other"), [None])
    memmap = np.memmap

    def replaced_when_opened(*given, **named):
        text = memmap(*given, **named)
        path.with_name("other").replace(path)
        return text

    monkeypatch.setattr(np, "memmap", replaced_when_opened)
    assert list(PointInfos(path)) == INFOS


def test_lines_come_one_at_a_time(path):
    found = read_lines(path)
    assert next(found)["point_info"]["camera_rotation_final"][2] == 0.25
    assert len(list(found)) == 3
