"""Columns of a table → the same with one signed amount, and whether it is a book of movements: debits and credits, no balances."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from batch.core.policy import Reading
from batch.core.problem import Money, RelanceError, Severity
from batch.ledger.bookkeeping import lettering, running, signs
from batch.ledger.bookkeeping.movements import Labels
from batch.ledger.bookkeeping.openings import FORMS, OPENING, completed, says
from batch.ledger.cells.dates import Days
from batch.ledger.files.sheets import Cell
from batch.ledger.items import CREDITS, Columns, debtor_ids, kinds, status_says
from batch.ledger.table.columns import is_plainly_a_balance
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table
from batch.ledger.vocabulary import any_word, plain

SETTLERS = ("status", "payment_date")

LETTERED = "lettrée"  # a status that the vocabulary knows as paid


def recognise(
    columns: Columns, cells: Mapping[str, list[Cell]], table: Table, reading: Reading, findings: Findings,
    *, suffixed: bool,
) -> Columns:  # fmt: skip
    """Return the columns with `amount` signed and, in a book of movements, without its running totals.

    RelanceError BALANCE-UNCLEAR when a column of balances fits no reading, MOVEMENTS-OR-STATUSES when payments stand in the
    book and invoices are marked as paid beside them: one line of relance.toml settles either.
    """
    headings = {name: table.headings[place] for name, place in table.match.columns.items()}
    typed = signs.signed(columns.typed, cells, headings, findings, suffixed=suffixed)
    columns = replace(columns, typed=typed)
    if not typed.signed:
        columns = _without_customers_balance(columns, headings, reading, findings)
        if not any(columns.text("lettering")):
            return _with_payments(columns)
        columns = _signed_by_type(columns)
    if typed.signed and {"amount", "open_balance"} <= typed.money.keys():
        columns = _judged(columns, headings, reading, findings)
    if not _moves(columns, headings, reading, findings):
        return _lettered_paid(_paid_signed(columns))
    columns = replace(columns, typed=replace(columns.typed, movements=True, signed=True))
    owed = columns.money("amount")
    for code in sorted(set(columns.typed.currencies)):
        total = int(owed[np.array(columns.typed.currencies, dtype=object) == code].sum())
        if total < 0:
            sides = {name: headings.get(name, "") for name in signs.SIDES if {*signs.SIDES} <= headings.keys()}
            facts: dict[str, object] = {"debit": "", "credit": "", **sides}
            findings.say("BOOK-IN-CREDIT", Severity.WARNING, None, amount=Money(-total, code), **facts)
    return completed(_dated_by_lettering(columns))


def _dated_by_lettering(columns: Columns) -> Columns:
    """Date by its lettering what bears no other day."""
    lettered, issued = columns.days("lettering_date"), columns.days("issue_date")
    undated = np.isnat(issued) & np.isnat(columns.days("due_date")) & ~np.isnat(lettered)
    if not undated.any():
        return columns
    days = {**columns.typed.days, "issue_date": Days(np.where(undated, lettered, issued), ())}
    return replace(columns, typed=replace(columns.typed, days=days))


def _judged(
    columns: Columns, headings: Mapping[str, str], reading: Reading, findings: Findings
) -> Columns:  # fmt: skip
    """Keep the column of balances when each row has its own; else drop it, and say what it shows."""
    typed, heading = columns.typed, headings["open_balance"]
    owed, balance, given = columns.money("amount"), columns.money("open_balance"), columns.given("open_balance")
    unsigned = balance * np.where(owed < 0, -1, 1) if bool((balance >= 0).all()) else balance
    form = next(name for name in (*FORMS, "amount") if name in headings)
    if "open_balance" in reading.columns or (is_plainly_a_balance(heading) and form not in reading.columns):
        return _with_balance(columns, unsigned)
    verdict = running.judge(owed, balance, given, _accounts(columns))
    if verdict.kind == running.UNCLEAR and running.judge(owed, unsigned, given, _accounts(columns)).kind == running.OWN:
        return _with_balance(columns, unsigned)
    if verdict.kind == running.UNCLEAR and form not in reading.columns:
        source = findings.heading("open_balance")
        raise RelanceError("BALANCE-UNCLEAR", source, heading=heading, field=form, form=headings[form])
    if verdict.kind == running.OWN:
        return columns
    findings.say("RUNNING-TOTAL", Severity.INFO, findings.heading("open_balance"), heading=heading)
    unseen = verdict.unseen
    for code in sorted(set(typed.currencies)):
        here = (np.array(typed.currencies, dtype=object) == code) & (unseen != 0)
        if here.any():
            begins = Money(int(unseen[here].sum()), code)
            first = findings.place("open_balance", int(np.flatnonzero(here)[0]))
            findings.say("OPENING-UNSEEN", Severity.WARNING, first, n=int(here.sum()), amount=begins, heading=heading)
    money = {name: column for name, column in typed.money.items() if name != "open_balance"}
    return replace(columns, typed=replace(typed, money=money))


def _without_customers_balance(
    columns: Columns, headings: Mapping[str, str], reading: Reading, findings: Findings
) -> Columns:
    """Drop from a list of invoices a column that runs on from row to row, or holds what the customer owes in all.

    Only where it exceeds a row's own amount: what is still due of one invoice never does.
    """
    money = columns.typed.money
    if not {"amount", "open_balance"} <= money.keys() or "open_balance" in reading.columns:
        return columns
    owed, balance, given = columns.money("amount"), columns.money("open_balance"), columns.given("open_balance")
    if not (given & (np.abs(balance) > np.abs(owed))).any():
        return columns
    accounts = _accounts(columns)[:2]
    for less in (columns.money("amount_paid"), np.zeros(columns.count, dtype="int64")):
        if running.judge(owed - less, balance, given, accounts).kind in {running.RUNNING, running.TOTAL}:
            findings.say("RUNNING-TOTAL", Severity.WARNING, heading=headings["open_balance"])
            kept = {name: column for name, column in money.items() if name != "open_balance"}
            return replace(columns, typed=replace(columns.typed, money=kept))
    return columns


def _with_balance(columns: Columns, balance: np.ndarray) -> Columns:
    given = replace(columns.typed.money["open_balance"], minor=balance)
    return replace(columns, typed=replace(columns.typed, money={**columns.typed.money, "open_balance": given}))


def _accounts(columns: Columns) -> list[np.ndarray]:
    """Return the accounts that a running total may be kept for: by currency the whole book, each customer, each invoice."""
    group = np.zeros(columns.count, dtype="int64")
    found = []
    for column in (columns.typed.currencies, debtor_ids(columns), columns.text("invoice_number")):
        if column:
            number, known = pd.factorize(np.array(column, dtype=object))
            group = pd.factorize(group * len(known) + number)[0].astype("int64")
        found.append(group)
    return found


def _moves(columns: Columns, headings: Mapping[str, str], reading: Reading, findings: Findings) -> bool:
    """Say whether the rows are movements, not items whose status or payment date says what is paid."""
    if not signs.is_book(columns.typed, columns.texts, reading.columns):
        return False
    if not columns.typed.signed and not (columns.money("amount") < 0).any():
        return False  # a list of invoices: their lettering says what is paid
    if any(columns.text("lettering")) or set(FORMS) & set(reading.columns):
        return True
    settled = status_says(columns)["paid"] | ~np.isnat(columns.days("payment_date"))
    owed = columns.money("amount")
    if not (settled & (owed > 0)).any():
        return True
    if (~settled & (owed < 0)).any():
        settler = next(name for name in SETTLERS if name in headings)
        form = next(name for name in (*FORMS, "amount") if name in headings)
        raise RelanceError(
            "MOVEMENTS-OR-STATUSES", findings.heading(settler),
            settler=settler, heading=headings[settler], field=form, form=headings[form],
        )  # fmt: skip
    return False


def _with_payments(columns: Columns) -> Columns:
    """Take as movements a table of one amount in which payments stand, where nothing else says what is paid."""
    settlers = {"open_balance", "amount_paid", *SETTLERS}
    if settlers & {*columns.typed.money, *columns.texts, *columns.typed.days} or "amount" not in columns.typed.money:
        return columns
    signed = _signed_by_type(columns)
    if not (kinds(columns, columns.money("amount") < 0) == "payment").any():
        return columns
    return completed(replace(signed, typed=replace(signed.typed, signed=True, movements=True)))


def _signed_by_type(columns: Columns) -> Columns:
    """Put credit notes and payments below zero that only their type tells from invoices."""
    if "amount" not in columns.typed.money:
        return columns
    amount = columns.money("amount")
    credits_ = np.isin(kinds(columns, amount < 0), CREDITS)
    owed = replace(columns.typed.money["amount"], minor=np.where(credits_, -np.abs(amount), amount))
    return replace(columns, typed=replace(columns.typed, money={**columns.typed.money, "amount": owed}))


def _lettered_paid(columns: Columns) -> Columns:
    """Let the lettering say what is paid in a table that holds no credits: small letters are part payments, and say nothing."""
    if not any(columns.text("lettering")) or "open_balance" in columns.typed.money:
        return columns
    codes = lettering.codes(columns.text("lettering"))
    before = columns.text("status") or [""] * columns.count
    status = [LETTERED if code and not code.islower() else said for code, said in zip(codes, before, strict=True)]
    return replace(columns, texts={**columns.texts, "status": status})


def _paid_signed(columns: Columns) -> Columns:
    """Give what was paid of a credit the credit's sign, where the amounts are signed."""
    if "amount_paid" not in columns.typed.money or not columns.typed.signed:
        return columns
    paid = columns.typed.money["amount_paid"]
    minor = np.where(columns.money("amount") < 0, -np.abs(paid.minor), paid.minor)
    money = {**columns.typed.money, "amount_paid": replace(paid, minor=minor)}
    return replace(columns, typed=replace(columns.typed, money=money))


def without_running_totals(table: Table, columns: Columns) -> Table:
    """Return the table without the column of balances, where that was found to be a running total."""
    if "open_balance" in columns.typed.money or "open_balance" not in table.match.columns:
        return table
    kept = {name: place for name, place in table.match.columns.items() if name != "open_balance"}
    return replace(table, match=replace(table.match, columns=kept))


def labels(columns: Columns) -> Labels:
    """Return what the book says about each movement, for their settlement."""
    words = any_word("movements", "write_off")
    written = [columns.text(name) for name in ("description", "po_ref", "note") if name in columns.texts]
    off = np.zeros(columns.count, dtype=bool)
    for column in (*written, columns.text("doc_type"), columns.text("journal")):
        if column:
            off |= says(column, lambda text: "yes" if words.search(plain(text)) else "")
    opening = np.array(columns.text(OPENING) or [""] * columns.count, dtype=object) == "yes"
    return Labels(columns.text("lettering"), written, opening, off & (columns.money("amount") < 0))
