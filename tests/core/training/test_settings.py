from pathlib import Path

import pytest

from taskonomy_kedro.core.training.settings import ModelingSettings, TrainingSettings, chosen_tasks


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


def test_no_more_pixels_are_compared_in_training_than_in_the_test():
    assert ModelingSettings(training_pixels=300).training_pixels == 300
    with pytest.raises(ValueError, match="training_pixels must be at most 300, the pixels that .*, got 301"):
        ModelingSettings(training_pixels=301)


def test_relative_places_start_in_the_projects_folder():
    settings = ModelingSettings(project="/project", weights_dir="bank", imagenet="resnet50.pth")
    assert settings.weights_path == Path("/project/bank")
    assert settings.imagenet_path == Path("/project/resnet50.pth")
    settings = ModelingSettings(project="/project", weights_dir="~/bank", imagenet=True)
    assert settings.weights_path == Path.home() / "bank"
    assert settings.imagenet_path is None


def test_learning_rates_are_a_table_or_one_text():
    table = TrainingSettings(learning_rates={0: 3e-3, 100: 1e-4})
    for text in ("0=0.003 100=0.0001", "100=1e-4, 0=3.0e-3"):
        assert TrainingSettings(learning_rates=text) == table
    for text in ("", "0.003", "0=fast", "0=0.1=0.2", "5=0.1", "0=nan", "x=0.1"):
        with pytest.raises(
            ValueError, match="learning_rates must give a rate > 0 for steps from 0 on, such as 0="
        ):
            TrainingSettings(learning_rates=text)
