"""`relance doctor`: settings, templates, journal, folders and the mail account, looked at before they are needed; sends nothing."""

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from batch import settings
from batch.core.problem import Problem, RelanceError, Severity, Source
from batch.delivery.accounts import PERSON, account_of, microsoft_of, source_of
from batch.delivery.compose import usable
from batch.delivery.connection import Connection
from batch.journal import Journal
from batch.ledger.customers.contacts import read_contacts
from batch.messages.sample import try_wordings
from batch.report import Finding
from batch.settings import Settings, Smtp
from batch.words import Words, for_language

SECONDS_FOR_AN_ANSWER = 20.0
SOON = 30  # days
EARLIEST = dt.date(2026, 1, 1)  # this program was written later


@dataclass(frozen=True)
class DoctorResult:
    """What was found, in the order in which it was looked at, and the words to tell it in."""

    findings: tuple[Finding, ...]
    words: Words


def doctor(
    config: Path | None, environment: Mapping[str, str], working: Path, now: dt.datetime,
    sign_in: Callable[[str], None] | None = None,
) -> DoctorResult:  # fmt: skip
    """Look at everything that a week needs; with `sign_in`, which is given what to show, a person signs in with Microsoft."""
    try:
        chosen = settings.load(config, beside=None, environment=environment, working=working)
    except RelanceError as error:  # then nothing else can be looked at
        language = environment.get("RELANCE_LANGUAGE", "fr")
        return DoctorResult((Finding("settings", trouble=error),), for_language(language))
    findings = (
        *_settings(chosen),
        *_company(chosen),
        *_templates(chosen, now.date()),
        *_clock(chosen, now),
        *_journal(chosen),
        *_folders(chosen, working),
        *_tables(chosen, now.date()),
        *_contacts(chosen),
        *_mail(chosen, now, sign_in),
    )
    return DoctorResult(findings, for_language(chosen.language))


Look = Iterator[Finding]


def _settings(chosen: Settings) -> Look:
    path = str(chosen.path) if chosen.path else None
    yield Finding("settings", "settings" if path else "no_settings", {"path": path})


def _company(chosen: Settings) -> Look:
    company, before = chosen.company, True
    for code, missing in (
        ("CREDITOR-NAME-MISSING", not company.name.strip()),
        ("CREDITOR-IBAN-MISSING", not company.iban.strip()),
    ):
        if missing:
            before = False
            yield Finding("company", trouble=Problem(code, Severity.WARNING))
    if before:
        yield Finding("company", "company", {"name": company.name})


def _templates(chosen: Settings, today: dt.date) -> Look:
    try:
        filled, problems = try_wordings(chosen.templates, chosen.policy, today)
    except RelanceError as error:
        yield Finding("templates", trouble=error)
        return
    for problem in problems:
        yield Finding("templates", trouble=problem)
    if not problems:
        yield Finding(
            "templates", "templates", {"n": filled, "folder": str(chosen.templates) if chosen.templates else None}
        )


def _clock(chosen: Settings, now: dt.datetime) -> Look:
    last = None
    try:
        with Journal.open(chosen.journal_url, chosen.company.name, create=False) as journal:
            days = journal.events()["at"]
            last = None if days.empty else days.max().date()
    except RelanceError:
        pass  # told by the look at the journal
    if now.date() < EARLIEST or (last and now.date() < last):
        facts: dict[str, object] = {"today": now.date(), "last": last or EARLIEST}
        yield Finding("clock", trouble=Problem("CLOCK-BEHIND", Severity.ERROR, facts=facts))
    else:
        yield Finding("clock", "clock", {"today": now.date(), "zone": now.tzname() or "?"})


def _journal(chosen: Settings) -> Look:
    try:
        with Journal.open(chosen.journal_url, chosen.company.name, create=False) as journal:
            health = journal.health()
            in_doubt = [claim.message_id for claim in (*journal.uncertain(), *journal.unsettled())]
            source = Source(file=journal.place)
            known = {"journal": journal.place, "id": journal.id, "version": health.version}
    except RelanceError as error:
        if error.code == "JOURNAL-MISSING":
            yield Finding("journal", "no_journal", dict(error.facts))
        else:
            yield Finding("journal", trouble=error)
        return
    if health.faults:
        facts: dict[str, object] = {"journal": source.file, "reason": health.faults[0]}
        yield Finding("journal", trouble=Problem("JOURNAL-DAMAGED", Severity.ERROR, source, facts))
    if in_doubt:
        facts = {"n": len(in_doubt), "keys": in_doubt}
        yield Finding("journal", trouble=Problem("MAILS-UNCERTAIN", Severity.WARNING, source, facts))
    if not (health.faults or in_doubt):
        yield Finding("journal", "journal", known | {"events": health.events, "mails": health.mails})


def _folders(chosen: Settings, working: Path) -> Look:
    home = chosen.path.parent if chosen.path else working
    folders = {home, *filter(None, (chosen.outbox, chosen.archive if chosen.smtp else None))}
    shut = [folder for folder in sorted(folders) if not _may_write(folder)]
    for folder in shut:
        yield Finding("folders", trouble=RelanceError("FOLDER-SHUT", Source(file=str(folder)), folder=str(folder)))
    if not shut:
        yield Finding("folders", "folders", {"folders": [str(folder) for folder in sorted(folders)]})


def _may_write(folder: Path) -> bool:
    """Say whether a folder, or the one in which it would be made, can be written to."""
    there = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _tables(chosen: Settings, today: dt.date) -> Look:
    policy = chosen.policy
    verified = policy.charging.last_verified
    if verified and today > verified:
        facts: dict[str, object] = {"on": verified, "as_of": today}
        yield Finding("tables", trouble=Problem("RATES-UNVERIFIED", Severity.WARNING, facts=facts))
    elif not any(day.year == today.year for day in policy.holidays.get(policy.country, ())):
        facts = {"country": policy.country, "year": str(today.year)}
        yield Finding("tables", trouble=Problem("HOLIDAYS-UNKNOWN", Severity.WARNING, facts=facts))
    else:
        yield Finding("tables", "tables", {"on": verified, "country": policy.country})


def _contacts(chosen: Settings) -> Look:
    if not (path := chosen.reading.contacts):
        return
    try:
        contacts = read_contacts(path, chosen.reading.contact_columns)
    except RelanceError as error:
        yield Finding("contacts", trouble=error)
        return
    for problem in contacts.problems:
        yield Finding("contacts", trouble=problem)
    if not contacts.problems:
        yield Finding("contacts", "contacts", {"n": len(contacts.rows), "path": path})


def _mail(chosen: Settings, now: dt.datetime, sign_in: Callable[[str], None] | None) -> Look:
    if chosen.smtp is None:
        yield Finding("mail", "no_mail")
        return
    if not usable(chosen.company.email):
        yield Finding("mail", trouble=RelanceError("SENDER-UNUSABLE", address=chosen.company.email))
    try:
        if sign_in and chosen.smtp.auth == "microsoft" and source_of(chosen.smtp) == PERSON:
            microsoft_of(chosen.smtp).sign_in(sign_in)
        connection = Connection(account_of(chosen.smtp, chosen.company.email), SECONDS_FOR_AN_ANSWER)
        try:
            connection.open()
            line = connection.line()
        finally:
            connection.close()
    except RelanceError as error:
        yield Finding("mail", trouble=error)
        yield from _secret(chosen.smtp)
        return
    known = {"host": chosen.smtp.host, "port": str(chosen.smtp.port)}
    if line.certified_until and (line.certified_until - now.astimezone(dt.UTC).date()).days < SOON:
        facts = known | {"on": line.certified_until}
        yield Finding("mail", trouble=Problem("SMTP-CERTIFICATE-ENDS", Severity.WARNING, facts=facts))
    most = line.most_bytes / 1_000_000
    size = round(most) if most >= 1 else most or None
    said = {"tls": line.tls, "on": line.certified_until, "logins": list(line.logins), "size": size}
    yield Finding("mail", "mail", known | said | {"user": chosen.smtp.user or None})
    yield from _secret(chosen.smtp)


def _secret(server: Smtp) -> Look:
    """Say where the password, or what stands in its place, was found."""
    if source := source_of(server):
        facts: dict[str, object] = {"user": server.user, "client": server.client_id or None}
        kind = "secret" if server.auth == "microsoft" and source != PERSON else "password"
        yield Finding("mail", f"{kind}_{source}", facts)
