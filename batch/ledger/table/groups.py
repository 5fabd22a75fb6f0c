"""Rows under the headings → the customers who stand on lines of their own above their invoices ("411DURAND  Durand SARL")."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from batch.ledger.cells import dates
from batch.ledger.files.sheets import Cell
from batch.ledger.table.aged_headings import Bucket, span_of
from batch.ledger.table.columns import Match, match_headings
from batch.ledger.table.marks import (
    WHO,
    HeadingRows,
    Marks,
    columns_of,
    marks_of,
    repeats_headings,
    starred,
    total_words,
    true_days,
)
from batch.ledger.vocabulary import plain

_LOOKED_AT = 300  # rows from which a table without a customer's column is judged
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
class Group:
    """A customer's line: its 0-based position under the headings (-1: above them), number and name, "" where it has none."""

    position: int
    number: str
    name: str


@dataclass(frozen=True)
class Groups:
    """The customers' lines, in order; `doubtful`: several lines of text stand above the invoices, and one was chosen."""

    lines: tuple[Group, ...]
    doubtful: bool = False


NO_GROUPS = Groups(())


@dataclass(frozen=True)
class Label:
    """A line of text above invoices: its position, its texts with "Client :" taken off, and whether that stood there."""

    position: int
    texts: tuple[str, ...]
    labelled: bool


def looks_grouped(
    rows: Sequence[Sequence[Cell]], start: int, match: Match, buckets: Sequence[Bucket], heading_rows: HeadingRows
) -> bool:
    """Say whether lines of their own name the customers of the first rows under a table's headings; `start` is their end."""
    above, rows = rows[max(start - _LOOKED_AT, 0) : start - len(heading_rows)], rows[start : start + _LOOKED_AT]
    cells = columns_of(rows, match)
    marks = marks_of(cells, len(rows), rows, buckets)
    headings = frozenset(place for place, row in enumerate(rows) if repeats_headings(row, heading_rows))
    return bool(find_groups(rows, above, cells, marks, match, buckets, headings).lines)


def find_groups(
    rows: Sequence[Sequence[Cell]], above: Sequence[Sequence[Cell]], cells: dict[str, list[Cell]], marks: Marks, match: Match,
    buckets: Sequence[Bucket], headings: frozenset[int],
) -> Groups:  # fmt: skip
    """Return the lines that name the customer of the items under them, where items lack one.

    `headings` are positions of repeated headings, `above` the rows over the table, the nearest last. A line straight above
    items counts; where all stand above repeated headings (a table for each customer) these count.
    """
    days = true_days(cells, marks)
    number = marks.number & ~_labels_in_numbers(rows, match, marks, days)
    sure = marks.money & (days | number)
    lacking = sure & ~marks.who
    if not lacking.any():
        return NO_GROUPS
    money = {match.columns[name] for name in ("open_balance", "amount", "amount_paid") if name in match.columns}
    money |= {bucket.place for bucket in buckets}
    walk = _Walk(rows, above, sure, money, headings)
    straight: list[list[Label]] = []
    beyond: list[list[Label]] = []
    for start in np.flatnonzero(lacking & ~np.concatenate([[False], sure[:-1]])).tolist():
        run, crossed = walk.labels_above(start)
        if run:
            (beyond if crossed else straight).append(run)
    runs = [*straight, *_alike(straight, beyond, above)] if straight else _different(beyond)
    return _chosen(runs) if runs else NO_GROUPS


def _labels_in_numbers(rows: Sequence[Sequence[Cell]], match: Match, marks: Marks, days: np.ndarray) -> np.ndarray:
    """Find lines whose number column holds a label: words or an account, without a day, first on their row."""
    found = np.zeros(len(rows), dtype=bool)
    place = match.columns.get("invoice_number")
    if place is None:
        return found
    for position in np.flatnonzero(marks.number & ~days & ~marks.who).tolist():
        text = rows[position][place]
        first = next((cell for cell in rows[position] if cell != ""), "")
        found[position] = first == text and isinstance(text, str) and (" " in text.strip() or text.startswith("41"))
    return found


@dataclass(frozen=True)
class _Walk:
    """Goes up from an item to the lines of text above it."""

    rows: Sequence[Sequence[Cell]]
    above: Sequence[Sequence[Cell]]
    sure: np.ndarray
    money: set[int]
    headings: frozenset[int]

    def labels_above(self, start: int) -> tuple[list[Label], bool]:
        """Return the lines of text right above an item, the nearest last, and whether headings stood between."""
        crossed, run = start == 0, []
        position = start - 1
        while position >= 0 and (kind := self._passed(position)):
            crossed |= kind == "headings" or position == 0
            position -= 1
        while position >= 0 and (label := self._label(position)) is not None:
            run.append(label)
            position -= 1
        if position < 0 and crossed and not run:
            run = list(self._over_the_table())
        return run[::-1], crossed

    def _passed(self, position: int) -> str:
        if position in self.headings:
            return "headings"
        if self.sure[position]:
            return ""
        texts = [cell for cell in self.rows[position] if cell != ""]
        if not texts:
            return "blank"
        return "bucket" if isinstance(texts[0], str) and _names_bucket(texts[0]) else ""

    def _label(self, position: int) -> Label | None:
        return (
            None
            if self.sure[position] or position in self.headings
            else label_of(self.rows[position], self.money, position)
        )

    def _over_the_table(self) -> Iterator[Label]:
        """The line next above the headings, and labelled ones over it ("Client : Durand")."""
        labels = (label_of(row, self.money, -1) for row in reversed(self.above) if any(cell != "" for cell in row))
        found = [label for label in labels if label is not None]
        labelled = [label for label in found if label.labelled]
        yield from labelled[:1] or found[:1]


def label_of(row: Sequence[Cell], money: set[int], position: int) -> Label | None:
    """Return the line when it holds a few words and, at most, amounts; None for totals, pages and anything else."""
    others: Sequence[Cell] = [cell for place, cell in enumerate(row) if cell != "" and place not in money]
    others = others or [cell for cell in row if isinstance(cell, str) and any(map(str.isalpha, cell))][:1]
    if not others or len(others) > _MOST_TEXTS or any(total_words(cell) or starred(cell) for cell in row):
        return None
    texts = tuple(_whole(cell) for cell in others)
    if not all(texts) or not _names_somebody(texts[0]) or any(dates.understand(text) is not None for text in texts):
        return None
    if is_page_line(texts[0]) or _names_bucket(texts[0]):
        return None
    texts, labelled = _unlabelled(texts)
    return Label(position, texts, labelled) if texts else None


def _names_somebody(text: str) -> bool:
    """Say whether a text has letters, or is an account in figures; an amount is none."""
    return any(map(str.isalpha, text)) or _ACCOUNT.fullmatch(text) is not None


def _names_bucket(text: str) -> bool:
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


def _different(runs: list[list[Label]]) -> list[list[Label]]:
    """Return the runs above repeated headings, unless all say the same: that is the title of the pages."""
    nearest = {run[-1].texts for run in runs}
    return runs if len(nearest) > 1 or any(label.labelled for run in runs for label in run) else []


def _alike(
    straight: list[list[Label]], beyond: list[list[Label]], above: Sequence[Sequence[Cell]]
) -> list[list[Label]]:
    """Return the runs above repeated headings that are customers' lines too, of the form of those straight above items.

    A page may break right under a customer's line; what stands over the table, or over several pages, is their title.
    """
    titles = {cell.strip() for row in above for cell in row if isinstance(cell, str)}
    times = Counter(run[-1].texts for run in beyond)
    marked = all(_marked(run[-1]) for run in straight)
    cells = {len(run[-1].texts) for run in straight}
    return [
        run[-1:]
        for run in beyond
        if times[run[-1].texts] == 1
        and titles.isdisjoint(run[-1].texts)
        and _marked(run[-1]) == marked
        and len(run[-1].texts) in cells
    ]


def _chosen(runs: list[list[Label]]) -> Groups:
    """Return one line of each run: the labelled or numbered one, else the first of equally long runs, else the nearest."""
    doubtful = False
    if all(len(run) == 1 for run in runs):
        chosen = [run[0] for run in runs]
    elif all(sum(_marked(label) for label in run) == 1 for run in runs):
        chosen = [next(label for label in run if _marked(label)) for run in runs]
    else:
        doubtful = True
        first = len({len(run) for run in runs}) == 1
        chosen = [run[0 if first else -1] for run in runs]
    chosen.sort(key=lambda label: label.position)
    return Groups(tuple(parted(chosen)), doubtful)


def _marked(label: Label) -> bool:
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
