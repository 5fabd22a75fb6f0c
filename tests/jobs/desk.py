"""A desk: one folder with a ledger and settings, and calls of the command line made from it."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from batch import cli
from batch.journal import Journal
from tests.workbook.reviewing import Typed, type_in

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_ledger.xlsx"
DAY = "2026-11-20"  # a Friday
COMPANY = "Atelier Exemple"
SETTINGS = f"""[company]
name = "{COMPANY}"
email = "compta@atelier.example"
iban = "FR1420041010050500013M02606"

[ledger]
fresh_days = 0  # the small ledgers of these tests hold only what they are about; tests/jobs/test_freshness.py is about age
"""
HEADINGS = "Compte client;Client;Email;Téléphone;N° facture;Date facture;Date d'échéance;Montant TTC;Solde dû;Date de règlement;Devise;Commentaire"


@dataclass(frozen=True)
class Said:
    """What one call answered: its exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Return standard output read as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Desk:
    """A folder from which relance is called; `environment` holds further RELANCE_… variables."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def relance(self, *arguments: object) -> Said:
        """Call the command line in this process."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            for name in ("RELANCE_JOURNAL", "RELANCE_LANGUAGE"):
                patch.delenv(name, raising=False)
            for name, value in {"COLUMNS": "200", **self.environment}.items():
                patch.setenv(name, value)
            patch.chdir(self.folder)
            code = cli.main([str(argument) for argument in arguments])
        return Said(code, _written(out), _written(err))

    def process(self, *arguments: object) -> Said:
        """Call the command line as a process of its own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RELANCE_")}
        surroundings = {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "200", **self.environment}
        said = subprocess.run(
            [sys.executable, "-m", "batch", *map(str, arguments)],
            cwd=self.folder, env=surroundings, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip
        return Said(said.returncode, said.stdout, said.stderr)

    def plan(self, day: str = DAY, out: str = "") -> Any:
        """Return the plan that a run of that day wrote."""
        return json.loads((self.folder / (out or f"relance-out/{day}") / "plan.json").read_text(encoding="utf-8"))

    def workbook(self, day: str = DAY, name: str = "sample_ledger-annotated.xlsx") -> Path:
        """Return the annotated workbook of a run of that day."""
        return self.folder / "relance-out" / day / name

    def mails(self) -> dict[str, EmailMessage]:
        """Return the mails that left into folders of this desk, by recipient."""
        found = [read_mail(path) for path in sorted(self.folder.rglob("*.eml"))]
        return {str(mail["To"]): mail for mail in found}

    def events(self, company: str = COMPANY) -> list[tuple[object, ...]]:
        """Return the journal's events, row by row."""
        with Journal.open(str(self.folder / "relance.db"), company) as journal:
            return list(journal.events().astype(str).itertuples(index=False, name=None))

    def listing(self) -> dict[str, str]:
        """Return every file below the folder with its digest, the journal's own files and folders' names included as they are."""
        return {
            str(path.relative_to(self.folder)): sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            for path in sorted(self.folder.rglob("*"))
            if not path.name.startswith("relance.db")
        }


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def read_mail(path: Path) -> EmailMessage:
    """Return an .eml file as the standard library reads it."""
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def bodies(mail: EmailMessage) -> tuple[str, str]:
    """Return the text and the HTML of a mail, every kind of space as a plain one."""
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return " ".join(text.get_content().split()), " ".join(html.get_content().split())


def review(path: Path, rows: Typed, calls: Typed | None = None) -> None:
    """Type into the Review and Calls sheets of a workbook and save it, as a spreadsheet program does."""
    workbook = load_workbook(path, keep_vba=path.suffix == ".xlsm")
    type_in(workbook, "review", rows)
    type_in(workbook, "calls", calls or {})
    workbook.save(path)
    workbook.close()


def by_account(plan: Any) -> dict[tuple[str, str], Any]:
    """Return the debtors of a plan by number and currency."""
    return {(entry["debtor_id"], entry["currency"]): entry for entry in plan["debtors"]}


def ledger(folder: Path, *lines: str, name: str = "ledger.csv") -> Path:
    """Write a csv ledger of these lines under French headings."""
    path = folder / name
    path.write_text("\n".join([HEADINGS, *lines, ""]), encoding="utf-8-sig")
    return path
