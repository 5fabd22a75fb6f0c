"""Calls of the command line as processes, with a small French ledger."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEDGER = """Compte client;Client;Email;Téléphone;N° facture;Date facture;Date d'échéance;Montant TTC;Solde dû;Date de règlement;Devise;Commentaire
411ALDER;Aulne SARL;compta@aulne.example;01 23 45 67 89;FA-101;30/09/2026;30/10/2026;1200,00;1000,00;;EUR;
411ALDER;Aulne SARL;compta@aulne.example;01 23 45 67 89;FA-009;05/01/2026;04/02/2026;99,00;0,00;04/02/2026;EUR;
411BIRCH;Bouleau SAS;compta@bouleau.example;01 23 45 67 80;FA-102;12/11/2026;20/11/2026;300,00;300,00;;EUR;
411CEDAR;Cèdre SA;compta@cedre.example;01 23 45 67 81;FA-103;01/09/2026;01/10/2026;80,50;80,50;;EUR;
"""

Call = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Return a ledger of four lines and three customers; 411BIRCH is due on the day itself, so not late."""
    path = tmp_path / "ledger.csv"
    path.write_text(LEDGER, encoding="utf-8-sig")
    return path


@pytest.fixture
def relance(tmp_path: Path) -> Call:
    """Return a function that calls `relance` in an empty folder and gives what it said; `environment` adds variables."""

    def call(*arguments: object, environment: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RELANCE_")}
        surroundings = kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "80"} | (environment or {})
        return subprocess.run(
            [sys.executable, "-m", "batch", *map(str, arguments)],
            cwd=tmp_path, env=surroundings, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip

    return call
