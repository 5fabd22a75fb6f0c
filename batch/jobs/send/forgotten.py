"""The archive beside the journal: customers whom the journal has forgotten are held back; what it knows of the others is kept there."""

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from batch.core.problem import Problem, Severity, Source
from batch.delivery.archive import Archive
from batch.jobs.send.copied import ACTED
from batch.jobs.send.post import Row
from batch.journal import Journal
from batch.journal.apart import write_apart
from batch.report import UNREMEMBERED, Sending


def hold_back(rows: list[Row], forgotten: Mapping[str, dt.date]) -> list[Row]:
    """Let no row leave to a customer of whom the archive holds a mail, last of that day, that the journal has forgotten."""
    return [
        row._replace(admitted=False, reason=UNREMEMBERED, reason_on=pd.Timestamp(forgotten[row.debtor_id]))
        if row.admitted and row.debtor_id in forgotten
        else row
        for row in rows
    ]


def keep_events(archive: Archive | None, journal: Journal, sending: Sequence[Sending]) -> tuple[Problem, ...]:
    """Write what the journal knows of the customers whose mails were tried beside their mails; one problem says where that failed.

    Should the journal be lost, `relance history import` takes it from there.
    """
    tried = {mail.debtor_id for mail in sending if mail.outcome in ACTED}
    files = {debtor: archive.events_file(debtor) for debtor in tried} if archive else {}
    places = {debtor: file for debtor, file in files.items() if file.parent.is_dir()}
    if archive is None or not places:
        return ()
    failed = write_apart(journal.events(), places)
    if not failed:
        return ()
    facts = {"n": len(failed), "folder": str(archive.folder), "reason": failed[0]}
    return (Problem("ARCHIVE-EVENTS-NOT-WRITTEN", Severity.WARNING, Source(file=str(archive.folder)), facts),)
