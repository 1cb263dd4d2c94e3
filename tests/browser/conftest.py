"""A headless Chromium for tests of pages."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scripts import chromium
from scripts.chromium import open_chromium
from selenium.webdriver import Chrome

SIZES = {
    "desktop": (1400, 1000),
    "phone": (390, 844),
    "small_phone": (360, 740),
    "smallest_phone": (320, 568),
}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser for one module, which records the console."""
    try:
        driver = open_chromium(tmp_path_factory.mktemp("profile"))
    except FileNotFoundError as error:
        pytest.skip(str(error))
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
        is_phone = name.endswith("phone")
        chromium.resize(browser, *SIZES[name], scale=2 if is_phone else 1, is_phone=is_phone)

    yield to
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
