import math

import pytest

from taskonomy_kedro.rooms import Camera


@pytest.fixture
def camera() -> Camera:
    """At y = 0.5, looking level along +y at (2, 2.5, 1.2)."""
    return Camera.looking_at((2.0, 0.5, 1.2), (2.0, 2.5, 1.2), math.pi / 2)
