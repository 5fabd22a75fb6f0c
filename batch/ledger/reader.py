"""A Book and what relance.toml says about it → a Ledger: items, debtors, payments, past reminders, problems, and what was read."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from operator import itemgetter

import numpy as np
import pandas as pd

from batch.core.policy import Reading
from batch.core.problem import Money, Severity
from batch.core.records import Ledger, LedgerFile
from batch.ledger import amounts
from batch.ledger.columns import letter, settle
from batch.ledger.dates import Days
from batch.ledger.debtors import build_debtors
from batch.ledger.findings import Findings
from batch.ledger.header import Lines, Table, find_table, grand_totals, sort_rows
from batch.ledger.history import build_history, build_payments
from batch.ledger.items import Columns, build_items, debtor_ids, gather, status_says
from batch.ledger.sheets import Book, Cell
from batch.ledger.typed import Typed, type_columns
from batch.ledger.values import stripped


@dataclass(frozen=True)
class Found:
    """What has been found so far: the table, its lines, the items' cells by field, and the problems."""

    book: Book
    table: Table
    lines: Lines
    cells: Mapping[str, list[Cell]]
    findings: Findings


def read(book: Book, reading: Reading) -> Ledger:
    """Read the ledger in the book.

    RelanceError: NO-TABLE, SHEET-MISSING, COLUMN-MISSING, COLUMN-NOT-FOUND, COLUMN-AMBIGUOUS, FIELD-UNKNOWN, EMPTY-FILE,
    ALREADY-ANNOTATED, MOVEMENTS-LATER. Everything else that is wrong is a Problem, and the row is left out and counted.
    """
    found = _find(book, reading)
    findings, count = found.findings, len(found.lines.items)
    typed = type_columns(found.table, found.cells, count, reading, findings)
    columns = gather(found.cells, typed, count)
    debtors = debtor_ids(columns)
    left_out = typed.unreadable | _incomplete(columns, debtors, found, typed.unreadable)
    aside = status_says(columns)["aside"]
    if aside.any():
        findings.say("STATUS-SET-ASIDE", Severity.INFO, n=int(aside.sum()))
    _reconcile(found, typed)
    taken = np.flatnonzero(~left_out & ~aside)
    if not len(taken):
        findings.say("NO-ROWS", Severity.WARNING)
    ledger = _tables(found, _taken(columns, taken), [debtors[item] for item in taken.tolist()], taken, reading)
    source = replace(ledger.source, rows=int((~aside).sum()), left_out=int((left_out & ~aside).sum()))
    return replace(ledger, source=source, problems=findings.all())


def _find(book: Book, reading: Reading) -> Found:
    """Find the table, settle its columns, tell items from the other rows."""
    table = find_table(book, reading)
    match, chosen = settle(table.match, table.headings, table.rows, table.source(book, table.header_row))
    table = replace(table, match=match)
    rows = table.rows
    cells = {name: stripped(list(map(itemgetter(place), rows))) for name, place in match.columns.items()}
    lines = sort_rows(table, cells, len(rows))
    findings = Findings(book, table, lines.items)
    findings.add(chosen)
    return Found(book, table, lines, _only(cells, lines.items, len(rows)), findings)


def _only(cells: Mapping[str, list[Cell]], items: np.ndarray, count: int) -> dict[str, list[Cell]]:
    if len(items) == count:
        return dict(cells)
    places = items.tolist()
    return {name: [column[place] for place in places] for name, column in cells.items()}


def _incomplete(columns: Columns, debtors: list[str], found: Found, known_bad: np.ndarray) -> np.ndarray:
    """Find items without customer, amount or day (each a Problem), among those not yet found unreadable."""
    nobody = np.array([not debtor for debtor in debtors], dtype=bool)
    no_amount = ~(columns.given("open_balance") | columns.given("amount"))
    no_day = np.isnat(columns.days("due_date")) & np.isnat(columns.days("issue_date"))
    missing = np.zeros(columns.count, dtype=bool)
    checks = (
        ("CUSTOMER-MISSING", nobody, "customer_name"),
        ("AMOUNT-MISSING", no_amount, "amount"),
        ("DATE-MISSING", no_day, "due_date"),
    )
    for code, wanting, name in checks:
        here = wanting & ~missing & ~known_bad
        found.findings.cells(code, Severity.ERROR, name, np.flatnonzero(here).tolist(), found.cells.get(name, []))
        missing |= here
    return missing


def _reconcile(found: Found, typed: Typed) -> None:
    """Compare the file's own total with the sum of its rows, in one currency; several totals may be totals of parts."""
    field = "open_balance" if "open_balance" in typed.money else "amount"
    table, currencies = found.table, set(typed.currencies)
    rows = grand_totals(table, found.lines)
    if not rows or len(currencies) != 1:
        return
    place, currency = table.match.columns[field], next(iter(currencies))
    cells = stripped([table.rows_at(row)[place] for row in rows])
    stated = amounts.read_amounts(cells, typed.decimals[field])
    totals = stated.minor[stated.given]
    if not len(totals):
        return
    summed = int(typed.money[field].minor.sum())
    agrees = summed in totals.tolist() or summed == int(totals.sum())
    total = summed if agrees else int(totals[-1])
    found.findings.say(
        "TOTAL-AGREES" if agrees else "TOTAL-DIFFERS",
        Severity.INFO if agrees else Severity.WARNING,
        table.source(found.book, table.header_row + 1 + rows[-1], place, cells[-1]),
        total=Money(total, currency),
        summed=Money(summed, currency),
        difference=Money(total - summed, currency),
    )


def _taken(columns: Columns, taken: np.ndarray) -> Columns:
    """Return the columns of the items that are taken in."""
    if len(taken) == columns.count:
        return columns
    places = taken.tolist()
    typed = columns.typed
    kept = Typed(
        {name: amounts.Amounts(each.minor[taken], each.given[taken], ()) for name, each in typed.money.items()},
        {name: Days(each.day[taken], ()) for name, each in typed.days.items()},
        [typed.currencies[place] for place in places],
        typed.unreadable[taken],
        typed.decimals,
        typed.orders,
    )
    return Columns(
        {name: [column[place] for place in places] for name, column in columns.texts.items()}, kept, len(taken)
    )


def _ledger_file(found: Found, newest_entry: dt.date | None) -> LedgerFile:
    """Describe the file; the numbers of rows are filled in by the caller."""
    table = found.table
    matched = sorted(table.match.columns.items(), key=lambda pair: pair[1])
    return LedgerFile(
        file=found.book.file,
        sha256=found.book.sha256,
        sheet=table.sheet.name,
        header_row=table.header_row,
        last_row=table.header_row + 1 + found.lines.last,
        rows=0,
        left_out=0,
        newest_entry=newest_entry,
        columns=tuple((name, letter(place), table.headings[place]) for name, place in matched),
        has_email="email" in table.match.columns,
    )


def _tables(found: Found, columns: Columns, debtors: list[str], taken: np.ndarray, reading: Reading) -> Ledger:
    """Build the tables of the items that are taken in."""
    table, findings = found.table, found.findings
    rows = found.lines.items[taken] + table.header_row + 1
    findings.narrow(taken)
    items = build_items(columns, debtors, reading, findings, sheet=table.sheet.name, rows=rows)
    issued = items["issued"].to_numpy().astype("datetime64[s]")
    emails = [found.cells["email"][item] for item in taken.tolist()] if "email" in found.cells else []
    about = build_debtors(columns, debtors, issued, emails, findings)
    payments, history = build_payments(columns, items), build_history(columns, items)
    entries = pd.concat([items["issued"], items["paid_on"], payments["at"]]).max()
    newest = entries.date() if isinstance(entries, pd.Timestamp) else None
    return Ledger(_ledger_file(found, newest), items, about, payments, history)
