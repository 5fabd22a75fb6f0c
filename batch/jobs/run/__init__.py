"""`relance run`: a ledger export → the annotated workbook to review, preview.html and plan.json. Sends nothing.

`stream` is the job itself, `files` its last part. Here the ledger's file is opened, and meanwhile the rest is brought in.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from batch.ledger import open_book

if TYPE_CHECKING:
    from batch.jobs.run.stream import RunResult


@dataclass(frozen=True)
class Request:
    """What the command line asks for; `today` and `environment` come from outside, nothing here reads a clock."""

    ledger: Path
    as_of: dt.date | None
    out: Path | None
    config: Path | None
    today: dt.date
    environment: Mapping[str, str]
    working: Path
    clock: Callable[[], float] = lambda: 0.0  # seconds since the command began
    tick: Callable[[int, int], None] = lambda _done, _wanted: None  # told how many of how many letters are drawn


def run(request: Request) -> "RunResult":
    """Read, plan, render and write; raises RelanceError when one of them cannot be done, and then nothing is left half-written."""
    begun = request.clock()
    with ThreadPoolExecutor(max_workers=1) as aside:
        # A workbook is read outside the interpreter's lock: time to bring in what takes more than a second to load.
        opening = aside.submit(open_book, request.ledger)
        from batch.jobs.run.stream import stream  # noqa: PLC0415  as said
    return stream(request, opening.result(), begun)
