"""Measures how soon pages are ready, and how soon the what-if page answers in Chromium.

Usage: python benchmarks/pages.py [--repeats N] [--quick]
"""

import argparse
import runpy
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from taskonomy_kedro.core.taxonomy import ProgramSettings, solve_taxonomies
from taskonomy_kedro.core.taxonomy.admission import admit
from taskonomy_kedro.core.what_if import what_if_page

PROJECT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 120
SERVERS = runpy.run_path(str(PROJECT / "tests/browser/servers.py"))  # shared with the tests
CHROMIUM = runpy.run_path(str(PROJECT / "scripts/chromium.py"))


def seconds_until_ready(command: Sequence[str], address: str, **environment: str) -> float:
    """Start a server, wait for its first answer, stop it with all its processes."""
    with (
        tempfile.TemporaryDirectory() as folder,
        SERVERS["serving"](list(command), PROJECT, address, Path(folder) / "log", **environment) as seconds,
    ):
        return float(seconds)


def tell(what: str, values: Sequence[float], unit: str = "s") -> float:
    median = statistics.median(values)
    digits = 1 if unit == "s" else 0
    listed = ", ".join(f"{value:.{digits}f}" for value in values[:10]) + (", …" if len(values) > 10 else "")
    print(f"{what}: {median:.{digits}f} {unit} (median of {len(values)}: {listed})", flush=True)
    return median


def time_servers(repeats: int) -> None:
    """Measure what `make viz` and `make mlflow` run, and MLflow's own command."""

    def times(command: Callable[[str], list[str]], path: str, **environment: str) -> list[float]:
        ports = [str(SERVERS["free_port"]()) for _ in range(repeats)]
        return [
            seconds_until_ready(command(port), f"http://127.0.0.1:{port}{path}", **environment)
            for port in ports
        ]

    python, store = sys.executable, f"sqlite:///{PROJECT.as_posix()}/mlflow.db"
    viz = [python, "scripts/viz_page.py", "--no-browser", "--port"]
    tell("kedro-viz, `make viz`, the whole graph", times(lambda port: [*viz, port], "/api/main"))
    page = [python, "scripts/mlflow_page.py", "--store", store, "--port"]
    ours = tell("MLflow's page, `make mlflow`", times(lambda port: [*page, port], "/health"))
    own = [python, "-m", "mlflow", "ui", "--backend-store-uri", store, "--port"]
    plain = tell("MLflow's page, `mlflow ui`", times(lambda port: [*own, port], "/health"))
    small = times(
        lambda port: [*own, port, "--workers", "1"], "/health", MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false"
    )
    one = tell("MLflow's page, `mlflow ui` with one worker and no job queue", small)
    print(f"  ratios {plain / ours:.1f} and {one / ours:.1f}")


def time_answers() -> None:
    """Measure the what-if page and the Python side at every budget, for 26 tasks and order 4."""
    draw_table = runpy.run_path(str(PROJECT / "benchmarks" / "taxonomy.py"))["draw_table"]
    scores = [one for one in draw_table(0, is_structured=True) if one.candidate.order <= 4]
    start = time.perf_counter()
    taxonomies = solve_taxonomies(admit(scores, ProgramSettings(max_orders=(4,), solver="HiGHS")))
    python_ms = 1000 * (time.perf_counter() - start) / len(taxonomies)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "what_if.html"
        page.write_text(what_if_page(admit(scores, ProgramSettings(max_orders=(4,))), budget=5))
        budgets = [
            taxonomy.budget for taxonomy in taxonomies if taxonomy.budget != 5
        ]  # the page starts there
        found = answers(page, Path(folder) / "profile", [f"budget={budget:g}" for budget in budgets])
    for (_, objective), taxonomy in zip(found, [t for t in taxonomies if t.budget != 5], strict=True):
        if abs(objective - taxonomy.objective) > 1e-9:
            raise SystemExit(
                f"budget {taxonomy.budget:g}: {objective} in the page, {taxonomy.objective} here"
            )
    milliseconds = [one for one, _ in found]
    tell(f"what-if page, 26 tasks, order 4, {len(scores)} candidates", milliseconds, "ms")
    print(f"  longest {max(milliseconds):.0f} ms; the Python side {python_ms:.0f} ms per program")


def answers(page: Path, profile: Path, addresses: Sequence[str]) -> list[tuple[float, float]]:
    """Return milliseconds and objective of the choice in each address."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    browser = CHROMIUM["open_chromium"](profile)

    def answer(address: str) -> Any:
        if address:
            browser.execute_script("location.hash = arguments[0]", address)
        else:
            browser.get(page.as_uri())
        return WebDriverWait(browser, PATIENCE_SECONDS).until(
            lambda one: next(iter(one.find_elements(By.CSS_SELECTOR, f'[data-choice="{address}"]')), None)
        )

    try:
        parts = []
        for address in ("", *addresses):  # the first one starts the solver too
            part = answer(address)
            if address:
                told = [part.get_attribute(f"data-{name}") for name in ("milliseconds", "objective")]
                parts.append((float(told[0]), float(told[1])))
        return parts
    finally:
        browser.quit()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="only the what-if page")
    given = parser.parse_args()
    if not given.quick:
        time_servers(given.repeats)
    time_answers()


if __name__ == "__main__":
    main()
