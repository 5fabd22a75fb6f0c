"""A table and its match → what each column was taken for and why, for a person who checks the reading."""

from collections.abc import Mapping, Sequence

from batch.core.records import ColumnUse
from batch.core.tables import OWN_HEADING
from batch.ledger.files.sheets import Cell
from batch.ledger.table.columns import Match, letter
from batch.ledger.vocabulary import heading_keys, vocabulary


def column_uses(
    headings: Sequence[str], match: Match, rivals: Mapping[str, Sequence[int]], named: Mapping[str, str],
    rows: Sequence[Sequence[Cell]],
) -> tuple[ColumnUse, ...]:  # fmt: skip
    """Return every column with a heading or a field; `rivals` are the columns that claimed a field as well as its winner.

    why: named (in relance.toml), word (the most specific words for the field), general (words that other columns could have
    too), likely (no word of ours: found by what it holds); of a column that is not used: own (Relance wrote it), refused (a
    heading that is never read), beaten (another column has its field), empty, unknown.
    """
    fields = {place: name for name, place in match.columns.items()}
    return tuple(
        _used(place, heading, fields[place], match, rivals, named, headings)
        if place in fields
        else ColumnUse(letter(place), heading, "", _why_not(place, heading, rows))
        for place, heading in enumerate(headings)
        if heading or place in fields
    )


def _used(
    place: int, heading: str, field: str, match: Match, rivals: Mapping[str, Sequence[int]], named: Mapping[str, str],
    headings: Sequence[str],
) -> ColumnUse:  # fmt: skip
    tiers = {name: tier for tier, name in _claims(heading)}
    why = "named" if field in named else "likely"
    if why != "named" and field in tiers:
        why = "general" if tiers[field] else "word"
    others = tuple(headings[other] for other in rivals.get(field, ()) if other != match.columns[field])
    return ColumnUse(letter(place), heading, field, why, others, tiers[field] + 1 if field in tiers else 0)


def _why_not(place: int, heading: str, rows: Sequence[Sequence[Cell]]) -> str:
    if heading.startswith(OWN_HEADING.strip()):
        return "own"
    if heading_keys(heading)[0] in vocabulary().refused:
        return "refused"
    if all(row[place] == "" for row in rows):
        return "empty"
    return "beaten" if _claims(heading) else "unknown"


def _claims(heading: str) -> tuple[tuple[int, str], ...]:
    claims = vocabulary().claims
    return next((claims[key] for key in heading_keys(heading) if key in claims), ())
