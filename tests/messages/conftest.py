"""What the tests of messages share: golden files that `--regen` writes anew, and a real browser."""

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--virtual-time-budget=3000", "--dump-dom",
)  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --regen, unless another folder of tests has done so."""
    with suppress(ValueError):
        parser.addoption("--regen", action="store_true", help="write the golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden file of that name; with --regen write it first."""

    def compare(name: str, actual: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--regen", default=False):
            path.write_text(actual, encoding="utf-8")
        assert actual == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def browser() -> str:
    """Return the browser's path; without one the test is skipped, on CI it fails."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("Chromium is missing")
    if found is None:
        pytest.skip("Chromium is not installed")
    return found


@pytest.fixture
def dom(browser: str, tmp_path: Path) -> Callable[[str, str], str]:
    """Return the document that the browser makes of a page, opened at an anchor, after its script has run."""

    def load(page: str, anchor: str = "") -> str:
        path = tmp_path / "preview.html"
        path.write_text(page, encoding="utf-8")
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        shown = subprocess.run(
            [browser, *FLAGS, profile, f"{path.as_uri()}{anchor}"], capture_output=True, timeout=120, check=True
        )
        return shown.stdout.decode()

    return load
