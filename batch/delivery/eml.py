"""A mail's bytes → a new .eml file, whole or not at all, never over another."""

import datetime as dt
import os
import re
import unicodedata
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from batch.delivery.compose import Mail

_NAME = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)-.+-(?P<mark>[0-9a-f]{8})(-\d+)?\.eml")


def write_new(folder: Path, stem: str, content: bytes, *, at_once: bool = True) -> Path:
    """Write <stem>.eml, or <stem>-2.eml where there is one, and return it; raises OSError.

    With `at_once` it is on the disk when this returns, else when the system comes to it.
    """
    target, file = _new(folder, stem)
    try:
        with file:
            file.write(content)
            if at_once:
                file.flush()
                os.fsync(file.fileno())
    except OSError:
        target.unlink(missing_ok=True)
        raise
    return target


def file_stem(mail: Mail, middle: str) -> str:
    """Return a mail's name for people: its day, what it is about, and eight digits of its Message-ID."""
    return f"{mail.at:%Y-%m-%d}-{middle}-{mark_of(mail.message_id)}"


def mark_of(message_id: str) -> str:
    """Return the eight digits by which a mail's file is known."""
    return sha256(message_id.encode()).hexdigest()[:8]


def read_stem(name: str) -> tuple[dt.date, str] | None:
    """Return the day and the eight digits that `file_stem` gave to a file; None for one of another name."""
    found = _NAME.fullmatch(name)
    try:
        return (dt.date.fromisoformat(found["day"]), found["mark"]) if found else None
    except ValueError:
        return None


def slug(text: str) -> str:
    """Return a text as a part of a file's name: small letters, figures and hyphens, at most 40; "" when nothing is left."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:40]


def _new(folder: Path, stem: str) -> tuple[Path, BinaryIO]:
    """Return a file that was not there before, open for writing."""
    number = 1
    while True:
        target = folder / (f"{stem}.eml" if number == 1 else f"{stem}-{number}.eml")
        try:
            return target, target.open("xb")
        except FileExistsError:
            number += 1
