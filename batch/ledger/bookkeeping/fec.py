"""The French FEC (fichier des écritures comptables, LPF art. A47 A-1): its headings, the form of its text, its file name.

Every entry of a year stands in it, 18 columns between tabs or "|", without quotes. No due date, no address.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence

# Heading without capitals and punctuation → our name; variants are those seen in real files.
HEADINGS = {
    "journalcode": "journal_code", "codejournal": "journal_code", "journallib": "journal", "ecriturenum": "entry",
    "ecrituredate": "entry_date", "comptenum": "account", "comptelib": "account_name", "comptelibelle": "account_name",
    "compauxnum": "customer_id", "compteauxnum": "customer_id", "compauxlib": "customer_name", "compauxlibelle": "customer_name",
    "compteauxlib": "customer_name", "pieceref": "invoice_number", "piecedate": "issue_date", "ecriturelib": "description",
    "ecriturelibelle": "description", "debit": "debit", "credit": "credit", "montant": "amount", "sens": "side",
    "ecriturelet": "lettering", "ecriturelettrage": "lettering", "ecrturelet": "lettering", "lettragepiece": "lettering",
    "datelet": "lettering_date", "datelettrage": "lettering_date", "validdate": "valid_date",
    "montantdevise": "foreign_amount", "idevise": "foreign_currency",
}  # fmt: skip
OWN_FIELDS = frozenset(
    {"entry", "entry_date", "account", "account_name", "valid_date", "foreign_amount", "foreign_currency"}
)

_FEWEST = 9
_NEEDED = frozenset({"account", "entry_date", "invoice_number"})
_MARKS = re.compile(r"[^a-z]")
_FIRST_LINE = re.compile(r"\ufeff?\s*(\"?)journal_?code\1\s*([\t|;,])", re.IGNORECASE)
_FILE_NAME = re.compile(r"(\d{9})FEC(\d{4})(\d{2})(\d{2})", re.IGNORECASE)


def places(headings: Sequence[str]) -> Mapping[str, int]:
    """Return our name → column of a FEC's headings, {} when these are not a FEC's."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = HEADINGS.get(_MARKS.sub("", heading.lower().replace("é", "e"))) if heading else None
        if name and name not in found:
            found[name] = place
    if "journal" not in found and "journal_code" in found:
        found["journal"] = found["journal_code"]
    amounts = {"debit", "credit"} <= found.keys() or {"amount", "side"} <= found.keys()
    return found if len(found) >= _FEWEST and found.keys() >= _NEEDED and amounts else {}


def columns(headings: Sequence[str]) -> Mapping[str, int]:
    """Return the canonical fields of a FEC's headings; Idevise is not the currency of Debit and Credit."""
    found = places(headings)
    named = {name: place for name, place in found.items() if name not in OWN_FIELDS and name != "journal_code"}
    if found:
        named.setdefault("customer_id", found["account"])
        named.setdefault("issue_date", found["entry_date"])
    return named


def separator(text: str) -> str:
    """Return what separates the cells of a FEC, "" when the text is none, or one that quotes its cells."""
    found = _FIRST_LINE.match(text[:200])
    return found[2] if found and not found[1] else ""


def of_file_name(name: str) -> tuple[str, dt.date | None]:
    """Return the SIREN and the closing day in SirenFECAAAAMMJJ.txt, or "" and None."""
    found = _FILE_NAME.search(name)
    if not found:
        return "", None
    try:
        return found[1], dt.date(int(found[2]), int(found[3]), int(found[4]))
    except ValueError:
        return found[1], None
