"""kedro-viz in Chromium: five boxes, previews of data and nodes, a folder to share, what a run took."""

import json
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from scripts import viz_page
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from tests.browser.servers import free_port, module, serving
from tests.end_to_end.project_copy import PROJECT, copy_tracked, kedro

pytestmark = pytest.mark.browser

PATIENCE_SECONDS = 60
FEW_TASKS = ("--env=tiny", "--params=task_modeling.tasks=normal reshading edge_texture")
WARNING = "chonky pipeline"
FONT = "fonts.googleapis.com"  # asked for by the page in vain, without harm
BOXES = {"data_preparation", "task_modeling", "transfer_modeling", "normalization", "taxonomy"}
MOST_DRAWN = 30  # boxes and datasets that can be read at the size that the page chooses
PREVIEWS = {
    "affinity_matrix": ".js-plotly-plot",
    "taxonomy_summary": ".preview-table",
    "sanity_table": ".preview-table",
    "taxonomy.solve_taxonomies": ".pipeline-text-renderer",
    "task_modeling.3d.normal.train": ".pipeline-text-renderer",
}
TOLD = {
    "taxonomy.solve_taxonomies": ("maximise", "solver       HiGHS"),
    "task_modeling.3d.normal.train": ("learns 218,640 numbers", "Conv 4×4 ÷4   32×16×16"),
}

# Every text of a figure but for what is clicked, with its kind and its place in the figure.
TEXTS = """
const frame = arguments[0].getBoundingClientRect();
const kinds = ['.xtick text, .x2tick text, .x3tick text, .y2tick text, .y3tick text', '.annotation-text',
               '.g-gtitle text', '.g-x2title text, .g-x3title text', '.g-y2title text, .g-y3title text', '[class*=cb] text'];
return kinds.flatMap((kind) => [...arguments[0].querySelectorAll(kind)].map((text) => {
  const box = text.getBoundingClientRect();
  return [text.textContent, kind, box.left - frame.left, box.top - frame.top, box.right - frame.left, box.bottom - frame.top];
})).filter(([text, , left, top, right, bottom]) => text && right > left && bottom > 0);  // above: out of sight
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    clone = copy_tracked(tmp_path_factory.mktemp("clone"))
    done = kedro(clone, "run", "--pipelines=taxonomy")
    assert done.returncode == 0, done.stderr
    return clone


@contextmanager
def kedro_viz(clone: Path, log: Path, *arguments: str) -> Iterator[str]:
    """Serve as `make viz` does."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    command = [
        sys.executable,
        str(PROJECT / "scripts/viz_page.py"),
        "--no-browser",
        "--port",
        str(port),
        *arguments,
    ]
    with serving(command, clone, f"{base}/api/main", log) as seconds:
        print(f"kedro-viz is ready after {seconds:.1f} s")
        yield base


@pytest.fixture(scope="module")
def address(clone, tmp_path_factory):
    with kedro_viz(clone, tmp_path_factory.mktemp("log") / "viz") as base:
        yield base


@pytest.fixture(scope="module")
def nodes(address) -> dict[str, str]:
    return ids_of(address)


def ids_of(address: str) -> dict[str, str]:
    """Return the id of each dataset by its name, and of each node by its name with the namespace."""
    found = {}
    for node in read_json(f"{address}/api/main")["nodes"]:
        places = [place for place in node["modular_pipelines"] or () if node["type"] == "task"]
        found[".".join([*sorted(places, key=len)[-1:], node["name"]])] = node["id"]
    return found


def read_json(address: str) -> Any:
    with urllib.request.urlopen(address) as reply:
        return json.load(reply)


def open_page(browser: Chrome, address: str, path: str, **remembered: bool | str) -> None:
    browser.get(f"{address}/favicon.ico")  # the same origin, so that the tour can be switched off first
    settings = json.dumps({"showFeatureHints": False, **remembered})
    browser.execute_script("localStorage.setItem('KedroViz', arguments[0])", settings)
    browser.get(f"{address}{path}")
    WebDriverWait(browser, PATIENCE_SECONDS).until(
        lambda driver: driver.find_elements(By.CSS_SELECTOR, ".pipeline-node")
    )


def drawn(browser: Chrome) -> list[str]:
    """Return the names of what is drawn, once the layout is done."""
    return WebDriverWait(browser, PATIENCE_SECONDS).until(lambda driver: words(driver, ".pipeline-node"))


def words(browser: Chrome, selector: str) -> list[str]:
    """Return the text of each element, also while it fades in, when Selenium's own `text` is still empty."""
    script = "return [...document.querySelectorAll(arguments[0])].map(node => node.textContent.trim())"
    return browser.execute_script(script, selector)


def errors(browser: Chrome, *known: str) -> list[str]:
    """Return what the page complains of in the console, but for the font and what else is known."""
    entries = [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    return [entry for entry in entries if not any(part in entry for part in (FONT, *known))]


def test_it_opens_on_five_boxes(browser, address, screenshot_dir):
    open_page(browser, address, "/")
    names = drawn(browser)
    browser.save_screenshot(str(screenshot_dir / "viz_default.png"))
    assert set(names) >= BOXES
    assert len(names) <= MOST_DRAWN, names
    assert set(words(browser, ".pipeline-node--modularPipeline")) == BOXES
    assert WARNING not in browser.page_source
    assert words(browser, ".pipeline-layer-name") == [
        "images",
        "networks",
        "transfers",
        "affinities",
        "taxonomies",
    ]
    assert errors(browser) == []


def test_all_tasks_are_drawn_without_a_warning_after_a_look_at_the_workflow(
    browser, clone, tmp_path, screenshot_dir
):
    with kedro_viz(clone, tmp_path / "log") as address:
        ids = [node["id"] for node in read_json(f"{address}/api/main")["nodes"] if node["type"] == "task"]
        pretend_that_all_ran(clone, address)
        open_page(browser, address, "/")
        expect_folded(browser)
        link(browser, "View your workflow").click()
        expect_all(browser, len(ids))
        browser.refresh()
        expect_all(browser, len(ids))
        browser.save_screenshot(str(screenshot_dir / "viz_workflow_of_all.png"))
        link(browser, "View your pipeline").click()
        expect_folded(browser)
        browser.get(f"{address}/workflow")
        expect_all(browser, len(ids))
        browser.get(f"{address}/")
        expect_folded(browser)
        browser.get(f"{address}/?expandAllPipelines=true")
        expect_all(browser, len(ids))
        assert browser.execute_script("return JSON.parse(localStorage.KedroViz).showFeatureHints") is False


def pretend_that_all_ran(clone: Path, address: str) -> None:
    """Write what kedro-viz writes when nodes have run."""
    told = [
        {"event": "after_node_run", "node": node["full_name"], "node_id": node["id"], "status": "success",
         "duration": 1.0}
        for node in read_json(f"{address}/api/main")["nodes"] if node["type"] == "task"
    ]  # fmt: skip
    (clone / ".viz").mkdir(exist_ok=True)
    (clone / ".viz/kedro_pipeline_events.json").write_text(json.dumps(told))


def link(browser: Chrome, label: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, f"a [aria-label='{label}']")


def expect_folded(browser: Chrome) -> None:
    WebDriverWait(browser, PATIENCE_SECONDS).until(lambda driver: set(drawn(driver)) >= BOXES)
    assert len(drawn(browser)) <= MOST_DRAWN
    assert WARNING not in browser.page_source


def expect_all(browser: Chrome, n_nodes: int) -> None:
    """Wait until all is drawn; a warning in its place ends the wait at once."""
    WebDriverWait(browser, PATIENCE_SECONDS).until(
        lambda driver: WARNING in driver.page_source or len(words(driver, ".pipeline-node")) > n_nodes
    )
    assert WARNING not in browser.page_source


@pytest.mark.parametrize("step", ["task_modeling", "transfer_modeling"])
def test_a_step_opens_on_its_families(browser, address, screenshot_dir, step):
    open_page(browser, address, f"/?pid=__default__&sid={step}")
    box = browser.find_element(By.CSS_SELECTOR, f".pipeline-node[data-id='{step}']")
    browser.execute_script("arguments[0].dispatchEvent(new MouseEvent('click', {bubbles: true}))", box)
    families = {f"{step}.{family}" for family in ("2d", "3d", "geometric", "semantic")}
    WebDriverWait(browser, PATIENCE_SECONDS).until(lambda driver: families <= set(drawn(driver)))
    time.sleep(1)  # until the picture has stopped moving
    browser.save_screenshot(str(screenshot_dir / f"viz_{step}_open.png"))
    single = [name for name in drawn(browser) if name.count(".") == 3 or name.startswith("image_losses.")]
    assert set(single) <= {"task_modeling.other.random_projection.network"}
    assert WARNING not in browser.page_source


@pytest.mark.parametrize("pipeline", ["taxonomy", "task_modeling"])
def test_a_pipeline_is_drawn(browser, address, screenshot_dir, pipeline):
    open_page(browser, address, f"/?pid={pipeline}")
    assert pipeline in drawn(browser)
    browser.save_screenshot(str(screenshot_dir / f"viz_{pipeline}.png"))
    assert errors(browser) == []


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize(
    "name", ["affinity_matrix", "gain_and_quality", "significance_plot", "taxonomy_graph"]
)
def test_in_the_side_panel_no_text_is_cut_or_overprinted(
    browser, address, nodes, screenshot_dir, name, theme
):
    figure = show_preview(browser, address, nodes[name], ".js-plotly-plot", theme=theme)
    browser.save_screenshot(str(screenshot_dir / f"viz_preview_{name}_{theme}.png"))
    texts = browser.execute_script(TEXTS, figure)
    cut = [
        text
        for text, kind, left, top, right, bottom in texts
        if left < 0 or top < 0 or right > 400 or bottom > 300
    ]
    assert cut == []
    overprinted = [
        (one[0], other[0])
        for one, other in combinations(texts, 2)
        if one[1] != other[1] and min(one[4], other[4]) - max(one[2], other[2]) > 1
        and min(one[5], other[5]) - max(one[3], other[3]) > 3  # a line of text is higher than its letters
    ]  # fmt: skip
    assert overprinted == []
    handles = "return [...arguments[0].querySelectorAll('.slider-group')].map(part => part.getBoundingClientRect().bottom - arguments[0].getBoundingClientRect().top)"
    assert all(bottom < 6 for bottom in browser.execute_script(handles, figure))  # out of sight, not cut


@pytest.mark.parametrize("name", PREVIEWS)
def test_a_preview_is_shown(browser, address, nodes, screenshot_dir, name):
    preview = show_preview(browser, address, nodes[name], PREVIEWS[name])
    assert preview.size["width"] > 200
    assert preview.size["height"] > 100
    browser.save_screenshot(str(screenshot_dir / f"viz_preview_{name}.png"))
    for part in TOLD.get(name, ()):
        assert part in preview.get_attribute("textContent")
    assert errors(browser) == []


def show_preview(browser: Chrome, address: str, node: str, selector: str, **remembered: str) -> WebElement:
    open_page(browser, address, f"/?pid=__default__&sid={node}", **remembered)
    (preview,) = WebDriverWait(browser, PATIENCE_SECONDS).until(
        lambda driver: driver.find_elements(By.CSS_SELECTOR, f".pipeline-metadata {selector}")
    )[:1]
    WebDriverWait(browser, PATIENCE_SECONDS).until(lambda driver: preview.is_displayed())
    return preview


def test_the_static_build_is_drawn_with_its_previews(browser, clone, nodes, screenshot_dir, tmp_path):
    done = kedro(clone, "viz", "build", "--include-previews")
    page = clone / "build/index.html"
    assert page.is_file(), done.stdout + done.stderr
    viz_page.main(["--into", str(page)])  # as `make viz-static` does (tests/test_viz_page.py)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    command = module("http.server", "--bind", "127.0.0.1", "--directory", "build", str(port))
    with serving(command, clone, base, tmp_path / "log"):
        open_page(browser, base, "/")
        names = drawn(browser)
        assert set(names) >= BOXES
        assert len(names) <= MOST_DRAWN
        browser.save_screenshot(str(screenshot_dir / "viz_static.png"))
        link(browser, "View your workflow").click()
        expect_all(browser, MOST_DRAWN)
        link(browser, "View your pipeline").click()
        expect_folded(browser)
        for name in ("affinity_matrix", "taxonomy_summary", "taxonomy.solve_taxonomies"):
            assert show_preview(browser, base, nodes[name], PREVIEWS[name]).size["height"] > 100
        browser.save_screenshot(str(screenshot_dir / "viz_static_preview.png"))
        assert errors(browser, "metadata") == []  # asked for in vain, as nothing computes there


def test_after_a_run_each_node_shows_its_status_and_duration(browser, tmp_path_factory, screenshot_dir):
    clone = copy_tracked(tmp_path_factory.mktemp("tiny"))
    done = kedro(clone, "run", *FEW_TASKS)
    assert done.returncode == 0, done.stderr
    with kedro_viz(clone, tmp_path_factory.mktemp("log") / "viz", *FEW_TASKS) as address:
        nodes = [node for node in read_json(f"{address}/api/main")["nodes"] if node["type"] == "task"]
        told = read_json(f"{address}/api/run-status")["nodes"]
        assert {node["id"] for node in nodes} == set(told)
        assert {told[node["id"]]["status"] for node in nodes} == {"success"}
        assert all(told[node["id"]]["duration"] >= 0 for node in nodes)
        open_page(browser, address, "/workflow")
        finished = "return [...document.querySelectorAll('.pipeline-node')].filter(n => /success.*Duration/.test(n.textContent)).length"
        WebDriverWait(browser, PATIENCE_SECONDS).until(
            lambda driver: driver.execute_script(finished) == len(nodes)
        )
        browser.save_screenshot(str(screenshot_dir / "viz_workflow.png"))
