"""Patterns with {fields} in relance.toml → the same pattern, or which field it should not have."""

import difflib
from collections.abc import Sequence
from string import Formatter
from urllib.parse import urlsplit

from pydantic_core import PydanticCustomError

FILE_FIELDS = ("number", "debtor_id", "company")
LINK_FIELDS = ("company_id", "debtor_id", "number", "reference", "amount", "currency")


def pay_link(written: str) -> str:
    """Return the pattern of a payment page's address; "" is none. Only https, and only known fields after the server's name."""
    if not written:
        return ""
    check_fields(written, LINK_FIELDS, "link")
    try:
        parts = urlsplit(written)
        server = parts.hostname or ""
    except ValueError:
        raise _refused("link") from None
    plain = written.isascii() and " " not in written and '"' not in written
    if parts.scheme != "https" or "." not in server or "{" in parts.netloc or "@" in parts.netloc or not plain:
        raise _refused("link")
    return written


def file_name(written: str) -> str:
    """Return the pattern of an invoice's file, below a folder; it names the invoice and stays below."""
    check_fields(written, FILE_FIELDS, "file-pattern")
    parts = written.split("/")
    strange = any(sign in written for sign in '\\:*?"<>|')
    if "{number}" not in parts[-1] or not written.lower().endswith(".pdf") or strange or {"", ".", ".."} & set(parts):
        raise _refused("file-pattern")
    return written


def check_fields(pattern: str, known: Sequence[str], expected: str) -> None:
    """Refuse a field that is not known, with the nearest that is, and braces that hold no plain name."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        raise _refused(expected) from None
    for _, field, form, conversion in parts:
        if field is None:
            continue
        if form or conversion:
            raise _refused(expected)
        if field not in known:
            near = difflib.get_close_matches(field, known, 1)
            raise _refused("field", field=field, near=near[0] if near else None, known=list(known))


def _refused(expected: str, **facts: object) -> PydanticCustomError:
    return PydanticCustomError("shape", "not a pattern", {"expected": expected, "facts": facts})
