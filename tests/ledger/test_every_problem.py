"""Every problem that reading a ledger can name, each with a small file that provokes it."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from openpyxl import Workbook

from batch.core.policy import Reading
from batch.core.problem import RelanceError
from batch.ledger import open_book, read
from batch.words import Words
from tests.words.codes import mentioned

LEDGER = Path(__file__).parents[2] / "batch" / "ledger"

# Codes that a file cannot provoke: they tell of a fault of ours (tests/ledger/test_reconcile.py has it).
OUR_OWN_FAULT = frozenset({"RECONCILIATION-DIFFERS"})
# Codes whose file is still to be written; to be empty.
NOT_YET: frozenset[str] = frozenset({"ACCOUNTS-IGNORED", "AGED-BALANCE", "AGED-DIFFERS", "AMOUNT-DOUBTFUL", "AMOUNT-ROUNDED", "AMOUNT-STYLES-MIXED", "AMOUNTS-HALF-TURNED", "BALANCE-UNCLEAR", "BOOK-IN-CREDIT", "CALENDAR-FOREIGN", "COLUMN-UNNAMED", "CREDITS-BY-NUMBER", "CREDITS-OLDEST-FIRST", "CURRENCY-BY-FORMAT", "CURRENCY-DISPUTED", "CURRENCY-HEADINGS", "CURRENCY-PARTLY", "CUSTOMER-CARRIED", "CUSTOMER-LINES-UNCLEAR", "CUSTOMER-NUMBER-LOST", "CUSTOMERS-UNNAMED", "DATE-DOUBTFUL", "DATE-ORDER-AGAINST", "DATE-ORDER-SETTLED", "DATE-ORDER-UNSETTLED", "DATES-LEFT-BLANK", "DATES-TURNED", "DATES-TURNED-BACK", "DATEV-DISCOUNT", "DATEV-OTHER", "DATEV-READ", "DECIMAL-DISPUTED", "DUE-BEFORE-ISSUE", "DUE-DATE-BY-TERMS", "DUE-FAR-OFF", "ENTRIES-UNBALANCED", "FEC-FOREIGN", "FEC-READ", "FEC-ROW-BROKEN", "FEC-ROWS-MENDED", "HIDDEN-SHEET", "INVOICE-NUMBERS-LOST", "ISSUED-LATER", "LETTERING-PARTIAL", "LETTERING-UNBALANCED", "LINE-UNREAD", "LINES-OF-INVOICES", "MOVEMENTS-OR-STATUSES", "NO-CUSTOMER-ACCOUNTS", "NOT-CALCULATED", "OPENING-BALANCES", "OPENING-UNSEEN", "READING-TOO-BIG", "READING-TOO-LONG", "ROW-SHIFTED", "RUNNING-TOTAL", "SECOND-READER", "SHEET-CHOSEN", "SHEETS-ALIKE", "SIDE-UNREADABLE", "SNAPSHOT-UNREADABLE", "SNAPSHOTS", "SNAPSHOTS-LATER", "STATED-DAY-MISSING", "STATUS-CODES", "STATUS-PAID", "SUBTOTAL-DIFFERS", "TABLE-BELOW", "TABLE-BESIDE", "TABLES-BESIDE", "TERMS-UNKNOWN", "WRITE-OFFS", "XML-ENTITIES"})  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A ledger, what relance.toml says of it, and perhaps a contacts file ("" = named and not there)."""

    ledger: str | bytes | None  # None: no such file
    reading: Mapping[str, object] = field(default_factory=dict)
    contacts: str | None = None


def row(cells: str = "C1;Durand;F1;01/10/2026;31/10/2026;100,00;100,00", *more: str) -> str:
    """Return a ledger of usual headings."""
    return "\n".join(["Code client;Client;N° facture;Date facture;Échéance;Montant;Solde", cells, *more])


def workbook(*sheets: tuple[str, list[list[object]]], far: bool = False) -> bytes:
    """Return an xlsx of these sheets; `far` puts a cell into the last corner of the first."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for cells in rows:
            sheet.append(cells)
    if far:
        book.worksheets[0]["XFD1048576"] = 1
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


PLAIN: list[list[object]] = [[*line.split(";")] for line in row().splitlines()]
CODE_AND_MAIL = "Code client;Email\nC1;a@durand.example"
TWO = "C2;Petit;F2;01/10/2026;31/10/2026;100,00;100,00"

CASES = {
    "ALREADY-ANNOTATED": Case(workbook(("Factures", PLAIN), ("À propos", [["Relance"], ["1.0.0"]]))),
    "AMOUNT-MISSING": Case(row("C1;Durand;F1;01/10/2026;31/10/2026;;")),
    "AMOUNT-UNREADABLE": Case(row("C1;Durand;F1;01/10/2026;31/10/2026;100,00;1O0,00")),
    "BALANCE-ASSUMED": Case("Client;N° facture;Échéance;Montant\nDurand;F1;31/10/2026;100,00"),
    "BALANCE-BLANK": Case(row("C1;Durand;F1;01/10/2026;31/10/2026;100,00;")),
    "COLLECTIVE-ACCOUNT": Case("Compte;Client;N° facture;Échéance;Solde\n411000;Durand;F1;31/10/2026;1,00\n411000;Petit;F2;31/10/2026;1,00"),
    "COLUMN-AMBIGUOUS": Case("Client;N° facture;Échéance;Reste dû;Reste à payer\nDurand;F1;31/10/2026;1,00;2,00"),
    "COLUMN-CHOSEN": Case("Client;Échéance;Solde;Note;Remarque\nDurand;31/10/2026;1,00;x;y"),
    "COLUMN-MISSING": Case("Client;N° facture;Échéance\nDurand;F1;31/10/2026"),
    "COLUMN-NOT-FOUND": Case(row(), {"columns": {"note": "Mémo"}}),
    "CONTACTS-COLUMN-CHOSEN": Case(row(), {}, "Code client;Email;Courriel\nC1;a@durand.example;b@durand.example"),
    "CONTACTS-COLUMN-NOT-FOUND": Case(row(), {"contact_columns": {"phone": "Mobile"}}, CODE_AND_MAIL),
    "CONTACTS-DIFFER": Case("Client;Email;Échéance;Solde\nDurand;a@durand.example;31/10/2026;1,00", {}, "Client;Email\nDurand;b@durand.example"),
    "CONTACTS-FIELD-UNKNOWN": Case(row(), {"contact_columns": {"telefax": "Fax"}}, CODE_AND_MAIL),
    "CONTACTS-JOINED": Case(row(), {}, CODE_AND_MAIL),
    "CONTACTS-MISSING": Case(row(), {}, ""),
    "CONTACTS-NAME-AMBIGUOUS": Case(row(row().splitlines()[1], "C2;Durand;F2;01/10/2026;31/10/2026;1,00;1,00"), {}, "Nom;Email\nDurand;a@durand.example"),
    "CONTACTS-NO-KEY": Case(row(), {}, "Email;Langue\na@durand.example;fr"),
    "CONTACTS-NO-TABLE": Case(row(), {}, "1;2\n3;4"),
    "CONTACTS-NONE-JOINED": Case(row(), {}, "Code client;Email\nX9;a@durand.example"),
    "CONTACTS-NUMBERS-FOREIGN": Case(row(), {}, "Code client;Nom;Email\nC1;Zola;z@zola.example"),
    "CONTACTS-REPEATED": Case(row(), {}, f"{CODE_AND_MAIL}\nC1;b@durand.example"),
    "CONTACTS-WORD-UNKNOWN": Case(row(), {}, "Code client;Nature\nC1;martien"),
    "CURRENCY-UNKNOWN": Case("Client;Échéance;Solde;Devise\nDurand;31/10/2026;1,00;écus"),
    "CUSTOMER-MISSING": Case(row(";;F1;01/10/2026;31/10/2026;100,00;100,00")),
    "DATE-IGNORED": Case("Client;Échéance;Solde;Bloqué jusqu'au\nDurand;31/10/2026;1,00;bientôt"),
    "DATE-MISSING": Case(row("C1;Durand;F1;;;100,00;100,00", TWO)),
    "DATE-ORDER-ASSUMED": Case("Client;Échéance;Solde\nDurand;05/06/2026;1,00", {"country": "US"}),
    "DATE-ORDER-MIXED": Case("Client;N° facture;Échéance;Solde\nA;F1;31/10/2026;1,00\nB;F2;10/31/2026;1,00\nC;F3;30/10/2026;1,00\nD;F4;28/10/2026;1,00"),
    "DATE-UNREADABLE": Case(row("C1;Durand;F1;01/10/2026;demain;100,00;100,00")),
    "DECIMAL-ASSUMED": Case("Client;Échéance;Solde\nDurand;31/10/2026;1,234"),
    "DUE-DATE-COMPUTED": Case(row("C1;Durand;F1;01/10/2026;;100,00;100,00")),
    "EMAIL-UNREADABLE": Case("Client;Email;Échéance;Solde\nDurand;durand;31/10/2026;1,00"),
    "EMPTY-FILE": Case(""),
    "ENCRYPTED": Case(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
    "FIELD-UNKNOWN": Case(row(), {"columns": {"telefax": "Fax"}}),
    "FILE-MISSING": Case(None),
    "FORMAT-LATER": Case(b"ID;PWXL;N;E"),
    "ITEMS-REPEATED": Case(row(row().splitlines()[1], row().splitlines()[1])),
    "MORE-LIKE-THIS": Case(row(*["C1;Durand;F1;01/10/2026;demain;100,00;100,00"] * 101)),
    "NAME-SHARED": Case(row(row().splitlines()[1], "C2;Durand;F2;01/10/2026;31/10/2026;1,00;1,00")),
    "NAMES-DIFFER": Case(row(row().splitlines()[1], "C1;Durand et fils;F2;01/10/2026;31/10/2026;1,00;1,00")),
    "NO-ROWS": Case(row("")),
    "NO-TABLE": Case("1;2\n3;4"),
    "NOT-A-WORKBOOK": Case(b"%PDF-1.7"),
    "PART-PAID-UNKNOWN": Case("Client;Échéance;Montant;Statut\nDurand;31/10/2026;1,00;Partiellement payée"),
    "SHEET-MISSING": Case(workbook(("Factures", PLAIN)), {"sheet": "Clients"}),
    "STATUS-DISAGREES": Case("Client;Échéance;Solde;Statut\nDurand;31/10/2026;1,00;Payée"),
    "STATUS-SET-ASIDE": Case("Client;Échéance;Solde;Statut\nDurand;31/10/2026;1,00;Brouillon"),
    "TEXT-DAMAGED": Case('Client;Note\n"' + "x" * 200_000),
    "TOO-LARGE": Case(workbook(("Factures", PLAIN), far=True)),
    "TOTAL-AGREES": Case(row(row().splitlines()[1], "Total;;;;;;100,00")),
    "TOTAL-DIFFERS": Case(row(row().splitlines()[1], "Total;;;;;;101,00")),
    "WORKBOOK-DAMAGED": Case(b"PK\x03\x04 cut off"),
}  # fmt: skip


def named(folder: Path, case: Case) -> set[str]:
    """Read a case and return the codes that came of it."""
    path = folder / "ledger.xlsx"
    if case.ledger is not None:
        path.write_bytes(case.ledger if isinstance(case.ledger, bytes) else case.ledger.encode())
    contacts = folder / "clients.csv"
    if case.contacts:
        contacts.write_text(case.contacts, encoding="utf-8")
    given = {} if case.contacts is None else {"contacts": str(contacts)}
    try:
        ledger = read(open_book(path), Reading(**case.reading, **given))  # type: ignore[arg-type]
    except RelanceError as refused:
        return {refused.code}
    return {problem.code for problem in ledger.problems}


@pytest.mark.parametrize("code", CASES)
def test_its_file_provokes_it(tmp_path: Path, code: str) -> None:
    """The code is among those that the small file brings up, in a ledger of one or two rows."""
    assert code in named(tmp_path, CASES[code])


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """FILE-UNREADABLE: no file provokes it everywhere, a folder does."""
    (tmp_path / "ledger.xlsx").mkdir()
    assert named(tmp_path, Case(None)) == {"FILE-UNREADABLE"}


def test_every_code_of_the_ledger_has_its_file() -> None:
    """No problem of reading is without a file that shows it, and no file shows what is no longer raised."""
    raised = mentioned(LEDGER) & set(Words("fr").problem_codes())
    shown = {*CASES, "FILE-UNREADABLE"}
    assert sorted(raised - shown - OUR_OWN_FAULT - NOT_YET) == []
    assert sorted(shown - raised) == []
    assert sorted(NOT_YET & shown) == []
