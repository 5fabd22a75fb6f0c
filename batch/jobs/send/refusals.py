"""When nothing of a workbook may leave at all: it is open, old, overtaken, of another day or another name, its ledger is old, or the mails are too many."""

import datetime as dt
from pathlib import Path

from batch.core.freshness import STALE
from batch.core.plan import Plan
from batch.core.problem import Problem, RelanceError, Source
from batch.core.records import About
from batch.core.rounds import LastRound, is_many
from batch.journal import Journal
from batch.report.written import newer_workbook

# The file that a program lays beside a workbook while it is open: Excel, LibreOffice.
_OPEN = ("~${}", ".~lock.{}#")


def refuse_old(path: Path, about: About, today: dt.date, days: int, *, fresh: bool) -> None:
    """Refuse a workbook of days to come, and one that is old unless a `fresh` ledger goes with it."""
    source = Source(file=path.name)
    if today < about.as_of:
        raise RelanceError("WORKBOOK-AHEAD", source, as_of=about.as_of, today=today)
    if not fresh and today - about.as_of > dt.timedelta(days=days):
        raise RelanceError("WORKBOOK-OLD", source, as_of=about.as_of, days=days)


def refuse_open(path: Path) -> None:
    """Refuse a workbook that is open in a spreadsheet program: a hold that was typed and not saved would not be seen."""
    beside = next((name for form in _OPEN if path.with_name(name := form.format(path.name)).exists()), "")
    if beside:
        raise RelanceError("WORKBOOK-OPEN", Source(file=path.name), beside=beside)


def refuse_superseded(path: Path, about: About, shown: Plan, journal: Journal, today: dt.date, *, fresh: bool) -> None:
    """Refuse an older plan: a later run on the same ledger has been made, or the journal has seen its invoices later.

    A fresh ledger answers for the second: what was seen later is in it.
    """
    source = Source(file=path.name)
    if newer := newer_workbook(path, about, today):
        raise RelanceError("WORKBOOK-SUPERSEDED", source, as_of=about.as_of, on=newer[1], newer=str(newer[0]))
    later = None if fresh else journal.seen_after(about.as_of, shown.items["item_id"].tolist())
    if later and later <= today:
        raise RelanceError("WORKBOOK-OVERTAKEN", source, as_of=about.as_of, on=later)


def refuse_other_name(shown: Plan, journal: Journal) -> None:
    """Refuse a company of which nothing left yet while the same invoices were asked for under another name."""
    for problem in journal.other_name(shown.items["item_id"].tolist()):
        raise RelanceError(problem.code, problem.source, **problem.facts)


def refuse_stale(plan: Plan, *, accepted: bool) -> list[Problem]:
    """Refuse to send from an old ledger unless that is `accepted`; return what is told of its age."""
    stale = [problem for problem in plan.problems if problem.code == STALE]
    if stale and not accepted:
        raise RelanceError("STALE-NEEDS-YES", stale[0].source, **stale[0].facts)
    return stale


def refuse_many(mails: int, most: int, last: LastRound | None) -> None:
    """Refuse more mails than the settings allow (0: any number), or than twice those of the last round."""
    if most and mails > most:
        raise RelanceError("MANY-NEED-YES", n=mails, most=most)
    if last and is_many(mails, last):
        raise RelanceError("UNUSUAL-NEEDS-YES", n=mails, before=last.mails, on=last.day)
