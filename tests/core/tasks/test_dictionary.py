from collections import Counter

from taskonomy_kedro.core.tasks import TASKS, family_of, nearest_name_hint, published_name_to_task


def test_there_are_26_tasks_of_which_22_are_targets():
    assert len(TASKS) == 26
    assert {name for name, task in TASKS.items() if task.is_source_only} == {
        "colorization",
        "inpainting",
        "jigsaw",
        "random_projection",
    }


def test_families_have_the_sizes_of_the_papers_figure():
    sizes = Counter(task.family for task in TASKS.values())
    assert sizes == {"2d": 7, "3d": 8, "geometric": 6, "semantic": 3, "other": 2}


def test_every_published_name_is_a_task_and_one_is_extra():
    tasks = published_name_to_task()
    assert len(tasks) == 27
    assert tasks["rgb2sfnorm"].name == "normal"
    assert [task.name for task in tasks.values() if task.is_published_extra] == ["class_object_100"]


def test_unknown_sources_have_a_family_to_be_drawn_in():
    assert family_of("imagenet") == "other"
    assert family_of("class_object_100") == "semantic"


def test_a_hint_names_the_nearest_or_all():
    assert nearest_name_hint("curvatur", TASKS) == "; did you mean 'curvature'?"
    assert nearest_name_hint("xyz", ["b", "a"]) == "; known: a, b"
