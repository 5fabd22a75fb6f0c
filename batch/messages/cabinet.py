"""The folder of invoices and the terms of sale → the file of each invoice, found by its number and read once.

A file is looked up among those that lie in the folder, never by a path made from the ledger: whatever a number says, nothing
outside the folder can be named. Several files that may be meant, or none, are no file: a stranger's invoice is worse than none.
"""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from batch.core.policy import Attachments
from batch.core.problem import RelanceError, Source
from batch.core.records import Attachment
from batch.messages.clean import clean

PDF = "application/pdf"
_SIGNATURE = b"%PDF-"
_SIGNED_WITHIN = 1024  # some programs write a few bytes before
# What no system allows in a name, and what programs write in its place.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_INSTEAD = ("-", "_")


@dataclass(frozen=True, slots=True)
class Found:
    """What came of looking for one file: it, or why there is none (missing, several, unreadable) with the facts of that."""

    file: Attachment | None
    why: str = ""
    names: tuple[str, ...] = ()
    reason: str = ""


class Cabinet:
    """The files that may be attached; each is read once."""

    def __init__(self, wanted: Attachments) -> None:
        """Look where the settings say.

        RelanceError ATTACHMENTS-NOT-FOUND when nothing is there, ATTACHMENTS-NOT-A-FOLDER and ATTACHMENTS-NOT-A-FILE when it is the other.
        """
        self._wanted = wanted
        for path in filter(None, (wanted.invoices, wanted.terms)):
            if not os.path.exists(path):  # noqa: PTH110  never an error, whatever the settings name
                raise RelanceError("ATTACHMENTS-NOT-FOUND", Source(file=path), path=path)
        if wanted.invoices and not os.path.isdir(wanted.invoices):  # noqa: PTH112  as above
            raise RelanceError("ATTACHMENTS-NOT-A-FOLDER", Source(file=wanted.invoices), path=wanted.invoices)
        if wanted.terms and not os.path.isfile(wanted.terms):  # noqa: PTH113  as above
            raise RelanceError("ATTACHMENTS-NOT-A-FILE", Source(file=wanted.terms), path=wanted.terms)
        self._read: dict[Path, Found] = {}

    @cached_property
    def terms(self) -> Found | None:
        """The terms of sale; None when none are set."""
        return self._file(Path(self._wanted.terms)) if self._wanted.terms else None

    def invoice(self, number: str, debtor_id: str, company: str) -> Found:
        """Return the file of an invoice, by the settings' pattern; case and the way an accent is written do not matter."""
        if not clean(number):
            return Found(None, "missing")
        keys = self.names(number, debtor_id, company)
        paths = [path for key in sorted(keys) for path in self._index.get(key, ())]
        if not paths:
            return Found(None, "missing")
        if len(paths) > 1:
            return Found(None, "several", tuple(sorted(path.name for path in paths)))
        return self._file(paths[0])

    def names(self, number: str, debtor_id: str, company: str) -> frozenset[str]:
        """Return the names, as they are compared, that the file of an invoice may have."""
        values = {"number": number, "debtor_id": debtor_id, "company": company}
        return frozenset(
            _key(self._wanted.pattern.format_map({name: _in_a_name(value, sign) for name, value in values.items()}))
            for sign in _INSTEAD
        )

    @cached_property
    def _index(self) -> dict[str, list[Path]]:
        """The files of the folder by their names below it; links that lead out of it are not among them."""
        folder = Path(self._wanted.invoices)
        inside = folder.resolve()
        index: dict[str, list[Path]] = {}
        for path in _files(folder, self._wanted.pattern.count("/")):
            if path.is_symlink() and not path.resolve().is_relative_to(inside):
                continue
            index.setdefault(_key(path.relative_to(folder).as_posix()), []).append(path)
        return index

    def _file(self, path: Path) -> Found:
        if path not in self._read:
            self._read[path] = _opened(path, self._wanted.max_bytes)
        return self._read[path]


def _files(folder: Path, depth: int) -> Iterator[Path]:
    """Yield the files that lie exactly `depth` folders below; folders that are links are not entered."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if depth and entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path), depth - 1)
        elif not depth and not entry.is_dir():
            yield Path(entry.path)


def _opened(path: Path, limit: int) -> Found:
    """Return a file that can be read and is a PDF; one that is too large for any mail is not read."""
    name = clean(path.name)
    try:
        if not path.is_file():
            return Found(None, "unreadable", (name,), "not-a-file")
        size = path.stat().st_size
        if size > limit:
            return Found(Attachment(name, PDF, size, "", str(path)))
        content = path.read_bytes()
    except OSError as error:
        return Found(None, "unreadable", (name,), error.strerror or type(error).__name__)
    if _SIGNATURE not in content[:_SIGNED_WITHIN]:
        return Found(None, "unreadable", (name,), "no-pdf")
    return Found(Attachment(name, PDF, len(content), hashlib.sha256(content).hexdigest(), str(path)))


def _in_a_name(value: str, instead: str) -> str:
    return _FORBIDDEN.sub(instead, clean(value))


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
