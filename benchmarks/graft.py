"""Time the graft alone beside unpacking and packing the same workbook; print seconds and ratio.

Reads and plans a ledger made by ledger.py, writes the new sheets, and then, in turn: `graft`, which makes the annotated workbook of
the three; and all members of the same ledger unpacked and packed again with zipfile, by the same compression and by zip's own default.
"""

import argparse
import datetime as dt
import gc
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from batch import ledger, settings
from batch.core.plan import make_plan
from batch.core.records import About
from batch.core.tables import EVENTS
from batch.messages.accounts import gather
from batch.messages.render import render
from batch.words import for_language
from batch.workbook.graft import graft
from batch.workbook.review import annotation, write_sheets

HERE = Path(__file__).parent
WORK = HERE / ".work"
AS_OF = dt.date(2026, 11, 20)
QUICK, USUAL = 1, 6  # deflate: what the annotated workbook is packed with, and what zip programs take


def prepared(file: Path, folder: Path) -> Callable[[], object]:
    """Return the graft of this ledger's plan, ready to be timed."""
    chosen = settings.load(None, beside=file, environment={}, working=folder)
    understood = ledger.read(ledger.open_book(file), chosen.reading)
    plan = make_plan(understood, EVENTS.empty(), chosen.policy, AS_OF, first_run=True)
    messages, _ = render(
        tuple(gather(plan)), AS_OF, company=chosen.company, policy=chosen.policy, templates=chosen.templates
    )
    source, words = understood.source, for_language(chosen.language)
    about = About("", AS_OF, "", "", 0, "", str(file), source.sheet, source.sha256, chosen.language)
    sheets = folder / "sheets.xlsx"
    review = write_sheets(sheets, plan=plan, messages=messages, about=about, words=words, problems=())
    notes = annotation(plan, words)
    return lambda: graft(
        file, folder / "annotated.xlsx", sheet=source.sheet, header_row=source.header_row, last_row=source.last_row,
        annotation=notes, addition=sheets, active=review,
    )  # fmt: skip


def repacked(file: Path, target: Path, level: int) -> None:
    """Unpack every member and pack it again."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))


def seconds(act: Callable[[], object]) -> float:
    """Return how long it takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def main() -> None:
    """Read the command line, time the three in turn, print the middles."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args()
    gc.disable()  # as the command does
    WORK.mkdir(exist_ok=True)
    file = WORK / f"ledger-{asked.lines}-0.25.xlsx"
    if not file.exists():
        make = [sys.executable, str(HERE / "ledger.py"), str(asked.lines), "--behind", "0.25", "--to", str(file)]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory(dir=WORK) as name:
        folder = Path(name)
        ours = prepared(file, folder)
        ways = (
            ours,
            lambda: repacked(file, folder / "packed.zip", QUICK),
            lambda: repacked(file, folder / "packed.zip", USUAL),
        )
        runs = [[seconds(way) for way in ways] for _ in range(asked.runs)]
    grafted, quick, usual = (statistics.median(times) for times in zip(*runs, strict=True))
    print(f"graft, {asked.lines:,} lines                {grafted:6.2f} s")
    for told, other in (("as quickly as ours", quick), ("as zip does", usual)):
        print(f"unpacked and packed, {told:<18}  {other:6.2f} s   graft / this  {grafted / other:4.2f}")


if __name__ == "__main__":
    main()
