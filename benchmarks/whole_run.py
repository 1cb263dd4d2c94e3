"""Shows how long each step of a complete run took, and its share of the time.

Usage: python benchmarks/whole_run.py [PROJECT] [--env base]  # of the newest complete run in a project folder
       python benchmarks/whole_run.py --run                   # of a new run in a fresh clone, with its memory

The numbers are `seconds/STEP` in MLflow's store and the records of products in the data folder, so they are
valid for a run that reused nothing. `--run` clones the committed files into a temporary folder and measures
from shell to prompt. Memory is that of all processes together, shared pages counted once.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

HERE = Path(__file__).resolve().parents[1]
STEPS = ("data_preparation", "task_modeling", "transfer_modeling", "normalization", "taxonomy")
SECONDS_BETWEEN_LOOKS = 0.5
# Reads the file directly: MLflow's client takes seconds to start, and may migrate an older store.
_NEWEST_RUNS = """
    SELECT run_uuid, (end_time - start_time) / 1000.0 FROM runs JOIN tags USING (run_uuid)
    WHERE status = 'FINISHED' AND lifecycle_stage = 'active' AND tags.key = 'env' AND tags.value = ?
    ORDER BY start_time DESC
"""
_METRICS = "SELECT key, value FROM latest_metrics WHERE run_uuid = ? AND key LIKE 'seconds/%'"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the table: a step, or a part of the one above."""

    name: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Time and memory of a command."""

    seconds: float
    peak_gb: float


def newest_whole_run(project: Path, env: str) -> tuple[dict[str, float], float]:
    """Return seconds by step of the newest run of all steps, and from its start to its end."""
    store = project / "mlflow.db"
    if not store.is_file():
        raise SystemExit(f"{project}: no mlflow.db, so nothing was run there; take --run, or another folder")
    connection = sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)
    try:
        for run_id, seconds in connection.execute(_NEWEST_RUNS, (env,)):
            found = dict(connection.execute(_METRICS, (run_id,)))
            if all(f"seconds/{step}" in found for step in STEPS):
                return {step: found[f"seconds/{step}"] for step in STEPS}, seconds
    finally:
        connection.close()
    raise SystemExit(f"{project}: no finished run of all steps with --env={env}; `kedro run` makes one")


def outcomes(data: Path, pattern: str) -> list[dict[str, Any]]:
    """Return the outcomes of the newest of some products, without those that failed."""
    newest: dict[Path, dict[str, Any]] = {}
    for path in data.glob(f"{pattern}/*/record.json"):
        record = json.loads(path.read_text())
        kept = newest.setdefault(path.parents[1], record)
        newest[path.parents[1]] = max(kept, record, key=lambda one: str(one.get("created", "")))
    return [newest[path]["outcome"] for path in sorted(newest) if not newest[path].get("failure")]


def parts_of(data: Path) -> dict[str, list[Row]]:
    """Return the parts of steps that records have, by step."""

    def row(name: str, products: Sequence[dict[str, Any]]) -> Row:
        return Row(name=name, seconds=sum(outcome.get("seconds") or 0.0 for outcome in products))

    networks = [one for one in outcomes(data, "06_models/networks/*") if one.get("steps")]
    modeling = [row(f"{len(networks)} networks", networks)]
    modeling.append(row("random readouts", outcomes(data, "06_models/random_readouts/*")))
    readouts = data / "07_model_output/readouts"
    orders = sorted({int(path.name.removeprefix("order_")) for path in readouts.glob("*/order_*")})
    transfers = []
    for order in orders:
        products = outcomes(readouts, f"*/order_{order}")
        n_readouts = sum(len(outcome["facts"]) for outcome in products)
        transfers.append(row(f"order {order}, {n_readouts} readouts", products))
    scratch = outcomes(readouts, "*/scratch")
    transfers.append(row(f"{len(scratch)} scratch networks", scratch))
    return {"task_modeling": modeling, "transfer_modeling": transfers}


def rows_of(steps: dict[str, float], parts: dict[str, list[Row]], total: float) -> list[Row]:
    """Return the lines of the table; all of them together are the total."""
    rows = []
    for step in STEPS[:3]:
        own = [part for part in parts.get(step, []) if part.seconds > 0]
        # networks trained at the same time add up to more than the step
        rest = max(0.0, steps[step] - sum(part.seconds for part in own))
        if not own:
            rows.append(Row(name=step, seconds=steps[step]))
            continue
        rows.append(Row(name=f"{step}: {own[0].name}", seconds=own[0].seconds))
        rows += [Row(name=f"– {part.name}", seconds=part.seconds) for part in own[1:]]
        rows.append(Row(name=_RESTS[step], seconds=rest))
    rows.append(Row(name="normalization, taxonomy, figures", seconds=sum(steps[step] for step in STEPS[3:])))
    told = sum(row.seconds for row in rows)
    return [*rows, Row(name="the rest: start, end, storing, reading", seconds=max(0.0, total - told))]


_RESTS = {
    "task_modeling": "– average guesses (torch is imported in the first), tests, figures, representations, "
    "models for MLflow",
    "transfer_modeling": "– average guesses, gathering",
}


def duration(seconds: float) -> str:
    """Return a duration as text, such as 3 min 20 s."""
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"


def print_table(rows: Sequence[Row], total: float) -> None:
    print("| step | seconds | share |\n|---|---|---|")
    for row in rows:
        print(f"| {row.name} | {row.seconds:.0f} | {100 * row.seconds / total:.0f} % |")


def cost_of(command: Sequence[str], folder: Path, log: Path, **environment: str) -> Cost:
    """Run a command and measure the memory of all its processes."""
    # the settings of this session must not affect the run
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MLFLOW", "KEDRO"))}
    start, peak = time.perf_counter(), 0
    with log.open("wb") as file:
        running = subprocess.Popen(
            command, cwd=folder, env={**kept, **environment}, stdout=file, stderr=subprocess.STDOUT
        )
        process = psutil.Process(running.pid)
        while True:
            peak = max(peak, memory_of(process))
            try:
                running.wait(SECONDS_BETWEEN_LOOKS)
                break
            except subprocess.TimeoutExpired:
                continue
    seconds = time.perf_counter() - start
    if running.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{log.read_text()[-2000:]}")
    return Cost(seconds=seconds, peak_gb=peak / 1024**3)


def memory_of(process: psutil.Process) -> int:
    """Return the bytes of a process and its children; shared pages count once if the system reports them."""
    total = 0
    try:
        processes = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for one in processes:
        try:
            memory = one.memory_full_info()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue  # it has just ended
        total += getattr(memory, "pss", memory.rss)
    return total


def run_clone(project: Path, clone: Path, *arguments: str) -> Cost:
    """Clone the committed files and run a Kedro command there."""
    if subprocess.run(["git", "clone", "--quiet", str(project), str(clone)], check=False).returncode:
        raise SystemExit(f"{project}: could not be cloned; --run takes a repository")
    source = str(clone / "src")  # not the installed package, which is in another folder
    command = [sys.executable, "-m", "kedro", *arguments]
    return cost_of(command, clone, clone.with_suffix(".log"), PYTHONPATH=source, DO_NOT_TRACK="true")


def tell(project: Path, env: str, cost: Cost | None) -> None:
    """Print the page's lines and table for a project folder."""
    steps, own_seconds = newest_whole_run(project, env)
    data = project / "data" if env == "base" else project / "data" / env
    if cost is None:
        print(f"{duration(own_seconds)} from the start of MLflow's run to its end.\n")
    else:
        print(f"{duration(cost.seconds)} and {cost.peak_gb:.1f} GB from shell to prompt.\n")
    total = own_seconds if cost is None else cost.seconds
    print_table(rows_of(steps, parts_of(data), total), total)
    sums = ", ".join(f"`{step}` {seconds:.0f} s" for step, seconds in steps.items())
    print(f"\nBy `seconds/STEP`: {sums}.")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("project", type=Path, nargs="?", default=HERE, help="project folder")
    parser.add_argument("--env", default="base", help="environment of the run")
    parser.add_argument("--run", action="store_true", help="first run everything in a fresh clone")
    given = parser.parse_args()
    if not given.run:
        tell(given.project, given.env, None)
        return
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        cost = run_clone(given.project, clone, "run", f"--env={given.env}")
        tell(clone, given.env, cost)


if __name__ == "__main__":
    main()
