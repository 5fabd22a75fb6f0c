"""A filled template → the subject and the blocks of the body: paragraphs, and the places of tables.

A wording is plain text: its first line is `Subject: …`, an empty line ends a paragraph, a line stays a line. A table
is put in through a variable that writes one private-use character; values of the ledger never hold such a character.
"""

import re
from collections.abc import Iterator

STATEMENT, OTHERS, PAYMENT, CHARGES, INSTALMENTS = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
MARKS = (STATEMENT, OTHERS, PAYMENT, CHARGES, INSTALMENTS)
SUBJECT, BODY = "\ue010", "\ue011"  # where the layout of the HTML form takes them

Paragraph = tuple[str, ...]
Block = Paragraph | str  # the lines of a paragraph, or one of MARKS

_SUBJECT = re.compile(r"\s*subject[ \xa0]?:(.*)", re.IGNORECASE)
# French puts a no-break space before high punctuation and inside quotation marks; nobody types it in a template.
_NO_BREAKS = {"fr": [(pair, pair.replace(" ", "\N{NO-BREAK SPACE}")) for pair in ("« ", " »", " :", " ;", " ?", " !")]}


class SubjectMissingError(ValueError):
    """The first line of a wording is not `Subject: …`."""


def read_wording(written: str, language: str) -> tuple[str, list[Block]]:
    """Return the subject, one line, and the blocks of the body; SubjectMissingError without a subject."""
    first, _, body = typeset(written.replace("\r\n", "\n"), language).strip().partition("\n")
    subject = _SUBJECT.fullmatch(first)
    if subject is None or not (line := subject[1].strip()):
        raise SubjectMissingError
    return line, list(_blocks(body))


def typeset(written: str, language: str) -> str:
    """Return a text with single spaces, and with the no-break spaces of its language."""
    written = written.replace("\t", " ")
    while "  " in written:  # where a fact is unknown
        written = written.replace("  ", " ")
    for plain, kept in _NO_BREAKS.get(language, ()):
        written = written.replace(plain, kept)
    return written


def _blocks(body: str) -> Iterator[Block]:
    """Yield the blocks; a mark stands alone, text around it on the same line makes paragraphs of its own."""
    for mark in MARKS:
        body = body.replace(mark, f"\n{mark}\n")
    lines: list[str] = []
    for line in body.split("\n"):
        text = line.strip(" ")
        if text and text not in MARKS:
            lines.append(text)
            continue
        if lines:
            yield tuple(lines)
            lines = []
        if text:
            yield text
    if lines:
        yield tuple(lines)
