"""Time preview.html in headless Chromium: from asking for the page to a list one can use, and to what a search finds.

Makes a ledger, runs `relance run` on it and opens the page that it wrote. Wants chromium and chromedriver:
`python benchmarks/preview.py [--messages N] [--runs N]`.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.browser import Browser, missing

HERE = Path(__file__).parent
WORK = HERE / ".work"
AS_OF = "2026-11-20"
BEHIND = "0.8"  # three quarters of the debtors are written to
LINES_PER_MESSAGE = 12
MESSAGES, RUNS, MOST = 5_000, 5, 3.0
# With a bank account in euro each message shows a code to scan, a picture of its own.
SETTINGS = '[company]\nname = "Atelier Exemple"\niban = "FR76 3000 6000 0112 3456 7890 189"\n'
# The list is there to use when it has entries and the frame after that has been drawn.
DRAWN = """return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
    () => done([document.querySelectorAll('#list button[tabindex]').length, messages.length]))))"""
SEARCH = """const start = performance.now(); search.value = arguments[0]; search.dispatchEvent(new Event('input'));
    return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done([performance.now() - start, shown.length]))))"""


def made(messages: int) -> Path:
    """Return the preview of a ledger with at least so many messages."""
    lines = messages * LINES_PER_MESSAGE
    ledger, out = WORK / f"ledger-{lines}-{BEHIND}.xlsx", WORK / f"preview-{lines}"
    surroundings = os.environ | {
        "PYTHONPATH": str(HERE.parent),
        "RELANCE_JOURNAL": f"sqlite:///{WORK}/preview-{lines}.db",
    }
    settings = WORK / "preview.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    make = [sys.executable, str(HERE / "ledger.py"), str(lines), "--behind", BEHIND, "--to", str(ledger)]
    run = [sys.executable, "-m", "batch", "run", str(ledger), "--as-of", AS_OF, "--out", str(out), "-q"]
    run += ["--config", str(settings)]
    for command in (make, run):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=surroundings)
    return out / "preview.html"


def opened(page: Path) -> tuple[float, float, int, int]:
    """Return the seconds to a list one can use and to the first search's result, in a browser just started; entries, messages."""
    with tempfile.TemporaryDirectory() as profile, Browser(Path(profile)) as browser:
        start = time.perf_counter()
        browser.open(page.resolve().as_uri())
        entries, messages = browser.run(DRAWN)
        seconds = time.perf_counter() - start
        took, found = browser.run(SEARCH, "fa-00")
        if not entries or not found:
            sys.exit("the page shows no list, or its search finds nothing")
        return seconds, took / 1000, entries, messages


def main() -> None:
    """Measure and print; ends with 1 when the middle of the runs takes longer than 3 seconds."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--runs", type=int, default=RUNS)
    wanted = parser.parse_args()
    if lack := missing():
        sys.exit(lack)
    WORK.mkdir(exist_ok=True)
    page = made(wanted.messages)
    runs = [opened(page) for _ in range(wanted.runs)]
    usable = [seconds for seconds, *_ in runs]
    _, _, entries, messages = runs[0]
    print(f"{messages:,} messages, {page.stat().st_size / 1e6:.1f} MB, {entries} entries laid out at first")
    print(f"usable list: {statistics.median(usable):.2f} s ({min(usable):.2f} to {max(usable):.2f})")
    print(f"first search: {statistics.median(took for _, took, *_ in runs):.2f} s")
    sys.exit(statistics.median(usable) > MOST)


if __name__ == "__main__":
    main()
