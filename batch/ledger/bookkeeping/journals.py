"""Bookkeeping files with columns of their own (FEC, DATEV) → the entries on customers' accounts, as cells by field."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from batch.core.problem import Money, Problem, RelanceError, Severity, Source
from batch.ledger.bookkeeping import datev, fec, fec_rows
from batch.ledger.bookkeeping.chart import ACCOUNTS, told_by_accounts
from batch.ledger.cells import amounts
from batch.ledger.files.sheets import Book, Cell
from batch.ledger.table.header import Table
from batch.ledger.table.lines import Lines
from batch.ledger.values import stripped, texts


@dataclass(frozen=True)
class Entries:
    """The entries on customers' accounts: their cells by field, their places under the headings, and what was found out."""

    cells: Mapping[str, list[Cell]]
    lines: Lines
    problems: list[Problem] = field(default_factory=list)
    lost: int = 0  # rows that could not be put together again


def entries(book: Book, table: Table) -> Entries | None:
    """Return the customers' entries of a FEC or a DATEV batch; None for any other table.

    RelanceError NO-CUSTOMER-ACCOUNTS when the file holds none.
    """
    if at := fec.places(table.headings):
        return _of_fec(book, table, at)
    if (batch := datev.batch(table.sheet, Source(book.file, table.sheet.name))) is not None:
        return _of_datev(book, table, batch)
    return None


def _of_fec(book: Book, table: Table, at: Mapping[str, int]) -> Entries:
    """Return the entries of a FEC (its columns: `at`) on customers' accounts, the customer named by the auxiliary account."""
    width = max(at.values()) + 1
    end = next(
        (place for place, heading in enumerate(table.headings) if place >= width and heading), len(table.headings)
    )
    found = fec_rows.mend(table.rows, at, width, end)
    account = _accounts([row[at["account"]] for row in found.rows])
    kept = [place for place, number in enumerate(account) if number.startswith(ACCOUNTS)]
    others = sum(number != "" for number in account) - len(kept)
    if not kept:
        raise RelanceError(
            "NO-CUSTOMER-ACCOUNTS", table.source(book, table.header_row), n=others, accounts=", ".join(ACCOUNTS)
        )
    cells = {
        name: stripped([found.rows[place][column] for place in kept]) for name, column in table.match.columns.items()
    }
    own = {
        name: texts(stripped([found.rows[place][at[name]] for place in kept]))
        for name in ("account", "entry_date", "account_name")
        if name in at
    }
    nobody = [kept[place] for place in _identify(cells, own)]
    if "issue_date" in cells:
        days = [found.rows[place][at["entry_date"]] for place in kept]
        cells["issue_date"] = [
            day if day != "" else entry for day, entry in zip(cells["issue_date"], stripped(days), strict=True)
        ]
    cells |= told_by_accounts(own["account"], own.get("account_name", own["account"]))
    problems = _said_of_fec(book, table, found, at, kept, others, nobody)
    return Entries(cells, _lines(found.rows, kept), problems, len(found.broken))


def _accounts(cells: Sequence[Cell]) -> list[str]:
    return texts(stripped(cells))


def _identify(cells: dict[str, list[Cell]], own: Mapping[str, Sequence[str]]) -> list[int]:
    """Name the customer by the auxiliary account, else by the account itself; return the rows that only name 411000."""
    ids, names = texts(cells["customer_id"]), texts(cells.get("customer_name") or [""] * len(own["account"]))
    labels = own.get("account_name", [""] * len(ids))
    cells["customer_id"] = [number or account for number, account in zip(ids, own["account"], strict=True)]
    cells["customer_name"] = [
        name or ("" if number else label) for number, name, label in zip(ids, names, labels, strict=True)
    ]
    pairs = zip(ids, own["account"], strict=True)
    return [place for place, (number, account) in enumerate(pairs) if not number and not account[3:].strip("0")]


def _lines(rows: Sequence[Sequence[Cell]], kept: Sequence[int]) -> Lines:
    last = next((place for place in range(len(rows) - 1, -1, -1) if any(cell != "" for cell in rows[place])), -1)
    return Lines(np.array(kept, dtype="int64"), (), last)


def _said_of_fec(
    book: Book,
    table: Table,
    found: fec_rows.Mended,
    at: Mapping[str, int],
    kept: Sequence[int],
    others: int,
    nobody: Sequence[int],
) -> list[Problem]:
    whole, first = table.source(book), table.header_row + 1
    siren, closing = fec.of_file_name(book.file)
    said = [
        Problem(
            "FEC-READ", Severity.INFO, whole, {"n": len(kept), "others": others, "siren": siren, "closing": closing}
        )
    ]
    if found.mended:
        where = table.source(book, first + found.mended[0])
        said.append(Problem("FEC-ROWS-MENDED", Severity.WARNING, where, {"n": len(found.mended)}))
    said += [
        Problem("FEC-ROW-BROKEN", Severity.ERROR, table.source(book, first + place)) for place in found.broken[:100]
    ]
    debit, credit = _sides_of(found.rows, at)
    if debit not in {credit, -credit}:
        facts = {"debit": Money(debit, ""), "credit": Money(abs(credit), "")}
        said.append(Problem("ENTRIES-UNBALANCED", Severity.WARNING, whole, facts))
    if nobody:
        where = table.source(book, first + nobody[0], at["account"], found.rows[nobody[0]][at["account"]])
        said.append(Problem("CUSTOMERS-UNNAMED", Severity.WARNING, where, {"n": len(nobody)}))
    if foreign := _filled(found.rows, kept, at.get("foreign_currency"), {"", "EUR"}):
        where = table.source(book, first + foreign[0], at["foreign_currency"])
        said.append(Problem("FEC-FOREIGN", Severity.INFO, where, {"n": len(foreign)}))
    return said


def _filled(
    rows: Sequence[Sequence[Cell]], kept: Sequence[int], place: int | None, nothing: Collection[str]
) -> list[int]:
    """Return the kept rows in which a column (None: not there) holds something."""
    return [] if place is None else [row for row in kept if str(rows[row][place]).strip() not in nothing]


def _sides_of(rows: Sequence[Sequence[Cell]], at: Mapping[str, int]) -> tuple[int, int]:
    """Return all debits and all credits of the file, which must be equal: else rows are missing or were misread."""
    if "debit" in at and "credit" in at:
        debit, credit = (_sum(stripped([row[at[name]] for row in rows])) for name in ("debit", "credit"))
        return debit, credit
    sides: dict[bool, list[Cell]] = {False: [], True: []}
    for row in rows:
        sides[str(row[at["side"]]).strip()[:1].upper() in {"C", "-"}].append(row[at["amount"]])
    debit, credit = (_sum(stripped(column)) for column in sides.values())
    return debit, credit


def _sum(cells: Sequence[Cell]) -> int:
    """Return the sum of a column in cents; each distinct cell is read once."""
    times = Counter(cells)
    distinct = list(times)
    decimals, _ = amounts.decide({"": distinct}, "")
    read = amounts.read_amounts(distinct, decimals[""]).minor.tolist()
    return sum(minor * count for minor, count in zip(read, times.values(), strict=True))


def _of_datev(book: Book, table: Table, batch: datev.Batch) -> Entries:
    """Return a movement for each side of an entry that is a customer's; both sides may be."""
    at, rows = datev.places(table.headings), table.rows
    account, contra = (_accounts([row[at[name]] for row in rows]) for name in ("customer_id", "contra"))
    sides = [(place, number, False) for place, number in enumerate(account) if batch.is_customer(number)]
    sides += [(place, number, True) for place, number in enumerate(contra) if batch.is_customer(number)]
    sides.sort(key=lambda each: each[0])
    filled = sum(number != "" for number in account)
    if not sides:
        low, high = "1" + "0" * batch.length, "6" + "9" * batch.length
        raise RelanceError(
            "NO-CUSTOMER-ACCOUNTS", table.source(book, table.header_row), n=filled, accounts=f"{low} – {high}"
        )
    kept = [place for place, _, _ in sides]
    cells = {name: stripped([rows[place][column] for place in kept]) for name, column in table.match.columns.items()}
    cells["customer_id"] = [number for _, number, _ in sides]
    reversed_ = [
        turned ^ (at.get("reversal") is not None and str(rows[place][at["reversal"]]).strip() not in {"", "0"})
        for place, _, turned in sides
    ]
    cells["side"] = [_turned(cell) if turned else cell for cell, turned in zip(cells["side"], reversed_, strict=True)]
    cells["issue_date"] = [batch.day(cell) or cell for cell in cells["issue_date"]]
    cells["due_date"] = (
        [batch.day(cell) or cell for cell in cells["due_date"]] if "due_date" in cells else [""] * len(kept)
    )
    if "currency" in cells and batch.currency:
        cells["currency"] = [cell or batch.currency for cell in cells["currency"]]
    facts = {"n": len(kept), "others": filled - len(set(kept))}
    said = [Problem("DATEV-READ", Severity.INFO, table.source(book), facts)]
    if discounts := _filled(rows, kept, at.get("discount"), {"", "0", "0,00"}):
        where = table.source(book, table.header_row + 1 + discounts[0], at["discount"])
        said.append(Problem("DATEV-DISCOUNT", Severity.WARNING, where, {"n": len(discounts)}))
    return Entries(cells, _lines(rows, kept), said)


def _turned(cell: Cell) -> Cell:
    return {"S": "H", "H": "S"}.get(str(cell).strip().upper(), cell)
