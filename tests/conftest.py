"""What the whole run of the tests shows at its end: counts and seeds of campaigns; a real browser; a PostgreSQL server and certificates of mail servers to test with."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.browser import Browser, missing
from tests.mailserver import Papers, papers
from tests.postgresql import INSTALLED, QUICK, Cluster, cluster, programs

CAMPAIGN = "campaign"  # the property under which a test records its line
_NUMBERS = itertools.count(1)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the lines that tests recorded, also those of the processes of a distributed run."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    lines = [
        str(value) for report in reports for name, value in getattr(report, "user_properties", ()) if name == CAMPAIGN
    ]
    if lines:
        terminalreporter.section("campaigns")
        for line in lines:
            terminalreporter.write_line(f"campaign: {line}")


@pytest.fixture(scope="session")
def one_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Start a browser for all tests; where one is missing they are skipped with the reason, on CI they fail."""
    lack = missing()
    if lack and os.environ.get("CI") == "true":
        pytest.fail(lack)
    if lack:
        pytest.skip(lack)
    with Browser(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture
def browser(one_browser: Browser) -> Browser:
    """Return the browser with a window of the usual size and nothing noted yet."""
    one_browser.resize(1280, 900)
    one_browser.requests()
    one_browser.complaints()
    return one_browser


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Callable[..., Browser]:
    """Return a function that opens a page from a file, at an anchor, and gives the browser that shows it."""

    def load(page: str, anchor: str = "") -> Browser:
        path = tmp_path / "preview.html"
        path.write_text(page, encoding="utf-8", newline="\n")
        browser.open(f"{path.as_uri()}{anchor}")
        return browser

    return load


@pytest.fixture(scope="session")
def server() -> Iterator[Cluster]:
    """Run a PostgreSQL server for the tests of one process. Skipped where none is installed, but in CI."""
    if programs() is None:
        reason = f"PostgreSQL is not installed (no initdb below {INSTALLED})"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with cluster(*QUICK) as running:
        yield running


@pytest.fixture
def databases(server: Cluster) -> Iterator[Callable[[], str]]:
    """Return a function that makes an empty database on that server and returns its address."""
    with ExitStack() as made:
        yield lambda: made.enter_context(server.database(f"test_{next(_NUMBERS)}"))


@pytest.fixture
def database(databases: Callable[[], str]) -> str:
    """Return the address of an empty database on that server."""
    return databases()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    """Make the certificates once."""
    return papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def running() -> Iterator[ExitStack]:
    """Return what stops the servers of a test."""
    with ExitStack() as stack:
        yield stack
