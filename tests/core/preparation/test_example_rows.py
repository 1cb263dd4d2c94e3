from taskonomy_kedro.core.preparation.example_rows import sheet_examples
from taskonomy_kedro.core.tasks import TASKS


def test_rows_are_of_all_rooms_and_show_their_own_pairs_matching_and_not_by_turns(split):
    rows = sheet_examples(split, TASKS, n_images=6)
    assert len(rows) == 6
    assert {row["normal"].image_ids[0].split("/")[0] for row in rows} == {
        image_id.split("/")[0] for image_id in split.image_ids
    }
    for row in rows:
        own = row["normal"].image_ids[0]
        assert all(own in example.image_ids for example in row.values())
    matches = [row["point_matching"].is_match for row in rows if "point_matching" in row]
    assert {True, False} <= set(matches)
    assert set().union(*rows) == set(TASKS)
