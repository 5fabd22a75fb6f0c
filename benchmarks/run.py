"""Time `relance run` beside the script a user would write, on ledgers made here; print seconds, ratio and peak memory.

Both run as whole processes, one after the other and in turn, so that a busy machine slows both alike; the middle value
of the runs counts. Peak memory is that of the largest process (resource usage of the finished child). POSIX only.
"""

import argparse
import compileall
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
WORK = HERE / ".work"
AS_OF = "2026-11-20"
SIZES = (1_000, 10_000, 100_000)
ORDINARY = "0.25"  # the share of debtors behind in an ordinary week: ledger.BEHIND
RUNS = 3
HELP_RUNS = 5
RSS_PER_MB = 1024 * 1024 if sys.platform == "darwin" else 1024


class Cost(NamedTuple):
    """What one finished process took: seconds of wall clock, peak memory in MB."""

    seconds: float
    megabytes: float


def measure(command: Sequence[str], environment: dict[str, str] | None = None) -> Cost:
    """Run the command to its end and return its cost; stops the benchmark when the command fails."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env=os.environ | (environment or {}))
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            sys.exit(
                f"{' '.join(command)} ended with {child.returncode}\n{said.read().decode(errors='replace')[-2000:]}"
            )
    return Cost(seconds, usage.ru_maxrss / RSS_PER_MB)


def relance(ledger: Path) -> Cost:
    """Return the cost of `relance run` on this ledger with an empty journal and an empty output folder."""
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        own = Path(folder) / ledger.name
        shutil.copy(ledger, own)
        command = [sys.executable, "-m", "batch", "run", str(own), "--as-of", AS_OF, "--out", str(Path(folder) / "out")]
        return measure(command, {"RELANCE_JOURNAL": f"sqlite:///{folder}/journal.db", "PYTHONPATH": str(HERE.parent)})


def script(ledger: Path) -> Cost:
    """Return the cost of the user's own script on this ledger."""
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        return measure([sys.executable, str(HERE / "script.py"), str(ledger), str(Path(folder) / "out.xlsx")])


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the median of seconds and of memory."""
    return Cost(statistics.median(cost.seconds for cost in costs), statistics.median(cost.megabytes for cost in costs))


def made(lines: int, behind: str) -> Path:
    """Return a ledger of so many lines."""
    ledger = WORK / f"ledger-{lines}-{behind}.xlsx"
    if not ledger.exists():
        # In a process of its own: a child's peak memory starts with that of the process that starts it.
        make = [sys.executable, str(HERE / "ledger.py"), str(lines), "--behind", behind, "--to", str(ledger)]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
    return ledger


def compare(lines: int, behind: str, runs: int) -> tuple[Cost, Cost]:
    """Return what `relance run` and the script cost on a ledger of so many lines."""
    ledger = made(lines, behind)
    both = [(relance(ledger), script(ledger)) for _ in range(runs)]
    return middle([ours for ours, _ in both]), middle([theirs for _, theirs in both])


def grow(sizes: Sequence[int], behind: str, runs: int) -> None:
    """Print what `relance run` alone costs by size, and a line of the ledger with it."""
    print(f"{'lines':>9}  {'seconds':>8}  {'µs a line':>9}  {'MB':>6}")
    for lines in sizes:
        cost = middle([relance(made(lines, behind)) for _ in range(runs)])
        print(
            f"{lines:>9,}  {cost.seconds:>8.2f}  {1e6 * cost.seconds / lines:>9.0f}  {cost.megabytes:>6.0f}", flush=True
        )


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="LINES")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--behind", default=ORDINARY, help="share of the debtors who leave invoices unpaid")
    parser.add_argument(
        "--alone", action="store_true", help="without the script, which takes minutes for a large ledger"
    )
    wanted = parser.parse_args()
    WORK.mkdir(exist_ok=True)
    # An installed package is compiled already, and so are the libraries that the script uses.
    compileall.compile_dir(HERE.parent / "batch", quiet=1)
    if wanted.alone:
        grow(wanted.sizes, wanted.behind, wanted.runs)
        return
    print(
        f"{'lines':>9}  {'relance s':>9}  {'script s':>9}  {'script/relance':>14}  {'relance MB':>10}  {'script MB':>9}"
    )
    for lines in wanted.sizes:
        ours, theirs = compare(lines, wanted.behind, wanted.runs)
        times = theirs.seconds / ours.seconds
        print(
            f"{lines:>9,}  {ours.seconds:>9.2f}  {theirs.seconds:>9.2f}  {times:>13.1f}x  {ours.megabytes:>10.0f}  {theirs.megabytes:>9.0f}",
            flush=True,
        )
    helped = middle(
        [measure([sys.executable, "-m", "batch", "--help"], {"PYTHONPATH": str(HERE.parent)}) for _ in range(HELP_RUNS)]
    )
    print(f"relance --help: {helped.seconds:.2f} s, {helped.megabytes:.0f} MB")


if __name__ == "__main__":
    main()
