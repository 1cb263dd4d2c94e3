import pytest
from kedro.io import DatasetError

from taskonomy_kedro.core.affinity.affinity_tables import origin_of
from taskonomy_kedro.datasets import PublishedTableDataset


def dataset(directory, project="/", **changes) -> PublishedTableDataset:
    arguments = {
        "table": "affinities",
        "directory": directory,
        "published_set": "default",
        "project": project,
    }
    return PublishedTableDataset(**{**arguments, **changes})


def test_a_relative_directory_is_relative_to_the_project(published_dir):
    table = dataset(published_dir.name, project=str(published_dir.parent)).load()
    assert len(table) == 814
    assert origin_of(table) == "published with the paper, set default"


def test_win_rates_hold_gain_and_quality(published_dir):
    table = dataset(str(published_dir), table="win_rates", drop_degenerate=True).load()
    assert len(table) == 814
    assert table["gain"].notna().all()
    assert origin_of(table).endswith("degenerate candidates dropped")


def test_irregularities_are_logged_once(published_dir, caplog):
    affinities = dataset(str(published_dir))
    affinities.load()
    affinities.load()
    dataset(str(published_dir), table="win_rates").load()
    assert [record.message for record in caplog.records] == [
        "Published set default: 22 candidates have a win rate of exactly 1 (corrupted runs); "
        "drop_degenerate=true leaves them out."
    ]


@pytest.mark.parametrize(
    ("directory", "message"),
    [
        (None, "published_dir is not set: give --params=published_dir=DIR"),
        ("/nowhere", "/nowhere: no such directory; published_dir must be"),
    ],
)
def test_an_unset_or_missing_directory_is_named(directory, message):
    assert directory or not dataset(directory).exists()
    with pytest.raises(DatasetError, match=message):
        dataset(directory).load()
    with pytest.raises(DatasetError, match="cannot be written to"):
        dataset("/nowhere").save(1)
