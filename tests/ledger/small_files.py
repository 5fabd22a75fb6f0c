"""Small ledgers that provoke each problem of reading by its code, and the line of relance.toml that settles it where one does."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font

from tests.ledger.old_files import changed
from tests.ledger.test_fec import BATCH, EXTF, NAME, YEAR, entry, text_of
from tests.ledger.test_hostile import write_repeated


@dataclass(frozen=True)
class Case:
    """A ledger, what relance.toml says of it, and perhaps a contacts file ("" = named and not there)."""

    ledger: str | bytes | Callable[[Path], object] | None  # None: no such file; a function writes it to the path
    reading: Mapping[str, object] = field(default_factory=dict)
    contacts: str | None = None
    name: str = "ledger.xlsx"

    def write(self, folder: Path) -> Path:
        """Write the ledger, and the contacts file beside it; return the ledger's path."""
        path = folder / self.name
        if callable(self.ledger):
            self.ledger(path)
        elif self.ledger is not None:
            path.write_bytes(self.ledger if isinstance(self.ledger, bytes) else self.ledger.encode())
        if self.contacts:
            (folder / "clients.csv").write_text(self.contacts, encoding="utf-8")
        return path


def row(cells: str = "C1;Durand;F1;01/10/2026;31/10/2026;100,00;100,00", *more: str) -> str:
    """Return a ledger of usual headings."""
    return "\n".join(["Code client;Client;N° facture;Date facture;Échéance;Montant;Solde", cells, *more])


def dues(*cells: str) -> str:
    """Return a ledger of these due days."""
    return "\n".join(["Client;N° facture;Échéance;Solde", *(f"A;F{at};{cell};1,00" for at, cell in enumerate(cells))])


def balances(*cells: str, heading: str = "Solde") -> str:
    """Return a ledger of these balances."""
    lines = [f"A\tF{at}\t2026-10-31\t{cell}" for at, cell in enumerate(cells)]
    return "\n".join([f"Client\tN° facture\tÉchéance\t{heading}", *lines])


def book(*lines: str, more: str = "") -> str:
    """Return a book of movements."""
    return "\n".join([f"Code client;Date;Journal;N° pièce;Libellé;Débit;Crédit{more}", *lines])


def workbook(
    *sheets: tuple[str, list[list[object]]], far: bool = False, hidden: str = "", form: tuple[str, str] = ("", "")
) -> bytes:
    """Return an xlsx of these sheets; `far` puts a cell into the last corner of the first, `form` is a cell and its number format."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for cells in rows:
            sheet.append(cells)
        sheet.sheet_state = "hidden" if title == hidden else "visible"
    if hidden:
        made.active = next(at for at, sheet in enumerate(made.worksheets) if sheet.title != hidden)
    if far:
        made.worksheets[0]["XFD1048576"] = 1
    if form[0]:
        made.worksheets[0][form[0]].number_format = form[1]
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def cells(text: str) -> list[list[object]]:
    """Return the rows of a csv text as cells."""
    return [[*line.split(";")] for line in text.splitlines()]


def in_utf_16(path: Path) -> None:
    """Write a workbook one part of which is in UTF-16: only the second reader takes it."""
    path.write_bytes(workbook(("Factures", PLAIN)))
    relations = "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(path) as package:
        text = package.read(relations).decode()
    changed(path, {}, {relations: text.encode("utf-16")})


PLAIN = cells(row())
CODE_AND_MAIL = "Code client;Email\nC1;a@durand.example"
TWO = "C2;Petit;F2;01/10/2026;31/10/2026;100,00;100,00"
FEW = "Client;N° facture;Échéance;Solde"
TURNED: list[list[object]] = [
    ["Client", "N° facture", "Échéance", "Solde"],
    ["Durand", "F1", dt.date(2026, 4, 3), 10.0],
    ["Durand", "F2", dt.date(2026, 6, 5), 20.0],
    ["Petit", "F3", "25/04/2026", 30.0],
    ["Petit", "F4", "28/06/2026", 40.0],
]
PAID_LATE: list[list[object]] = [
    ["Client", "N° facture", "Échéance", "Solde", "Date de règlement"],
    *(
        ["A", f"F{at}", dt.date(2026, 3, 20 + at), 0.0, paid]
        for at, paid in enumerate([dt.date(2026, 4, 3), dt.date(2026, 5, 6), "25/04/2026", "28/05/2026"])
    ),
]
FORMULA = [PLAIN[0], [*PLAIN[1][:6], "=F2-10"]]
STACKED = "Date d'arrêté;Client;N° facture;Échéance;Solde\n30/09/2026;Durand;F1;13/09/2026;100,00\n31/10/2026;Durand;F1;13/09/2026;60,00"
AGED = "Client;Solde;Non échu;1-30;31-60\nDurand;150,00;100,00;0,00;50,00"
# Thirty days between issue and due day, of the first twelve days of the month alone.
SETTLED = "\n".join(
    ["Client;N° facture;Date facture;Échéance;Solde"]
    + [f"A;F{9 - at};{month:02}/{day:02}/2026;{month + 1:02}/{day:02}/2026;1,00" for at, (month, day) in enumerate([(4, 2), (6, 5), (9, 8), (11, 3)])]
)  # fmt: skip


def fec(*changes: tuple[int, int, str]) -> str:
    """Return a FEC with some cells (row, column) changed."""
    rows = [list(each) for each in YEAR]
    for at, place, text in changes:
        rows[at][place] = text
    return text_of(rows, "|")


def struck() -> bytes:
    """Return a workbook in which the row of one invoice is struck through."""
    book = Workbook()
    sheet = book.worksheets[0]
    for cells in ([*PLAIN[0]], [*PLAIN[1]], TWO.split(";")):
        sheet.append(cells)
    for cell in sheet[2]:
        cell.font = Font(strike=True)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


CASES = {
    "ROWS-STRUCK": Case(struck()),
    "ACCOUNTS-IGNORED": Case("Journal;Date;Compte;Libellé compte;N° pièce;Débit;Crédit\nVT;01/07/2026;41100012;Durand;F1;120,00;\nVT;01/07/2026;70600000;Ventes;F1;;120,00"),
    "AGED-BALANCE": Case(f"Balance au 31/10/2026;;;;\n{AGED}"),
    "AGED-DIFFERS": Case(f"Balance au 31/10/2026;;;;\n{AGED.replace('150', '170')}"),
    "ALREADY-ANNOTATED": Case(workbook(("Factures", PLAIN), ("À propos", [["Relance"], ["1.0.0"]]))),
    "AMOUNT-DOUBTFUL": Case(balances(*["12,50"] * 38, "1,234.56", "1,234")),
    "AMOUNTS-IN-THOUSANDS": Case("Encours en milliers d'euros\n" + row()),
    "PAID-IN-WORDS": Case(row("C1;Durand;F1;01/10/2026;31/10/2026;100,00;payé le 12/11", TWO)),
    "PAYMENTS-ADDED": Case("Client;N° facture;Échéance;Montant;Acompte 1;Acompte 2\nDurand;F1;31/10/2026;100,00;20,00;30,00"),
    "AMOUNT-MISSING": Case(row("C1;Durand;F1;01/10/2026;31/10/2026;;")),
    "AMOUNT-ROUNDED": Case(balances("33,3333")),
    "AMOUNT-STYLES-MIXED": Case(balances("1.234,56", "12,00", "7,50", "1,234.56")),
    "AMOUNT-UNREADABLE": Case(row("C1;Durand;F1;01/10/2026;31/10/2026;100,00;1O0,00")),
    "AMOUNTS-HALF-TURNED": Case(workbook(("Factures", [cells(FEW)[0], ["A", "F1", "2026-10-31", 1.234], ["A", "F2", "2026-10-31", "1,234.56"]]))),
    "BALANCE-ASSUMED": Case("Client;N° facture;Échéance;Montant\nDurand;F1;31/10/2026;100,00"),
    "BALANCE-BLANK": Case(row("C1;Durand;F1;01/10/2026;31/10/2026;100,00;")),
    "BALANCE-UNCLEAR": Case("Code client;N° pièce;Date;Débit;Crédit;Solde\nC1;F1;01/07/2026;100,00;;160,00\nC1;R1;03/07/2026;;40,00;7,00"),
    "BOOK-IN-CREDIT": Case("Client;N° pièce;Date;Débit;Crédit\nDurand;F1;01/07/2026;;100,00\nPetit;F2;01/07/2026;20,00;"),
    "CALENDAR-FOREIGN": Case(dues("1404/08/29", "1404/09/30")),
    "COLLECTIVE-ACCOUNT": Case("Compte;Client;N° facture;Échéance;Solde\n411000;Durand;F1;31/10/2026;1,00\n411000;Petit;F2;31/10/2026;1,00"),
    "COLUMN-AMBIGUOUS": Case("Client;N° facture;Échéance;Reste dû;Reste à payer\nDurand;F1;31/10/2026;1,00;2,00"),
    "COLUMN-CHOSEN": Case("Client;Échéance;Solde;Note;Remarque\nDurand;31/10/2026;1,00;x;y"),
    "COLUMN-MISSING": Case("Client;N° facture;Échéance\nDurand;F1;31/10/2026"),
    "COLUMN-NOT-FOUND": Case(row(), {"columns": {"note": "Mémo"}}),
    "COLUMN-UNNAMED": Case("Client;;N° facture;Échéance;Solde\nC1;Durand;F1;31/10/2026;1,00\nC2;Petit;F2;31/10/2026;1,00"),
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
    "CREDITS-BY-NUMBER": Case(book("C1;01/07/2026;VT;FA-1;Facture;100,00;", "C1;05/09/2026;VT;AV-9;Avoir sur FA-1;;40,00")),
    "CREDITS-OLDEST-FIRST": Case(book("C1;01/07/2026;VT;FA-1;Facture;100,00;", "C1;05/09/2026;BQ;R-9;Virement;;40,00")),
    "CURRENCY-BY-FORMAT": Case(workbook(("Factures", [cells(FEW)[0], ["A", "F1", "2026-10-31", 100.0]]), form=("D2", '"$"#,##0.00'))),
    "CURRENCY-DISPUTED": Case("Client;N° facture;Échéance;Montant TTC;Solde\nA;F1;2026-10-31;12,50 $;12,50 €\nB;F2;2026-10-31;5,00 €;5,00 €"),
    "CURRENCY-HEADINGS": Case("Client;N° facture;Échéance;Montant TTC USD;Solde EUR\nA;F1;2026-10-31;12,50;11,50"),
    "CURRENCY-PARTLY": Case(f"{FEW}\nA;F1;2026-10-31;$12.50\nA;F2;2026-10-31;7.50"),
    "CURRENCY-UNKNOWN": Case("Client;Échéance;Solde;Devise\nDurand;31/10/2026;1,00;écus"),
    "CUSTOMER-CARRIED": Case("N° facture;Échéance;Solde\nDurand SARL;;\nF1;31/10/2026;100,00\nPetit SAS;;\nF2;31/10/2026;50,00"),
    "CUSTOMER-LINES-UNCLEAR": Case("N° facture;Échéance;Solde\nDurand SARL;;\n12 rue du Port, Lyon;;\nF1;31/10/2026;100,00"),
    "CUSTOMER-MISSING": Case(row(";;F1;01/10/2026;31/10/2026;100,00;100,00")),
    "CUSTOMER-NUMBER-LOST": Case(row("1,2E+15;Durand;F1;01/10/2026;31/10/2026;100,00;100,00", TWO)),
    "CUSTOMERS-UNNAMED": Case(text_of([entry("411000", "7,00", ref="FA-3", name="Clients divers"), entry("706000", credit="7,00")]), name=NAME),
    "DATE-DOUBTFUL": Case(dues(*[f"{13 + at % 10}/06/2026" for at in range(28)], "06/25/2026", "03/04/2026")),
    "DATE-FIGURES-OPEN": Case(dues("260825", "260924")),
    "DATE-IGNORED": Case("Client;Échéance;Solde;Bloqué jusqu'au\nDurand;31/10/2026;1,00;bientôt"),
    "DATE-MISSING": Case(row("C1;Durand;F1;;;100,00;100,00", TWO)),
    "DATE-ORDER-AGAINST": Case(dues("25/12/2026", "12/25/2026"), {"date_order": "dmy"}),
    "DATE-ORDER-ASSUMED": Case("Client;Échéance;Solde\nDurand;05/06/2026;1,00", {"country": "US"}),
    "DATE-ORDER-MIXED": Case("Client;N° facture;Échéance;Solde\nA;F1;31/10/2026;1,00\nB;F2;10/31/2026;1,00\nC;F3;30/10/2026;1,00\nD;F4;28/10/2026;1,00"),
    "DATE-ORDER-SETTLED": Case(SETTLED),
    "DATE-ORDER-UNSETTLED": Case(dues("25/12/2026", "12/25/2026", "03/04/2026")),
    "DATE-UNREADABLE": Case(row("C1;Durand;F1;01/10/2026;demain;100,00;100,00")),
    "DATES-LEFT-BLANK": Case(workbook(("Factures", PAID_LATE))),
    "DATES-TURNED": Case(workbook(("Factures", TURNED))),
    "DATES-TURNED-BACK": Case(workbook(("Factures", TURNED)), {"swapped_dates": "undo"}),
    "DATEV-DISCOUNT": Case(f"{EXTF}\n{BATCH};Skonto\n1190,00;S;EUR;10001;8400;1502;RE-1;Rechnung;11,90", name="EXTF_Buchungsstapel.csv"),
    "DATEV-OTHER": Case(f"{EXTF.replace('21;', '16;', 1).replace('Buchungsstapel', 'Debitoren/Kreditoren')}\nKonto;Name\n10000;Durand", name="EXTF_Stammdaten.csv"),
    "DATEV-READ": Case(f"{EXTF}\n{BATCH}\n1190,00;S;EUR;10001;8400;1502;RE-1;Rechnung", name="EXTF_Buchungsstapel.csv"),
    "DECIMAL-ASSUMED": Case("Client;Échéance;Solde\nDurand;31/10/2026;1,234"),
    "DECIMAL-DISPUTED": Case(balances("1.234,56", "1,234.56", "1,234")),
    "DUE-BEFORE-ISSUE": Case(row("C1;Durand;F1;31/10/2026;01/10/2026;100,00;100,00")),
    "DUE-DATE-BY-TERMS": Case("Client;N° facture;Date facture;Solde;Conditions de règlement\nA;F1;01/10/2026;1,00;45 jours fin de mois"),
    "DUE-DATE-COMPUTED": Case(row("C1;Durand;F1;01/10/2026;;100,00;100,00")),
    "DUE-FAR-OFF": Case(row("C1;Durand;F1;01/10/2026;31/10/2062;100,00;100,00")),
    "EMAIL-UNREADABLE": Case("Client;Email;Échéance;Solde\nDurand;durand;31/10/2026;1,00"),
    "EMPTY-FILE": Case(""),
    "ENCRYPTED": Case(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
    "ENTRIES-UNBALANCED": Case(fec((0, 11, "1300,00")), name=NAME),
    "FEC-FOREIGN": Case(fec((5, 16, "660,00"), (5, 17, "USD")), name=NAME),
    "FEC-READ": Case(fec(), name=NAME),
    "FEC-ROW-BROKEN": Case(fec((5, 4, "clients")), name=NAME),
    "FEC-ROWS-MENDED": Case(fec((5, 10, "Facture | avril")), name=NAME),
    "FIELD-UNKNOWN": Case(row(), {"columns": {"telefax": "Fax"}}),
    "FILE-MISSING": Case(None),
    "FORMAT-LATER": Case(b"ID;PWXL;N;E"),
    "HIDDEN-SHEET": Case(workbook(("Données", PLAIN), ("Accueil", [["Bonjour"]]), hidden="Données")),
    "INVOICE-NUMBERS-LOST": Case(row("C1;Durand;1,2E+15;01/10/2026;31/10/2026;100,00;100,00")),
    "ISSUED-LATER": Case(row(), {"as_of": dt.date(2026, 9, 30)}),
    "ITEMS-REPEATED": Case(row(row().splitlines()[1], row().splitlines()[1])),
    "LETTERING-PARTIAL": Case(book("C2;01/07/2026;VT;F3;Facture;90,00;;c", "C2;20/08/2026;BQ;R2;Virement;;40,00;c", more=";Lettrage")),
    "LETTERING-UNBALANCED": Case(book("C1;01/07/2026;VT;F1;Facture;150,00;;B", "C1;20/08/2026;BQ;R1;Virement;;120,00;B", more=";Lettrage")),
    "LINE-UNREAD": Case(f"{FEW}\nDurand;F1;31/10/2026;100,00\nDurand;F2;;\nPetit;F3;31/10/2026;50,00"),
    "LINES-OF-INVOICES": Case("N° facture;Client;Échéance;Solde;Article;Quantité\nF1;Durand;31/10/2026;150,00;A;1\nF1;Durand;31/10/2026;150,00;B;3"),
    "MORE-LIKE-THIS": Case(row(*["C1;Durand;F1;01/10/2026;demain;100,00;100,00"] * 101)),
    "MOVEMENTS-OR-STATUSES": Case("Code client;N° pièce;Date;Débit;Crédit;Statut\nC1;F1;01/07/2026;100,00;;Payée\nC1;F2;02/07/2026;80,00;;\nC1;R1;03/07/2026;;100,00;"),
    "NAME-SHARED": Case(row(row().splitlines()[1], "C2;Durand;F2;01/10/2026;31/10/2026;1,00;1,00")),
    "NAMES-DIFFER": Case(row(row().splitlines()[1], "C1;Durand et fils;F2;01/10/2026;31/10/2026;1,00;1,00")),
    "NO-CUSTOMER-ACCOUNTS": Case(text_of([entry("512000", "1,00"), entry("706000", credit="1,00")]), name=NAME),
    "NO-ROWS": Case(row("")),
    "NO-TABLE": Case("1;2\n3;4"),
    "NOT-A-WORKBOOK": Case(b"%PDF-1.7"),
    "NOT-CALCULATED": Case(workbook(("Factures", FORMULA))),
    "OPENING-BALANCES": Case(book("C1;01/01/2026;AN;;A nouveau;500,00;", "C1;05/02/2026;VT;FA-1;Facture;20,00;")),
    "OPENING-UNSEEN": Case("Code client;N° pièce;Date;Débit;Crédit;Solde\nC1;F1;01/07/2026;100,00;;150,00\nC1;F2;02/07/2026;80,00;;230,00\nC1;R1;03/07/2026;;30,00;200,00"),
    "PART-PAID-UNKNOWN": Case("Client;Échéance;Montant;Statut\nDurand;31/10/2026;1,00;Partiellement payée"),
    "READING-TOO-BIG": Case(lambda path: write_repeated(path.parent)),
    "ROW-SHIFTED": Case(row("C1;Durand;F1;01/10/2026;31/10/2026;100,00;40,00", "C2;Bouleau; fils;F2;01/10/2026;31/10/2026;100,00;40,00", "C3;Petit;F3;01/10/2026;31/10/2026;100,00;50,00")),
    "RUNNING-TOTAL": Case("Code client;N° pièce;Date;Débit;Crédit;Solde\nC1;F1;01/07/2026;100,00;;100,00\nC1;F2;02/07/2026;80,00;;180,00\nC1;R1;03/07/2026;;30,00;150,00"),
    "SECOND-READER": Case(in_utf_16),
    "SHEET-CHOSEN": Case(workbook(("Octobre", PLAIN), ("Septembre", [["Client", "Échéance", "Montant"], ["Durand", "30/09/2026", "70,00"]]))),
    "SHEET-MISSING": Case(workbook(("Factures", PLAIN)), {"sheet": "Clients"}),
    "SHEETS-ALIKE": Case(workbook(("Octobre", PLAIN), ("Septembre", cells(row(TWO))))),
    "SIDE-UNREADABLE": Case("Client;N° pièce;Date;Montant;Sens\nDurand;F1;01/07/2026;100,00;D\nDurand;F2;01/07/2026;50,00;X"),
    "SNAPSHOT-UNREADABLE": Case(f"{STACKED}\n;Durand;F9;13/09/2026;60,00"),
    "SNAPSHOTS": Case(STACKED),
    "SNAPSHOTS-LATER": Case(STACKED, {"as_of": dt.date(2026, 9, 29)}),
    "STATED-DAY-MISSING": Case(AGED),
    "STATUS-CODES": Case("Client;N° facture;Échéance;Solde;Statut\nDurand;F1;31/10/2026;1,00;0\nPetit;F2;31/10/2026;2,00;1"),
    "STATUS-DISAGREES": Case("Client;Échéance;Solde;Statut\nDurand;31/10/2026;1,00;Payée"),
    "STATUS-PAID": Case("Client;N° facture;Échéance;Montant;Statut\nDurand;F1;31/10/2026;1,00;Payée\nPetit;F2;31/10/2026;2,00;Ouverte"),
    "STATUS-UNKNOWN": Case("Client;Échéance;Solde;Statut\nDurand;31/10/2026;1,00;Avoir émis"),
    "STATUS-SET-ASIDE": Case("Client;Échéance;Solde;Statut\nDurand;31/10/2026;1,00;Brouillon"),
    "SUBTOTAL-DIFFERS": Case(f"{FEW}\nDurand;F1;31/10/2026;100,00\nTotal Durand;;;100,01\nPetit;F3;31/10/2026;50,00\nTotal Petit;;;50,00\nTotal;;;150,00"),
    "TABLE-BELOW": Case(f"{FEW}\nDurand;F1;31/10/2026;100,00\nFournisseur;N° pièce;Date;Montant\nGaz;X1;01/10/2026;900,00"),
    "TABLE-BESIDE": Case(f"{FEW};;Tranche;Montant\nDurand;F1;31/10/2026;100,00;;1-30;150,00"),
    "TABLES-BESIDE": Case(f"{FEW};;{FEW}\nDurand;F1;31/10/2026;100,00;;Petit;F2;30/11/2026;50,00"),
    "TERMS-UNKNOWN": Case("Client;N° facture;Date facture;Solde;Conditions de règlement\nA;F1;01/10/2026;1,00;comme convenu"),
    "TEXT-DAMAGED": Case('Client;Note\n"' + "x" * 200_000),
    "TOO-LARGE": Case(workbook(("Factures", PLAIN), far=True)),
    "TOTAL-AGREES": Case(row(row().splitlines()[1], "Total;;;;;;100,00")),
    "TOTAL-DIFFERS": Case(row(row().splitlines()[1], "Total;;;;;;101,00")),
    "WORKBOOK-DAMAGED": Case(b"PK\x03\x04 cut off"),
    "WRITE-OFFS": Case(book("C1;01/01/2026;VT;FA-1;Facture;100,00;", "C1;30/06/2026;OD;FA-1;Créance irrécouvrable;;100,00")),
    "XML-ENTITIES": Case('<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ha">]><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'),
}  # fmt: skip
