"""Opens a headless Chromium: for the pictures of the documentation, the benchmarks and the browser tests."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-sync", "--disable-background-networking", "--disable-component-update",
    "--window-size=1400,1000",
)  # fmt: skip


def open_chromium(profile: Path) -> "Chrome":
    """Start a browser that records what pages write to the console.

    Args:
        profile: Folder for the browser's own files.

    Raises:
        FileNotFoundError: Chromium or its driver is not on the PATH.
    """
    from selenium.webdriver import Chrome
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        raise FileNotFoundError("no chromium or chromedriver on the PATH: run scripts/install_browser.sh")
    options = Options()
    options.binary_location = program
    for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return Chrome(options=options, service=Service(driver))


def resize(browser: "Chrome", width: int, height: int, *, scale: float = 1, is_phone: bool = False) -> None:
    """Give the page a size in CSS pixels, and the device a number of pixels for each of them."""
    size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": is_phone}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
