"""A row of a few words ("Client : 411DURAND  Durand SARL") → the customer's line it may be: its texts, number and name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from batch.ledger.cells import dates
from batch.ledger.files.sheets import Cell
from batch.ledger.table.aged_headings import span_of
from batch.ledger.table.columns import match_headings
from batch.ledger.table.marks import WHO, starred, total_words
from batch.ledger.vocabulary import plain

_MOST_TEXTS = 3  # texts on a customer's line: number, name, town
_PAGE = re.compile(r"(page|folio|edite|edition|imprime|printed|date|le) .*\d|page|suite|continued")
_LABELLED = re.compile(r"\s*([^:]{2,30}?)\s*:\s*(.*)", re.DOTALL)
# "411DURAND  Durand SARL", "C0012 - Durand", "41100012 Durand SARL": a number, then a name behind two spaces, a dash or,
# for a number that looks like an account, one space.
_NUMBER = r"[A-Z0-9][A-Z0-9._/-]*"
_NUMBER_AND_NAME = re.compile(rf"(?P<number>{_NUMBER})(?:\s{{2,}}|\s*\t\s*|\s+[-–—:|]\s+|\s*:\s+)(?P<name>\S.*)")
_ACCOUNT_AND_NAME = re.compile(r"(?P<number>[CF]?4\d{2}[A-Z0-9]{2,}|[A-Z]{1,4}\d{2,}[A-Z0-9]*|\d{4,})\s+(?P<name>\S.*)")
_ACCOUNT = re.compile(r"\d{3,12}")
_NUMBER_ALONE = re.compile(rf"(?=.*\d){_NUMBER}|4\d{{2}}[A-Z]\w*")


@dataclass(frozen=True)
class Label:
    """A line of text above invoices: its position, its texts with "Client :" taken off, and whether that stood there."""

    position: int
    texts: tuple[str, ...]
    labelled: bool


@dataclass(frozen=True)
class Group:
    """A customer's line: its 0-based position under the headings (-1: above them), number and name, "" where it has none."""

    position: int
    number: str
    name: str


def label_of(row: Sequence[Cell], money: set[int], position: int) -> Label | None:
    """Return the line when it holds a few words and, at most, amounts; None for totals, pages and anything else."""
    others: Sequence[Cell] = [cell for place, cell in enumerate(row) if cell != "" and place not in money]
    others = others or [cell for cell in row if isinstance(cell, str) and any(map(str.isalpha, cell))][:1]
    if not others or len(others) > _MOST_TEXTS or any(total_words(cell) or starred(cell) for cell in row):
        return None
    texts = tuple(_whole(cell) for cell in others)
    if not all(texts) or not _names_somebody(texts[0]) or any(dates.understand(text) is not None for text in texts):
        return None
    if is_page_line(texts[0]) or names_bucket(texts[0]):
        return None
    texts, labelled = _unlabelled(texts)
    return Label(position, texts, labelled) if texts else None


def _names_somebody(text: str) -> bool:
    """Say whether a text has letters, or is an account in figures; an amount is none."""
    return any(map(str.isalpha, text)) or _ACCOUNT.fullmatch(text) is not None


def names_bucket(text: str) -> bool:
    """Say whether a line is the heading of a bucket ("31-60"); figures alone are a customer's number."""
    return not text.isdecimal() and span_of(text) is not None


def is_page_line(text: str) -> bool:
    """Say whether a line belongs to the printed page ("Page 2/3", "Édité le 03/11/2026")."""
    return _PAGE.fullmatch(plain(text)) is not None


def _whole(cell: Cell) -> str:
    """Return a text, or a whole number as one (a customer's number stands as a number); "" for anything else."""
    if isinstance(cell, float) and cell.is_integer() and cell > 0:
        return str(int(cell))
    return cell.strip() if isinstance(cell, str) else ""


def _unlabelled(texts: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """Take off "Client :" in front, in the same cell or in one of its own."""
    found = _LABELLED.fullmatch(texts[0])
    if found and _means_customer(found[1]):
        rest = (found[2].strip(), *texts[1:])
        return tuple(text for text in rest if text), True
    if len(texts) > 1 and _means_customer(texts[0]):
        return texts[1:], True
    return texts, False


def _means_customer(words: str) -> bool:
    return bool(match_headings([words], {}).columns.keys() & set(WHO))


def is_marked(label: Label) -> bool:
    """Say whether a line says by itself that it is a customer's: "Client :", or a number in front."""
    return label.labelled or bool(_NUMBER_AND_NAME.fullmatch(label.texts[0]) or _NUMBER_ALONE.fullmatch(label.texts[0]))


def parted(labels: Sequence[Label]) -> Iterator[Group]:
    """Part number and name of customers' lines in one way for all lines: two cells, or one cell whose form allows it everywhere."""
    if all(len(label.texts) > 1 and _NUMBER_ALONE.fullmatch(label.texts[0]) for label in labels):
        yield from (Group(label.position, label.texts[0], label.texts[1]) for label in labels)
        return
    for form in (_NUMBER_AND_NAME, _ACCOUNT_AND_NAME):
        found = [form.fullmatch(label.texts[0]) for label in labels]
        if all(match and any(map(str.isdigit, match["number"])) for match in found):
            parts = [match.groupdict() for match in found if match]
            yield from (
                Group(label.position, part["number"], part["name"].strip())
                for label, part in zip(labels, parts, strict=True)
            )
            return
    for label in labels:
        alone = len(label.texts) == 1 and _NUMBER_ALONE.fullmatch(label.texts[0])
        yield Group(label.position, label.texts[0] if alone else "", "" if alone else label.texts[0])
