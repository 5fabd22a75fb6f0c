"""sample_ledger.toml → the lines of the sample ledger, numbered and dated as an accounting tool would have them."""

import datetime as dt
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

INVOICE, CREDIT_NOTE, PAYMENT = "Facture", "Avoir", "Règlement"
NUMBER_STARTS = {INVOICE: ("FA", 214), CREDIT_NOTE: ("AV", 9), PAYMENT: ("RG", 87)}


@dataclass(frozen=True)
class Line:
    """One ledger line; amounts in units of its currency, tax included."""

    account: str
    kind: str
    issued: dt.date
    due: dt.date
    amount: Decimal
    left: Decimal
    currency: str
    reference: str = ""
    paid: dt.date | None = None
    note: str = ""
    reminded: dt.date | None = None
    level: int | None = None
    typed: dict[str, str] = field(default_factory=dict)
    number: str = ""


def read_debtors() -> list[dict[str, Any]]:
    """Return the debtors of sample_ledger.toml, in its order, amounts as Decimal."""
    path = Path(__file__).with_name("sample_ledger.toml")
    debtors: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)["debtor"]
    return sorted(debtors, key=lambda debtor: debtor["account"])


def ledger_lines(debtors: Sequence[dict[str, Any]]) -> list[Line]:
    """Return every line, by account and day, numbered by kind in the order of their days as a ledger does."""
    drawn = [line for debtor in debtors for line in debtor_lines(debtor)]
    counters = {kind: start for kind, (_, start) in NUMBER_STARTS.items()}
    numbered = []
    for line in sorted(drawn, key=lambda line: (line.issued, line.account)):
        counters[line.kind] += 1
        prefix = NUMBER_STARTS[line.kind][0]
        numbered.append(replace(line, number=f"{prefix}{line.issued:%y}-{counters[line.kind]:04d}"))
    return sorted(numbered, key=lambda line: (line.account, line.issued, line.number))


def debtor_lines(debtor: dict[str, Any]) -> Iterator[Line]:
    """Yield the debtor's history, then its open and special lines."""
    for issued, net, delay, *level in debtor.get("paid", ()):
        paid = banking_day(issued + dt.timedelta(debtor.get("terms", 30) + delay))
        reminder = {"reminded": paid - dt.timedelta(4), "level": level[0]} if level else {}
        yield drawn_line(debtor, {"issued": issued, "net": net, "left": Decimal(0), "paid": paid} | reminder)
    for described in debtor.get("lines", ()):
        yield drawn_line(debtor, described)


def drawn_line(debtor: dict[str, Any], described: dict[str, Any]) -> Line:
    """Return the line that an entry of sample_ledger.toml describes."""
    issued, kind = described["issued"], described.get("kind", INVOICE)
    terms = debtor.get("terms", 30) if kind == INVOICE else 0
    amount = (described["net"] * (100 + debtor.get("tax", 20)) / 100).quantize(Decimal("0.01"))
    reference = f"{debtor['orders']}{issued:%y%m%d}" if kind == INVOICE and "orders" in debtor else ""
    return Line(
        account=debtor["account"],
        kind=kind,
        issued=issued,
        due=described.get("due", issued + dt.timedelta(terms)),
        amount=amount,
        left=described.get("left", amount),
        currency=described.get("currency", debtor.get("currency", "EUR")),
        reference=reference,
        **{key: described[key] for key in ("paid", "note", "reminded", "level", "typed") if key in described},
    )


def banking_day(day: dt.date) -> dt.date:
    """Return the day, or the Friday before a weekend: banks book on working days."""
    return day - dt.timedelta(max(day.weekday() - 4, 0))
