import pytest

from taskonomy_kedro.core.training.settings import ModelingSettings, TrainingSettings


def test_no_more_pixels_are_compared_in_training_than_in_the_test():
    assert ModelingSettings(training_pixels=300).training_pixels == 300
    with pytest.raises(ValueError, match="training_pixels must be at most 300, the pixels that .*, got 301"):
        ModelingSettings(training_pixels=301)


def test_learning_rates_are_a_table_or_one_text():
    table = TrainingSettings(learning_rates={0: 3e-3, 100: 1e-4})
    for text in ("0=0.003 100=0.0001", "100=1e-4, 0=3.0e-3"):
        assert TrainingSettings(learning_rates=text) == table
    for text in ("", "0.003", "0=fast", "0=0.1=0.2", "5=0.1", "0=nan", "x=0.1"):
        with pytest.raises(
            ValueError, match="learning_rates must give a rate > 0 for steps from 0 on, such as 0="
        ):
            TrainingSettings(learning_rates=text)


def test_a_factor_stretches_the_whole_schedule_of_its_task():
    schedule = TrainingSettings(steps=100, learning_rates="0=0.003 60=0.001", validate_every=50)
    settings = ModelingSettings(
        training=schedule, step_factors="normal=2, jigsaw=0.5", overrides={"reshading": {"steps": 7}}
    )
    assert settings.training_of("depth_zbuffer") == schedule
    longer = settings.training_of("normal")
    assert (longer.steps, longer.validate_every) == (200, 100)
    assert longer.learning_rates == {0: 0.003, 120: 0.001}
    assert settings.training_of("jigsaw").steps == 50


def test_steps_of_its_own_have_no_factor():
    settings = ModelingSettings(
        step_factors={"reshading": 3, "normal": 3},
        overrides={"reshading": {"steps": 7}, "normal": {"batch_size": 8}},
    )
    assert settings.training_of("reshading").steps == 7
    assert settings.training_of("normal").steps == 3 * settings.training.steps
    assert settings.training_of("normal").batch_size == 8


@pytest.mark.parametrize(
    "wrong",
    [
        *("normal", "normal=0", "normal=-1", "normal=much", "normal=inf", "normal=1e308", "normal = 2"),
        *("normal=2 normal=3", {"normal": None}, {"normal": True}, {"normal": 10**400}, 2, ["normal"]),
    ],
    ids=str,
)
def test_factors_must_be_numbers_above_0(wrong):
    with pytest.raises(
        ValueError, match="step_factors must give tasks a number each, above 0 and up to 1000"
    ):
        ModelingSettings(step_factors=wrong)


def test_no_factors_are_no_table():
    assert (
        ModelingSettings(step_factors=None).step_factors
        == ModelingSettings(step_factors="").step_factors
        == {}
    )
