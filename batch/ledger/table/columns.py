"""The headings of a row → which column holds which field: specific words before generic ones, one column for one field."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from batch.core.problem import Problem, RelanceError, Severity, Source
from batch.core.tables import OWN_HEADING
from batch.ledger.bookkeeping import datev, fec
from batch.ledger.files.sheets import Cell
from batch.ledger.vocabulary import heading_keys, vocabulary
from batch.words import Said

COLUMNS, CONTACT_COLUMNS = "ledger.columns", "ledger.contact_columns"  # sections of relance.toml

# A ledger needs one field of each group: who, how much, when.
REQUIRED = (
    ("customer_id", "customer_name"),
    ("open_balance", "amount", "debit", "credit", "movement"),
    ("due_date", "issue_date"),
)
# Two columns that claim one of these equally are not chosen between: a wrong choice makes a wrong total, a wrong age or a wrong
# customer. A field stands back where a better one says the same (the amount beside a balance).
DECISIVE = (
    ("open_balance", ""), ("due_date", ""), ("customer_id", ""),
    ("amount", "open_balance"), ("issue_date", "due_date"), ("customer_name", "customer_id"),
)  # fmt: skip
_NAMES = ("customer_id", "customer_name")
MONEY_FIELDS = ("open_balance", "amount", "amount_paid", "debit", "credit", "movement")
DAY_FIELDS = (
    "due_date", "issue_date", "payment_date", "sent_date", "hold_until", "last_reminder_date", "lettering_date",
)  # fmt: skip

_LETTERS = re.compile(r"[A-Z]{1,3}")
_COLLECTIVE = re.compile(r"(?:41\d?0{2,}|4111?0{2,}|411|4110|416|418)(?: +[^\d\W]+){0,3}")  # Odoo: "411100 Clients"
_MOST_COLLECTIVE = 4  # distinct collective accounts one column may hold (clients, doubtful, bills, invoices to come)


@dataclass(frozen=True)
class Match:
    """Field → column (0-based), and the columns that claimed a field just as well as the one that has it."""

    columns: Mapping[str, int]
    rivals: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields one would need, one name for each required group of which nothing was found."""
        return tuple(
            group[-1 if group[0] == "customer_id" else 0] for group in REQUIRED if not self.columns.keys() & set(group)
        )


def match_headings(headings: Sequence[Cell], named: Mapping[str, str]) -> Match:
    """Give each field its column; `named` (field → heading, from relance.toml) goes before every word of the vocabulary."""
    texts = [heading.strip() if isinstance(heading, str) else "" for heading in headings]
    known = fec.columns(texts) or datev.columns(texts)
    columns = {name: place for name, heading in named.items() if (place := _place(texts, heading)) is not None}
    if known:
        return Match({**known, **columns})
    claims = {place: _claims(text) for place, text in enumerate(texts) if text and place not in columns.values()}
    rivals = {}
    for tier in sorted({tier for found in claims.values() for tier, _ in found}):
        for name in vocabulary().fields:
            takers = [place for place, found in claims.items() if (tier, name) in found]
            if takers and name not in columns and name not in named:
                columns[name] = takers[0]
                del claims[takers[0]]
                if len(takers) > 1:
                    rivals[name] = tuple(takers[1:])
    return Match(columns, rivals)


def _place(texts: Sequence[str], heading: str) -> int | None:
    """Return the column with this heading: letter for letter, else by its normalised form, else the column of that letter."""
    if heading in texts:
        return texts.index(heading)
    wanted = _keys(heading)[0]
    found = next((place for place, text in enumerate(texts) if text and _keys(text)[0] == wanted), None)
    if found is None and _LETTERS.fullmatch(heading) and place_of(heading) < len(texts):
        return place_of(heading)
    return found


@lru_cache(maxsize=4096)
def _keys(heading: str) -> tuple[str, ...]:
    return heading_keys(heading)


@lru_cache(maxsize=4096)
def _claims(heading: str) -> tuple[tuple[int, str], ...]:
    if heading.startswith(OWN_HEADING.strip()):
        return ()
    words = vocabulary()
    keys = _keys(heading)
    if keys[0] in words.refused:
        return ()
    return next((words.claims[key] for key in keys if key in words.claims), ())


def letter(place: int) -> str:
    """Return the spreadsheet letter of a 0-based column: 0 → A, 26 → AA."""
    name, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def is_plainly_a_balance(heading: str) -> bool:
    """Say whether the heading can only be an item's balance ("Reste dû"): "Solde" beside movements is a running total as often."""
    return (0, "open_balance") in _claims(heading)


def is_general_account(heading: str) -> bool:
    """Say whether the heading is that of ledger accounts (411000, 512000), not of customers' own."""
    return bool(heading) and _keys(heading)[0] in vocabulary().general_accounts


def place_of(name: str) -> int:
    """Return the 0-based column of a spreadsheet letter: A → 0, AA → 26."""
    place = 0
    for character in name:
        place = place * 26 + ord(character) - 64
    return place - 1


def settle(
    match: Match,
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    source: Source,
    grouped: Callable[[], bool] = lambda: False,
    section: str = COLUMNS,
) -> tuple[Match, list[Problem]]:
    """Choose between equal claimants by what they hold, and take collective accounts out of the customers.

    RelanceError COLUMN-AMBIGUOUS when a field of DECISIVE stands in two columns that differ; else a warning names both.
    COLUMN-MISSING when only collective accounts would tell customers apart; `grouped` says whether lines of their own do.
    `section` of relance.toml is where columns of this file are named.
    """
    columns, problems = dict(match.columns), []
    for name, others in match.rivals.items():
        chosen, differing = _fullest((columns[name], *others), rows)
        columns[name] = chosen
        if not differing:
            continue
        where = _heading_source(source, headings, chosen)
        facts = _claimants(name, chosen, differing, headings) | {"section": section}
        if _is_decisive(name, match, others) and not (name in _NAMES and _tell_the_same(chosen, differing, rows)):
            raise RelanceError("COLUMN-AMBIGUOUS", where, **facts)
        problems.append(Problem("COLUMN-CHOSEN", Severity.WARNING, where, facts))
    if _is_collective(columns, rows):
        where = _heading_source(source, headings, columns.pop("customer_id"))
        if "customer_name" not in columns and not grouped():
            raise RelanceError("COLUMN-MISSING", where, **field_facts("customer_name", section), found=listed(headings))
        problems.append(Problem("COLLECTIVE-ACCOUNT", Severity.INFO, where))
    return Match(columns), problems


def _claimants(name: str, chosen: int, others: Sequence[int], headings: Sequence[str]) -> dict[str, object]:
    """Name the columns that claim one field, and what relance.toml may say of each: its heading, or its letter where two are alike."""
    alike = len({headings[place] for place in (chosen, *others)}) < len(others) + 1
    written = [letter(place) if alike else headings[place] for place in (chosen, *others)]
    return {
        **field_facts(name),
        "chosen": f"{letter(chosen)} {headings[chosen]}",
        "other": ", ".join(f"{letter(place)} {headings[place]}" for place in others),
        "line": written[0],
        "other_line": written[1],
    }


def field_facts(name: str, section: str = COLUMNS) -> dict[str, object]:
    """Return a field as relance.toml writes it, in words, and the section of relance.toml in which its column is named."""
    return {"field": name, "meaning": Said("fields", name, {}), "section": section}


def _is_decisive(name: str, match: Match, others: Sequence[int]) -> bool:
    """Say whether much hangs on the field: no better one says the same from a column that is not in question itself."""
    return any(name == field and match.columns.get(better, others[0]) in others for field, better in DECISIVE)


def _tell_the_same(chosen: int, others: Sequence[int], rows: Sequence[Sequence[Cell]]) -> bool:
    """Say whether the columns part the rows in the same way (an account and a code of the same customers)."""
    for other in others:
        pairs = {(row[chosen], row[other]) for row in rows}
        if not len(pairs) == len({one for one, _ in pairs}) == len({two for _, two in pairs}):
            return False
    return True


def listed(headings: Sequence[str]) -> str:
    """Return the headings with their letters, for messages."""
    return ", ".join(f"{letter(place)} {heading}" for place, heading in enumerate(headings) if heading)


def _heading_source(source: Source, headings: Sequence[str], place: int) -> Source:
    return Source(source.file, source.sheet, source.row, letter(place), headings[place])


def _fullest(places: Sequence[int], rows: Sequence[Sequence[Cell]]) -> tuple[int, tuple[int, ...]]:
    """Return the first column that holds anything, and those of the others that hold something else."""
    held = {place: [row[place] for row in rows] for place in places}
    filled = [place for place in places if any(cell != "" for cell in held[place])]
    if not filled:
        return places[0], ()
    return filled[0], tuple(place for place in filled[1:] if held[place] != held[filled[0]])


def _is_collective(columns: Mapping[str, int], rows: Sequence[Sequence[Cell]]) -> bool:
    """Say whether the customer column holds only collective accounts (411000), unless names say that it is one customer's own."""
    if "customer_id" not in columns:
        return False
    place, name = columns["customer_id"], columns.get("customer_name")
    days = [columns[field] for field in ("due_date", "issue_date") if field in columns]
    held: set[str] = set()
    for row in rows:
        if days and all(row[day] == "" for day in days):
            continue  # a total, or a customer's line
        if (text := _whole(row[place])) and text not in held:
            held.add(text)
            if len(held) > _MOST_COLLECTIVE or not _COLLECTIVE.fullmatch(text):
                return False
    return bool(held) and (name is None or len({row[name] for row in rows}) > len(held))


def _whole(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
