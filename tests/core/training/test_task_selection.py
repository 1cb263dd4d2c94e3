import pytest

from taskonomy_kedro.core.training.task_selection import chosen_tasks


@pytest.mark.parametrize(
    "given", ["reshading normal", "normal,reshading", " normal , reshading ", ["normal", "reshading"]]
)
def test_tasks_are_chosen_by_a_list_or_by_words(given):
    assert list(chosen_tasks(given)) == [
        name for name in chosen_tasks(None) if name in ("normal", "reshading", "random_projection")
    ]


def test_no_choice_is_every_task():
    assert len(chosen_tasks(None)) == len(chosen_tasks("")) == 26


def test_an_unknown_task_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match="unknown task 'reshadin'; did you mean 'reshading'"):
        chosen_tasks("normal reshadin")


def test_settings_by_task_name_only_tasks_of_the_dictionary():
    with pytest.raises(ValueError, match="task_modeling.step_factors: unknown task 'reshadin'; did you mean"):
        chosen_tasks(None, step_factors={"reshadin": 2})
    with pytest.raises(ValueError, match="task_modeling.overrides: unknown task 'reshadin'; did you mean"):
        chosen_tasks(None, overrides={"reshadin": {"steps": 2}})
