"""The early-payment discount (escompte) of an account's invoices → what a courtesy notice may say of it."""

import datetime as dt
from typing import NamedTuple

import pandas as pd

from batch.core.policy import Discount, Policy
from batch.messages.accounts import Account, Item
from batch.messages.clean import clean
from batch.words import Words

_WHOLE = 10_000  # basis points


class Offer(NamedTuple):
    """One invoice that can still be paid with the discount."""

    number: str
    percent: str
    saved: str
    amount: str  # what is left to pay
    instead_of: str
    until: str  # last day on which the payment may arrive


def offered_discounts(account: Account, policy: Policy, words: Words, as_of: dt.date) -> list[Offer]:
    """Return the offers of a courtesy notice; [] at any other step, without a discount, and when its last day has passed.

    The last day counts. The discount is taken off what is open and rounded half up; an invoice without issue or due date
    is offered none.
    """
    terms = policy.discount
    if not terms.basis_points or account.step != "courtesy":
        return []
    offers = ((item, _last_day(item, terms)) for item in account.asked_for)
    return [
        _offer(item, day, account.currency, terms, words) for item, day in offers if day is not None and day >= as_of
    ]


def _last_day(item: Item, terms: Discount) -> dt.date | None:
    if item.kind != "invoice" or pd.isna(item.due) or pd.isna(item.issued):
        return None
    return terms.last_day(item.issued.date(), item.due.date())


def _offer(item: Item, day: dt.date, currency: str, terms: Discount, words: Words) -> Offer:
    saved = (2 * item.open * terms.basis_points + _WHOLE) // (2 * _WHOLE)
    return Offer(
        number=clean(item.number),
        percent=words.percent(terms.basis_points),
        saved=words.amount(saved, currency),
        amount=words.amount(item.open - saved, currency),
        instead_of=words.amount(item.open, currency),
        until=words.long_date(day),
    )
