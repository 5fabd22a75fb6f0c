"""Columns that mix orders, or that a spreadsheet program turned round: settled by what repeats them, or refused."""

import datetime as dt
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch.core.calendar import Terms
from batch.core.policy import Reading
from batch.core.problem import RelanceError
from batch.core.records import Ledger
from batch.ledger import Cell
from tests.ledger.imports import american_import, french_import, invoices, rows
from tests.ledger.kit import codes, days, read_csv, read_rows

NET_30 = [Terms(30)]
USUAL = {
    "30 days": NET_30,
    "several": [Terms(30), Terms(60)],
    "end of month": [Terms(30, month_end=True)],
    "the 10th": [Terms(30, month_end=True, day=10)],
    "a month": [Terms(months=1)],
}

SHOWN = (dt.date(2026, 3, 20), dt.date(2026, 4, 19))

Pairs = list[tuple[dt.date, dt.date]]


def read_days(ledger: Ledger) -> list[tuple[str, str]]:
    """Return issue and due days as read."""
    return list(zip(days(ledger, "issued"), days(ledger, "due"), strict=True))


def iso(pairs: Pairs) -> list[tuple[str, str]]:
    """Return issue and due days as ISO texts."""
    return [(issued.isoformat(), due.isoformat()) for issued, due in pairs]


def unordered(table: list[list[Cell]]) -> list[list[Cell]]:
    """Give the invoices numbers that do not follow their days."""
    chance = random.Random(7)  # noqa: S311  chance makes ledgers, not keys
    return [table[0], *([row[0], f"F{chance.randrange(10**6)}", *row[2:]] for row in table[1:])]


@pytest.mark.parametrize("terms", USUAL)
@pytest.mark.parametrize("turned", [american_import, french_import])
def test_half_turned_days_are_turned_back_by_the_terms(tmp_path: Path, terms: str, turned: object) -> None:
    """What Excel of the other country made of 60 invoices: the same terms on most rows show it, and every day is right again."""
    pairs = invoices(60, 3, USUAL[terms])
    ledger = read_rows(tmp_path, unordered(rows(pairs, turned)))  # type: ignore[arg-type]
    assert (read_days(ledger), codes(ledger)) == (iso(pairs), ["DATES-TURNED-BACK"])
    small = sum(day.day <= 12 and day.day != day.month for pair in pairs for day in pair)
    assert (ledger.problems[0].facts["n"], ledger.problems[0].facts["witness"].code) == (small, "terms")  # type: ignore[attr-defined]


def with_column(table: list[list[Cell]], heading: str, cells: list[Cell]) -> list[list[Cell]]:
    """Return the table with one more column."""
    return [[*row, cell] for row, cell in zip(table, [heading, *cells], strict=True)]


def without_issue(table: list[list[Cell]]) -> list[list[Cell]]:
    """Return the table without its column of issue days."""
    return [[*row[:2], *row[3:]] for row in table]


def test_a_days_late_column_shows_it_too(tmp_path: Path) -> None:
    """Due day plus days late is the same closing day on every late row: only when day and month are turned back."""
    pairs = invoices(40, 5, NET_30)
    late: list[Cell] = [max(0.0, float((dt.date(2027, 3, 1) - due).days)) for _, due in pairs]
    ledger = read_rows(tmp_path, with_column(without_issue(rows(pairs, american_import)), "Jours de retard", late))
    assert (days(ledger, "due"), codes(ledger)) == ([due.isoformat() for _, due in pairs], ["DATES-TURNED-BACK"])
    assert ledger.problems[0].facts["witness"].code == "lateness"  # type: ignore[attr-defined]


def test_rising_numbers_show_it_too(tmp_path: Path) -> None:
    """Without due days the numbers are left: they rise with the days of issue."""
    pairs = invoices(40, 5, NET_30)
    table = [[*row[:3], row[4]] for row in rows(pairs, american_import)]
    ledger = read_rows(tmp_path, table)
    assert days(ledger, "issued") == [issued.isoformat() for issued, _ in pairs]
    assert codes(ledger) == ["DATES-TURNED-BACK", "DUE-DATE-COMPUTED"]


def due_only(pairs: Pairs) -> list[list[Cell]]:
    """Return a half-turned ledger in which nothing repeats the due days."""
    return unordered(without_issue(rows(pairs, american_import)))


def test_without_redundancy_the_file_is_refused(tmp_path: Path) -> None:
    """Never silently aged: the error names the column, the counts, one cell with both its days, and the settings."""
    pairs = invoices(40, 5, NET_30)
    first = next(place for place, (_, due) in enumerate(pairs) if due.day <= 12 and due.day != due.month)
    due = pairs[first][1]
    with pytest.raises(RelanceError) as refused:
        read_rows(tmp_path, due_only(pairs))
    facts = refused.value.facts
    assert (refused.value.code, refused.value.source.row, refused.value.source.heading) == (
        "DATES-TURNED",
        first + 2,
        "Échéance",
    )
    assert (facts["one"], facts["other"]) == (dt.date(due.year, due.day, due.month), due)
    assert facts["texts"] == sum(due.day > 12 for _, due in pairs)


@pytest.mark.parametrize(("asked", "said"), [("undo", ["DATES-TURNED-BACK"]), ("keep", [])])
def test_the_settings_settle_it(tmp_path: Path, asked: str, said: list[str]) -> None:
    """swapped_dates = "undo" exchanges day and month back, "keep" leaves the true dates as they stand."""
    pairs = invoices(40, 5, NET_30)
    ledger = read_rows(tmp_path, due_only(pairs), Reading(swapped_dates=asked))
    kept = [due if asked == "undo" or due.day > 12 else dt.date(due.year, due.day, due.month) for _, due in pairs]
    assert (days(ledger, "due"), codes(ledger)) == ([due.isoformat() for due in kept], said)


def test_true_dates_beside_texts_are_no_suspicion_where_days_are_as_usual(tmp_path: Path) -> None:
    """Some cells typed as text in a French workbook: true dates stand on every day of the month, texts on small days too."""
    pairs = invoices(60, 5, NET_30)
    chance = random.Random(1)  # noqa: S311  chance makes ledgers, not keys
    ledger = read_rows(
        tmp_path, unordered(rows(pairs, lambda day: day if chance.random() < 0.7 else f"{day:%d/%m/%Y}"))
    )
    assert (read_days(ledger), ledger.problems) == (iso(pairs), ())


def test_payment_days_in_doubt_are_left_blank(tmp_path: Path) -> None:
    """The balance says what is owed: a payment's day that may be turned round is ignored and counted, nothing is refused."""
    paid: list[Cell] = [dt.date(2026, 4, 3), dt.date(2026, 5, 6), "25/04/2026", "28/05/2026"]
    table: list[list[Cell]] = [["Client", "N° facture", "Échéance", "Solde", "Date de règlement"]]
    table += [["A", f"F{place}", dt.date(2026, 3, 20 + place), 0.0, cell] for place, cell in enumerate(paid)]
    ledger = read_rows(tmp_path, table)
    assert (days(ledger, "paid_on"), codes(ledger)) == (["", "", "2026-04-25", "2026-05-28"], ["DATES-LEFT-BLANK"])


def mixed(pairs: Pairs, share: float, seed: int) -> str:
    """Write a csv in which a share of the days is month first."""
    chance = random.Random(seed)  # noqa: S311  chance makes ledgers, not keys

    def one(day: dt.date) -> str:
        return f"{day:%m/%d/%Y}" if chance.random() < share else f"{day:%d/%m/%Y}"

    lines = [
        f"C{place};F{chance.randrange(10**6)};{one(issued)};{one(due)};10,00"
        for place, (issued, due) in enumerate(pairs)
    ]
    both = ["C;G1;{0:%d/%m/%Y};{1:%d/%m/%Y};10,00", "C;G2;{0:%m/%d/%Y};{1:%m/%d/%Y};10,00"]  # what shows the mixture
    lines += [line.format(*SHOWN) for line in both]
    return "\n".join(["Client;N° facture;Date facture;Échéance;Solde", *lines])


def test_a_mixed_column_is_settled_cell_by_cell_by_the_usual_terms(tmp_path: Path) -> None:
    """A twentieth of 200 invoices written month first: every day is read right, with the counts said for both columns."""
    pairs = invoices(200, 11, [Terms(14), Terms(30)])
    ledger = read_csv(tmp_path, mixed(pairs, 0.05, 2))
    assert (read_days(ledger), codes(ledger)) == (iso([*pairs, SHOWN, SHOWN]), ["DATE-ORDER-MIXED", "DATE-ORDER-MIXED"])
    open_days = sum(due.day <= 12 and due.day != due.month for _, due in pairs)
    facts = ledger.problems[1 if ledger.problems[0].facts["heading"] == "Date facture" else 0].facts
    assert (facts["n"], facts["settled"], facts["left"]) == (open_days, open_days, None)


def test_a_mixed_column_without_terms_is_refused(tmp_path: Path) -> None:
    """03/04 beside 25/12 and 12/25, and no issue day to compare with: both days of the cell are named."""
    text = "Client;N° facture;Échéance;Solde\nA;F1;25/12/2026;1,00\nB;F2;12/25/2026;1,00\nC;F3;03/04/2026;1,00"
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, text)
    facts = refused.value.facts
    assert (refused.value.code, refused.value.source.row, refused.value.source.excerpt) == (
        "DATE-ORDER-UNSETTLED",
        4,
        "03/04/2026",
    )
    assert {facts["one"], facts["other"]} == {dt.date(2026, 4, 3), dt.date(2026, 3, 4)}
    ledger = read_csv(tmp_path, text, Reading(date_order="dmy"))
    assert (days(ledger, "due"), codes(ledger)) == (
        ["2026-12-25", "2026-04-03"],
        ["DATE-ORDER-AGAINST", "DATE-UNREADABLE"],
    )


def test_a_few_doubtful_rows_are_left_out_by_name(tmp_path: Path) -> None:
    """One doubtful cell among thirty: its row is an error, the others are read."""
    lines = [f"A;F{number};{13 + number % 10}/06/2026;1,00" for number in range(28)]
    text = "\n".join(["Client;N° facture;Échéance;Solde", *lines, "B;F90;06/25/2026;1,00", "C;F91;03/04/2026;1,00"])
    ledger = read_csv(tmp_path, text)
    assert (len(ledger.items), ledger.source.left_out) == (29, 1)
    assert [(problem.code, problem.source.row) for problem in ledger.problems] == [
        ("DATE-ORDER-MIXED", 30),
        ("DATE-DOUBTFUL", 31),
    ]


def test_an_order_that_figures_leave_open_is_settled_by_the_terms(tmp_path: Path) -> None:
    """All days up to 12: thirty days on every row one way, no terms at all the other; month first, though the country is France."""
    pairs = [(issued, due) for issued, due in invoices(400, 4, NET_30) if issued.day <= 12 and due.day <= 12]
    lines = [f"A;F{place};{one:%m/%d/%Y};{other:%m/%d/%Y};1,00" for place, (one, other) in enumerate(reversed(pairs))]
    ledger = read_csv(tmp_path, "\n".join(["Client;N° facture;Date facture;Échéance;Solde", *lines]))
    assert (read_days(ledger), codes(ledger)) == (iso(pairs[::-1]), ["DATE-ORDER-SETTLED"])
    assert ledger.problems[0].facts["order"] == "mdy"


def test_one_slip_of_the_pen_does_not_turn_a_ledger_round(tmp_path: Path) -> None:
    """12/25 is one cell among many small days: the terms say day first, and all but that cell are read so."""
    pairs = [(issued, due) for issued, due in invoices(400, 4, NET_30) if issued.day <= 12 and due.day <= 12]
    lines = [f"A;F{place};{one:%d/%m/%Y};{other:%d/%m/%Y};1,00" for place, (one, other) in enumerate(pairs)]
    text = "\n".join(["Client;N° facture;Date facture;Échéance;Solde", *lines, "B;F999;11/25/2026;12/25/2026;1,00"])
    ledger = read_csv(tmp_path, text)
    assert read_days(ledger) == [*iso(pairs), ("2026-11-25", "2026-12-25")]
    assert codes(ledger) == ["DATE-ORDER-SETTLED"]


@pytest.mark.parametrize(
    ("cells", "calendar"),
    [
        (["1404/08/29", "1404/09/30"], "Jalali"),
        (["29/05/1448", "30/06/1448"], "Hijri"),
        (["20/11/2569", "2026-11-20"], "Buddhist"),
    ],
)
def test_other_calendars_are_refused_by_name(tmp_path: Path, cells: list[str], calendar: str) -> None:
    """Half of the cells are enough; one alone among many is only unreadable."""
    text = "\n".join(
        ["Client;N° facture;Échéance;Solde", *(f"A;F{place};{cell};1,00" for place, cell in enumerate(cells))]
    )
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, text)
    assert (refused.value.code, refused.value.facts["calendar"].code) == ("CALENDAR-FOREIGN", calendar)  # type: ignore[attr-defined]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.integers(2, 80), st.integers(0, 1000), st.sampled_from(sorted(USUAL)), st.sampled_from(["us", "fr", "mixed", "some true"]),
    st.sampled_from([0.02, 0.2, 0.5]),
)  # fmt: skip
def test_no_day_is_ever_read_otherwise_in_silence(
    tmp_path: Path, count: int, seed: int, terms: str, damage: str, share: float
) -> None:
    """However a column was spoilt: the true days come out, or the file or row is refused, or a problem names the dates.

    Each file holds an invoice whose days show the damage: where all days are small nothing in it could.
    """
    pairs = invoices(count, seed, USUAL[terms])
    chance = random.Random(seed)  # noqa: S311  chance makes ledgers, not keys
    try:
        if damage == "mixed":
            ledger = read_csv(tmp_path, mixed(pairs, share, seed))
        else:
            turned = {"us": american_import, "fr": french_import}.get(
                damage, lambda day: day if chance.random() < share else f"{day:%d/%m/%Y}"
            )
            ledger = read_rows(tmp_path, unordered(rows([*pairs, SHOWN], turned)))
    except RelanceError as refused:
        assert refused.code in {"DATES-TURNED", "DATE-ORDER-UNSETTLED"}  # noqa: PT017  either a refusal or a reading
        return
    places = (ledger.items["source_row"] - 2).tolist()
    right = read_days(ledger) == [iso([*pairs, SHOWN, SHOWN])[place] for place in places]
    assert right or not {"DATE-ORDER-ASSUMED", "DATE-ORDER-SETTLED"}.isdisjoint(codes(ledger))
