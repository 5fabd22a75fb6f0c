"""The checked sections of relance.toml → core.policy values."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from batch.core.codes import STANDINGS
from batch.core.currencies import minor_units
from batch.core.policy import DEFAULT_POLICY, NEVER_POLICY, Attachments, Company, Policy, Reading, Step
from batch.settings import shipped
from batch.settings.calendars import YEARS, holidays_for
from batch.settings.charging import charging, discount
from batch.settings.form import SettingsFile
from batch.settings.policy_form import (
    DEFAULT_ROAD,
    HAND_OVER,
    STANDARD,
    EvidenceSection,
    PolicySection,
    StepSection,
)

SCALARS = (
    "promise_grace", "cheque_grace", "contestation_days", "patience_months", "dso_days", "lead", "first_points",
)  # fmt: skip
# What each policy may say in its own way.
OWN_SCALARS = (
    "gap_days", "answer_pause", "resend_grace", "hard_hand_over", "offer_wait", "patience_delay", "patience_days", "first_run_hold",
    "classification",
)  # fmt: skip
MEGABYTE = 1_000_000
POINTS = ("forgetful", "invoice_lost", "in_difficulty", "dishonest")


def company(file: SettingsFile) -> Company:
    """Return whose ledger it is."""
    return Company(
        **file.company.model_dump(),
        payment_link=file.payment.link,
        payment_code=file.payment.qr,
        reply_to=file.mail.reply_to,
        copy_to=file.mail.cc_self,
        blind_copy_to=file.mail.bcc_self,
    )


def reading(file: SettingsFile, home: Path) -> Reading:
    """Return what the settings say about the export; the contacts file is meant from the settings' folder."""
    written = file.ledger.model_dump(exclude={"fresh_days"})
    contacts = str(home / Path(file.ledger.contacts).expanduser()) if file.ledger.contacts else ""
    return Reading(**written | {"contacts": contacts})


def attachments(file: SettingsFile, home: Path) -> Attachments:
    """Return what goes out with the mails; folder and file are meant from the settings' folder."""
    section = file.attachments
    invoices, terms = (str(home / Path(one).expanduser()) if one else "" for one in (section.invoices, section.terms))
    return Attachments(
        invoices=invoices,
        pattern=section.pattern,
        steps=frozenset(section.steps),
        hold=section.missing == "hold",
        terms=terms,
        max_bytes=section.max_mb * MEGABYTE,
    )


def policy(file: SettingsFile, language: str, home: Path, years: range = YEARS) -> Policy:
    """Return all that steers a run, with the holidays of the settings' own country and every policy by its name."""
    section, ledger = file.policy, file.ledger
    shared = Policy(
        points=_points(file.evidence),
        hard_facts=frozenset(code for code, fact in file.evidence.items() if fact.hard),
        families={code: fact.family or code for code, fact in file.evidence.items() if fact.hard},
        delivery_facts=frozenset(code for code, fact in file.evidence.items() if fact.delivery),
        words=shipped.words(),
        attachments=attachments(file, home),
        terms_of_sale=file.messages.terms_of_sale or bool(file.attachments.terms),
        charging=charging(section.charging),
        discount=discount(section.discount),
        holidays=holidays_for([ledger.country], years),
        country=ledger.country,
        language=language,
        currency=ledger.currency,
        fresh_days=ledger.fresh_days,
        buckets=tuple(section.buckets),
        poor_ratings=tuple(section.poor_ratings),
        **{name: getattr(section, name) for name in SCALARS},
    )
    base = _own(shared, section, ledger.currency)
    named = {name: _own(shared, own, ledger.currency) for name, own in file.policies.items()}
    return replace(
        base,
        named=named | {NEVER_POLICY: replace(base, never=True)},
        customers=_chosen(file.customers),
        invoices=_chosen(file.invoices),
    )


def _own(shared: Policy, section: PolicySection, currency: str) -> Policy:
    """Return the policy with what a section says of the single debtor; one without any step never sends anything."""
    roads = _roads(section)
    return replace(
        shared,
        steps=tuple(_step(code, step, currency) for code, step in section.steps.items()),
        roads=roads,
        natures={nature: tuple(steps) for nature, steps in section.natures.items()},
        never=not any(roads.values()),
        tolerance=_minor(section.tolerance, currency),
        item_tolerance=_minor(section.item_tolerance, currency),
        minimum={code: _minor(amount, code) for code, amount in section.minimum.items()},
        courtesy_minimum=_minor(section.courtesy_minimum, currency),
        **{name: getattr(section, name) for name in OWN_SCALARS},
    )


def _step(code: str, step: StepSection, currency: str) -> Step:
    written = step.model_dump(exclude={"minimum", "fee"})
    return Step(
        code=code,
        **written,
        minimum=_minor(step.minimum, currency),
        fee=_minor(step.fee.flat, currency),
        fee_share=round(step.fee.share * 100),
    )


def _chosen(names: Mapping[str, str]) -> dict[str, str]:
    return {key: DEFAULT_POLICY if name == STANDARD else name for key, name in names.items()}


def _roads(section: PolicySection) -> dict[str, tuple[str, ...]]:
    """Return the ladder of every standing and the default one, with the chosen hand-over in its place."""
    chosen = {
        standing: tuple(section.hand_over if rung == HAND_OVER else rung for rung in road)
        for standing, road in section.roads.items()
    }
    return {standing: chosen.get(standing, chosen[DEFAULT_ROAD]) for standing in (DEFAULT_ROAD, *STANDINGS)}


def _points(facts: Mapping[str, EvidenceSection]) -> dict[str, dict[str, int]]:
    return {
        code: {standing: weight for standing in POINTS if (weight := getattr(fact, standing))}
        for code, fact in facts.items()
    }


def _minor(amount: Decimal, currency: str) -> int:
    """Return the amount in minor units, decimals that the currency does not have rounded."""
    return round(amount.scaleb(minor_units(currency)))
