"""Rows under the headings → the customers who stand on lines of their own above their invoices ("411DURAND  Durand SARL")."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from batch.ledger.files.sheets import Cell
from batch.ledger.table.aged_headings import Bucket
from batch.ledger.table.columns import Match
from batch.ledger.table.labels import Group, Label, is_marked, label_of, names_bucket, parted
from batch.ledger.table.marks import HeadingRows, Marks, columns_of, marks_of, repeats_headings, true_days

_LOOKED_AT = 300  # rows from which a table without a customer's column is judged


@dataclass(frozen=True)
class Groups:
    """The customers' lines, in order; `doubtful`: several lines of text stand above the invoices, and one was chosen."""

    lines: tuple[Group, ...]
    doubtful: bool = False


NO_GROUPS = Groups(())


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
        return "bucket" if isinstance(texts[0], str) and names_bucket(texts[0]) else ""

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
    marked = all(is_marked(run[-1]) for run in straight)
    cells = {len(run[-1].texts) for run in straight}
    return [
        run[-1:]
        for run in beyond
        if times[run[-1].texts] == 1
        and titles.isdisjoint(run[-1].texts)
        and is_marked(run[-1]) == marked
        and len(run[-1].texts) in cells
    ]


def _chosen(runs: list[list[Label]]) -> Groups:
    """Return one line of each run: the labelled or numbered one, else the first of equally long runs, else the nearest."""
    doubtful = False
    if all(len(run) == 1 for run in runs):
        chosen = [run[0] for run in runs]
    elif all(sum(is_marked(label) for label in run) == 1 for run in runs):
        chosen = [next(label for label in run if is_marked(label)) for run in runs]
    else:
        doubtful = True
        first = len({len(run) for run in runs}) == 1
        chosen = [run[0 if first else -1] for run in runs]
    chosen.sort(key=lambda label: label.position)
    return Groups(tuple(parted(chosen)), doubtful)
