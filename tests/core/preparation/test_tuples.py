import json

import pytest
from tests.label_examples import camera

from taskonomy_kedro.core.preparation import tuples


def write(folder, n_images):
    records = [{"point_info": camera().to_json()}, *[{"point_info": None}] * (n_images - 1)]
    (folder / "images.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n")


def test_camera_facts_are_read_once_and_again_when_the_file_changes(tmp_path, monkeypatch):
    write(tmp_path, 2)
    first = tuples.read_point_infos(tmp_path)
    assert [info is None for info in first] == [False, True]
    read_lines = tuples.read_lines
    monkeypatch.setattr(tuples, "read_lines", lambda path: pytest.fail("the file is read twice"))
    assert tuples.read_point_infos(tmp_path) == first
    monkeypatch.setattr(tuples, "read_lines", read_lines)
    write(tmp_path, 3)
    assert len(tuples.read_point_infos(tmp_path)) == 3


def test_a_caller_cannot_change_what_is_kept(tmp_path):
    write(tmp_path, 1)
    tuples.read_point_infos(tmp_path).clear()
    assert len(tuples.read_point_infos(tmp_path)) == 1
