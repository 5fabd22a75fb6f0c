"""An account, the creditor and the policy → the facts a template may use, written in the debtor's language.

The names below are what templates/<language>/<step>.j2 can say; a name that is not here is an error, never a blank.

- `creditor`, `debtor`: name, contact, email, phone, company_id, address and block (lists of lines) and more, "" = unknown;
- `items`: the invoices asked for (number, issued, due, amount, open, days_late, part_paid, step), `count` of them,
  `one_or_many("this invoice", "these invoices")`, `oldest_days_late`, `due_today` (how many of them fall due this very day),
  `reminded` (of how many of them the customer was reminded before);
- `credits`, `not_due`, `apart`: the same for what is set off, not due yet, or contested and on hold;
- `overdue`, `credited`, `asked`: amounts; `currency`, `as_of`, `deadline`, `answer_by`: days;
- `charges`: announced, claimed, rate, interest, fixed_sum, fixed_sum_each, fees, total, estimated, foreign; `promise_broken`;
- `discounts`: invoices whose early-payment discount can still be had: number, percent, saved, amount, instead_of, until;
- `statement`, `other_items` (`not_due` and `apart`), `payment_details`, `charge_details`, `instalment_details`: tables;
- `transfer`: payee, iban, bic, reference (what to quote), link (a page to pay on), "" = none;
- `enclosed`: what is attached: invoices (how many of those asked for), terms (of sale, or not), names of the files;
- `signature`: who signs, line by line; `how_to_answer`: "write to us at …", from _answer.j2, which knows
  `creditor` and `on_paper` (a letter goes with it).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypedDict

import pandas as pd

from batch.core.policy import Company, Policy
from batch.messages.accounts import Account, Debtor, Item
from batch.messages.blocks import CHARGES, INSTALMENTS, OTHERS, PAYMENT, STATEMENT
from batch.messages.clean import clean, clean_lines
from batch.messages.discounts import Offer, offered_discounts
from batch.messages.enclosures import Enclosed
from batch.messages.terms import Charged, charged, charged_sum
from batch.messages.transfer import Transfer, transfer
from batch.words import Words

SIREN_DIGITS = 9
UNREMINDED = ("", "courtesy", "resend_invoice")  # steps that are no reminder
DEADLINE_DAYS = 15  # from the plan: a workbook may be seven days old when it is sent, and eight days must be left


@dataclass(frozen=True, slots=True)
class Party:
    """Who writes or who is written to; every value is one clean line, "" = unknown."""

    name: str
    contact: str
    email: str
    phone: str
    company_id: str
    address: tuple[str, ...]
    block: tuple[str, ...]  # name, address and company number, as a letter shows them
    id: str = ""
    nature: str = ""
    country: str = ""
    iban: str = ""
    bic: str = ""
    website: str = ""


class Line(NamedTuple):
    """One item as a message shows it."""

    number: str
    kind: str
    issued: str
    due: str
    amount: str
    open: str
    days_late: int
    part_paid: bool
    step: str


class Facts(TypedDict):
    """All that a template may name, and what the tables inside a message are made of."""

    language: str
    step: str
    channel: str
    currency: str
    creditor: Party
    debtor: Party
    how_to_answer: str
    count: int
    one_or_many: Callable[[str, str], str]
    items: list[Line]
    credits: list[Line]
    not_due: list[Line]
    apart: list[Line]
    overdue: str
    credited: str
    asked: str
    oldest_days_late: int
    due_today: int
    reminded: int
    as_of: str
    deadline: str
    answer_by: str
    charges: Charged
    discounts: list[Offer]
    promise_broken: bool
    statement: str
    other_items: str
    payment_details: str
    charge_details: str
    instalment_details: str
    transfer: Transfer
    enclosed: Enclosed
    signature: str


def creditor(company: Company) -> Party:
    """Return the creditor as messages show it."""
    name, company_id, address = clean(company.name), clean(company.company_id), clean_lines(company.address)
    iban = clean(company.iban).replace(" ", "")
    return Party(
        name=name,
        contact=clean(company.contact),
        email=clean(company.email),
        phone=clean(company.phone),
        company_id=company_id,
        address=address,
        block=tuple(filter(None, (name, *address, registered(company_id)))),
        iban=" ".join(iban[at : at + 4] for at in range(0, len(iban), 4)),
        bic=clean(company.bic),
        website=clean(company.website),
    )


def debtor_party(debtor: Debtor) -> Party:
    """Return the debtor as messages show it; a debtor without a name goes by its account number."""
    name, address, company_id = clean(debtor.name), clean_lines(debtor.address), clean(debtor.company_id)
    contact, key = clean(debtor.contact), clean(debtor.debtor_id)
    return Party(
        name=name or key,
        contact=contact,
        email=clean(debtor.email),
        phone="",
        company_id=company_id,
        address=address,
        block=tuple(filter(None, (name or key, contact, *address, registered(company_id)))),
        id=key,
        nature=debtor.nature,
        country=debtor.country,
    )


def registered(company_id: str) -> str:
    """Return the company number, called SIREN when it is one (nine digits)."""
    digits = company_id.replace(" ", "")
    return f"SIREN {company_id}" if digits.isdecimal() and len(digits) == SIREN_DIGITS else company_id


def facts(
    account: Account, debtor: Party, giver: Party, how_to_answer: str, company: Company, enclosed: Enclosed, policy: Policy,
    words: Words, as_of: dt.date,
) -> Facts:  # fmt: skip
    """Return the facts of one account for its template, amounts and days in the words' language."""
    count = len(account.asked_for)
    charges = charged(account, policy, words, as_of)
    amount = _amounts(words, account.currency)
    return {
        "language": words.language,
        "step": account.step,
        "channel": account.channel,
        "currency": account.currency,
        "creditor": giver,
        "debtor": debtor,
        "how_to_answer": how_to_answer,
        "count": count,
        "one_or_many": _singular if count == 1 else _plural,
        "items": _lines(account.asked_for, words, amount),
        "credits": _lines(account.credits, words, amount),
        "not_due": _lines(account.not_due, words, amount),
        "apart": _lines(account.apart, words, amount),
        "overdue": amount(account.overdue),
        "credited": amount(account.credited),
        "asked": amount(account.asked),
        "oldest_days_late": max((item.days_late for item in account.asked_for), default=0),
        "due_today": sum(item.due.date() == as_of for item in account.asked_for if not pd.isna(item.due)),
        "reminded": sum(item.last_step not in UNREMINDED for item in account.asked_for),
        "as_of": words.long_date(as_of),
        "deadline": words.long_date(as_of + dt.timedelta(days=DEADLINE_DAYS)),
        "answer_by": words.long_date(as_of + dt.timedelta(days=policy.offer_wait)),
        "charges": charges,
        "discounts": offered_discounts(account, policy, words, as_of),
        "enclosed": enclosed,
        "promise_broken": account.promise_broken,
        "statement": STATEMENT,
        "other_items": OTHERS,
        "payment_details": PAYMENT,
        "charge_details": CHARGES,
        "instalment_details": INSTALMENTS,
        "transfer": transfer(account, company, charged_sum(account) if charges.claimed else account.asked),
        "signature": "\n".join(filter(None, (giver.contact, giver.name, giver.phone))),
    }


def _singular(one: str, _: str) -> str:
    return one


def _plural(_: str, many: str) -> str:
    return many


def _amounts(words: Words, currency: str) -> Callable[[int], str]:
    return lambda minor: words.amount(minor, currency)


def _lines(items: list[Item], words: Words, amount: Callable[[int], str]) -> list[Line]:
    return [
        Line(
            number=clean(item.number),
            kind=item.kind,
            issued=words.date(item.issued),
            due=words.date(item.due),
            amount=amount(item.amount),
            open=amount(item.open),
            days_late=item.days_late,
            part_paid=item.amount != item.open,
            step=item.step,
        )
        for item in items
    ]
