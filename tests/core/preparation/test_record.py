import pytest

from taskonomy_kedro.core.preparation import record


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("labels/making.py", True),
        ("preparation/tuples.py", True),
        ("labels/drawing/maps.py", False),
        ("labels/summary.py", False),
        ("preparation/measuring.py", False),
        ("figures/contact_sheet.py", False),
    ],
)
def test_only_code_that_makes_a_byte_makes_data_stale(tmp_path, monkeypatch, name, counts):
    core = tmp_path / "core"
    for file in ("preparation/record.py", name):
        (core / file).parent.mkdir(parents=True, exist_ok=True)
        (core / file).write_text("one = 1")
    monkeypatch.setattr(record, "__file__", str(core / "preparation/record.py"))
    before = record.code_version.__wrapped__()
    (core / name).write_text("one = 2")
    assert (record.code_version.__wrapped__() != before) == counts
