"""`relance explain` and `relance simulate` as they are called: what they say and write, and that they leave everything alone."""

import csv
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.jobs.desk import DAY, HEADINGS, SAMPLE, Desk

PAST = f"""{HEADINGS}
411ALDER;Aulne SARL;compta@aulne.example;;FA-1;02/03/2026;01/04/2026;300,00;0,00;11/05/2026;EUR;
411BIRCH;Bouleau SAS;compta@bouleau.example;;FA-2;09/03/2026;08/04/2026;450,00;0,00;14/04/2026;EUR;
411BIRCH;Bouleau SAS;compta@bouleau.example;;FA-3;01/06/2026;01/07/2026;450,00;450,00;;EUR;
"""


@pytest.fixture
def past(empty_desk: Desk) -> Desk:
    """Return a desk with a ledger of the past."""
    (empty_desk.folder / "past.csv").write_text(PAST, encoding="utf-8-sig")
    return empty_desk


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_customer_of_the_sample_can_be_explained(empty_desk: Desk, language: str) -> None:
    """Whatever the standing, there are words for all of it, and no journal is made by asking."""
    desk = Desk(empty_desk.folder, {"RELANCE_LANGUAGE": language})
    for customer in ("411ABERVR", "411AGENCE", "411BISTRO", "411BRASSE", "411IMMOBI", "411KERJEG", "411PEPINI"):
        said = desk.relance("explain", customer, SAMPLE, "--as-of", DAY)
        assert (said.code, said.err) == (0, "")
        assert customer in said.out
    assert not (desk.folder / "relance.db").exists()


def test_json_holds_points_conditions_and_rules(empty_desk: Desk) -> None:
    """Scripts get the codes: two reminders sent, the formal notice next, which a person must approve."""
    said = empty_desk.relance("explain", "Immobilière Darquier SAS", SAMPLE, "--as-of", DAY, "--json")
    found = json.loads(said.out)
    assert (found["debtor_id"], found["standing"], found["decided_by"]) == ("411IMMOBI", "dishonest", "points")
    oldest = found["items"][0]
    assert (oldest["number"], oldest["next_step"]) == ("FA26-0381", "formal_notice")
    assert {row["code"]: row["holds"] for row in oldest["conditions"]} == {
        "days-late": True, "since-contact": True, "written": True, "gap": True, "approval": False,
    }  # fmt: skip
    assert not any(rule["blocks"] for rule in oldest["rules"])


def test_an_unknown_customer_is_answered_with_the_nearest(empty_desk: Desk) -> None:
    """Part of a name is not enough, but says whom one may have meant."""
    said = empty_desk.relance("explain", "marcelin", SAMPLE, "--as-of", DAY)
    assert said.code == 1
    assert "CUSTOMER-NOT-FOUND" in said.err
    assert "411BISTRO" in said.err


def test_a_replay_writes_every_step_and_a_chart(past: Desk) -> None:
    """Two customers, one reminder that was followed by payment within a week, one that took a second; nothing else is written."""
    said = past.relance("simulate", "past.csv", "--from", "2026-04-06", "--to", "2026-04-20", "--out", "replay")
    assert (said.code, said.err) == (0, "")
    folder = past.folder / "replay"
    assert sorted(path.name for path in folder.iterdir()) == ["simulation.csv", "simulation.svg"]
    with (folder / "simulation.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [(row[1], row[5], row[8], row[12]) for row in rows[1:]] == [
        ("2026-04-06", "FA-1", "relance 1", "35"),
        ("2026-04-13", "FA-2", "relance 1", "1"),
        ("2026-04-20", "FA-1", "relance 2", "21"),
    ]
    assert ET.fromstring((folder / "simulation.svg").read_text(encoding="utf-8")).tag.endswith("svg")  # noqa: S314  our own
    assert not (past.folder / "relance.db").exists()


def test_two_policies_stand_side_by_side(past: Desk) -> None:
    """A first reminder after eight days would have reached one customer later and the other not at all."""
    Path(past.folder / "patient.toml").write_text("[policy.steps.reminder_1]\ndays_late = 8\n", encoding="utf-8")
    said = past.relance(
        "simulate", "past.csv", "--from", "2026-04-06", "--to", "2026-04-13", "--against", "patient.toml"
    )
    assert said.code == 0
    text = (past.folder / "relance-out" / "simulation" / "simulation.csv").read_text(encoding="utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == ["actuelles", "actuelles", "patient"]


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [("2026-05-01", "2026-04-01", "PERIOD-EMPTY"), ("2025-01-06", "2025-02-03", "PERIOD-OUTSIDE")],
)
def test_days_that_say_nothing_are_refused(past: Desk, first: str, last: str, code: str) -> None:
    """A period that ends before it starts, or before the ledger does."""
    said = past.relance("simulate", "past.csv", "--from", first, "--to", last)
    assert said.code == 1
    assert code in said.err
