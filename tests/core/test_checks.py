from dataclasses import dataclass, replace

import pytest

from taskonomy_kedro.core.checks import Settings


@dataclass(frozen=True, kw_only=True)
class Training(Settings):
    steps: int = 10
    rate: float = 0.1


def test_an_unknown_key_is_refused_with_the_nearest_one():
    with pytest.raises(ValueError, match="unknown setting 'step'; did you mean 'steps'?"):
        Training(step=3)


def test_known_keys_and_copies_work():
    assert replace(Training(steps=3), rate=0.2) == Training(steps=3, rate=0.2)
