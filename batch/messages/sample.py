"""The wordings that a run may need → each filled with a made-up account, so that a broken template is found before it is needed."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from batch.core.policy import Company, Policy
from batch.core.problem import Problem
from batch.messages.accounts import WORDED, Account, Debtor, Item
from batch.messages.cabinet import Cabinet
from batch.messages.letter import letters
from batch.messages.render import render
from batch.words import LANGUAGES

CREDITOR = Company(
    name="Alpha", address="1 rue A\n75001 Paris", email="compta@alpha.example", iban="FR1420041010050500013M02606"
)


def try_wordings(templates: Path | None, policy: Policy, as_of: dt.date) -> tuple[int, tuple[Problem, ...]]:
    """Return how many wordings could be filled, and what is wrong with the others.

    Every written step in every language, under its own name and under those that policies give it, on paper where a letter
    goes with it. RelanceError TEMPLATES-NOT-FOUND when `templates` is no folder, ATTACHMENTS-NOT-… when what is to be attached has none.
    """
    Cabinet(policy.attachments)
    # Nobody has a file of the made-up customer's invoices: to ask for it would be told as a fault of the user's folder.
    policy = replace(policy, attachments=replace(policy.attachments, invoices=""))
    accounts = tuple(_accounts(policy, as_of))
    messages, problems = render(accounts, as_of, company=CREDITOR, policy=policy, templates=templates)
    _, undrawn = letters(
        accounts, messages, as_of, company=CREDITOR, templates=templates, write=lambda _name, _content: None
    )
    return len(messages), (*problems, *undrawn)


def _accounts(policy: Policy, as_of: dt.date) -> Iterator[Account]:
    for step in WORDED:
        policies = (policy, *policy.named.values())
        own = {each.template for one in policies for each in one.steps if each.code == step}
        for template in sorted({"", *own}):
            for language in LANGUAGES:
                yield _account(step, template, language, as_of)


def _account(step: str, template: str, language: str, as_of: dt.date) -> Account:
    late = step != "courtesy"
    day = pd.Timestamp(as_of)
    due = day - pd.Timedelta(days=40) if late else day + pd.Timedelta(days=5)
    item = Item(
        number="FA-1", kind="invoice", issued=due - pd.Timedelta(days=30), due=due, amount=120000, open=100000,
        days_late=(day - due).days, overdue=late, step=step, last_step="", advances=True, apart=False, interest=1000 if late else 0,
        fixed_sum=4000 if late else 0, fees=0, estimated=False,
    )  # fmt: skip
    debtor = Debtor(
        f"{step} {template} {language}",
        "Beta",
        "",
        "compta@beta.example",
        "2 rue B\n69001 Lyon",
        language,
        "FR",
        "",
        "business",
    )
    return Account(debtor, "EUR", step, "mail", promise_broken=False, template=template, asked_for=[item])
