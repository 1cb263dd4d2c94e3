"""`make viz` opens kedro-viz with folded boxes, in whatever browser the machine has."""

import runpy
import sys
import webbrowser

import pytest
from scripts import viz_page
from scripts.viz_page import FOLDED, fold_boxes


class Noted(webbrowser.BaseBrowser):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[tuple[str, int]] = []

    def open(self, url, new=0, autoraise=True):
        self.opened.append((url, new))
        return True


@pytest.fixture
def browsers(monkeypatch):
    """The machine's browsers, known to nobody outside the test."""
    monkeypatch.setattr(webbrowser, "_browsers", {})
    monkeypatch.setattr(webbrowser, "_tryorder", [])


def test_the_own_browser_opens_the_address_with_folded_boxes(browsers):
    own = Noted()
    webbrowser.register("own", None, own)
    fold_boxes()
    assert webbrowser.open_new("http://127.0.0.1:4141/")
    assert own.opened == [(f"http://127.0.0.1:4141/{FOLDED}", 1)]


def test_the_command_is_kedro_viz_run_with_what_follows(browsers, monkeypatch):
    seen = []
    monkeypatch.setattr("kedro.framework.cli.main", lambda: seen.append(list(sys.argv)))
    monkeypatch.setattr(sys, "argv", ["viz_page.py", "--port", "4142"])
    runpy.run_path(viz_page.__file__, run_name="__main__")
    assert seen == [["kedro", "viz", "run", "--port", "4142"]]


def test_without_a_browser_nothing_is_opened(browsers):
    fold_boxes()
    assert not webbrowser.open_new("http://127.0.0.1:4141/")
