"""A mail that left → its .eml in the customer's folder of the archive, so that years later it can be shown what was said.

What left is known there, too, when the journal has forgotten it: see `unremembered`.

The archive never stops or repeats a mail: what could not be filed is remembered and told once, at the end.
"""

import datetime as dt
import os
import shutil
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from batch.core.problem import Problem, RelanceError, Severity, Source
from batch.delivery.compose import Mail
from batch.delivery.eml import file_stem, read_stem, slug, write_new
from batch.settings import Settings

EVENTS_FILE = "events.csv"


class Filed(NamedTuple):
    """A mail in the archive, as its file's name tells: whose, of which day, and the eight digits of its Message-ID."""

    debtor_id: str
    day: dt.date
    mark: str


class Archive:
    """The mails of one company, in a folder for each customer: <folder>/<customer>/<date>-<step>-<8 digits>.eml."""

    def __init__(self, folder: Path, company: str) -> None:
        """Take the folder; it is made with the first mail."""
        self.folder = folder
        self.company = company
        self._failed: list[str] = []

    def place(self, debtor_id: str) -> Path:
        """Return the customer's folder: readable, and another for each customer whatever its id holds."""
        mark = sha256(f"{self.company}\x1f{debtor_id}".encode("utf-8", "replace")).hexdigest()[:8]
        return self.folder / "-".join(filter(None, [slug(debtor_id), mark]))

    def keep(self, mail: Mail, debtor_id: str, step: str) -> Path | None:
        """File a mail that left, or perhaps left, and return where; None when that failed, which is told at the end."""
        place = self.place(debtor_id)
        try:
            place.mkdir(parents=True, exist_ok=True)
            # The journal has the text on the disk already; a second wait for each mail would double the time that it takes.
            return write_new(place, file_stem(mail, slug(step) or "mail"), mail.as_bytes(), at_once=False)
        except OSError as error:
            self._failed.append(error.strerror or str(error))
            return None

    def problems(self) -> tuple[Problem, ...]:
        """Return what could not be filed, as one problem."""
        if not self._failed:
            return ()
        facts = {"n": len(self._failed), "folder": str(self.folder), "reason": self._failed[0]}
        return (Problem("ARCHIVE-NOT-WRITTEN", Severity.WARNING, Source(file=str(self.folder)), facts),)

    def filed(self, debtor_ids: Iterable[str]) -> Iterator[Filed]:
        """Yield the mails of these customers by the names of their files; nothing is opened, and none is an error."""
        there = frozenset(_names(self.folder))
        for debtor_id in debtor_ids if there else ():
            place = self.place(debtor_id)
            for name in _names(place) if place.name in there else ():
                if known := read_stem(name):
                    yield Filed(debtor_id, *known)

    def mails(self, debtor_id: str) -> list[Path]:
        """Return a customer's mails."""
        return sorted(self.place(debtor_id).glob("*.eml"))

    def events_file(self, debtor_id: str) -> Path:
        """Return where what the journal knows of a customer is kept beside its mails."""
        return self.place(debtor_id) / EVENTS_FILE

    def events_files(self) -> list[Path]:
        """Return all such files, of whichever company."""
        return sorted(self.folder.glob(f"*/{EVENTS_FILE}"))

    def erase(self, debtor_id: str) -> None:
        """Delete a customer's folder; raises RelanceError ARCHIVE-NOT-ERASED."""
        place = self.place(debtor_id)
        try:
            if place.is_dir():
                shutil.rmtree(place)
        except OSError as error:
            raise RelanceError(
                "ARCHIVE-NOT-ERASED", Source(file=str(place)), reason=error.strerror or str(error)
            ) from error


def _names(folder: Path) -> list[str]:
    """Return the names of what lies in a folder, in order; none where it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries)
    except OSError:
        return []


def archive_of(chosen: Settings) -> Archive | None:
    """Return where the mails that leave are filed: none without a server, whose folder of mails is the copy."""
    return Archive(chosen.archive, chosen.company.name) if chosen.smtp and chosen.archive else None
