"""A dry run shows who gets a copy of each mail, and the mails that leave then name the same."""

from pathlib import Path

import pytest

from tests.jobs.desk import DAY, HEADINGS, SETTINGS, Desk

LINES = f"""{HEADINGS}
411A;Aulne SARL;compta@aulne.example, direction@aulne.example;;FA-1;30/09/2026;30/10/2026;1200,00;1000,00;;EUR;
411B;Bouleau SAS;compta@bouleau.example;;FA-2;30/09/2026;30/10/2026;450,00;450,00;;EUR;
"""
OWN, SILENT = "archives@atelier.example", "silence@atelier.example"


def rehearsed(desk: Desk, mail: str, lines: str) -> tuple[str, dict[str, tuple[list[str], list[str]]], Path]:
    """Run under these settings; return what a dry run prints, the copies it gives as JSON by customer, and the workbook."""
    (desk.folder / "relance.toml").write_text(f"{SETTINGS}\n[mail]\n{mail}\n", encoding="utf-8")
    (desk.folder / "ledger.csv").write_text(lines, encoding="utf-8-sig")
    assert desk.relance("run", "ledger.csv", "--as-of", DAY, "-q").code == 0
    call = ("send", desk.workbook(name="ledger-annotated.xlsx"), "--as-of", DAY, "--dry-run")
    told = desk.relance(*call).out
    rows = desk.relance(*call, "--json").document["mails"]
    return told, {row["debtor_id"]: (row["cc"], row["bcc"]) for row in rows}, call[1]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_dry_run_shows_every_copy(empty_desk: Desk, language: str) -> None:
    """A second address of the ledger, one's own, and the one that the mail does not name."""
    desk = Desk(empty_desk.folder, {"RELANCE_LANGUAGE": language})
    told, copies, workbook = rehearsed(desk, f'cc_self = "{OWN}"\nbcc_self = "{SILENT}"', LINES)
    assert copies == {"411A": (["direction@aulne.example", OWN], [SILENT]), "411B": ([OWN], [SILENT])}
    assert {"fr": "Copie à", "en": "Copy to"}[language] in told
    for address in ("direction@aulne.example", OWN, SILENT):
        assert address in told
    assert {"fr": "copie cachée", "en": "blind copy"}[language] in told
    assert desk.relance("send", workbook, "--as-of", DAY, "-q").code == 0
    assert {str(mail["To"]): str(mail["Cc"]) for mail in desk.mails().values()} == {
        "compta@aulne.example": f"direction@aulne.example, {OWN}", "compta@bouleau.example": OWN,
    }  # fmt: skip


def test_no_column_without_copies(empty_desk: Desk) -> None:
    """Where no mail has one, nothing speaks of copies."""
    told, copies, _ = rehearsed(empty_desk, "", LINES.replace(", direction@aulne.example", ""))
    assert copies == {"411A": ([], []), "411B": ([], [])}
    assert "Copie" not in told
