"""A number of lines → a believable French ledger export of that size (xlsx, or csv), the same bytes each time.

Written as plain spreadsheet XML, because a ledger of 100,000 lines should not take longer to make than to measure. Like an
export of a spreadsheet program it holds its texts in a shared table and its dates as day numbers with a date format.
"""

import argparse
import csv
import datetime as dt
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

WORK = Path(__file__).parent / ".work"
AS_OF = dt.date(2026, 11, 20)
SEED = 2026
LINES_PER_DEBTOR = 8
HISTORY_DAYS = 540
# An ordinary week: with these 85 % of the lines are paid and a third of the debtors owe something overdue.
BEHIND = 0.25  # of the debtors; 0.8 makes a firm in trouble: 71 % of the lines paid, 74 % of the debtors overdue
BEHIND_DAYS = 270  # invoices issued longer ago have been paid by all
UNPAID = 0.6  # of what a debtor who is behind should have paid by now
PAID_IN_PART = 0.05
WITH_COMMENT = 0.04
WITHOUT_EMAIL = 0.04
IN_DOLLARS = 0.03

HEADINGS = (
    "Compte client", "Client", "Email", "Téléphone", "N° facture", "Date facture", "Date d'échéance", "Montant TTC",
    "Solde dû", "Date de règlement", "Devise", "Commentaire",
)  # fmt: skip
WIDTHS = (14, 34, 34, 16, 13, 13, 15, 14, 14, 17, 8, 40)
NAMES = (
    "Ateliers",
    "Boulangerie",
    "Carrosserie",
    "Domaine",
    "Éditions",
    "Fonderie",
    "Garage",
    "Imprimerie",
    "Menuiserie",
    "Transports",
)
PLACES = (
    "Vauclair",
    "Montjoie",
    "Bellerive",
    "Sainte-Croix",
    "Laroche",
    "Hautefort",
    "Clairval",
    "Beaulieu",
    "Roquevert",
    "Lacombe",
)
FORMS = ("SARL", "SAS", "EURL", "SA", "SCOP")
COMMENTS = (
    "Virement promis", "Relancé par téléphone", "Litige sur la quantité livrée", "Demande un duplicata de facture",
    "Échéancier demandé", "Chèque annoncé", "Bon de commande manquant", "RAS",
)  # fmt: skip
TERMS = (30, 30, 30, 45, 60)

PLAIN, HEADING, DAY, MONEY = range(4)
EPOCH = dt.date(1899, 12, 30)

Cell = str | float | dt.date | None


class Debtor(NamedTuple):
    """One customer of the firm; `usual` is the amount it usually buys for, `delay` the days late it usually pays."""

    account: str
    name: str
    email: str
    phone: str
    currency: str
    usual: float
    delay: int
    behind: bool


def debtors(number: int, behind: float, chance: random.Random) -> list[Debtor]:
    """Return that many debtors, of whom a share `behind` leave invoices unpaid."""
    made = []
    for place in range(number):
        name = f"{chance.choice(NAMES)} {chance.choice(PLACES)} {place:05d} {chance.choice(FORMS)}"
        email = "" if chance.random() < WITHOUT_EMAIL else f"compta@client{place:05d}.example"
        phone = f"01 {chance.randrange(100):02d} {chance.randrange(100):02d} {chance.randrange(100):02d} 00"
        currency = "USD" if chance.random() < IN_DOLLARS else "EUR"
        usual, delay, late = chance.lognormvariate(7, 1), chance.randrange(-5, 25), chance.random() < behind
        made.append(Debtor(f"411C{place:05d}", name, email, phone, currency, usual, delay, late))
    return made


def line(number: int, debtor: Debtor, chance: random.Random) -> list[Cell]:
    """Return one ledger line of this debtor: paid history mostly, else open, sometimes in part."""
    age = chance.randrange(1, HISTORY_DAYS)
    issued = AS_OF - dt.timedelta(days=age)
    due = issued + dt.timedelta(days=chance.choice(TERMS))
    amount = round(debtor.usual * chance.uniform(0.4, 1.8) + 5, 2)
    paid_on = due + dt.timedelta(days=debtor.delay + chance.randrange(-4, 8))
    left_unpaid = debtor.behind and age < BEHIND_DAYS and chance.random() < UNPAID
    paid = paid_on < AS_OF and not left_unpaid
    still_open = 0.0 if paid else round(amount * 0.6, 2) if chance.random() < PAID_IN_PART else amount
    comment = chance.choice(COMMENTS) if chance.random() < WITH_COMMENT else None
    return [
        debtor.account, debtor.name, debtor.email or None, debtor.phone, f"FA-{number:06d}", issued, due, amount, still_open,
        paid_on if paid else None, debtor.currency, comment,
    ]  # fmt: skip


def lines(count: int, behind: float) -> Iterator[list[Cell]]:
    """Yield `count` ledger lines of about count / 8 debtors."""
    chance = random.Random(SEED)
    known = debtors(max(1, count // LINES_PER_DEBTOR), behind, chance)
    for number in range(1, count + 1):
        yield line(number, chance.choice(known), chance)


class Texts:
    """The shared strings of a workbook: each text once, in order of first use."""

    def __init__(self) -> None:
        """Start without texts."""
        self.places: dict[str, int] = {}

    def place(self, text: str) -> int:
        """Return the text's number."""
        return self.places.setdefault(text, len(self.places))

    def xml(self) -> str:
        """Return the part xl/sharedStrings.xml."""
        entries = "".join(f"<si><t>{escape(text)}</t></si>" for text in self.places)
        return f'{PROLOG}<sst xmlns="{MAIN}" uniqueCount="{len(self.places)}">{entries}</sst>'


def cell(name: str, value: Cell, texts: Texts, style: int = PLAIN) -> str:
    """Return one cell as XML; nothing for an empty one."""
    match value:
        case None:
            return ""
        case str():
            return f'<c r="{name}" s="{style}" t="s"><v>{texts.place(value)}</v></c>'
        case dt.date():
            return f'<c r="{name}" s="{DAY}"><v>{(value - EPOCH).days}</v></c>'
        case float() | int():
            return f'<c r="{name}" s="{MONEY}"><v>{value!r}</v></c>'


def sheet(count: int, behind: float, texts: Texts) -> Iterator[str]:
    """Yield the sheet's XML row by row."""
    letters = [chr(ord("A") + place) for place in range(len(HEADINGS))]
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>' for place, width in enumerate(WIDTHS, 1)
    )
    last = f"{letters[-1]}{count + 1}"
    yield f'{PROLOG}<worksheet xmlns="{MAIN}"><dimension ref="A1:{last}"/><cols>{columns}</cols><sheetData>'
    heading = "".join(cell(f"{letter}1", text, texts, HEADING) for letter, text in zip(letters, HEADINGS, strict=True))
    yield f'<row r="1">{heading}</row>'
    for row, values in enumerate(lines(count, behind), 2):
        cells = "".join(cell(f"{letter}{row}", value, texts) for letter, value in zip(letters, values, strict=True))
        yield f'<row r="{row}">{cells}</row>'
    yield f'</sheetData><autoFilter ref="A1:{last}"/></worksheet>'


def member(name: str) -> zipfile.ZipInfo:
    """Return a compressed member without the day's date, so that the bytes are the same each time."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def write(path: Path, count: int, behind: float = BEHIND) -> Path:
    """Write a ledger of `count` lines to `path` and return the path."""
    texts = Texts()
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, part in PARTS.items():
            package.writestr(member(name), PROLOG + part)
        with package.open(member("xl/worksheets/sheet1.xml"), "w") as stream:
            for piece in sheet(count, behind, texts):
                stream.write(piece.encode())
        package.writestr(member("xl/sharedStrings.xml"), texts.xml())
    return path


def write_csv(path: Path, count: int, behind: float = BEHIND) -> Path:
    """Write the same ledger as a French csv."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADINGS)
        writer.writerows([french(value) for value in values] for values in lines(count, behind))
    return path


def french(value: Cell) -> str:
    """Return a cell as a French program writes it into a text."""
    match value:
        case None:
            return ""
        case dt.date():
            return f"{value:%d/%m/%Y}"
        case float():
            return f"{value:.2f}".replace(".", ",")
        case _:
            return str(value)


PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}.sharedStrings+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Balance" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


def main() -> None:
    """Write the ledger that the command line asks for."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("lines", type=int)
    parser.add_argument(
        "--to", type=Path, help="default: benchmarks/.work/ledger-LINES.xlsx; a name in .csv makes a csv"
    )
    parser.add_argument("--behind", type=float, default=BEHIND, help="share of the debtors who leave invoices unpaid")
    wanted = parser.parse_args()
    path = wanted.to or WORK / f"ledger-{wanted.lines}.xlsx"
    print((write_csv if path.suffix == ".csv" else write)(path, wanted.lines, wanted.behind))


if __name__ == "__main__":
    main()
