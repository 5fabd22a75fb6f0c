"""The items' columns about the customer → tables.DEBTORS: of several values the latest issued one wins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from batch.core.policy import BUSINESS
from batch.core.problem import Severity
from batch.core.tables import DEBTORS
from batch.ledger.files.sheets import Cell
from batch.ledger.items import Columns
from batch.ledger.table.findings import Findings
from batch.ledger.values import address_lines, addresses, code_by_word, exact_code, mapped

_AS_WRITTEN = ("phone", "contact", "caller", "company_id", "terms", "policy", "rating")


@dataclass(frozen=True)
class _ByIssue:
    """The items by their day of issue, each one's customer (a number), and each customer's last item."""

    order: np.ndarray
    customers: np.ndarray
    last: list[int]

    def latest(self, values: Sequence[str]) -> list[str]:
        """Return each customer's value: that of the last item that has one, "" where none has."""
        if not values:
            return [""] * len(self.last)
        found = [values[item] for item in self.last]
        if all(found):
            return found
        lacking = np.array([not value for value in found], dtype=bool)
        for item in self.order[lacking[self.customers[self.order]]].tolist():
            if values[item]:
                found[self.customers[item]] = values[item]
        return found


def build_debtors(
    columns: Columns, debtor_ids: Sequence[str], issued: np.ndarray, email_cells: Sequence[Cell], findings: Findings
) -> pd.DataFrame:
    """Return DEBTORS, one row each, in the order in which they first appear."""
    codes, known_ids = pd.factorize(np.array(debtor_ids, dtype=object))
    every: list[str] = known_ids.tolist()
    order = np.argsort(issued, kind="stable")
    last, first = (_reached(codes, each, len(every)) for each in (order, order[::-1]))
    items = _ByIssue(order, codes, last.tolist())
    names = mapped(columns.text("customer_name"), lambda name: " ".join(name.split()))
    _note_names(debtor_ids, names, findings)
    email, cc = _emails(columns, email_cells, findings)
    known = {name: items.latest(columns.text(name)) for name in _AS_WRITTEN}
    return DEBTORS.conform(
        pd.DataFrame(
            known
            | {
                "debtor_id": every,
                "name": [name or debtor for name, debtor in zip(items.latest(names), every, strict=True)],
                "email": items.latest(email),
                "cc": items.latest(cc),
                "address": items.latest(_addresses(columns)),
                "language": items.latest(mapped(columns.text("language"), exact_code("languages"))),
                "country": items.latest(mapped(columns.text("country"), exact_code("countries"))),
                "nature": [
                    nature or BUSINESS
                    for nature in items.latest(mapped(columns.text("nature"), code_by_word("natures")))
                ],
                "known_since": issued[first],
            }
        )
    )


def _reached(customers: np.ndarray, order: np.ndarray, count: int) -> np.ndarray:
    """Return for each customer the item that comes last in this order."""
    found = np.empty(count, dtype="int64")
    found[customers[order]] = order
    return found


def _note_names(debtor_ids: Sequence[str], names: Sequence[str], findings: Findings) -> None:
    """Say how many customers appear under several names, and how many names under several numbers: the number is the key."""
    rows = list(zip(debtor_ids, names or debtor_ids, strict=True))
    distinct = [(debtor, name) for debtor, name in dict.fromkeys(rows) if name]
    seen = dict(reversed(distinct))
    several = dict(reversed([(debtor, name) for debtor, name in distinct if seen[debtor] != name]))
    if several:
        debtor, other = next(iter(several.items()))
        where = findings.place("customer_name", rows.index((debtor, other)), other)
        facts = {"customer": debtor, "name": seen[debtor], "other": other}
        findings.say("NAMES-DIFFER", Severity.INFO, where, n=len(several), **facts)
    _note_shared([*reversed(seen.items())], rows, findings)


def _note_shared(pairs: Sequence[tuple[str, str]], rows: Sequence[tuple[str, str]], findings: Findings) -> None:
    """Say how many names (of each customer's first row) stand under several numbers: they are kept apart."""
    bearers: dict[str, list[str]] = {}
    for debtor, name in pairs:
        if debtor != name:  # a customer without number, whose name is the key
            bearers.setdefault(name.casefold(), []).append(debtor)
    shared = [found for found in bearers.values() if len(found) > 1]
    if shared:
        name = next(name for debtor, name in pairs if debtor == shared[0][-1])
        where = findings.place("customer_name", rows.index((shared[0][-1], name)), name)
        customers = ", ".join(sorted(shared[0])[:3])
        findings.say("NAME-SHARED", Severity.INFO, where, n=len(shared), name=name, customers=customers)


def _emails(columns: Columns, cells: Sequence[Cell], findings: Findings) -> tuple[list[str], list[str]]:
    """Return each item's first valid address and the further ones; what is no address is a Problem, once per customer's cell."""
    column = columns.text("email")
    if not column:
        return [], []
    read: Mapping[str, tuple[list[str], list[str]]] = {text: addresses(text) for text in set(column)}
    bad = {text for text, (_, wrong) in read.items() if wrong}
    if bad:
        first = {text: item for item, text in reversed(list(enumerate(column))) if text in bad}
        findings.cells("EMAIL-UNREADABLE", Severity.WARNING, "email", sorted(first.values()), cells)
    email = {text: valid[0] if valid else "" for text, (valid, _) in read.items()}
    cc = {text: ", ".join(valid[1:]) for text, (valid, _) in read.items()}
    return [email[text] for text in column], [cc[text] for text in column] if any(cc.values()) else []


def _addresses(columns: Columns) -> list[str]:
    """Join street, post code and town into lines."""
    if "postal_code" not in columns.texts and "city" not in columns.texts:
        return columns.text("address")
    return address_lines(*(columns.text(name) or [""] * columns.count for name in ("address", "postal_code", "city")))
