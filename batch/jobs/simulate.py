"""`relance simulate`: a ledger with payment dates, one policy or two → what would have been done, as a table, a csv and a chart."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from batch import ledger, settings
from batch.core.problem import RelanceError, Source
from batch.core.records import Ledger
from batch.core.simulate import SIMULATED, every_week, known_until, outcomes, replay
from batch.report.folder import Folder
from batch.report.simulation import Run, chart, csv_text
from batch.words import Words, for_language

Tick = Callable[[int, int], None]  # weeks replayed, weeks in all


@dataclass(frozen=True)
class Request:
    """What the command line asks for; `against` names a second settings file to compare with."""

    ledger: Path
    first: dt.date
    last: dt.date
    against: Path | None
    out: Path | None
    config: Path | None
    environment: Mapping[str, str]
    working: Path


@dataclass(frozen=True)
class SimulateResult:
    """What each policy would have done, and the files that were written (csv, svg)."""

    runs: tuple[Run, ...]
    files: Mapping[str, Path]
    words: Words


def simulate(request: Request, tick: Tick) -> SimulateResult:
    """Replay week by week; RelanceError PERIOD-EMPTY, PERIOD-OUTSIDE. Sends nothing, and neither reads nor writes the journal."""
    days = every_week(request.first, request.last)
    if not days:
        raise RelanceError("PERIOD-EMPTY", first=request.first, last=request.last)
    chosen = settings.load_for(request, request.first, request.last)
    others = (
        [settings.load_for(replace(request, config=request.against), request.first, request.last)]
        if request.against
        else []
    )
    understood = ledger.read(ledger.open_book(request.ledger), chosen.reading)
    _refuse_before(understood, request)
    words = for_language(chosen.language)
    names = [words.label("simulation", "mine"), *([request.against.stem] if request.against else [])]
    runs = []
    for number, (name, policy) in enumerate(zip(names, [chosen, *others], strict=True)):
        weeks = []
        for week in replay(understood, policy.policy, days):
            weeks.append(week)
            tick(number * len(days) + len(weeks), len(names) * len(days))
        taken = SIMULATED.conform(pd.concat(weeks))
        runs.append(Run(name, taken, outcomes(taken, known_until(understood))))
    out = request.out or request.ledger.absolute().parent / "relance-out" / "simulation"
    files = {"csv": "simulation.csv", "svg": "simulation.svg"}
    with Folder(out) as folder:
        told = csv_text(runs, understood.debtors, words)
        folder.path(files["csv"]).write_text(told, encoding="utf-8-sig", newline="")
        folder.path(files["svg"]).write_text(chart(runs, words), encoding="utf-8", newline="\n")
    return SimulateResult(tuple(runs), {code: out / name for code, name in files.items()}, words)


def _refuse_before(understood: Ledger, request: Request) -> None:
    """Refuse days on which the ledger knew no invoice yet: nothing sent would look like a finding."""
    first = understood.items["issued"].min()
    if not (isinstance(first, pd.Timestamp) and first.date() <= request.last):
        raise RelanceError("PERIOD-OUTSIDE", Source(file=understood.source.file), first=first, last=request.last)
