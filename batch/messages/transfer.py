"""An account and the creditor → the bank transfer that a message asks for, and the address of a page to pay it on.

The amount is the one the message names as to be paid; an offer of instalments leaves it open.
"""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

from batch.core.currencies import minor_units
from batch.core.policy import Company
from batch.messages.accounts import Account
from batch.messages.clean import clean

LONGEST_REFERENCE = 140  # unstructured remittance information (EPC069-12)
OPEN_AMOUNT_STEPS = ("plan_offer",)


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a customer enters at the bank; every text is one clean line, "" = not given."""

    payee: str
    iban: str  # without spaces
    bic: str
    amount: int  # minor units; 0 = left open
    currency: str
    reference: str
    link: str


def transfer(account: Account, company: Company, amount: int) -> Transfer:
    """Return the transfer of one message; `amount` is in minor units, what the message asks for in all."""
    asked = 0 if account.step in OPEN_AMOUNT_STEPS else amount
    reference = reference_of(account)
    return Transfer(
        payee=clean(company.name),
        iban=clean(company.iban).replace(" ", ""),
        bic=clean(company.bic).replace(" ", ""),
        amount=asked,
        currency=account.currency,
        reference=reference,
        link=_link(account, company, asked, reference) if asked and company.payment_link else "",
    )


def reference_of(account: Account) -> str:
    """Return what to quote: the numbers of the invoices; the customer's own where one has none or a bank cuts the list."""
    numbers = [clean(item.number) for item in account.asked_for]
    listed = " ".join(dict.fromkeys(numbers))
    fits = numbers and all(numbers) and len(listed) <= LONGEST_REFERENCE
    return listed if fits else clean(account.debtor.debtor_id)[:LONGEST_REFERENCE]


def _link(account: Account, company: Company, amount: int, reference: str) -> str:
    """Return the filled pattern; "" where it names a single invoice and there are several, or a value is not known."""
    numbers = [clean(item.number) for item in account.asked_for]
    places = minor_units(account.currency)
    values = {
        "company_id": clean(company.company_id).replace(" ", ""),
        "debtor_id": clean(account.debtor.debtor_id),
        "number": numbers[0] if len(numbers) == 1 else "",
        "reference": reference,
        "amount": f"{Decimal(amount).scaleb(-places):.{places}f}",
        "currency": account.currency,
    }
    pattern = company.payment_link
    if any(f"{{{name}}}" in pattern and not value for name, value in values.items()):
        return ""
    return pattern.format_map({name: quote(value, safe="") for name, value in values.items()})
