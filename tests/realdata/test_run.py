"""`relance run` on ledgers that nobody here wrote: plan.json holds exactly the figures that are known of them.

The files are found by the variable RELANCE_REALDATA; where it is not set these tests are skipped.
"""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.jobs.desk import Desk

FOLDER = Path(os.environ.get("RELANCE_REALDATA", "")).absolute()
IBM = FOLDER / "ledgers" / "ibm_ar" / "WA_Fn-UseC_-Accounts-Receivable.csv"
HIGHRADIUS = FOLDER / "ledgers" / "highradius" / "open_items_with_currency.csv"
ENCRYPTED = ("excelize__encryptSHA1.xlsx", "xlsx-populate__input.xlsx", "poi__extenxls_pwd123.xlsx")

pytestmark = pytest.mark.skipif(not os.environ.get("RELANCE_REALDATA"), reason="RELANCE_REALDATA names no folder")


def planned(folder: Path, ledger: Path, day: str, currency: str = "EUR") -> Any:
    """Run a ledger into a folder of its own and return the plan."""
    (folder / "relance.toml").write_text(
        f'[company]\nname = "Essai"\n\n[ledger]\ncurrency = "{currency}"\n', encoding="utf-8"
    )
    desk = Desk(folder)
    said = desk.relance("run", ledger, "--as-of", day, "--out", "out", "--config", folder / "relance.toml", "-q")
    assert (said.code, said.err) == (0, "")
    return json.loads((folder / "out" / "plan.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("day", "items", "customers", "amount", "late", "late_amount"),
    [
        ("2012-06-01", 105, 64, "6285.16", 13, "792.70"),
        ("2012-12-31", 99, 61, "5725.06", 13, "788.74"),
        ("2013-03-31", 94, 57, "5903.74", None, None),
        ("2013-06-30", 84, 52, "5119.85", 12, "835.56"),
        ("2013-09-01", 82, 51, "5198.23", 6, "437.03"),
    ],
)
def test_ibm_as_of_a_day(
    tmp_path: Path, day: str, items: int, customers: int, amount: str, late: int | None, late_amount: str | None
) -> None:
    """What was settled later is open again and what was invoiced later is not there: the published figures, to the cent."""
    plan = planned(tmp_path, IBM, day, "USD")
    assert (len(plan["items"]), len(plan["debtors"])) == (items, customers)
    assert plan["ledger"]["total_open"] == {"USD": amount}
    assert plan["kpis"]["USD"]["open"] == amount
    if late is not None:
        overdue = [item for item in plan["items"] if item["days_late"] > 0]
        assert (len(overdue), plan["kpis"]["USD"]["overdue"]) == (late, late_amount)
        assert sum(Decimal(item["open"]) for item in overdue) == Decimal(str(late_amount))
    assert all(debtor["reason"] for debtor in plan["debtors"])


@pytest.mark.parametrize(("day", "items", "customers"), [("2020-04-01", 5134, 525), ("2020-05-01", 8832, 640)])
def test_highradius_posted_by_a_day(tmp_path: Path, day: str, items: int, customers: int) -> None:
    """Items posted by the day and their customers; the sums of items, debtors and key figures agree in both currencies."""
    plan = planned(tmp_path, HIGHRADIUS, day)
    assert len(plan["items"]) == items
    assert len({item["debtor_id"] for item in plan["items"]}) == customers
    assert set(plan["kpis"]) == {"CAD", "USD"}
    for currency, figures in plan["kpis"].items():
        for rows in (plan["items"], plan["debtors"]):
            assert sum(Decimal(row["open"]) for row in rows if row["currency"] == currency) == Decimal(figures["open"])


@pytest.mark.parametrize("name", ENCRYPTED)
def test_encrypted_workbooks(tmp_path: Path, name: str) -> None:
    """A locked workbook is refused with its name and what to do; nothing is written."""
    said = Desk(tmp_path).relance("run", FOLDER / "odd" / name, "--as-of", "2026-11-20", "--out", "out")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"ENCRYPTED  {name}")
    assert [found.name for found in tmp_path.iterdir() if not found.name.startswith("relance.db")] == []
