import re
from html.parser import HTMLParser

import pandas as pd
import plotly.graph_objects as go
import pytest

from taskonomy_kedro.reporting.report_page import FIGURES, report_page

FIGURE = go.Figure(layout={"title": {"text": "</script><b>"}, "meta": {"page_size": [600, 400]}})
HOSTILE = "<script>alert(1)</script>"


def taxonomies(*budgets):
    rows = [
        (budget, cap, target, ["normal"], kind, 0.75, 0.25)
        for budget in budgets
        for cap in (1, 2)
        for target, kind in (("normal", "full_supervision"), (HOSTILE, "transfer"))
    ]
    return pd.DataFrame(rows, columns=["budget", "max_order", "target", "sources", "kind", "gain", "quality"])


def summary(*budgets, infeasible=()):
    columns = ["budget", "max_order", "status", "objective", "sources_used", "mean_gain", "mean_quality"]
    rows = [
        (budget, cap, "infeasible", float("nan"), None, float("nan"), float("nan"))
        if budget in infeasible
        else (budget, cap, "optimal", 1.0, ["normal"] if cap == 2 else ["jigsaw"], 0.625, 0.125)
        for budget in budgets
        for cap in (1, 2)
    ]
    table = pd.DataFrame(rows, columns=columns)
    table.attrs["origin"] = f"by hand {HOSTILE}"
    return table


def page(*budgets, infeasible=(), **parts):
    solved = [budget for budget in budgets if budget not in infeasible]
    figures = dict.fromkeys((figure.name for figure in FIGURES), FIGURE)
    return report_page(
        taxonomies(*solved), summary(*budgets, infeasible=infeasible), figures, what_if=HOSTILE, **parts
    )


class Reader(HTMLParser):
    """Collects the headings, the visible text, the elements and their addresses."""

    def __init__(self, text):
        super().__init__()
        self.headings, self.words, self.tags, self.addresses = [], [], [], []
        self.feed(text)
        self.text = re.sub(r"\s+", " ", " ".join(self.words))

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.addresses += [value for name, value in attributes if name in ("href", "src")]

    def handle_data(self, data):
        if self.tags[-1:] not in (["script"], ["style"]):
            self.words.append(data)
            if self.tags and re.fullmatch(r"h\d", self.tags[-1]) and data.strip():
                self.headings.append((self.tags[-1], data.strip()))


def test_it_opens_at_the_answer_and_then_shows_every_figure():
    sanity = pd.DataFrame([{
        "task": "normal", "loss": 0.5, "average_guess_loss": 1.0, "beats_average_guess": 0.875,
        "beats_random_readout": 0.5, "failure": "",
    }])  # fmt: skip
    read = Reader(page(1, 4, 7, contact_sheet=b"\x89PNG", sanity=sanity))
    titles = [title for _, title in read.headings]
    assert titles == [
        "What to label", "With a budget of 4, label 1 task:", "Other budgets",
        *(figure.title for figure in FIGURES), "Images and labels", "Networks",
    ]  # fmt: skip
    assert [level for level, _ in read.headings].count("h1") == 1
    assert "Normals Mean gain 62 % of test images" in read.text  # of the largest order cap
    assert "50 % is a tie" in read.text
    assert "Normals 88 % 50 %" in read.text
    assert "data:image/png;base64,iVBORw==" in read.addresses


def test_it_asks_nothing_of_the_network_and_shows_names_as_text():
    read = Reader(page(1, 4))
    assert [address for address in read.addresses if not address.startswith("#")] == []
    assert f"Affinities: by hand {HOSTILE}" in read.text
    assert read.tags.count("script") == len(FIGURES) + 3  # what-if page, plotly.js, its own
    assert "alert(1)" in read.text  # the hostile name of a target
    assert "b" not in read.tags


@pytest.mark.parametrize(
    ("budgets", "infeasible", "said"),
    [
        ((4, 9), (4,), "The smallest solved budget with a taxonomy is 9."),
        ((0,), (0,), "The same holds for every solved budget."),
    ],
)
def test_without_a_taxonomy_it_gives_the_reason(budgets, infeasible, said):
    read = Reader(page(*budgets, infeasible=infeasible))
    assert f"With a budget of {infeasible[0]} there is no taxonomy" in read.text
    assert f"No labels within this budget solve every target. {said}" in read.text


def test_what_a_run_lacks_is_omitted():
    titles = [title for _, title in Reader(page(4)).headings]
    assert not {"Images and labels", "Networks", "Other budgets"} & set(titles)
