"""Numbers of the French chart of accounts (plan comptable général) → which entries are customers', and what more they say."""

from collections.abc import Mapping, Sequence

import numpy as np

from batch.core.problem import Problem, RelanceError, Severity
from batch.ledger.files.sheets import Book, Cell
from batch.ledger.table.columns import is_general_account
from batch.ledger.table.header import Table
from batch.ledger.table.lines import Lines
from batch.ledger.values import stripped, texts
from batch.ledger.vocabulary import plain

CUSTOMERS = "411"  # plan comptable général: clients
BILLS = "413"  # clients, effets à recevoir
DOUBTFUL = "416"  # clients douteux ou litigieux
RETENTIONS = "4117"  # clients, retenues de garantie, where the account's name says so too
ACCOUNTS = (CUSTOMERS, BILLS, DOUBTFUL)
_RETENTION = ("retenue", "clients retenue", "client retenue")
BILL_OF_EXCHANGE = "LCR"  # a word that the vocabulary of payment modes knows
_NAMED = 5  # accounts named in a sentence
# Accounts that no customer's number looks like beside 411: suppliers, VAT, banks, sales.
OTHERS = ("401", "445", "512", "530", "701", "706", "707")


def told_by_accounts(accounts: Sequence[str], named: Sequence[str]) -> dict[str, list[Cell]]:
    """Return what the chart of accounts says of each entry: retention, mode of payment, and the doubtful account as a note."""
    pairs = list(zip(accounts, named, strict=True))
    return {
        "retention": [
            "oui" if account.startswith(RETENTIONS) and plain(name).startswith(_RETENTION) else ""
            for account, name in pairs
        ],
        "payment_mode": [BILL_OF_EXCHANGE if account.startswith(BILLS) else "" for account in accounts],
        "note": [(name or account) if account.startswith(DOUBTFUL) else "" for account, name in pairs],
    }


def customers_only(
    book: Book, table: Table, cells: Mapping[str, Sequence[Cell]], lines: Lines
) -> tuple[Lines, list[Problem]]:
    """Return the lines on customers' accounts, where a journal or general ledger holds all accounts (French plan comptable).

    Accounts stand in a column of general accounts, or in the customer's own. RelanceError NO-CUSTOMER-ACCOUNTS when the file
    is one of suppliers.
    """
    if not {"debit", "credit", "side"} & cells.keys() or not len(lines.items):
        return lines, []
    place = next((place for place, heading in enumerate(table.headings) if is_general_account(heading)), None)
    column = stripped([row[place] for row in table.rows]) if place is not None else cells.get("customer_id", [])
    if not column:
        return lines, []
    numbers = texts([column[place] for place in lines.items.tolist()])
    held = set(numbers)
    ours = {number for number in held if number.startswith(ACCOUNTS) and number[:3].isdigit()}
    others = {number for number in held if number.isdigit() and number.startswith(OTHERS)}
    if not others or not (ours or place is not None or others == held - {""}):
        return lines, []
    if not ours:
        raise RelanceError(
            "NO-CUSTOMER-ACCOUNTS", table.source(book, table.header_row), n=len(numbers), accounts=", ".join(ACCOUNTS)
        )
    kept = np.array([number in ours for number in numbers], dtype=bool)
    ignored = sorted(held - ours - {""})
    named = ", ".join(ignored[:_NAMED] + (["…"] if len(ignored) > _NAMED else []))
    first = int(lines.items[np.flatnonzero(~kept)[0]])
    where = table.source(book, table.header_row + 1 + first)
    said = [Problem("ACCOUNTS-IGNORED", Severity.INFO, where, {"n": int((~kept).sum()), "accounts": named})]
    return lines.with_items(lines.items[kept]), said
