"""A book of movements, item by item → what each still owes: lettered groups, credits that name an invoice, the rest oldest first.

No amount is lost: in every account the sum of what is open is that of the debits less the credits, on every day.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from batch.core.problem import Money, Severity
from batch.core.tables import ITEMS, PAYMENTS
from batch.ledger.bookkeeping import lettering
from batch.ledger.bookkeeping.allocation import Parts, allocate, left, no_parts
from batch.ledger.table.findings import Findings
from batch.ledger.values import mapped
from batch.ledger.vocabulary import any_word, plain

NO_DAY = np.datetime64("NaT", "s")

# The first of these groups of words that a credit's texts or its journal say decides what it is.
_WORDS = (
    ("movements", "write_off", "credit_note"),
    ("movements", "credit_note", "credit_note"),
    ("kinds", "payment", "payment"),
    ("movements", "payment_journal", "payment"),
    ("movements", "sales_journal", "credit_note"),
)
_OF_JOURNALS = 3  # from here on the words are only journals'


@dataclass(frozen=True)
class Labels:
    """What the book says about each movement: lettering code, texts that may name an invoice, and what its words make of it."""

    lettering: Sequence[str]
    written: Sequence[Sequence[str]]
    opening: np.ndarray
    write_off: np.ndarray


def settle(items: pd.DataFrame, labels: Labels, findings: Findings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ITEMS with what is still open and when the rest was settled, and PAYMENTS, one for each part of a credit.

    A lettered group that does not balance keeps its residual on its newest rows. Where nothing is lettered, what credits leave
    is set against the customer's oldest debits (by due date, then date), as code civil art. 1342-10 has it where the payer said
    nothing. The credits' own rows stand in PAYMENTS below zero, so that a past day can be seen again.
    """
    owed, account = (
        items["open"].to_numpy(),
        lettering.accounts(items["debtor_id"].tolist(), items["currency"].tolist()),
    )
    codes = lettering.codes(labels.lettering) if len(labels.lettering) else [""] * len(items)
    order = _order(items)
    group = lettering.lettered(account, codes)
    parts = allocate(owed, group, order)
    rest = left(owed, parts)
    _say_unbalanced(items, rest, group, codes, findings)
    names = lettering.named(account, rest, items["number"].tolist(), labels.written, (group < 0) & ~labels.opening)
    by_name = allocate(rest, names, order)
    rest = left(rest, by_name)
    oldest = no_parts() if (group >= 0).any() else allocate(rest, account, order)
    rest = left(rest, oldest)
    _say_allocated("CREDITS-BY-NUMBER", Severity.INFO, items, by_name, rest, findings)
    _say_allocated("CREDITS-OLDEST-FIRST", Severity.WARNING, items, oldest, rest, findings)
    _say_kinds(items, rest, labels, findings)
    every = parts + by_name + oldest
    at = _days(items, every)
    paid_on = _paid_on(items, rest, every, at, labels.write_off)
    return ITEMS.conform(items.assign(open=rest, paid_on=paid_on)), _payments(items, every, at)


def _order(items: pd.DataFrame) -> np.ndarray:
    """Rank debits by due date, then date, then row; credits by date (it is their due date), then row."""
    due, issued = (items[name].to_numpy().astype("int64") for name in ("due", "issued"))
    order = np.empty(len(items), dtype="int64")
    order[np.lexsort((np.arange(len(items)), issued, due))] = np.arange(len(items))
    return order


def _days(items: pd.DataFrame, parts: Parts) -> np.ndarray:
    """Return when each part took effect: once both its debit and its credit were in the book."""
    issued = items["issued"].to_numpy().astype("datetime64[s]")
    later: np.ndarray = np.maximum(issued[parts.debit], issued[parts.credit])
    return later


def _paid_on(items: pd.DataFrame, rest: np.ndarray, parts: Parts, at: np.ndarray, write_off: np.ndarray) -> np.ndarray:
    """Return the day of the last part for what is settled; an invoice that a credit note or write-off ended was never paid."""
    last = np.full(len(items), np.iinfo("int64").min)
    payment = (items["kind"].to_numpy() == "payment") & ~write_off
    paying = payment[parts.credit]
    np.maximum.at(last, parts.debit[paying], at[paying].astype("int64"))
    np.maximum.at(last, parts.credit, at.astype("int64"))
    given_up = np.zeros(len(items), dtype=bool)
    given_up[parts.debit[write_off[parts.credit]]] = True
    days: np.ndarray = last.view("datetime64[s]")
    paid: np.ndarray = np.where((rest == 0) & ~given_up, days, NO_DAY)
    return paid


def _payments(items: pd.DataFrame, parts: Parts, at: np.ndarray) -> pd.DataFrame:
    """Return PAYMENTS, a part for each debit and, below zero, for each credit."""
    ids = items["item_id"].to_numpy()
    frame = {
        "item_id": np.concatenate([ids[parts.debit], ids[parts.credit]]),
        "at": np.concatenate([at, at]),
        "amount": np.concatenate([parts.amount, -parts.amount]),
    }
    return PAYMENTS.conform(pd.DataFrame(frame))


def _by_currency(items: pd.DataFrame, places: np.ndarray, amounts: np.ndarray) -> list[tuple[np.ndarray, Money]]:
    """Return for each currency its places and their sum."""
    currency = items["currency"].to_numpy()[places]
    found = ((currency == code, code) for code in pd.unique(currency))
    return [(places[here], Money(int(amounts[here].sum()), str(code))) for here, code in found]


def _say_unbalanced(
    items: pd.DataFrame, rest: np.ndarray, group: np.ndarray, codes: Sequence[str], findings: Findings
) -> None:
    """Say which lettered groups do not balance: small letters stand for part payments (Sage), others for a mistake."""
    places = np.flatnonzero((group >= 0) & (rest != 0))
    partial = np.array([codes[place].islower() for place in places.tolist()], dtype=bool)
    for code, severity, chosen in (
        ("LETTERING-PARTIAL", Severity.INFO, places[partial]),
        ("LETTERING-UNBALANCED", Severity.WARNING, places[~partial]),
    ):
        for here, total in _by_currency(items, chosen, rest[chosen]):
            first, groups = int(here[0]), len(np.unique(group[here]))
            facts = {"amount": total, "customer": items["debtor_id"].iloc[first], "lettering": codes[first]}
            findings.say(code, severity, findings.place("lettering", first), n=groups, **facts)


def _say_allocated(
    code: str, severity: Severity, items: pd.DataFrame, parts: Parts, rest: np.ndarray, findings: Findings
) -> None:
    """Say how many credits were set against invoices, their sum, and what is left of them."""
    credits_ = np.unique(parts.credit)
    for here, kept in _by_currency(items, credits_, rest[credits_]):
        amount = int(parts.amount[np.isin(parts.credit, here)].sum())
        first = findings.place("", int(here[0]))
        findings.say(code, severity, first, n=len(here), amount=Money(amount, kept.currency), left=kept)


def _say_kinds(items: pd.DataFrame, rest: np.ndarray, labels: Labels, findings: Findings) -> None:
    """Say what is still open of balances carried forward, and what was written off."""
    for here, total in _by_currency(items, places := np.flatnonzero(labels.opening & (rest != 0)), rest[places]):
        findings.say("OPENING-BALANCES", Severity.INFO, findings.place("", int(here[0])), n=len(here), amount=total)
    written = -items["amount"].to_numpy()
    for here, total in _by_currency(items, places := np.flatnonzero(labels.write_off), written[places]):
        findings.say("WRITE-OFFS", Severity.INFO, findings.place("", int(here[0])), n=len(here), amount=total)


def kinds(owed: np.ndarray, texts: Sequence[Sequence[str]], journal: Sequence[str]) -> np.ndarray:
    """Return the kind of each movement: debits are invoices; credits by their words (`texts`), then by their journal.

    A rejected or refunded payment is a debit, and so owed like an invoice. A credit of which nothing is known is a payment.
    """
    found = np.full(len(owed), "invoice", dtype=object)
    places = np.flatnonzero(owed < 0)
    first = np.full(len(places), len(_WORDS))
    for columns, words in ((texts, _WORDS[:_OF_JOURNALS]), ((journal,) if len(journal) else (), _WORDS)):
        for column in columns:
            said = mapped([column[place] for place in places.tolist()], _first_word(words))
            first = np.minimum(first, np.array(said, dtype="int64"))
    found[places] = np.array([*(kind for _, _, kind in _WORDS), "payment"], dtype=object)[first]
    return found


def _first_word(words: Sequence[tuple[str, str, str]]) -> Callable[[str], str]:
    """Return the function that says which of the groups of words is the first to have one in a text, as a figure."""
    patterns = [any_word(group, code) for group, code, _ in words]
    some = re.compile("|".join(pattern.pattern for pattern in patterns))

    def place(text: str) -> str:
        normal = plain(text)
        if not some.search(normal):
            return str(len(_WORDS))
        return next(str(number) for number, pattern in enumerate(patterns) if pattern.search(normal))

    return place
