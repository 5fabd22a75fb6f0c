"""Typed columns → tables.ITEMS, each item with its key and its row."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np
import pandas as pd

from batch.core.item_key import key_parts
from batch.core.policy import Reading
from batch.core.problem import Severity
from batch.core.tables import ITEMS
from batch.ledger.bookkeeping import movements
from batch.ledger.cells.due import fill_due
from batch.ledger.cells.statuswords import UNKNOWN, meanings
from batch.ledger.cells.typed import Typed
from batch.ledger.files.sheets import Cell
from batch.ledger.table.findings import Findings
from batch.ledger.values import code_by_word, is_plain_yes, is_yes, mapped, texts
from batch.ledger.vocabulary import has_word, plain, vocabulary

CREDITS = ("credit_note", "payment")
NO_DAY = np.datetime64("NaT", "s")

_ORDER_OF_KINDS = (
    ("invoice_first", "invoice"),
    ("credit_note", "credit_note"),
    ("payment", "payment"),
    ("invoice", "invoice"),
)
_RETENTION = ("retenue garantie", "retenue de garantie", "retention")


@dataclass(frozen=True)
class Columns:
    """All columns of the items in work: texts by field, typed ones, how many items there are, and what relance.toml says of statuses."""

    texts: Mapping[str, list[str]]
    typed: Typed
    count: int
    statuses: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> list[str]:
        """Return a text column, [] when the file has none."""
        return self.texts.get(name, [])

    def money(self, name: str) -> np.ndarray:
        """Return a money column in minor units, 0 when the file has none."""
        found = self.typed.money.get(name)
        return found.minor.copy() if found else np.zeros(self.count, dtype="int64")

    def given(self, name: str) -> np.ndarray:
        """Say where a money column holds an amount."""
        found = self.typed.money.get(name)
        return found.given if found else np.zeros(self.count, dtype=bool)

    def days(self, name: str) -> np.ndarray:
        """Return a day column, NaT when the file has none."""
        found = self.typed.days.get(name)
        return found.day if found else np.full(self.count, NO_DAY)


TEXT_FIELDS = (
    "customer_id", "customer_name", "email", "phone", "contact", "caller", "address", "postal_code", "city", "language",
    "country", "invoice_number", "payment_mode", "doc_type", "status", "disputed", "retention", "po_ref", "description",
    "note", "last_reminder_level", "company_id", "nature", "terms", "policy", "rating", "lettering", "journal",
)  # fmt: skip


def gather(cells: Mapping[str, list[Cell]], typed: Typed, count: int, statuses: Mapping[str, str]) -> Columns:
    """Return the items' columns with every text column as texts."""
    return Columns({name: texts(cells[name]) for name in TEXT_FIELDS if name in cells}, typed, count, statuses)


def debtor_ids(columns: Columns) -> list[str]:
    """Return each item's debtor: the number; without one, the only number that its name has elsewhere, else the name itself."""
    numbers, names = (
        columns.text("customer_id"),
        mapped(columns.text("customer_name"), lambda name: " ".join(name.split())),
    )
    if not numbers or not names:
        return numbers or names
    if all(numbers):
        return numbers
    pairs = {(name, number) for number, name in zip(numbers, names, strict=True) if number and name}
    times = Counter(name for name, _ in pairs)
    by_name = {name: number for name, number in pairs if times[name] == 1}
    return [number or by_name.get(name, name) for number, name in zip(numbers, names, strict=True)]


def status_says(columns: Columns) -> dict[str, np.ndarray]:
    """Return for each meaning of a status (paid, aside, disputed, unknown) the items whose status or type says so."""
    said = np.array(meanings(columns.text("status"), columns.statuses) or ["owed"] * columns.count, dtype=object)
    return {code or "unknown": said == code for code in ("paid", "aside", "disputed", UNKNOWN)}


def kinds(columns: Columns, negative: np.ndarray) -> np.ndarray:
    """Return invoice, credit_note or payment: by the type's words; for negative rows also by number, label and comment."""
    said_by_type = mapped(columns.text("doc_type"), lambda text: _kind(text) or "invoice")
    found = np.array(said_by_type or ["invoice"] * columns.count, dtype=object)
    written = [columns.texts[name] for name in ("invoice_number", "description", "note") if name in columns.texts]
    for item in np.flatnonzero(negative & (found == "invoice")).tolist():
        said = _kind(" ".join(column[item] for column in written))
        found[item] = said if said in CREDITS else "credit_note"
    return found


def movement_kinds(columns: Columns) -> np.ndarray:
    """Return the kinds of rows whose side the file gives."""
    fields = ("doc_type", "invoice_number", "description", "note")
    written = [columns.texts[name] for name in fields if name in columns.texts]
    return movements.kinds(columns.money("amount"), written, columns.text("journal"))


def _kind(text: str) -> str:
    normal = plain(text)
    return next((kind for group, kind in _ORDER_OF_KINDS if has_word(normal, vocabulary().words("kinds", group))), "")


def balances(columns: Columns, paid: np.ndarray, findings: Findings) -> tuple[np.ndarray, np.ndarray]:
    """Return amount and open as the file gives them, or derived: open = amount - paid, or 0 where a payment date or status says so."""
    amount, paid_amount = columns.money("amount"), columns.money("amount_paid")
    if columns.typed.movements:
        return amount, amount
    has_open, has_amount = columns.given("open_balance"), columns.given("amount")
    settled = paid | ~np.isnat(columns.days("payment_date"))
    if "open_balance" in columns.typed.money:
        owed = columns.money("open_balance")
        _say_where(findings, "BALANCE-BLANK", "open_balance", ~has_open & ~settled & has_amount & (amount != 0))
        _say_where(findings, "STATUS-DISAGREES", "status", paid & (owed != 0))
        return np.where(has_amount, amount, owed), owed
    if "amount_paid" not in columns.typed.money:
        _note_assumed(columns, findings)
    else:
        return amount, np.where(paid, 0, amount - paid_amount)
    return amount, np.where(settled, 0, amount)


def _say_where(findings: Findings, code: str, field: str, here: np.ndarray) -> None:
    """Say how many items are so, and where the first stands; nothing where none is."""
    if here.any():
        findings.say(code, Severity.WARNING, findings.place(field, int(here.argmax())), n=int(here.sum()))


def _note_assumed(columns: Columns, findings: Findings) -> None:
    """Say when nothing tells what was paid: neither balance, paid amount, payment date nor status."""
    words = vocabulary().words("status", "part")
    partly = np.array([has_word(plain(text), words) for text in columns.text("status")], dtype=bool)
    _say_where(findings, "PART-PAID-UNKNOWN", "status", partly)
    if "payment_date" not in columns.typed.days and "status" not in columns.texts:
        findings.say("BALANCE-ASSUMED", Severity.WARNING)


def build_items(
    columns: Columns,
    debtors: Sequence[str],
    reading: Reading,
    findings: Findings,
    *,
    sheet: str,
    rows: np.ndarray,
    dated: bool = True,
) -> pd.DataFrame:
    """Return ITEMS, in the file's order; `rows` are their 1-based rows in the sheet, `dated`: due days are part of the key."""
    said = status_says(columns)
    amount, owed = balances(columns, said["paid"], findings)
    signed = columns.typed.signed
    kind = movement_kinds(columns) if signed else kinds(columns, (owed < 0) | ((owed == 0) & (amount < 0)))
    turn = np.isin(kind, CREDITS) & (amount > 0)
    amount, owed = np.where(turn, -amount, amount), np.where(turn & (owed > 0), -owed, owed)
    issued, due = _issued_and_due(columns, debtors, kind, reading, findings)
    number = columns.text("invoice_number") or [""] * columns.count
    table = {
        "item_id": _keys(debtors, kind, number, due if dated else np.full(columns.count, NO_DAY), findings),
        "debtor_id": debtors,
        "kind": kind,
        "number": number,
        "issued": issued,
        "due": due,
        "sent_on": columns.days("sent_date"),
        "amount": amount,
        "open": owed,
        "currency": columns.typed.currencies,
        "paid_on": np.where(owed == 0, columns.days("payment_date"), NO_DAY),
        "payment_mode": mapped(columns.text("payment_mode"), code_by_word("payment_modes")) or "",
        "disputed": _yes(columns, "disputed", is_yes) | said["disputed"],
        "hold_until": columns.days("hold_until"),
        "retention": _yes(columns, "retention", is_plain_yes)
        | _yes(columns, "doc_type", _is_retention)
        | _yes(columns, "description", _begins_with_retention),
        "reference": columns.text("po_ref") or "",
        "note": columns.text("note") or "",
        "source_sheet": sheet,
        "source_row": rows,
    }
    return ITEMS.conform(pd.DataFrame(table))


def _yes(columns: Columns, field: str, meaning: object) -> np.ndarray:
    if field not in columns.texts:
        return np.zeros(columns.count, dtype=bool)
    return np.array([bool(said) for said in mapped(columns.text(field), meaning)], dtype=bool)  # type: ignore[arg-type]


def _is_retention(text: str) -> str:
    return "yes" if has_word(plain(text), _RETENTION) else ""


def _begins_with_retention(text: str) -> str:
    """Return "yes" for a label that begins so; one that speaks of it further on is that of the whole invoice."""
    return "yes" if text[:3].lower() == "ret" and plain(text).startswith(_RETENTION) else ""


def _issued_and_due(
    columns: Columns, debtors: Sequence[str], kind: np.ndarray, reading: Reading, findings: Findings
) -> tuple[np.ndarray, np.ndarray]:
    """Fill the day that is missing: issued = due; due = issued, plus the terms for an invoice."""
    issued, due = columns.days("issue_date"), columns.days("due_date")
    issued = np.where(np.isnat(issued), due, issued)
    return issued, fill_due(issued, due, kind == "invoice", columns.text("terms"), debtors, reading, findings)


def _keys(
    debtors: Sequence[str], kind: np.ndarray, number: Sequence[str], due: np.ndarray, findings: Findings
) -> list[str]:
    """Return debtor|kind|number|due|occurrence for each item."""
    day_texts = np.datetime_as_string(due, unit="D").tolist()
    rows = zip(key_parts(debtors), kind.tolist(), key_parts(number), day_texts, strict=True)
    keys = [f"{debtor}|{what}|{name}|{day}" for debtor, what, name, day in rows]
    if len(set(keys)) == len(keys):
        return [f"{key}|1" for key in keys]
    # Hardly any key comes twice, so only those that do are counted one by one.
    occurrences = {key: count(1) for key, times in Counter(keys).items() if times > 1}
    invoiced = enumerate(zip(keys, number, (kind != "payment").tolist(), strict=True))
    named = {item: key for item, (key, name, invoice) in invoiced if invoice and name and key in occurrences}
    if named:
        seen: set[str] = set()
        again = next(item for item, key in named.items() if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        where = findings.place("invoice_number", again, number[again])
        findings.say("ITEMS-REPEATED", Severity.INFO, where, n=len(named) - len({*named.values()}))
    return [f"{key}|{next(occurrences[key])}" if key in occurrences else f"{key}|1" for key in keys]
