import pytest
from pydantic import Field

from taskonomy_kedro.core.base_settings import Settings, Words
from taskonomy_kedro.core.errors import UserError


class Schedule(Settings):
    steps: int = Field(10, ge=1)
    rate: float = Field(0.1, gt=0)


class Run(Settings):
    root = "run"

    name: str = ""
    tasks: Words = ()
    schedule: Schedule = Schedule()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"nam": "a"}, "run has no setting 'nam'; did you mean 'name'?"),
        ({"schedule": {"step": 3}}, "run.schedule has no setting 'step'; did you mean 'steps'?"),
        ({"schedule": {"steps": 0}}, "run.schedule.steps must be ≥ 1, got 0"),
        ({"schedule": {"steps": "3"}}, "run.schedule.steps must be a whole number, got '3'"),
        ({"schedule": {"steps": True}}, "run.schedule.steps must be a whole number, got True"),
        ({"schedule": {"rate": float("nan")}}, "run.schedule.rate must be a finite number, got nan"),
        ({"schedule": 3}, "run.schedule must be a table of settings, got 3"),
        ({"tasks": {"normal": 1}}, "run.tasks must be a list, got {'normal': 1}"),
        ({"tasks": ["a", 3], "name": 3}, "run.name must be text, got 3; run.tasks.1 must be text, got 3"),
    ],
)
def test_an_error_has_path_expectation_and_value(given, message):
    for read in (Run.model_validate, lambda given: Run(**given), Run().updated):
        with pytest.raises(UserError) as caught:
            read(given)
        assert str(caught.value) == message


def test_settings_without_a_place_of_their_own_get_it_from_the_caller():
    with pytest.raises(UserError, match="^unknown setting 'step'; did you mean 'steps'"):
        Schedule(step=3)
    with pytest.raises(UserError, match="^other.place has no setting 'step'"):
        Schedule().updated({"step": 3}, root="other.place")


@pytest.mark.parametrize("given", [["a", "b"], ("a", "b"), "a b", " a,  b "])
def test_a_list_may_be_words(given):
    assert Run(tasks=given).tasks == ("a", "b")
    assert Run(tasks=None).tasks == Run(tasks="").tasks == ()


def test_settings_are_compared_and_hashed_by_their_values():
    assert Run(schedule={"steps": 3}) == Run().updated({"schedule": Schedule(steps=3)}) != Run()
    assert hash(Run(tasks="a")) == hash(Run(tasks=["a"]))
