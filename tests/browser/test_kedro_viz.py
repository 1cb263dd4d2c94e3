"""kedro-viz in Chromium: the pipelines are drawn, and a figure and two tables can be looked at."""

import json
import urllib.request

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from tests.browser.servers import free_port, module, serving
from tests.end_to_end.project_copy import copy_tracked, kedro

pytestmark = pytest.mark.browser

PATIENCE_SECONDS = 60
FONT = "fonts.googleapis.com"  # asked for by the page in vain, without harm
PREVIEWS = {
    "affinity_matrix": ".js-plotly-plot",
    "taxonomy_summary": ".preview-table",
    "sanity_table": ".preview-table",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    clone = copy_tracked(tmp_path_factory.mktemp("clone"))
    done = kedro(clone, "run", "--pipelines=taxonomy")
    assert done.returncode == 0, done.stderr
    port = free_port()
    base, log = f"http://127.0.0.1:{port}", tmp_path_factory.mktemp("log") / "viz"
    command = module("kedro", "viz", "run", "--no-browser", "--port", str(port))
    with serving(command, clone, f"{base}/api/main", log) as seconds:
        print(f"kedro-viz is ready after {seconds:.1f} s")
        yield base


@pytest.fixture(scope="module")
def nodes(address) -> dict[str, str]:
    with urllib.request.urlopen(f"{address}/api/main") as reply:
        return {node["name"]: node["id"] for node in json.load(reply)["nodes"]}


def open_page(browser: Chrome, address: str, path: str) -> None:
    browser.get(f"{address}/favicon.ico")  # the same origin, so that the tour can be switched off first
    browser.execute_script(
        "localStorage.setItem('KedroViz', JSON.stringify({showFeatureHints: false, flags: {sizewarning: false}}))"
    )
    browser.get(f"{address}{path}")
    WebDriverWait(browser, PATIENCE_SECONDS).until(
        lambda driver: driver.find_elements(By.CSS_SELECTOR, ".pipeline-node")
    )


def errors(browser: Chrome) -> list[str]:
    entries = browser.get_log("browser")
    return [
        entry["message"] for entry in entries if entry["level"] == "SEVERE" and FONT not in entry["message"]
    ]


@pytest.mark.parametrize("pipeline", ["__default__", "taxonomy", "task_modeling"])
def test_a_pipeline_is_drawn(browser, address, screenshot_dir, pipeline):
    open_page(browser, address, f"/?pid={pipeline}")
    assert browser.find_elements(By.CSS_SELECTOR, ".pipeline-node")
    browser.save_screenshot(str(screenshot_dir / f"viz_{pipeline.strip('_')}.png"))
    assert errors(browser) == []


@pytest.mark.parametrize("dataset", PREVIEWS)
def test_a_preview_is_shown(browser, address, nodes, screenshot_dir, dataset):
    open_page(browser, address, f"/?pid=__default__&sid={nodes[dataset]}")
    (preview,) = WebDriverWait(browser, PATIENCE_SECONDS).until(
        lambda driver: driver.find_elements(By.CSS_SELECTOR, f".pipeline-metadata {PREVIEWS[dataset]}")
    )[:1]
    WebDriverWait(browser, PATIENCE_SECONDS).until(lambda driver: preview.is_displayed())
    assert preview.size["width"] > 200
    assert preview.size["height"] > 100
    browser.save_screenshot(str(screenshot_dir / f"viz_preview_{dataset}.png"))
    assert errors(browser) == []
