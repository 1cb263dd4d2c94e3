import pytest

from taskonomy_kedro.core.taxonomy import ProgramSettings, SignificanceSettings, TreeSettings


def test_a_single_value_is_a_list_of_one():
    settings = ProgramSettings(budgets=5, max_orders=2, exclude="jigsaw")
    assert (settings.budgets, settings.max_orders, settings.exclude) == ((5.0,), (2,), ("jigsaw",))


def test_the_command_line_gives_a_list_as_words():
    settings = ProgramSettings(budgets="4 1 2.5", max_orders="1, 2")
    assert (settings.budgets, settings.max_orders) == ((1.0, 2.5, 4.0), (1, 2))


def test_budgets_and_caps_are_sorted_and_distinct():
    settings = ProgramSettings(budgets=[4, 1, 4.0, 2.5], max_orders=[3, 1, 3])
    assert settings.budgets == (1.0, 2.5, 4.0)
    assert settings.max_orders == (1, 3)


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("budgets", "al", r"program.budgets must be 'all' or numbers ≥ 0, got 'al'"),
        ("budgets", [1, -1], r"got \[1, -1\]"),
        ("budgets", [float("nan")], r"got \[nan\]"),
        ("budgets", [], r"got \[\]"),
        ("budgets", [True], r"got \[True\]"),
        ("max_orders", [0], r"program.max_orders must be 'all' or whole numbers ≥ 1, got \[0\]"),
        ("max_orders", 1.5, r"got 1.5"),
        ("max_orders", "two", r"got 'two'"),
        ("importance", {"normal": -1}, r"program.importance.normal must be ≥ 0, got -1"),
        ("importance", 3, r"program.importance must be a table, got 3"),
        ("label_cost", {"normal": 0}, r"program.label_cost.normal must be > 0, got 0"),
        ("label_cost", {"normal": "dear"}, r"got 'dear'"),
        ("exclude", [3], r"program.exclude.0 must be text, got 3"),
        ("allow_full_supervision", "yes", r"true or false, got 'yes'"),
        ("solver", "HIGHS", r"program.solver must be 'HiGHS' or 'CBC', got 'HIGHS'; did you mean 'HiGHS'"),
        ("solver", None, r"got None"),
        ("time_limit_seconds", 0, r"time_limit_seconds must be > 0, got 0"),
    ],
)
def test_a_bad_setting_is_named(setting, value, message):
    with pytest.raises(ValueError, match=message):
        ProgramSettings(**{setting: value})


def test_a_task_cannot_have_both_roles():
    with pytest.raises(ValueError, match="both name normal; .* program.exclude"):
        ProgramSettings(source_only=["normal", "jigsaw"], target_only=["normal"])


@pytest.mark.parametrize(
    ("kind", "setting", "value", "message"),
    [
        (SignificanceSettings, "n_policies", 0, r"significance.n_policies must be ≥ 1, got 0"),
        (SignificanceSettings, "n_policies", 10.0, r"got 10.0"),
        (SignificanceSettings, "seed", -1, r"significance.seed must be ≥ 0, got -1"),
        (
            TreeSettings,
            "linkage",
            "wards",
            r"tree.linkage must be .* got 'wards'; did you mean 'ward'",
        ),
        (TreeSettings, "n_families", 0, r"tree.n_families must be ≥ 1, got 0"),
        (
            TreeSettings,
            "features",
            "ranks",
            r"tree.features must be .* got 'ranks'; did you mean 'rank'",
        ),
        (TreeSettings, "beta", -1, r"tree.beta must be > 0, got -1"),
    ],
)
def test_other_bad_settings_are_named(kind, setting, value, message):
    with pytest.raises(ValueError, match=message):
        kind(**{setting: value})
