"""Every shipped wording, in both languages, as text and as HTML, against files that a person has read."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from batch.core.policy import Attachments
from batch.messages.accounts import WORDED, gather
from batch.messages.render import render
from tests.messages.plans import COMPANY, POLICY, Case, Item, make_plan

# Two late invoices, one part paid, a credit note, one invoice not due yet.
ITEMS = [
    Item("FA-101", 50, 100000, amount=120000, interest=1699, fixed_sum=4000),
    Item("FA-117", 12, 45050, interest=184, fixed_sum=4000),
    Item("FA-130", -10, 30000, advances=False),
    Item("AV-3", 0, -10000, kind="credit_note"),
]
SOON = [Item("FA-140", -4, 80000), Item("FA-141", -5, 60000)]
READER = {"contact": "Claire Petit", "address": "3 place du Marché\n71000 Mâcon", "company_id": "987654324"}


@pytest.mark.parametrize("step", WORDED)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_shipped_wording(language: str, step: str, golden: Callable[[str, str], None]) -> None:
    """Text and HTML of each step are as they were last read and approved."""
    before = "reminder_2" if step == "formal_notice" else ""
    items = SOON if step == "courtesy" else [replace(item, last_step=before) for item in ITEMS]
    plan = make_plan(Case(step, items, debtor=READER | {"language": language}))

    messages, problems = render(gather(plan), plan.as_of, company=COMPANY, policy=POLICY, templates=None)

    message = messages["411DURAND", "EUR"]
    assert problems == ()
    golden(f"{language}-{step}.txt", f"Subject: {message.subject}\n\n{message.text}")
    golden(f"{language}-{step}.html", message.html)


@pytest.mark.parametrize("step", ["reminder_1", "resend_invoice"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_wording_with_files_and_a_page_to_pay(
    language: str, step: str, golden: Callable[[str, str], None], tmp_path: Path
) -> None:
    """The invoice and the terms of sale attached, a page to pay on: as they were last read and approved."""
    for name in ("FA-101.pdf", "terms.pdf"):
        (tmp_path / name).write_bytes(b"%PDF-1.7")
    files = Attachments(str(tmp_path), steps=frozenset({step}), terms=str(tmp_path / "terms.pdf"))
    company = replace(COMPANY, payment_link="https://pay.example/{company_id}/{number}?amount={amount}")
    plan = make_plan(Case(step, ITEMS[:1], debtor=READER | {"language": language}))

    messages, problems = render(gather(plan), plan.as_of, company=company, policy=replace(POLICY, attachments=files))

    assert problems == ()
    golden(f"{language}-{step}-complete.txt", messages["411DURAND", "EUR"].text)
