import json

import pytest
from tests.core.labels.facts import facts

from taskonomy_kedro.core.labels.point_info import PointInfo


def test_facts_are_the_same_after_writing_and_reading():
    info = facts(vanishing_points_image=((1.0, 2.0), (3.0, 4.0), (5.0, 6.0)))
    record = json.loads(json.dumps(info.to_json()))
    assert record["bounding_box_ranges"] == {"x": [-2.0, 3.0], "y": [-1.0, 1.0], "z": [0.0, 2.5]}
    assert "vanishing_points_gaussian_sphere" not in record
    assert PointInfo.from_json(record, path="a.json") == info


def test_fields_of_old_files_may_be_missing_and_unknown_ones_are_ignored():
    record = facts().to_json() | {"skybox_img": "x.png"}
    del record["bounding_box_ranges"]
    assert PointInfo.from_json(record, path="a.json").bounding_box_ranges is None


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("camera_location", [1.0, 2.0], r"a\.json: field 'camera_location' must be 3 numbers, got \[1\.0"),
        ("camera_distance", "far", "'camera_distance' must be a finite number, got 'far'"),
        ("obliqueness_angle", float("nan"), "'obliqueness_angle' must be a finite number, got nan"),
        ("view_id", 1.5, "'view_id' must be a whole number, got 1.5"),
        ("bounding_box_ranges", {"x": [0, 1]}, "'bounding_box_ranges' must be an object with x, y and z"),
        ("nonfixated_points_in_view", 3, "must be a list of point ids, got 3"),
        ("nonfixated_points_in_view", [10**30], "must be a whole number of at most nine digits, got 10000"),
        ("field_of_view_rads", 75, "'field_of_view_rads' must be between 0 and pi, got 75.0"),
        ("resolution", 0, "'resolution' must be at least 1, got 0"),
        ("camera_location", [1e300, 0, 0], r"'camera_location' must be numbers up to 1e\+06, got \[1e\+300"),
    ],
)
def test_a_wrong_field_is_named_with_file_and_value(field, value, message):
    with pytest.raises(ValueError, match=message):
        PointInfo.from_json(facts().to_json() | {field: value}, path="a.json")


def test_a_missing_field_is_named_with_the_nearest_one():
    record = facts().to_json()
    record["camera_locations"] = record.pop("camera_location")
    with pytest.raises(ValueError, match=r"a\.json: field 'camera_location' is missing.*'camera_locations'"):
        PointInfo.from_json(record, path="a.json")
