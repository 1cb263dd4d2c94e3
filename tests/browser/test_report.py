"""The report page in Chromium: without a network, wide and on a phone."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from tests.browser.conftest import SIZES
from tests.end_to_end.project_copy import copy_tracked, kedro

pytestmark = pytest.mark.browser
PATIENCE_SECONDS = 60
FIGURES = ["taxonomy_graph", "gain_and_quality", "affinity_matrix", "similarity_tree", "significance_plot"]


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    clone = copy_tracked(tmp_path_factory.mktemp("clone"))
    sheet = clone / "data/08_reporting/contact_sheet.png/2026-01-01T00.00.00.000Z/contact_sheet.png"
    sheet.parent.mkdir(parents=True)
    Image.fromarray(np.zeros((900, 3000, 3), np.uint8)).save(sheet)
    done = kedro(clone, "run", "--pipelines=taxonomy")
    assert done.returncode == 0, done.stderr
    return next((clone / "data/08_reporting/report.html").glob("*/report.html"))


@pytest.fixture
def opened(browser, report):
    """Open the page without a network, and wait until its figures are drawn."""
    browser.execute_cdp_cmd("Network.enable", {})
    offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", offline)

    def open_page():
        browser.get(report.as_uri())
        WebDriverWait(browser, PATIENCE_SECONDS).until(
            lambda driver: len(driver.find_elements(By.CSS_SELECTOR, ".js-plotly-plot")) == len(FIGURES)
        )
        return browser

    return open_page


def test_it_opens_at_the_answer_and_draws_every_figure_without_a_network(opened):
    page = opened()
    answer = page.find_element(By.ID, "answer")
    assert answer.text.startswith("With a budget of 5, label 5 tasks:\nAutoencoding")
    drawn = [box.get_attribute("data-figure") for box in page.find_elements(By.CLASS_NAME, "js-plotly-plot")]
    assert drawn == FIGURES
    levels = page.execute_script("return [...document.querySelectorAll('h1, h2, h3')].map(h => h.tagName)")
    assert levels[0] == "H1"
    assert levels.count("H1") == 1
    assert [entry for entry in page.get_log("browser") if entry["level"] == "SEVERE"] == []


@pytest.mark.parametrize("size", SIZES)
def test_only_figures_and_tables_scroll_sideways(opened, resize, size, screenshot_dir):
    resize(size)
    page = opened()
    page.save_screenshot(str(screenshot_dir / f"report_{size}.png"))
    page.execute_script("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert page.execute_script("return document.documentElement.scrollWidth") <= SIZES[size][0]
    outside = page.execute_script(
        """return [...document.querySelectorAll('main *')].filter((part) => !part.closest('.scroll, script')
        && part.getBoundingClientRect().right > innerWidth).map((part) => part.outerHTML.slice(0, 80))"""
    )
    assert outside == []


def test_the_slider_moves_the_graph_to_another_budget(opened):
    page = opened()
    title = "return document.querySelector('[data-figure=taxonomy_graph] .annotation-text').textContent"
    assert page.execute_script(title).startswith("Budget 5,")
    (rail,) = page.find_elements(By.CSS_SELECTOR, "[data-figure=taxonomy_graph] .slider-rail-touch-rect")
    page.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", rail)
    at = page.execute_script("return arguments[0].getBoundingClientRect().toJSON()", rail)
    for kind in ("mousePressed", "mouseReleased"):
        page.execute_cdp_cmd("Input.dispatchMouseEvent", {
            "type": kind, "x": at["right"] - 4, "y": at["top"] + 4, "button": "left", "clickCount": 1,
        })  # fmt: skip
    WebDriverWait(page, PATIENCE_SECONDS).until(
        lambda driver: driver.execute_script(title).startswith("Budget 26,")
    )


def test_the_what_if_page_opens_from_it_and_solves(opened):
    page = opened()
    page.find_element(By.ID, "what-if-link").click()
    page.switch_to.window(page.window_handles[-1])
    try:
        answer = WebDriverWait(page, PATIENCE_SECONDS).until(
            lambda driver: driver.find_elements(By.CSS_SELECTOR, "[data-status=optimal]")
        )
        assert "Label 5 tasks" in answer[0].text
    finally:
        page.close()
        page.switch_to.window(page.window_handles[0])
