import pytest

from taskonomy_kedro.core.training.settings import ModelingSettings, TrainingSettings


def test_learning_rates_are_pairs_or_one_number():
    assert TrainingSettings(learning_rates=[[100, 1e-4], [0, 3e-3]]).learning_rates == (
        (0, 3e-3),
        (100, 1e-4),
    )
    assert TrainingSettings(learning_rates=0.01) == TrainingSettings(learning_rates=[[0, 0.01]])


def test_a_factor_stretches_the_whole_schedule_of_its_task():
    schedule = TrainingSettings(steps=100, learning_rates=[[0, 0.003], [60, 0.001]], validate_every=50)
    settings = ModelingSettings(
        training=schedule,
        step_factors={"normal": 2, "jigsaw": 0.5, "reshading": 3},
        overrides={"reshading": {"steps": 7}, "jigsaw": {"batch_size": 8}},
    )
    assert settings.training_of("depth_zbuffer") == schedule
    longer = settings.training_of("normal")
    assert (longer.steps, longer.validate_every) == (200, 100)
    assert longer.learning_rates == ((0, 0.003), (120, 0.001))
    assert (settings.training_of("jigsaw").steps, settings.training_of("jigsaw").batch_size) == (50, 8)
    assert settings.training_of("reshading").steps == 7  # its own steps have no factor


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"training_pixels": 301}, "task_modeling.training_pixels must be ≤ 300, got 301"),
        ({"training": {"learning_rates": "0=0.003"}}, r"learning_rates must be a list of \[step, rate\]"),
        ({"training": {"learning_rates": {0: 0.003}}}, r"learning_rates must be a list of \[step, rate\]"),
        ({"training": {"learning_rates": [[5, 0.1]]}}, "learning_rates must have a rate for step 0, got"),
        ({"training": {"learning_rates": [[0, 0]]}}, r"training.learning_rates.0.1 must be > 0, got 0"),
        ({"step_factors": {"normal": 0}}, "task_modeling.step_factors.normal must be > 0, got 0"),
        ({"step_factors": {"normal": 10**4}}, "task_modeling.step_factors.normal must be ≤ 1000, got 10000"),
        ({"step_factors": "normal=2"}, "task_modeling.step_factors must be a table, got 'normal=2'"),
        ({"overrides": {"normal": {"steps": 0}}}, "task_modeling.overrides.normal.steps must be ≥ 1, got 0"),
        (
            {"overrides": {"normal": {"step": 1}}},
            "overrides.normal has no setting 'step'; did you mean 'steps'",
        ),
        (
            {"tile_size": 20},
            "task_modeling.tile_size must be a multiple of 8 pixels, got 20; 16 or 24 would do",
        ),
    ],
)
def test_a_wrong_setting_is_named(given, message):
    with pytest.raises(ValueError, match=message):
        ModelingSettings(**given)


def test_no_factors_are_an_empty_table():
    assert ModelingSettings(step_factors=None).step_factors == {}
