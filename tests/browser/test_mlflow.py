"""MLflow's page in Chromium: a list of runs that can be read, and two runs side by side."""

import json
import sqlite3
import sys
import urllib.parse

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from tests.browser.servers import free_port, serving
from tests.end_to_end.project_copy import PROJECT, copy_tracked, kedro

pytestmark = pytest.mark.browser

PATIENCE_SECONDS = 60
NO_LOGIN = "mlflow/users/current"  # asked for in vain where nobody logs in, without harm
CHOICES = ("program.solver=CBC", "program.solver=HiGHS,program.exclude=jigsaw,program.label_cost.normal=3")


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    clone = copy_tracked(tmp_path_factory.mktemp("clone"))
    for params in CHOICES:
        done = kedro(clone, "run", "--pipelines=taxonomy", f"--params={params}")
        assert done.returncode == 0, done.stderr
    return clone


@pytest.fixture(scope="module")
def runs(clone) -> list[str]:
    with sqlite3.connect(clone / "mlflow.db") as store:
        found = store.execute("select run_uuid from runs order by start_time")
        return [run_id for (run_id,) in found]


@pytest.fixture(scope="module")
def address(clone, tmp_path_factory):
    port = free_port()
    store = f"sqlite:///{clone}/mlflow.db"
    command = [sys.executable, str(PROJECT / "scripts/mlflow_page.py"), "--port", str(port), "--store", store]
    base, log = f"http://127.0.0.1:{port}", tmp_path_factory.mktemp("log") / "mlflow"
    with serving(command, clone, f"{base}/health", log) as seconds:
        print(f"MLflow's page is ready after {seconds:.1f} s")
        yield base


def shown(browser: Chrome, *texts: str) -> str:
    """Wait until the page shows all of some texts, and return all that it shows."""

    def has_all(driver: Chrome) -> bool:
        body = driver.find_element(By.TAG_NAME, "body").text
        return all(text in body for text in texts)

    WebDriverWait(browser, PATIENCE_SECONDS).until(has_all, message=f"the page never showed all of {texts}")
    return browser.find_element(By.TAG_NAME, "body").text


def errors(browser: Chrome) -> list[str]:
    """Return what was written to the console as an error."""
    entries = browser.get_log("browser")
    return [
        entry["message"]
        for entry in entries
        if entry["level"] == "SEVERE" and NO_LOGIN not in entry["message"]
    ]


def open_page(browser: Chrome, address: str) -> None:
    browser.get(address)
    browser.refresh()  # only what follows # differs between two such pages: without it nothing is loaded


def test_the_list_names_runs_by_what_they_are(browser, address, runs, screenshot_dir):
    assert len(runs) == len(CHOICES)
    open_page(browser, f"{address}/#/experiments/1/runs")
    text = shown(browser, "base, taxonomy")
    assert text.count("base, taxonomy") >= 2
    browser.save_screenshot(str(screenshot_dir / "mlflow_runs.png"))
    assert errors(browser) == []


def test_a_run_is_described_in_words(browser, address, runs, screenshot_dir):
    open_page(browser, f"{address}/#/experiments/1/runs/{runs[0]}")
    text = shown(browser, "What to label", "budget 4: label")
    assert "the reference run that the repository ships" in text
    browser.save_screenshot(str(screenshot_dir / "mlflow_run.png"))
    assert errors(browser) == []


def test_two_runs_side_by_side_show_what_differs(browser, address, runs, screenshot_dir):
    names = {"runs": json.dumps(runs, separators=(",", ":")), "experiments": json.dumps(["1"])}
    query = "&".join(f"{name}={urllib.parse.quote(value)}" for name, value in names.items())
    browser.set_window_size(1500, 2400)
    open_page(browser, f"{address}/#/compare-runs?{query}")
    text = shown(browser, "Comparing 2 Runs", "program.solver", "budget_02/quality")
    for run_id in runs:
        assert run_id in browser.page_source
    for told in ("CBC", "HiGHS", "normal=3", "budget_01/gain", "label_at_05"):
        assert told in text, told
    WebDriverWait(browser, PATIENCE_SECONDS).until(
        lambda driver: driver.find_elements(By.CSS_SELECTOR, ".js-plotly-plot, svg.main-svg, canvas")
    )
    browser.save_screenshot(str(screenshot_dir / "mlflow_comparison.png"))
    assert errors(browser) == []
