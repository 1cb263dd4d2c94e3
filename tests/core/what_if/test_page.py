"""What the page is told of a run, and that the committed page is the one that its sources make."""

import hashlib
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from tests.scores import random_scores, score, scratch

from taskonomy_kedro.core.taxonomy import ProgramSettings
from taskonomy_kedro.core.taxonomy.admission import admit
from taskonomy_kedro.core.what_if import what_if_page
from taskonomy_kedro.core.what_if.page import page_template

WEB = Path(__file__).resolve().parents[3] / "web" / "what_if"

# jigsaw is no target of the table, room_layout no source
SCORES = [
    score("normal", "normal", affinity=0.5, kind="full_supervision", quality=math.nan),
    score("normal", "jigsaw", affinity=0.1 + 0.2, gain=0.75),
    score("room_layout", "normal", affinity=0.6),
    score("room_layout", "jigsaw", "normal", affinity=0.4),
    scratch("normal"),
]


def told(page: str) -> dict:
    """Return what the page would read."""
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(text)


def test_candidates_refer_to_tasks_in_drawing_order_and_scratch_networks_are_no_choice():
    contents = told(what_if_page(admit(SCORES, ProgramSettings()), budget=5))
    assert [task["name"] for task in contents["tasks"]] == ["normal", "room_layout", "jigsaw"]
    assert contents["candidates"] == [
        [0, [0], "full_supervision", 0.5, 0.5, None],
        [0, [2], "transfer", 0.1 + 0.2, 0.75, 0.5],
        [1, [0], "transfer", 0.6, 0.5, 0.5],
        [1, [2, 0], "transfer", 0.4, 0.5, 0.5],
    ]


def test_the_page_begins_with_the_settings_of_the_run():
    settings = ProgramSettings(
        budgets=[1, 4, 7],
        max_orders=[1, 3],
        importance={"normal": 2},
        label_cost={"jigsaw": 0.5},
        source_only="normal",
        allow_full_supervision=False,
    )
    start = told(what_if_page(admit(SCORES, settings), budget=5))["start"]
    assert start == {
        "budget": 4.0,
        "maxOrder": 3,
        "allowsFullSupervision": False,
        "roles": ["source", "target", "source"],
        "importance": [2, 1.0, 1.0],
        "labelCost": [1.0, 1.0, 0.5],
    }


@pytest.mark.parametrize(
    ("settings", "roles"),
    [
        (ProgramSettings(), ["both", "target", "source"]),
        (ProgramSettings(target_only="normal"), ["target", "target", "source"]),
        (ProgramSettings(exclude="jigsaw"), ["both", "target", "none"]),
        (ProgramSettings(source_only="room_layout"), ["both", "none", "source"]),
    ],
    ids=["as the table has it", "target only", "left out", "no source of anything"],
)
def test_a_role_is_never_more_than_the_table_has(settings, roles):
    assert told(what_if_page(admit(SCORES, settings), budget=5))["start"]["roles"] == roles


def test_no_digit_is_lost_on_the_way():
    scores = random_scores(np.random.default_rng(0), n_tasks=9, n_targets=6, n_higher=20)
    rows = told(what_if_page(admit(scores, ProgramSettings()), budget=5))["candidates"]
    assert [row[3:] for row in rows] == [[one.affinity, one.gain, one.quality] for one in scores]


def test_no_text_ends_the_script_early():
    hostile = "a </script><script>alert(1)</script> & <!-- note"
    assert told(what_if_page(admit(SCORES, ProgramSettings(), origin=hostile), budget=5))["origin"] == hostile


def test_settings_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="unknown task 'norml'; did you mean 'normal'"):
        what_if_page(admit(SCORES, ProgramSettings(exclude="norml")), budget=5)


def test_the_page_fetches_nothing():
    template = page_template()
    assert "default-src 'none'" in template
    assert set(re.findall(r'<(?:script|link|img)\b[^>]*?(?:src|href)="([^"]*)"', template)) == {"data:,"}


def test_the_committed_page_was_built_from_the_committed_sources():
    names = ["index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"]
    names += [path.relative_to(WEB).as_posix() for path in (WEB / "src").rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(f"{name}\n".encode() + (WEB / name).read_bytes() + b"\n")
    stamp = f'<meta name="sources" content="{digest.hexdigest()}" />'
    assert stamp in page_template(), "run `make what-if` after a change of web/what_if, and commit the page"
