"""Small ledgers of every kind, damaged in every way → a refusal by name or a ledger of which every cent is explained; nothing else.

500 files in an ordinary run, 10,000 with RELANCE_LONG=1. Every file has a seed of its own (RELANCE_SEED, kind, number); the counts are
shown in the summary of the run, and a file that fails is kept and named.
"""

import csv
import datetime as dt
import gc
import io
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from batch.core.policy import Reading
from batch.core.problem import RelanceError
from batch.core.records import Ledger
from batch.ledger import Book, open_book, read, typed_rows
from batch.words import Words, for_language
from tests.ledger import old_files
from tests.ledger.kit import write_xlsx
from tests.ledger.mutations import OF_BYTES, OF_CELLS, OF_PACKAGES, Cells
from tests.ledger.test_fec import HEADINGS as FEC_HEADINGS
from tests.ledger.test_fec import YEAR

LONG = os.environ.get("RELANCE_LONG") == "1"
SEED = os.environ.get("RELANCE_SEED", "20261120")
# Files of each kind in an ordinary run; in a long one twenty times as many. Kinds read in a child process have a share.
FILES = {"csv": 210, "fec": 100, "xlsx": 90, "xlsm": 20, "html": 20, "xls": 20, "xlsb": 20, "ods": 20}
TIMES = 20 if LONG else 1
SECONDS = 60  # for one file, on a machine that has other work
# What our process may hold more after the campaign than after its first files: words once looked up, what the allocator keeps.
GROWTH = 64_000_000  # bytes
WARM_UP = 1 / 4  # of the files, after which the memory is looked at first

DAY = dt.date(2026, 10, 1)
BALANCES: list[list[old_files.Value]] = [
    ["Balance clients au 20/11/2026", None, None, None, None, None, None, None, None],
    ["Code client", "Client", "N° facture", "Type", "Date facture", "Échéance", "Montant TTC", "Solde dû", "Note"],
    ["C1", "Durand SARL", "F1", "Facture", DAY, dt.date(2026, 10, 31), 1200.0, 1200.0, None],
    ["C1", "Durand SARL", "F2", "Facture", dt.date(2026, 9, 15), dt.date(2026, 10, 15), 300.5, 0.0, "soldée"],
    ["C1", "Durand SARL", "A1", "Avoir", dt.date(2026, 9, 20), dt.date(2026, 9, 20), -50.0, -50.0, None],
    ["C2", "Petit & Fils", "F3", "Facture", dt.date(2026, 8, 25), dt.date(2026, 9, 24), 99.99, 40.0, "rappeler lundi"],
    ["C2", "Petit & Fils", "R9", "Règlement", dt.date(2026, 9, 30), dt.date(2026, 9, 30), -10.0, -10.0, None],
    ["C3", "Zola", "F4", "Facture", dt.date(2026, 7, 14), dt.date(2026, 8, 13), 12.34, 12.34, None],
    ["Total", None, None, None, None, None, 1552.83, 1192.34, None],
]
MOVEMENTS: list[list[old_files.Value]] = [
    ["Compte", "Libellé", "Pièce", "Date", "Débit", "Crédit", "Lettrage", "Journal"],
    ["411DUR", "Facture 1", "F1", DAY, 120.0, None, "A", "VE"],
    ["411DUR", "Virement", "R1", dt.date(2026, 10, 20), None, 120.0, "A", "BQ"],
    ["411DUR", "Facture 2", "F2", dt.date(2026, 10, 13), 80.0, None, None, "VE"],
    ["411PET", "A nouveau", None, dt.date(2026, 1, 1), 55.5, None, None, "AN"],
    ["411PET", "Chèque", "R2", dt.date(2026, 11, 2), None, 15.5, None, "BQ"],
]
GROUPED: list[list[old_files.Value]] = [
    ["Pièce", "Date", "Échéance", "Solde EUR", "Relance le"],
    ["411DURAND  Durand SARL", None, None, None, None],
    ["F1", DAY, dt.date(2026, 10, 31), 100.0, dt.date(2026, 11, 10)],
    ["F2", dt.date(2026, 10, 13), dt.date(2026, 11, 13), 50.0, None],
    ["Total 411DURAND", None, None, 150.0, None],
    ["411PETIT  Petit SAS", None, None, None, None],
    ["F3", dt.date(2026, 9, 17), dt.date(2026, 10, 17), 7.0, None],
    ["Total 411PETIT", None, None, 7.0, None],
    ["Total général", None, None, 157.0, None],
]
AGED: list[list[old_files.Value]] = [
    ["Balance âgée arrêtée au 31/10/2026", None, None, None, None, None, None],
    ["Client", "Solde", "Non échu", "1-30", "31-60", "61-90", "> 90"],
    ["Durand", 175.0, 100.0, 50.0, None, None, 25.0],
    ["Petit", 40.0, None, None, 40.0, None, None],
    ["Total", 215.0, 100.0, 50.0, 40.0, None, 25.0],
]
TABLES = (BALANCES, MOVEMENTS, GROUPED, AGED)


def as_xlsx(folder: Path, rows: Cells) -> Path:
    """Write the rows as an xlsx, without what its format forbids."""
    return write_xlsx(folder, {"Factures": [[_writable(cell) for cell in row] for row in rows]})


def as_xlsm(folder: Path, rows: Cells) -> Path:
    """Write the rows as a workbook that says it has macros."""
    types = (b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml")
    return old_files.changed(
        as_xlsx(folder, rows), {"[Content_Types].xml": types}, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 50}
    )


def as_csv(folder: Path, rows: Cells) -> Path:
    """Write the rows as a French csv."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([[_french(cell) for cell in row] for row in rows])
    (folder / "ledger.csv").write_bytes(text.getvalue().encode("utf-8", errors="replace"))
    return folder / "ledger.csv"


def as_fec(folder: Path, rows: Cells) -> Path:
    """Write the rows between tabs."""
    path = folder / "123456789FEC20261231.txt"
    path.write_bytes("\r\n".join("\t".join(map(str, row)) for row in rows).encode("iso8859-15", errors="replace"))
    return path


WRITERS: Mapping[str, Callable[[Path, Cells], Path]] = {
    "csv": as_csv,
    "fec": as_fec,
    "xlsx": as_xlsx,
    "xlsm": as_xlsm,
    "html": lambda folder, rows: old_files.write_html(
        folder / "ledger.xls", [[_french(cell) for cell in row] for row in rows]
    ),
    "xls": lambda folder, rows: old_files.write_xls(
        folder / "ledger.xls", {"Factures": [[_writable(cell) for cell in row] for row in rows]}
    ),
    "xlsb": lambda folder, rows: old_files.write_xlsb(
        folder / "ledger.xlsb", "Factures", [[_writable(cell) for cell in row] for row in rows]
    ),
    "ods": lambda folder, rows: old_files.write_ods(
        folder / "ledger.ods", {"Factures": [[_writable(cell) for cell in row] for row in rows]}
    ),
}
PACKAGES = frozenset({"xlsx", "xlsm", "xlsb", "ods"})


def _writable(cell: old_files.Value) -> old_files.Value:
    return "".join(sign for sign in cell if sign >= " ") if isinstance(cell, str) else cell


def _french(cell: old_files.Value) -> str:
    if isinstance(cell, dt.date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else f"{cell:.2f}".replace(".", ",") if isinstance(cell, float) else str(cell)


def mutated(folder: Path, kind: str, chance: random.Random) -> Path:
    """Write a mutated file: its cells before they are written, its bytes or parts after, one time in five both."""
    rows = [FEC_HEADINGS, *YEAR] if kind == "fec" else chance.choice(TABLES)
    table: Cells = [list(row) for row in rows]
    both, of_cells = chance.random() < 1 / 5, chance.random() < 1 / 2
    if both or of_cells:
        table = chance.choice([*OF_CELLS.values()])(table, chance)
    path = WRITERS[kind](folder, table)
    if both or not of_cells:
        # A zip's checksums find nearly every changed byte at once: there the parts are damaged more often.
        ways = [*OF_BYTES.values(), *([*OF_PACKAGES.values()] * 4 if kind in PACKAGES else ())]
        path.write_bytes(chance.choice(ways)(path.read_bytes(), chance))
    return path


def outcome(path: Path, words: Words) -> str:
    """Read the file and return the code of the refusal, or "read" when the ledger holds together."""
    try:
        book = open_book(path)
        ledger = read(book, Reading(as_of=dt.date(2026, 11, 20)))
    except RelanceError as error:
        refused = error
    else:
        return _held_together(book, ledger, words)
    assert all(words.problem(refused))
    return refused.code


def _held_together(book: Book, ledger: Ledger, words: Words) -> str:
    _holds_together(ledger)
    assert typed_rows(book, ledger)
    assert all(all(words.problem(problem)) for problem in ledger.problems)
    return "read"


def _holds_together(ledger: Ledger) -> None:
    """Every cent of the column of money is in the items or explained, every row is an item, left out or set aside."""
    source = ledger.source
    assert "RECONCILIATION-DIFFERS" not in {problem.code for problem in ledger.problems}
    for sums in source.reconciliation:
        items = ledger.items[ledger.items["currency"] == sums.currency]
        column = "open" if sums.field == "open_balance" else "amount"
        assert (sums.difference, int(items[column].sum())) == (0, sums.taken)
    assert source.rows - source.left_out == len(ledger.items)
    assert ledger.items["item_id"].is_unique
    assert set(ledger.items["debtor_id"]) == set(ledger.debtors["debtor_id"])
    assert not ledger.items[["issued", "due"]].isna().any(axis=None)


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """End what takes longer; where the system has no alarm, the runner of the tests has a limit of its own."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_number: int, _frame: object) -> None:
        raise TimeoutError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def held() -> int:
    """Return the bytes of memory that this process holds, 0 where the system does not say it in a file."""
    gc.collect()
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), 0)


@pytest.mark.parametrize("kind", FILES)
def test_a_damaged_file_is_refused_by_name_or_read_to_the_cent(
    kind: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """No other exception, no file that takes too long, no memory that is kept; sentences for whatever is said."""
    words, told, slowest, before = for_language("fr"), Counter[str](), 0.0, 0
    count = FILES[kind] * TIMES
    for number in range(count):
        if number == int(count * WARM_UP):
            before = held()
        seed = f"{SEED} {kind} {number}"
        path = mutated(tmp_path, kind, random.Random(seed))  # noqa: S311  chance makes files, not keys
        start = time.perf_counter()
        try:
            with limited(SECONDS):
                told[outcome(path, words)] += 1
        except Exception as error:  # noqa: BLE001  whatever it is, the file is kept and named
            kept = path.rename(tmp_path / f"failed {number}{path.suffix}")
            pytest.fail(f"seed {seed!r}, file {kept}: {type(error).__name__}: {error}")
        slowest = max(slowest, time.perf_counter() - start)
    grown = held() - before
    refused = ", ".join(f"{code} {times}" for code, times in told.most_common() if code != "read")
    record_property(
        "campaign",
        f"{kind}: {count} files, seed {SEED}: {told['read']} read, {count - told['read']} refused ({refused}); "
        f"slowest {slowest:.1f} s, {grown / 1e6:+.0f} MB",
    )
    assert grown < GROWTH
