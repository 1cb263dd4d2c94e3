"""Rooms are prepared, kept, exported and read back by the commands of docs/data.md."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.end_to_end.project_copy import PROJECT, copy_tracked, kedro, newest

from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.settings import SPLITS

SMALL = ",".join(
    ["data.image_size=32", "data.rooms.views_per_room=14", *(f"data.rooms.{split}=1" for split in SPLITS)]
)


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    root = copy_tracked(tmp_path_factory.mktemp("clone"))
    done = kedro(root, "run", "--pipelines=data_preparation", f"--params={SMALL},data.processes=2")
    assert done.returncode == 0, done.stderr
    assert "contact sheet: file://" in done.stdout
    return root


def prepared(clone: Path, env: str = ".") -> list[PreparedSplit]:
    folder = clone / "data" / env / "05_model_input" / "prepared"
    return [PreparedSplit.open(path.parent) for s in SPLITS for path in (folder / s).glob("*/split.json")]


def test_every_split_has_images_and_every_product_is_there(clone):
    assert all(len(split) >= 14 for split in prepared(clone))
    summary = pd.read_parquet(newest(clone / "data/08_reporting/data_summary.parquet"))
    assert set(summary["split"]) == set(SPLITS)
    assert newest(clone / "data/08_reporting/contact_sheet.png").read_bytes().startswith(b"\x89PNG")
    assert len(pd.read_parquet(newest(clone / "data/08_reporting/unreadable_files.parquet"))) == 0


def test_again_with_other_processes_everything_is_reused(clone):
    before = [split.facts for split in prepared(clone)]
    done = kedro(clone, "run", "--pipelines=data_preparation", f"--params={SMALL},data.processes=1")
    assert done.returncode == 0, done.stderr
    assert "reused: 4 splits, 1 label statistics" in done.stdout
    assert [split.facts for split in prepared(clone)] == before


def test_an_export_reads_back_equal_in_every_domain(clone):
    """Typed in a folder below, too, directories are relative to the project."""
    export = f"--params=export_dir=data/export,{SMALL}"
    done = kedro(clone, "run", "--pipelines=export_rooms", export, below="conf")
    assert done.returncode == 0, done.stderr
    given = "dataset_dir=data/export,image_size=32,data.directory.leave_out=empty"
    (clone / "data/export/rgb/taskonomy/empty").mkdir()
    reading = ("run", "--env=taskonomy", "--pipelines=data_preparation", f"--params={given}")
    done = kedro(clone, *reading, below="conf")
    assert done.returncode == 0, done.stderr
    read = {
        image_id: (split, row)
        for split in prepared(clone, "taskonomy")
        for row, image_id in enumerate(split.image_ids)
    }
    for split in prepared(clone):
        for row, image_id in enumerate(split.image_ids):
            other, other_row = read.pop(image_id)
            for name, array in split.arrays.items():
                np.testing.assert_array_equal(array[row], other.arrays[name][other_row], err_msg=name)
            assert split.point_infos[row] == other.point_infos[other_row]
    assert not read


def test_an_unset_or_missing_directory_is_reported_without_traceback(clone, tmp_path):
    done = kedro(clone, "run", "--env=taskonomy", "--pipelines=data_preparation")
    assert "dataset_dir is not set: give --params" in done.stderr
    done = kedro(
        clone,
        "run",
        "--env=taskonomy",
        "--pipelines=data_preparation",
        f"--params=dataset_dir={tmp_path}/none",
    )
    assert done.returncode == 1
    assert f"{tmp_path}/none" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_remote_address_needs_one_line(clone):
    """All products go to a file system that is not this machine's disk; only the copies lie here."""
    (clone / "conf/far").mkdir()
    (clone / "conf/far/globals.yml").write_text("products_dir: memory://far\n")
    before = {path for path in (clone / "data").rglob("*") if path.is_file()}
    done = kedro(clone, "run", "--env=far", "--pipelines=data_preparation", f"--params={SMALL}")
    assert done.returncode == 0, done.stderr
    made = {path for path in (clone / "data").rglob("*") if path.is_file()} - before
    cache = clone / "data/cache/memory/far/05_model_input/prepared"
    assert {path.parent.parent for path in made} == {cache / split for split in SPLITS}
    for split, other in zip(prepared(clone), SPLITS, strict=True):
        (copy,) = (cache / other).glob("*/split.json")
        assert PreparedSplit.open(copy.parent).fingerprint == split.fingerprint


def worked_example() -> tuple[list[str], str, str, list[str]]:
    """The commands, the script and the settings of the worked example in docs/data.md."""
    text = (PROJECT / "docs" / "data.md").read_text().partition("### A worked example")[2]
    fences = re.findall(r"```(sh|python|yaml)\n(.*?)```", text.partition("\n## ")[0], re.DOTALL)
    assert [kind for kind, _ in fences] == ["sh", "python", "yaml", "sh"]
    first, script, settings, last = (body for _, body in fences)
    return first.splitlines(), script, settings, last.splitlines()


def test_the_worked_example_of_custom_images_and_tasks_works_as_written(tmp_path):
    clone = copy_tracked(tmp_path)
    rooms, script, tasks, mine = worked_example()
    (clone / "mine.py").write_text(script)
    parameters = clone / "conf/taskonomy/parameters.yml"
    given = parameters.read_text()
    assert given.count("  tasks: {}\n") == 1
    parameters.write_text(given.replace("  tasks: {}\n", tasks))
    for command in [*rooms, *mine]:
        words = command.split()
        if words[0] == "python":
            subprocess.run([sys.executable, *words[1:]], cwd=clone, check=True)
        else:
            done = kedro(clone, *words[1:])
            assert done.returncode == 0, done.stderr
    assert "mine (domain/building): 41 images of 5 buildings" in done.stdout
    for split in prepared(clone, "taskonomy"):
        assert split.has("warmth").all()
        for row in range(len(split)):
            warmth = split.arrays["warmth"][row].astype(int)
            red, _, blue = np.moveaxis(split.arrays["rgb"][row].astype(int), -1, 0)
            # Means of rounded numbers differ by some; where the map was cut off at full size, by more.
            apart = np.abs(warmth - np.clip(128 + red - blue, 0, 255))
            assert np.quantile(apart, 0.95) <= 3
            assert split.arrays["season"][row] in range(4)
    summary = pd.read_parquet(newest(clone / "data/taskonomy/08_reporting/data_summary.parquet"))
    assert set(summary["domain"]) == {"warmth", "season"}
    assert newest(clone / "data/taskonomy/08_reporting/contact_sheet.png").is_file()
