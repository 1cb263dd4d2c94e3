"""The script behind `make test-browser`, on machines made of a few stand-in programs; nothing is installed here."""

import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
SCRIPT = PROJECT / "scripts" / "install_browser.sh"
BASH = shutil.which("bash")
# "installs" two programs beside itself, and writes down what it was asked for
APT = """
echo "$*" >> "$0.asked"
case "$1" in install) for name in chromium chromedriver; do
    printf '#!/bin/sh\\n' > "${0%/*}/$name"; /bin/chmod +x "${0%/*}/$name"; done;; esac
"""


class Machine:
    """A folder of programs that is the whole PATH."""

    def __init__(self, folder: Path, **programs: str) -> None:
        self.folder = folder
        folder.mkdir()
        for name in ("bash", "dirname", "env"):
            (folder / name).symlink_to(shutil.which(name))
        for name, body in programs.items():
            program = folder / name.replace("_", "-")
            program.write_text(f"#!{BASH}\n{body}\n")
            program.chmod(0o755)

    def run(self, script: Path = SCRIPT) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [BASH, str(script)],
            env={"PATH": str(self.folder)},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )

    def asked(self) -> list[str]:
        told = self.folder / "apt-get.asked"
        return told.read_text().splitlines() if told.exists() else []


@pytest.mark.parametrize("browser", ["chromium", "google_chrome"])
def test_where_a_browser_is_nothing_is_installed(tmp_path, browser):
    machine = Machine(tmp_path / "bin", **{browser: "", "chromedriver": "", "apt_get": APT})
    done = machine.run()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert machine.asked() == []


@pytest.mark.parametrize("there", [{}, {"chromium": ""}, {"chromedriver": ""}])
def test_root_installs_browser_and_driver(tmp_path, there):
    machine = Machine(tmp_path / "bin", id="echo 0", apt_get=APT, **there)
    done = machine.run()
    assert done.returncode == 0, done.stderr
    update, install = machine.asked()
    assert update.split() == ["update", "-qq"]
    assert install.split()[-2:] == ["chromium", "chromium-driver"]


def test_somebody_else_installs_them_with_sudo_and_is_asked_for_no_password(tmp_path):
    machine = Machine(
        tmp_path / "bin", id="echo 1000", sudo='[ "$1" = -n ] && shift && exec "$@"', apt_get=APT
    )
    assert machine.run().returncode == 0
    assert len(machine.asked()) == 2


FAILS = "exit 100"
IN_VAIN = 'echo "$*" >> "$0.asked"'


@pytest.mark.parametrize(
    ("programs", "reason"),
    [
        ({}, "this machine has no apt-get; install Chromium and its driver so that"),
        ({"apt_get": APT, "id": "echo 1000"}, "type `apt-get install chromium chromium-driver` as root"),
        ({"apt_get": FAILS, "id": "echo 0"}, "`apt-get update` failed, perhaps for lack of a network"),
        (
            {"apt_get": '[ "$1" = update ]', "id": "echo 0"},
            "`apt-get install chromium chromium-driver` failed; install Chromium",
        ),
        (
            {"apt_get": IN_VAIN, "id": "echo 0"},
            "apt-get installed chromium chromium-driver, but they are not on",
        ),
    ],
)
def test_where_it_cannot_one_sentence_says_what_is_missing(tmp_path, programs, reason):
    done = Machine(tmp_path / "bin", **programs).run()
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("No browser for the tests: ")
    assert reason in done.stderr


@pytest.mark.parametrize("browser", [{}, {"chromium": "", "chromedriver": ""}])
@pytest.mark.parametrize("npm", [{}, {"npm": "exit 1"}, {"npm": ""}])
def test_ci_tests_the_pages_if_possible_and_reports_it_otherwise(tmp_path, browser, npm):
    machine = Machine(tmp_path / "bin", make='echo "made $*"', **browser, **npm)
    done = machine.run(PROJECT / ".ci" / "run")
    assert done.returncode == 0
    made = [line.removeprefix("made ") for line in done.stdout.splitlines()]
    is_installed = npm == {"npm": ""}
    pages = [*(["test-web"] if is_installed else []), *(["test-browser"] if browser else [])]
    assert made == ["lint", "docs", "test", *pages]
    assert ("*** NOT TESTED: the pages in a real browser" in done.stderr) is not bool(browser)
    assert ("*** NOT TESTED: the sources of the what-if page" in done.stderr) is not is_installed


@pytest.mark.parametrize(
    "said", ["npm error code EUSAGE", "package.json and package-lock.json are not in sync"]
)
def test_ci_fails_if_npm_rejects_the_lock_file(tmp_path, said):
    programs = {
        "make": 'echo "made $*"',
        "npm": f"echo '{said}' >&2; exit 1",
        "chromium": "",
        "chromedriver": "",
    }
    done = Machine(tmp_path / "bin", **programs).run(PROJECT / ".ci" / "run")
    assert done.returncode == 1
    assert done.stdout.splitlines() == ["made lint", "made docs", "made test"]
    assert said in done.stderr
    assert "run `npm install` there to update it" in done.stderr
    assert "NOT TESTED" not in done.stderr


@pytest.mark.parametrize("broken", ["docs", "test-web"])
def test_ci_fails_if_a_step_fails(tmp_path, broken):
    machine = Machine(tmp_path / "bin", make=f'[ "$1" != {broken} ]', npm="", chromium="", chromedriver="")
    assert machine.run(PROJECT / ".ci" / "run").returncode == 1


def make(target: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the Makefile in a folder with everything installed but npm and a browser; Python only prints its arguments."""
    for name in ("scripts", "web/what_if", ".venv/bin"):
        (folder / name).mkdir(parents=True)
    shutil.copy(PROJECT / "Makefile", folder)
    shutil.copy(SCRIPT, folder / "scripts")
    for name in ("requirements.lock", "pyproject.toml", "web/what_if/package-lock.json", ".venv/.installed"):
        (folder / name).touch()
    python = folder / ".venv/bin/python"
    python.write_text(f'#!{BASH}\necho "timed $1"\n')
    python.chmod(0o755)
    machine = Machine(folder / "bin")
    return subprocess.run(
        [shutil.which("make"), target],
        cwd=folder,
        env={"PATH": str(machine.folder)},
        capture_output=True,
        text=True,
    )


@pytest.mark.skipif(not shutil.which("make"), reason="no make")
@pytest.mark.parametrize("target", ["what-if", "test-web"])
def test_without_npm_the_error_says_so(tmp_path, target):
    done = make(target, tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("npm is not on the PATH")
    assert "not found" not in done.stderr


@pytest.mark.skipif(not shutil.which("make"), reason="no make")
def test_without_a_browser_everything_but_the_pages_is_measured(tmp_path):
    done = make("bench", tmp_path)
    assert done.returncode == 0, done.stderr
    timed = [line for line in done.stdout.splitlines() if line.startswith("timed ")]
    assert timed[-1] == "timed benchmarks/transfer_modeling.py"
    assert len(timed) == 5
    assert done.stderr.splitlines()[-1] == "pages: not measured"
