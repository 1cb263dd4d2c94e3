"""The what-if page in Chromium: the same answers as the Python solver, usable by mouse and keyboard."""

import json
import math
import runpy
import statistics
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from kedro.io import Version
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait
from tests.browser.choices import address_of, random_program, table_without_structure, written
from tests.browser.conftest import SIZES

from taskonomy_kedro.core.affinity import CandidateScore
from taskonomy_kedro.core.affinity.affinity_tables import origin_of, read_scores
from taskonomy_kedro.core.taxonomy import ProgramSettings, Taxonomy, solve_taxonomies
from taskonomy_kedro.core.taxonomy.admission import admit
from taskonomy_kedro.core.what_if import what_if_page
from taskonomy_kedro.core.what_if.page import page_contents
from taskonomy_kedro.datasets import TableDataset

pytestmark = pytest.mark.browser

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 30


@pytest.fixture(scope="module")
def tables():
    return [
        TableDataset(
            filepath=str(PROJECT / "data" / "07_model_output" / f"{name}.parquet"),
            version=Version("2026-11-23T00.00.00.000Z", None),
        ).load()
        for name in ("affinities", "win_rates")
    ]


@pytest.fixture(scope="module")
def scores(tables) -> list[CandidateScore]:
    return read_scores(*tables)


@pytest.fixture(scope="module")
def page(tables, scores, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("page") / "what_if.html"
    path.write_text(what_if_page(admit(scores, ProgramSettings(), origin=origin_of(tables[0])), budget=5))
    return path


@pytest.fixture
def opened(browser, page) -> Callable[..., WebElement]:
    """Open the page at the choice of an address; return the element with the answer."""

    def to(address: str = "", path: Path = page) -> WebElement:
        url = path.as_uri() + (f"#{address}" if address else "")
        if browser.current_url.partition("#")[0] == path.as_uri() and address:
            browser.execute_script("location.hash = arguments[0]", address)
        else:
            browser.get("about:blank")
            browser.get(url)
        return answer_to(browser, address)

    yield to
    console = [entry for entry in browser.get_log("browser") if entry["level"] in ("WARNING", "SEVERE")]
    assert console == []


def answer_to(browser: Chrome, address: str) -> WebElement:
    """Wait for the answer to the choice of an address."""
    shown = f"[data-choice={json.dumps(address)}]"
    wait = WebDriverWait(browser, PATIENCE_SECONDS, poll_frequency=0.02)
    return wait.until(lambda driver: driver.find_element(By.CSS_SELECTOR, shown), f"no answer to {address!r}")


def solved(scores: list[CandidateScore], settings: ProgramSettings) -> Taxonomy:
    """Return the Python solver's answer for the one budget, at the largest order cap."""
    *_, taxonomy = solve_taxonomies(admit(scores, settings))
    return taxonomy


def test_twenty_random_settings_agree_with_the_python_solver(opened, scores, record_property):
    rng = np.random.default_rng(2018)
    start = page_contents(admit(scores, ProgramSettings()), budget=5)
    opening = float(opened().get_attribute("data-milliseconds"))
    milliseconds, statuses = [], []
    for _ in range(20):
        settings = random_program(rng, start["tasks"])
        answer = opened(address_of(page_contents(admit(scores, settings), budget=5), start["start"]))
        taxonomy = solved(scores, settings)
        assert answer.get_attribute("data-status") == taxonomy.status, settings
        statuses.append(taxonomy.status)
        milliseconds.append(float(answer.get_attribute("data-milliseconds")))
        if taxonomy.status == "optimal":
            objective = float(answer.get_attribute("data-objective"))
            assert objective == pytest.approx(taxonomy.objective, rel=0, abs=1e-9), settings
    assert {"optimal", "infeasible"} == set(statuses)  # both kinds were drawn
    report_times(record_property, "shipped tables, 20 random settings", milliseconds)
    report_times(record_property, "first answer, the solver started", [opening])


def test_every_budget_at_order_4_over_a_table_of_the_papers_size(opened, tmp_path, record_property):
    draw_table = runpy.run_path(str(PROJECT / "benchmarks" / "taxonomy.py"))["draw_table"]
    scores = [one for one in draw_table(0, is_structured=True) if one.candidate.order <= 4]
    page = tmp_path / "large.html"
    page.write_text(what_if_page(admit(scores, ProgramSettings(max_orders=4)), budget=5))
    taxonomies = solve_taxonomies(admit(scores, ProgramSettings(max_orders=4, solver="HiGHS")))
    milliseconds = []
    opened("", page)
    for taxonomy in taxonomies:
        address = "" if taxonomy.budget == 5 else f"budget={taxonomy.budget:g}"
        if not address:
            continue
        answer = opened(address, page)
        assert float(answer.get_attribute("data-objective")) == pytest.approx(taxonomy.objective, abs=1e-9)
        milliseconds.append(float(answer.get_attribute("data-milliseconds")))
    report_times(record_property, f"26 tasks, order 4, {len(scores)} candidates", milliseconds)


def report_times(record_property, what: str, milliseconds: list[float]) -> None:
    """Record how long answers took; the machine may be busy, so nothing is asserted."""
    median, longest = statistics.median(milliseconds), max(milliseconds)
    record_property(f"answer_ms ({what})", f"median {median:.0f}, longest {longest:.0f}")
    print(f"\n{what}: median {median:.0f} ms, longest {longest:.0f} ms")


def test_a_newer_request_cancels_a_slow_one(opened, browser, tmp_path):
    scores = table_without_structure(1)
    page = tmp_path / "hard.html"
    settings = ProgramSettings(budgets=26, max_orders=4, solver="HiGHS")
    page.write_text(what_if_page(admit(scores, settings), budget=5))
    opened("", page)
    browser.execute_script(
        """const part = document.querySelector('.answer');
        window.answered = [];
        new MutationObserver(() => window.answered.push(part.dataset.choice)).observe(part, {attributes: true});
        location.hash = 'budget=7';
        setTimeout(() => { location.hash = 'budget=18'; }, 100);"""
    )
    answer = answer_to(browser, "budget=18")
    expected = solved(scores, ProgramSettings(budgets=18, max_orders=4, solver="HiGHS"))
    assert float(answer.get_attribute("data-objective")) == pytest.approx(expected.objective, abs=1e-9)
    assert "budget=7" not in browser.execute_script("return window.answered")


def test_a_budget_that_is_too_small_shows_the_cheapest_one(opened, browser, scores):
    answer = opened("budget=0")
    assert "Infeasible" in answer.text
    cheapest = solved(scores, ProgramSettings(budgets=1, solver="HiGHS"))
    assert cheapest.status == "optimal"
    answer.find_element(By.TAG_NAME, "button").click()
    answer = answer_to(browser, "budget=1")
    assert float(answer.get_attribute("data-objective")) == pytest.approx(cheapest.objective, abs=1e-9)


def test_it_works_with_the_keyboard_alone(opened, browser):
    opened()
    press(browser, Keys.TAB, Keys.ARROW_LEFT)  # the budget
    assert answer_to(browser, "budget=4").get_attribute("data-status") == "optimal"
    outline = browser.execute_script("return getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"  # the focus is visible
    press(browser, Keys.TAB, Keys.TAB, Keys.ARROW_UP)  # its number, the order cap
    answer_to(browser, "budget=4&order=1")
    press(browser, Keys.TAB, Keys.SPACE)  # own labels
    answer_to(browser, "budget=4&order=1&own=no")
    press(browser, Keys.TAB, Keys.ENTER)  # reset
    answer_to(browser, "")
    press(browser, *[Keys.TAB] * 3, "l")  # copy link, the fold, the first role: left out
    answer_to(browser, "role.autoencoding=none")


def test_the_keyboard_selects_a_transfer_in_the_graph(opened, browser, scores, screenshot_dir):
    opened()
    tasks = [
        task
        for task in page_contents(admit(scores, ProgramSettings()), budget=5)["tasks"]
        if task["isTarget"]
    ]
    chosen = [score.candidate for score in solved(scores, ProgramSettings(budgets=5, max_orders=2)).selected]
    edges = [{source, candidate.target} for candidate in chosen for source in candidate.sources]

    def at() -> str:
        return browser.switch_to.active_element.accessible_name

    def lit() -> int:
        return len(browser.find_elements(By.CSS_SELECTOR, ".edge:not(.dimmed)"))

    browser.execute_script("document.querySelector('[aria-label=\"Compare with\"]').focus()")
    press(browser, Keys.TAB)
    for task in tasks:
        assert at().startswith(f"{task['label']} from ")
        assert lit() == sum(task["name"] in edge for edge in edges)
        press(browser, Keys.ARROW_DOWN)
    browser.save_screenshot(str(screenshot_dir / "what_if_keyboard.png"))
    last = at()
    assert last.startswith(f"{tasks[-1]['label']} from ")  # there is none below it
    press(browser, Keys.TAB)  # the graph is one stop
    assert at() != last
    assert lit() == len(edges)
    browser.execute_script("document.querySelector('[aria-label=\"Compare with\"]').focus()")
    press(browser, Keys.TAB)
    assert at() == last
    press(browser, Keys.ARROW_LEFT)
    assert at().startswith("To label: ")
    press(browser, Keys.ARROW_RIGHT, Keys.HOME)
    assert at().startswith(f"{tasks[0]['label']} from ")


def press(browser: Chrome, *keys: str) -> None:
    """Type keys, one after the other."""
    for key in keys:
        ActionChains(browser).send_keys(key).perform()


def test_every_control_has_a_name(opened, browser):
    opened()
    nameless = browser.execute_script(
        """return [...document.querySelectorAll('input, select, button, summary')]
        .filter((e) => !(e.getAttribute('aria-label') || e.closest('label')?.textContent.trim()
                         || e.textContent.trim()))
        .map((e) => e.outerHTML)"""
    )
    assert nameless == []


def test_changes_are_listed_against_the_previous_choice(opened, browser, scores):
    opened()
    opened("budget=3")
    changes = browser.find_element(By.CLASS_NAME, "changes")
    before = set(solved(scores, ProgramSettings(budgets=5, max_orders=2)).sources_used)
    after = set(solved(scores, ProgramSettings(budgets=3, max_orders=2)).sources_used)
    assert len(changes.find_elements(By.CLASS_NAME, "dropped")) == len(before - after)
    assert len(changes.find_elements(By.CLASS_NAME, "added")) == len(after - before)


def test_an_invalid_number_changes_nothing_and_is_marked(opened, browser):
    opened()
    field = browser.find_element(By.CSS_SELECTOR, "[aria-label='Budget, as a number']")
    field.send_keys(Keys.END, Keys.BACKSPACE, "x")
    assert field.get_attribute("aria-invalid") == "true"
    field.send_keys(Keys.BACKSPACE, "7")
    assert answer_to(browser, "budget=7").get_attribute("data-status") == "optimal"


def test_a_role_is_chosen_in_the_table(opened, browser):
    opened()
    role = browser.find_element(By.CSS_SELECTOR, "[aria-label='Role of Normals']")
    Select(role).select_by_visible_text("target only")
    answer = answer_to(browser, "role.normal=target")
    assert "Normals" not in answer.find_element(By.CLASS_NAME, "chips").text


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off(opened, browser, resize, size, screenshot_dir):
    resize(size)
    opened("budget=3")
    opened("budget=5.5")  # targets with a sign of change, "100 %" among the shares
    browser.save_screenshot(str(screenshot_dir / f"what_if_{size}.png"))
    browser.execute_script("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    # Not `innerWidth`: a phone zooms out where the page is wider than its screen.
    width = browser.execute_script("return document.documentElement.scrollWidth")
    assert width <= SIZES[size][0]
    beyond = browser.execute_script(
        """return [...document.querySelectorAll('.card, .controls')].flatMap((card) => {
            const end = card.getBoundingClientRect().right;
            return [...card.querySelectorAll('td, th, input, select')].filter((part) =>
                part.getBoundingClientRect().right > end).map((part) => part.outerHTML);
        })"""
    )
    assert beyond == []
    lines = browser.execute_script(
        """const lines = document.createRange();
        return [...document.querySelectorAll('.share span')].filter((share) => {
            lines.selectNodeContents(share);
            return lines.getClientRects().length !== 1;
        }).map((share) => share.textContent)"""
    )
    assert lines == []
    texts = browser.execute_script(
        """const frame = document.querySelector('.graph svg').getBoundingClientRect();
        return [...document.querySelectorAll('.graph svg text')].filter((text) => {
            const box = text.getBoundingClientRect();
            return box.left < frame.left - 1 || box.right > frame.right + 1;
        }).map((text) => text.textContent)"""
    )
    assert texts == []


def test_it_starts_with_the_settings_of_the_run(opened, scores):
    answer = opened()
    taxonomy = solved(scores, ProgramSettings(budgets=5, max_orders=2))
    assert float(answer.get_attribute("data-objective")) == pytest.approx(taxonomy.objective, abs=1e-9)
    assert not math.isnan(taxonomy.mean_gain)
    assert f"{taxonomy.mean_gain:.0%}".replace("%", " %") in answer.text


TYPED = [
    *(("Budget, as a number", "budget", text) for text in ("12.5", "3.25", "1e5", "99999999", "99999999999")),
    *(
        ("Importance of Normals", "importance.normal", text)
        for text in ("0", "4.5", "1e3", "1234.5", "1e300")
    ),
    *(("Label cost of Normals", "cost.normal", text) for text in ("0.125", "2,5")),
]


@pytest.mark.parametrize(("name", "key", "text"), TYPED)
def test_a_number_typed_fast_stays_as_typed(opened, browser, name, key, text):
    opened()
    field = field_of(browser, name)
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(text)
    answer_to(browser, urlencode({key: written(float(text.replace(",", ".")))}))
    assert field.get_attribute("value") == text
    assert field.get_attribute("aria-invalid") == "false"


def test_a_field_with_focus_shows_a_value_set_elsewhere(opened, browser):
    opened()
    field = field_of(browser, "Budget, as a number")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("12x")
    answer_to(browser, "budget=12")
    opened("budget=3.5")  # a link
    assert browser.switch_to.active_element == field
    assert (field.get_attribute("value"), field.get_attribute("aria-invalid")) == ("3.5", "false")
    opened("budget=12")  # the number at which "12x" was typed
    assert (field.get_attribute("value"), field.get_attribute("aria-invalid")) == ("12", "false")
    browser.find_element(By.CSS_SELECTOR, "input[type=range]").send_keys(Keys.ARROW_LEFT)
    answer_to(browser, "budget=11")
    assert field.get_attribute("value") == "11"
    field.send_keys("x")
    browser.find_element(By.XPATH, "//button[.='Reset']").click()
    answer_to(browser, "")
    assert field.get_attribute("value") == "5"


def test_a_field_without_focus_shows_the_current_value(opened, browser):
    opened()
    field = field_of(browser, "Importance of Normals")
    for text, number in (("1e3", "1000"), ("7x", "7"), ("", "7")):
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text or Keys.BACKSPACE, Keys.TAB)
        assert field.get_attribute("value") == number
    answer_to(browser, "importance.normal=7")


def field_of(browser: Chrome, name: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, f"input[aria-label='{name}']")
