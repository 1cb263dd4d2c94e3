"""A headless Chromium for tests of pages."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--window-size=1400,1000",
)  # fmt: skip
SIZES = {
    "desktop": (1400, 1000),
    "phone": (390, 844),
    "small_phone": (360, 740),
    "smallest_phone": (320, 568),
}


def _program(*names: str) -> str:
    for name in names:
        if found := shutil.which(name):
            return found
    pytest.skip(f"no {names[0]} on this machine: the tests in a real browser need chromium and chromedriver")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser for one module, which records the console."""
    options = Options()
    options.binary_location = _program("chromium", "chromium-browser", "google-chrome")
    for argument in (*ARGUMENTS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=Service(_program("chromedriver")))
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def screenshot_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder for screenshots: `SCREENSHOT_DIR`, or a temporary one."""
    folder = Path(os.environ.get("SCREENSHOT_DIR") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def resize(browser: Chrome) -> Iterator[Callable[[str], None]]:
    """Set the page size; for a phone also touch and pixel ratio."""

    def to(name: str) -> None:
        width, height = SIZES[name]
        is_phone = name.endswith("phone")
        metrics = {
            "width": width,
            "height": height,
            "deviceScaleFactor": 2 if is_phone else 1,
            "mobile": is_phone,
        }
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    yield to
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
