"""Random items written in every dialect → the same items read back; where a file is ambiguous it is said or refused, never read otherwise in silence."""

import datetime as dt
import os
import tempfile
import tomllib
from collections import Counter, defaultdict
from functools import cache
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from batch.core.problem import RelanceError, Severity
from batch.core.records import Ledger
from batch.ledger import open_book, read
from batch.ledger.vocabulary import heading_keys
from tests.ledger.dialect_files import TEXT_ALONE, WORKBOOKS, CsvForm, write
from tests.ledger.dialect_texts import DAY_FORMS, SIGNS, AmountForm
from tests.ledger.dialects import MONEY, TYPES, Around, Dialect, Entry, Seen, grid, is_doubtful, seen

LONG = os.environ.get("RELANCE_LONG") == "1"
# Files in a child process take ten times as long: they have a share.
EXAMPLES = {"csv": 40, "xlsx": 30} if not LONG else {"csv": 4000, "xlsx": 3000}
FEW = 300 if LONG else 6
# What the reader says where two readings survive.
DOUBTS = frozenset({
    "DATE-ORDER-ASSUMED", "DATE-ORDER-SETTLED", "DATE-ORDER-MIXED", "DATE-DOUBTFUL", "DECIMAL-ASSUMED", "AMOUNT-DOUBTFUL",
    "AMOUNT-STYLES-MIXED", "AMOUNT-ROUNDED",
})  # fmt: skip
UNWANTED = frozenset({"TOTAL-DIFFERS", "SUBTOTAL-DIFFERS", "RECONCILIATION-DIFFERS", "LINE-UNREAD", "TABLE-BELOW"})
REFUSALS = frozenset({"DATE-ORDER-UNSETTLED", "DATES-TURNED", "DECIMAL-DISPUTED"})

NAMES = (
    "Durand SARL", "Martin et Fils", "Garage Lefèvre", "Œuvres & Arts", "Total Énergie Services", "Report & Associés", "Café « Le Rond »",
    'Atelier "Central"', "L'Étoile; Frères", "Müller, Söhne & Co", "Boîtes | Cartons", "Page 3 SARL", "Société Avoir", "ABC GmbH",
)  # fmt: skip
PLAIN_NAMES = ("Durand SARL", "Martin et Fils", "Garage Lefèvre", "Müller Söhne", "Harbour Ltd", "ABC GmbH")
CODES = (("411DURAND1", "411MARTIN2", "411C3", "411ZOLA", "411ABC", "411X"), ("00012", "00123", "04500", "00007", "01000", "00300"),
         ("41100012", "41100013", "41100450", "41100007", "41101000", "41100300"), ("C-12", "C-13", "C-450", "C-7", "C-1000", "C-300"))  # fmt: skip
NOTES = ("", "", "", "Rappeler lundi", 'Dit "demain"; à suivre', "Deux lignes,\nla seconde")
NUMBERS = ("FA-2026-{:04}", "{:07}", "F{}", "2026/{:03}", "{}")
FIRST, LAST = dt.date(2025, 1, 1), dt.date(2026, 11, 20)


@cache
def words_of(field: str, most: int) -> list[str]:
    """Return the headings that the vocabulary lists for this field alone, of its first tiers."""
    raw = tomllib.loads(files("batch.ledger").joinpath("vocabulary.toml").read_text(encoding="utf-8"))
    times = Counter(
        key for tiers in raw["headings"].values() for key in {heading_keys(word)[0] for tier in tiers for word in tier}
    )
    refused = {heading_keys(word)[0] for kind in raw["refused"].values() for word in kind}
    own = (word for tier in raw["headings"][field][:most] for word in tier)
    return [word for word in own if times[heading_keys(word)[0]] == 1 and heading_keys(word)[0] not in refused]


def heading(field: str, money: str) -> st.SearchStrategy[str]:
    """Return headings of a field as people write them; beside sides a balance must be called one."""
    found = words_of(field, 1 if field == "open_balance" and money in {"sides", "side"} else 2)
    ways = (
        str,
        str.capitalize,
        str.upper,
        str.title,
        lambda word: word.replace("n ", "N° ", 1) if word.startswith("n ") else word,
    )
    return st.builds(lambda word, way: way(word), st.sampled_from(found), st.sampled_from(ways))


@st.composite
def entries(draw: st.DrawFn, currencies: tuple[str, ...], names: tuple[str, ...]) -> list[Entry]:
    """Return the items of one to five customers."""
    codes = draw(st.sampled_from(CODES))
    form = draw(st.sampled_from(NUMBERS))
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=5, unique=True))
    made: list[Entry] = []
    for place, name in enumerate(chosen):
        for _ in range(draw(st.integers(1, 6))):
            made.append(draw(entry(codes[place], name, form.format(len(made) + 12), currencies)))
    return made


@st.composite
def entry(draw: st.DrawFn, customer: str, name: str, number: str, currencies: tuple[str, ...]) -> Entry:
    """Return an invoice, a credit note or a payment: open, paid in part, or settled."""
    kind = draw(st.sampled_from(("invoice",) * 5 + ("credit_note", "payment")))
    issued = draw(st.dates(FIRST, LAST))
    due = issued + dt.timedelta(draw(st.sampled_from((0, 30, 30, 45, 60, 10)))) if kind == "invoice" else issued
    size = draw(
        st.one_of(
            st.integers(1, 99),
            st.integers(100, 999_999),
            st.integers(10**5, 10**8),
            st.integers(1, 5000).map(lambda n: n * 100),
        )
    )
    open_ = draw(st.one_of(st.just(size), st.just(0), st.integers(1, size)))
    sign = 1 if kind == "invoice" else -1
    label = {"invoice": "", "credit_note": "Avoir ", "payment": "Règlement "}[kind]
    paid_on = issued + dt.timedelta(draw(st.integers(0, 90))) if open_ == 0 else None
    reminded = draw(st.none() | st.dates(FIRST, LAST)) if open_ else None
    return Entry(
        customer, name, kind, f"{label}{number}", issued, due, sign * size, sign * open_, draw(st.sampled_from(currencies)), paid_on,
        draw(st.sampled_from(NOTES)), reminded,
    )  # fmt: skip


AMOUNT_FORMS = st.builds(
    lambda marks, negative, currency, trimmed: AmountForm(
        marks[0], marks[1], negative=negative, currency=currency, trimmed=trimmed
    ),
    st.sampled_from(
        (
            ("", ","),
            (" ", ","),
            ("\u00a0", ","),
            ("\u202f", ","),
            (".", ","),
            ("", "."),
            (",", "."),
            ("'", "."),
            ("’", "."),
            ("\u00a0", "."),
        )
    ),
    st.sampled_from(("-{}", "-{}", "{}-", "({})", "−{}", "- {}")),
    st.sampled_from(("{} {sign}", "{}\u00a0{sign}", "{sign}{}", "{sign} {}")),
    st.booleans(),
)
CSV_FORMS = st.builds(
    CsvForm,
    st.sampled_from(";,\t|"),
    st.sampled_from(("utf-8", "utf-8-sig", "cp1252", "iso8859-15", "utf-16", "utf-16-le")),
    st.sampled_from(("\r\n", "\n", "\r")),
    st.booleans(),
    st.booleans(),
)
TITLES = st.sampled_from(
    (
        (),
        (),
        ("Balance clients au 20/11/2026",),
        ("Ateliers Vauclair SARL", "12 rue du Port", "", "Créances ouvertes", ""),
    )
)
FOOTERS = st.sampled_from(((), (), ("Édité le 20/11/2026",), ("Conditions : 30 jours net", "Page 1/1")))


@st.composite
def dialects(draw: st.DrawFn, kind: str) -> tuple[Dialect, list[Entry]]:
    """Return a dialect for files of this kind and items that it can tell."""
    money = draw(st.sampled_from(tuple(MONEY)))
    typed = kind not in TEXT_ALONE and draw(st.booleans())
    currency = draw(st.sampled_from(("column", "setting") if typed else ("column", "setting", "sign")))
    known = tuple(
        draw(st.sets(st.sampled_from((*SIGNS, "EUR", "EUR")), min_size=1, max_size=1 if currency == "setting" else 3))
    )
    # A web page shows two spaces as one, and then nothing parts "C-12" from the name behind it.
    apart = "{number}  {name}" if kind != "html" else "{number} - {name}"
    groups = draw(st.sampled_from(("", "", "", "cells", apart, "{number} - {name}", "Client : {name}", "{name}")))
    around = Around(
        titles=draw(TITLES),
        empty_columns=draw(st.sampled_from((0, 0, 1, 2))),
        page=draw(st.sampled_from((0, 0, 2, 5))),
        subtotals=draw(st.sampled_from(("", "", "Total {name}", "Total {number}", "Sous-total", "S/Total {name}")))
        if len(known) == 1
        else "",
        total=draw(st.sampled_from(("", "Total", "Total général", "Grand total", "Gesamtsumme")))
        if len(known) == 1
        else "",
        total_above=money in {"balance", "both", "settled"} and draw(st.booleans()),
        groups=groups,
        footer=draw(FOOTERS),
    )
    if money == "side":
        around = Around(around.titles, around.empty_columns, around.page, groups=groups, footer=around.footer)
    headings, strangers = draw(columns(money, currency, grouped=bool(groups)))
    amount = draw(AMOUNT_FORMS)
    dialect = Dialect(
        headings=headings,
        money=money,
        amount=amount
        if currency == "sign"
        else AmountForm(amount.thousands, amount.decimal, amount.negative, "{}", amount.trimmed),
        day=draw(st.sampled_from(("true", "46000") if typed else tuple(DAY_FORMS))),
        typed=typed,
        currency=currency,
        words=draw(st.sampled_from(tuple(TYPES))),
        sides=draw(
            st.sampled_from(
                (("D", "C"), ("Débit", "Crédit"), ("S", "H"), ("Dr", "Cr"), ("+1", "-1"), ("Soll", "Haben"))
            )
        ),
        no_day=draw(st.sampled_from(("", "-", "N/A", "00/00/0000"))),
        zeros=draw(st.booleans()),
        unsigned=money == "sides" and draw(st.booleans()),
        strangers=strangers,
        one_line=kind == "html",
        guarded=kind == "csv" and draw(st.sampled_from((False, False, True))),
        figures=typed and draw(st.booleans()),
        around=around,
    )
    return dialect, draw(entries(known, PLAIN_NAMES if groups else NAMES))


@st.composite
def columns(draw: st.DrawFn, money: str, currency: str, *, grouped: bool) -> tuple[dict[str, str], dict[str, str]]:
    """Return the headings by field, in the file's order, and the cells of columns that are of no field."""
    who = (
        ()
        if grouped
        else draw(st.sampled_from((("customer_id", "customer_name"), ("customer_name",), ("customer_id",))))
    )
    days = draw(st.sampled_from((("issue_date", "due_date"),) * 3 + (("due_date",), ("issue_date",))))
    more = [name for name in ("doc_type", "note", "last_reminder_date", "payment_date") if draw(st.booleans())]
    if money == "settled" and "payment_date" not in more:
        more.append("payment_date")
    if money == "movements":
        more = [name for name in more if name != "payment_date"]
    if currency == "column":
        more.append("currency")
    strangers = draw(st.sampled_from(({}, {"Agence": "Lyon"}, {"Montant HT": "12,00", "Compte collectif": "411000"})))
    others = [*MONEY[money], *more, *strangers]
    first = [*who, "invoice_number", *days]
    order = [*first, *draw(st.permutations(others))] if grouped else draw(st.permutations([*first, *others]))
    return {name: name if name in strangers else draw(heading(name, money)) for name in order}, strangers


def found(ledger: Ledger) -> list[Seen]:
    """Return the items of a ledger as they are compared."""
    items = ledger.items
    reminded = dict(zip(ledger.history["item_id"], ledger.history["at"], strict=True))
    days = [items[name].astype("datetime64[s]").dt.date.tolist() for name in ("issued", "due", "paid_on")]
    issued, due, paid_on = ([None if pd.isna(day) else day for day in column] for column in days)
    last = [reminded[key].date() if key in reminded else None for key in items["item_id"]]
    texts = [items[name].tolist() for name in ("debtor_id", "kind", "number", "amount", "open", "currency", "note")]
    return [
        Seen(debtor, kind, number, on, until, amount, owed, currency, paid, said, at)
        for (debtor, kind, number, amount, owed, currency, said), on, until, paid, at in zip(
            zip(*texts, strict=True), issued, due, paid_on, last, strict=True
        )
    ]


def compared(items: list[Seen], dialect: Dialect) -> list[tuple[object, ...]]:
    """Return what of the items must come back: of movements the sum of each account, for their payments are set off."""
    if dialect.money == "movements":
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for item in items:
            sums[item.debtor, item.currency] += item.open
        return [(*account, owed) for account, owed in sorted(sums.items()) if owed]
    return [
        # Beside no amount no sign stands; a zero owes the same in every currency. Blanks of a note are a matter of the format.
        (*vars(item).values(),) if item.amount else (*vars(item).values(), "")[:7]
        for item in items
    ]


@pytest.mark.parametrize("kind", ["csv", *WORKBOOKS])
def test_written_in_every_dialect_read_back_the_same(kind: str) -> None:
    """Debtors, kinds, numbers, days, amounts, balances, currencies, notes and reminders come back, and the file's totals agree."""

    @settings(
        max_examples=EXAMPLES.get(kind, FEW), derandomize=not LONG, deadline=None, database=None, print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )  # fmt: skip
    @given(dialects(kind), CSV_FORMS)
    def check(drawn: tuple[Dialect, list[Entry]], form: CsvForm) -> None:
        dialect, made = drawn
        assume(any(entry.open for entry in made))
        with tempfile.TemporaryDirectory() as folder:
            path = write(Path(folder), kind, grid(made, dialect), form)
            note(
                f"{path.name}: {path.read_bytes()[:3000]!r}"
                if kind == "csv"
                else "\n".join(map(str, grid(made, dialect)))
            )
            assert wrong_with(path, dialect, made) == []

    check()


def wrong_with(path: Path, dialect: Dialect, made: list[Entry]) -> list[object]:
    """Return what does not come back as it was written, and what should not have been said; [] when all is well.

    A file that is ambiguous may be refused, or read otherwise where that is said.
    """
    doubtful = is_doubtful(made, dialect)
    try:
        ledger = read(open_book(path), dialect.reading(made))
    except RelanceError as refused:
        return [] if doubtful and refused.code in REFUSALS else [refused.code, refused.facts, refused.source]
    said = {problem.code for problem in ledger.problems}
    differing = [each for each in ledger.source.reconciliation if each.difference]
    if doubtful and said & DOUBTS:
        return [*differing]
    back = compared(found(ledger), dialect)
    wanted = compared([seen(entry, dialect) for entry in dialect.ordered(made)], dialect)
    changed = [] if back == wanted else [("read", back, "written", wanted, said)]
    errors = [problem for problem in ledger.problems if problem.severity is Severity.ERROR or problem.code in UNWANTED]
    unsaid = dialect.around.total and dialect.money not in {"sides", "movements"} and "TOTAL-AGREES" not in said
    return [*differing, *changed, *errors, *(["TOTAL-AGREES is not said"] if unsaid else [])]
