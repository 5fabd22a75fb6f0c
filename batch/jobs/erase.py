"""`relance history erase`: one customer → what the journal and the archive hold of it, shown, or taken out for good."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from batch import settings
from batch.core.problem import RelanceError
from batch.delivery.archive import Archive
from batch.journal import Journal
from batch.journal.customers import find, near
from batch.settings import Settings
from batch.words import Words, for_language

OUTPUT = "relance-out"


@dataclass(frozen=True)
class EraseResult:
    """What is held of a customer, or was; the folders that a person must clear; like names, where nothing is held."""

    customer: str
    counts: Mapping[str, int]  # events, mails, lines, balances; files: mails in the archive
    beyond: tuple[Path, ...]  # folders that Relance wrote and does not open again: workbooks, previews, plans, outboxes
    journal: str
    near: tuple[str, ...]
    words: Words


def erase(
    customer: str, config: Path | None, environment: Mapping[str, str], working: Path, *, yes: bool
) -> EraseResult:
    """Show what is held of a customer or, with `yes`, erase it.

    Raises RelanceError CUSTOMER-AMBIGUOUS, ERASE-UNSETTLED, ARCHIVE-NOT-ERASED (then the journal is untouched) or
    ERASE-BYTES-LEFT. Of an unknown customer nothing is held, and the nearest names are given.
    """
    chosen = settings.load(config, beside=None, environment=environment, working=working)
    archive = Archive(chosen.archive, chosen.company.name) if chosen.archive else None
    with Journal.open(chosen.journal_url, chosen.company.name, create=False) as journal, journal.exclusive():
        known = journal.customers()
        debtor_id = _meant(known, customer)
        held = journal.held(debtor_id)
        if held.open_mails:
            raise RelanceError("ERASE-UNSETTLED", customer=debtor_id, keys=list(held.open_mails))
        counts = {name: getattr(held, name) for name in ("events", "mails", "lines", "balances")}
        counts["files"] = len(archive.mails(debtor_id)) if archive else 0
        if yes:
            if archive:
                archive.erase(debtor_id)
            journal.erase(debtor_id)
        alike = () if debtor_id in known else tuple(near(known, customer))
        return EraseResult(
            debtor_id, counts, _beyond(chosen, working), journal.place, alike, for_language(chosen.language)
        )


def _meant(known: list[str], customer: str) -> str:
    try:
        return find(known, customer)
    except RelanceError as unknown:
        if unknown.code != "CUSTOMER-UNKNOWN":
            raise
    return customer


def _beyond(chosen: Settings, working: Path) -> tuple[Path, ...]:
    home = chosen.path.parent if chosen.path else working.absolute()
    folders = (home / OUTPUT, chosen.outbox)
    return tuple(folder for folder in folders if folder and folder.is_dir())
