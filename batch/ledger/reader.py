"""A Book and what relance.toml says about it → a Ledger: items, debtors, payments, past reminders, problems, and what was read."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from batch.core.policy import Reading
from batch.core.problem import Severity
from batch.core.records import ColumnUse, Ledger, LedgerFile
from batch.ledger.bookkeeping import books, chart, journals, movements, openings, signs, statuses
from batch.ledger.cells import amounts
from batch.ledger.cells.dates import Days
from batch.ledger.cells.numbers import lost_numbers
from batch.ledger.cells.paidwords import flags_as_status, note_struck, settled_in_words, with_flags
from batch.ledger.cells.partpayments import added_payments
from batch.ledger.cells.plausible import note_odd_days
from batch.ledger.cells.typed import type_columns
from batch.ledger.customers.debtors import build_debtors
from batch.ledger.customers.enriched import Directory, enrich, open_directory
from batch.ledger.files.sheets import Book, Cell
from batch.ledger.history import build_history, build_payments
from batch.ledger.items import Columns, build_items, debtor_ids, gather, status_says
from batch.ledger.reconcile import reconcile
from batch.ledger.table.arrange import Arranged, arrange
from batch.ledger.table.choice import find_table
from batch.ledger.table.columns import letter, settle
from batch.ledger.table.faults import nobody_in_error, refuse_uncalculated, shifted_rows
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table, grouped_without_numbers
from batch.ledger.table.lines import Lines, sort_rows
from batch.ledger.table.marks import WHO, columns_of
from batch.ledger.table.scale import refuse_thousands
from batch.ledger.table.totals import compare_totals
from batch.ledger.table.unnamed import named_customers
from batch.ledger.table.uses import column_uses
from batch.ledger.values import stripped


@dataclass(frozen=True)
class Found:
    """What has been found so far: the table, its lines, the items' cells by field, and the problems."""

    book: Book
    table: Table
    lines: Lines
    cells: Mapping[str, list[Cell]]
    findings: Findings
    uses: tuple[ColumnUse, ...]
    arranged: Arranged | None = None  # None: entries of a bookkeeping file
    lost: int = 0  # rows of which nothing could be made


def read(book: Book, reading: Reading) -> Ledger:
    """Read the ledger in the book.

    RelanceError: those of choice.find_table, daycolumns and moneycolumns, AMOUNTS-IN-THOUSANDS, COLUMN-AMBIGUOUS, NOT-CALCULATED, STATED-DAY-MISSING,
    SNAPSHOTS-LATER, NO-CUSTOMER-ACCOUNTS, BALANCE-UNCLEAR, MOVEMENTS-OR-STATUSES. Everything else that is wrong is a Problem, and the
    row is left out and counted.
    """
    found = _find(book, reading)
    findings, count = found.findings, len(found.lines.items)
    shifted = shifted_rows(found.book, found.table, found.lines, findings)
    cells = signs.without_suffixes(found.cells)
    typed = type_columns(found.table, cells, count, reading, findings)
    suffixed = cells is not found.cells
    columns = books.recognise(
        gather(cells, typed, count, reading.statuses), found.cells, found.table, reading, findings, suffixed=suffixed
    )
    typed, found = columns.typed, replace(found, table=books.without_running_totals(found.table, columns))
    debtors = debtor_ids(columns)
    left_out = shifted | typed.unreadable | lost_numbers(found.cells, count, findings)
    left_out |= _incomplete(columns, debtors, found, left_out)
    aside = status_says(columns)["aside"]
    statuses.say(columns, findings)
    left_by = findings.left_by(left_out & ~aside)
    whole = found.arranged is None or found.arranged.whole
    stated = compare_totals(book, found.table, found.lines, typed, aside, findings) if whole else None
    taken = np.flatnonzero(~left_out & ~aside)
    if not len(taken):
        findings.say("NO-ROWS", Severity.WARNING)
    ledger = _tables(found, _taken(columns, taken), [debtors[item] for item in taken.tolist()], taken, reading)
    note_odd_days(ledger.items, reading.as_of, findings)
    sums = reconcile(
        found.table, found.lines, typed, findings, stated, left_out=left_out, aside=aside, items=ledger.items
    )
    source = replace(
        ledger.source, rows=int((~aside).sum()) + found.lost, left_out=int((left_out & ~aside).sum()) + found.lost,
        aside=int(aside.sum()), left_by=left_by, reconciliation=sums,
    )  # fmt: skip
    return replace(ledger, source=source, problems=findings.all())


def _find(book: Book, reading: Reading) -> Found:
    """Find the table, settle its columns, tell items from the other rows."""
    table = find_table(book, reading)
    if (entries := journals.entries(book, table)) is not None:
        findings = Findings(book, table, entries.lines.items)
        findings.add((*book.problems, *entries.problems))
        uses = column_uses(table.headings, table.match, {}, reading.columns, table.rows)
        return Found(book, table, entries.lines, entries.cells, findings, uses, lost=entries.lost)
    table = named_customers(book, table)
    where = table.source(book, table.header_row)
    table, states = statuses.several(table)
    rivals = {name: (table.match.columns[name], *others) for name, others in table.match.rivals.items()}
    match, chosen = settle(table.match, table.headings, table.rows, where, partial(grouped_without_numbers, table))
    match, flags = flags_as_status(match, table.rows)
    table = replace(table, match=match, grouped=table.grouped or not match.columns.keys() & set(WHO))
    uses = column_uses(table.headings, match, rivals, reading.columns, table.rows)
    count = len(table.rows)
    cells = columns_of(table.rows, match)
    if states:
        cells["status"] = statuses.joined([[row[place] for row in table.rows] for place in states])
    if flags is not None:
        cells = with_flags(cells, stripped([row[flags] for row in table.rows]))
    lines = openings.with_openings(sort_rows(table, cells, count), cells)
    lines, ignored = chart.customers_only(book, table, cells, lines)
    refuse_uncalculated(book, table)
    refuse_thousands(book, table, reading.columns)
    findings = Findings(book, table, lines.items)
    findings.add((*book.problems, *chosen, *ignored))
    arranged = arrange(book, table, lines, _only(cells, lines.items, count), reading, findings)
    note_struck(arranged.table, arranged.lines, findings)
    kept = settled_in_words(nobody_in_error(arranged.cells), findings)
    paid_in, paid = added_payments(arranged.table, arranged.lines.items.tolist(), reading, findings)
    arranged, kept = replace(arranged, table=paid_in), {**kept, **paid}
    return Found(book, arranged.table, arranged.lines, kept, findings, uses, arranged)


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


def _taken(columns: Columns, taken: np.ndarray) -> Columns:
    """Return the columns of the items that are taken in."""
    if len(taken) == columns.count:
        return columns
    places = taken.tolist()
    typed = columns.typed
    kept = replace(
        typed,
        money={name: amounts.Amounts(each.minor[taken], each.given[taken], ()) for name, each in typed.money.items()},
        days={name: Days(each.day[taken], ()) for name, each in typed.days.items()},
        currencies=[typed.currencies[place] for place in places],
        unreadable=typed.unreadable[taken],
    )
    texts = {name: [column[place] for place in places] for name, column in columns.texts.items()}
    return replace(columns, texts=texts, typed=kept, count=len(taken))


def _ledger_file(found: Found, newest_entry: dt.date | None, directory: Directory | None) -> LedgerFile:
    """Describe the file; the numbers of rows are filled in by the caller."""
    table = found.table
    matched = sorted(table.shown, key=lambda pair: pair[1])
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
        has_email="email" in table.match.columns or bool(directory and directory.has_email),
        totals=len(found.lines.totals),
        uses=found.uses,
        contacts=directory.file() if directory else None,
    )


def _tables(found: Found, columns: Columns, debtors: list[str], taken: np.ndarray, reading: Reading) -> Ledger:
    """Build the tables of the items that are taken in."""
    table, findings = found.table, found.findings
    rows = found.lines.items[taken] + table.header_row + 1
    findings.narrow(taken)
    directory = open_directory(reading, columns, debtors, findings)
    to_build = directory.with_terms(columns, debtors) if directory else columns
    dated = found.arranged is None or found.arranged.dated
    items = build_items(to_build, debtors, reading, findings, sheet=table.sheet.name, rows=rows, dated=dated)
    issued = items["issued"].to_numpy().astype("datetime64[s]")
    emails = [found.cells["email"][item] for item in taken.tolist()] if "email" in found.cells else []
    about = build_debtors(columns, debtors, issued, emails, findings)
    about = enrich(about, directory, columns, findings) if directory else about
    if columns.typed.movements:
        items, payments = movements.settle(items, books.labels(columns), findings)
    else:
        payments = build_payments(columns, items)
    history = build_history(columns, items)
    entries = pd.concat([items["issued"], items["paid_on"], payments["at"]]).max()
    newest = entries.date() if isinstance(entries, pd.Timestamp) else None
    return Ledger(_ledger_file(found, newest, directory), items, about, payments, history)
