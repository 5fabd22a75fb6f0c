"""An invoice number of 5,000 characters: either database keeps its key, and its reminder leaves once."""

import hashlib
from pathlib import Path

import pytest

from batch.journal import Journal
from tests.jobs.desk import COMPANY, DAY, SETTINGS, Desk, ledger

LENGTH = 5000


def number(last: str) -> str:
    """Return a number of 5,000 characters that no database can squeeze, told apart only at its end."""
    digits = "".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(LENGTH // 64 + 1))
    return f"{digits[: LENGTH - 1]}{last}"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_very_long_number_is_reminded_once(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Two numbers that only their last character tells apart are two invoices of one mail; the second send finds it sent."""
    (tmp_path / "relance.toml").write_text(SETTINGS, encoding="utf-8")
    address = str(tmp_path / "relance.db") if kind == "sqlite" else request.getfixturevalue("database")
    desk = Desk(tmp_path, {"RELANCE_JOURNAL": address})
    row = "411LONG;Long SARL;compta@long.example;;{};30/09/2026;30/10/2026;1200,00;1000,00;;EUR;"
    export = ledger(tmp_path, row.format(number("a")), row.format(number("b")))
    assert desk.relance("run", export, "--as-of", DAY, "-q").code == 0
    workbook = desk.workbook(name="ledger-annotated.xlsx")
    first, second = (desk.relance("send", workbook, "--as-of", DAY, "--json") for _ in range(2))
    assert (first.code, second.code, first.err, second.err) == (0, 0, "", "")
    assert [one["outcome"] for one in first.document["mails"]] == ["sent"]
    assert [one["reason"] for one in second.document["mails"]] == ["already-sent"]
    with Journal.open(address, COMPANY) as journal:
        sent = journal.events()
    assert sorted(sent["number"]) == [number("a"), number("b")]
    assert sent["item_id"].nunique() == 2
