"""Time the reading of a ledger into typed tables beside pandas.read_excel(engine="calamine") alone; and a csv of a million lines.

Each reading is a process of its own, in turn with the other; what is timed is the reading itself, without start and imports, as the
processor's time and as the clock's. Both run without the garbage collector, as the command does. Peak memory is the process's own.
Wanted: at most 1.5 times the time of pandas; a csv in linear time under 2 GB. POSIX only.
"""

import argparse
import compileall
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
WORK = HERE / ".work"
RUNS = 5
XLSX_LINES = 100_000
CSV_LINES = (100_000, 1_000_000)
ORDINARY = "0.25"  # the share of debtors behind in an ordinary week: ledger.BEHIND
RSS_PER_MB = 1024 * 1024 if sys.platform == "darwin" else 1024


class Cost(NamedTuple):
    """What one reading took: seconds of processor and of clock, peak memory of its process in MB."""

    cpu: float
    wall: float
    megabytes: float


def with_relance(path: Path) -> tuple[float, float]:
    """Read the ledger into its tables; return seconds of processor and clock."""
    from batch.core.policy import Reading  # noqa: PLC0415  each process pays for what it uses
    from batch.ledger import open_book, read  # noqa: PLC0415  as above

    if path.suffix != ".csv":
        import python_calamine  # noqa: F401, PLC0415  as above

    cpu, wall = time.process_time(), time.perf_counter()
    ledger = read(open_book(path), Reading())
    taken = time.process_time() - cpu, time.perf_counter() - wall
    if ledger.source.left_out or not len(ledger.items):
        sys.exit(f"{path} was not read whole")
    return taken


def with_pandas(path: Path) -> tuple[float, float]:
    """Read the first sheet into a frame; return seconds of processor and clock."""
    import pandas as pd  # noqa: PLC0415  as above
    import python_calamine  # noqa: F401, PLC0415  as above

    cpu, wall = time.process_time(), time.perf_counter()
    pd.read_excel(path, engine="calamine")
    return time.process_time() - cpu, time.perf_counter() - wall


READERS = {"relance": with_relance, "pandas": with_pandas}


def cost(reader: str, path: Path) -> Cost:
    """Read the file in a process of its own and return what that took."""
    command = [sys.executable, str(Path(__file__).resolve()), "--read", reader, str(path)]
    environment = os.environ | {"PYTHONPATH": str(HERE.parent), "OPENBLAS_NUM_THREADS": "1"}
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    return Cost(**json.loads(told))


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(*(statistics.median(figures) for figures in zip(*costs, strict=True)))


def made(lines: int, kind: str) -> Path:
    """Return a ledger of so many lines."""
    path = WORK / f"ledger-{lines}-{ORDINARY}.{kind}"
    if not path.exists():
        make = [sys.executable, str(HERE / "ledger.py"), str(lines), "--behind", ORDINARY, "--to", str(path)]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
    return path


def row(lines: int, kind: str, reader: str, taken: Cost) -> str:
    """Return a line of the table."""
    return f"{lines:>9,}  {kind:<5} {reader:<8}  {taken.cpu:>8.2f}  {taken.wall:>8.2f}  {taken.megabytes:>8.0f}"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--xlsx", type=int, default=XLSX_LINES, metavar="LINES")
    parser.add_argument("--csv", type=int, nargs="*", default=CSV_LINES, metavar="LINES")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--read", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.read:
        gc.disable()
        cpu, wall = READERS[wanted.read[0]](Path(wanted.read[1]))
        print(
            json.dumps(
                {"cpu": cpu, "wall": wall, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / RSS_PER_MB}
            )
        )
        return
    WORK.mkdir(exist_ok=True)
    compileall.compile_dir(HERE.parent / "batch", quiet=1)
    print(f"{'lines':>9}  {'file':<5} {'reader':<8}  {'cpu s':>8}  {'wall s':>8}  {'peak MB':>8}")
    path = made(wanted.xlsx, "xlsx")
    pairs = [(cost("relance", path), cost("pandas", path)) for _ in range(wanted.runs)]
    ours, theirs = (middle(costs) for costs in zip(*pairs, strict=True))
    print(row(wanted.xlsx, "xlsx", "relance", ours))
    print(row(wanted.xlsx, "xlsx", "pandas", theirs))
    ratio = statistics.median(one.cpu / other.cpu for one, other in pairs)
    print(f"relance / pandas, processor, middle of the pairs: {ratio:.2f} (wanted: at most 1.5)", flush=True)
    for lines in wanted.csv:
        path = made(lines, "csv")
        taken = middle([cost("relance", path) for _ in range(wanted.runs)])
        print(f"{row(lines, 'csv', 'relance', taken)}  {taken.cpu / lines * 1e6:.1f} µs a line", flush=True)


if __name__ == "__main__":
    main()
