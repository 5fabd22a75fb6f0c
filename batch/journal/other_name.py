"""The journal knows companies by their names: what it tells when mails left for the same invoices under another name only."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, select

from batch.core.problem import Problem, Severity, Source
from batch.journal import schema


def other_name(connection: Connection, company: str, place: str, item_ids: Iterable[str]) -> tuple[Problem, ...]:
    """Return COMPANY-RENAMED when mails asked for some of these items under another name, and nothing ever left under this one.

    `place` is where the journal lies. A history that was imported counts as what left.
    """
    if _has_sent(connection, company):
        return ()
    lines = schema.lines.c
    theirs = connection.execute(
        select(lines.company, lines.item_id).where(lines.company != company, lines.freed == 0).distinct()
    ).all()
    ours = set(item_ids) if theirs else set()
    known = Counter(other for other, item in theirs if item in ours)
    if not known:
        return ()
    other, asked_for = known.most_common(1)[0]
    facts = {"n": asked_for, "other": other, "company": company}
    return (Problem("COMPANY-RENAMED", Severity.ERROR, Source(file=place), facts),)


def _has_sent(connection: Connection, company: str) -> bool:
    lines, events = schema.lines.c, schema.events.c
    claimed = select(lines.id).where(lines.company == company, lines.freed == 0).limit(1)
    told = select(events.sequence).where(events.company == company, events.kind.in_(["sent", "uncertain"])).limit(1)
    return connection.scalar(claimed) is not None or connection.scalar(told) is not None
