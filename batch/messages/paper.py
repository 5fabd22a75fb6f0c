"""A filled wording and its tables → what its letter on paper is drawn from: plain texts as JSON, for templates/letter.typ.

The wording is the mail's own. What a letter shows in places of its own (both parties, the day, the subject) is taken out of the
wording's opening; other lines that stand there, such as the kind of post, become mentions above the subject.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

from batch.core.codes import LETTER_CHANNELS, LETTER_STEPS
from batch.messages.accounts import Account
from batch.messages.blocks import Block, Paragraph, typeset
from batch.messages.columns import TO_THE_RIGHT
from batch.messages.context import Facts, Party, registered
from batch.messages.grids import Grid, Heads, Others, Pairs, Payment, Row, Statement, filled_columns
from batch.words import Words, for_language

GROUP = "letter"
# Both parties, the day, the kind of post, the subject: a wording whose subject line comes later has none.
LONGEST_OPENING = 8
LONGEST_WORD, LONGEST_IN_CELL = 30, 12
_FOLD = "\N{ZERO WIDTH SPACE}"
# A number in a sentence keeps what comes after it on its line: 5 décembre 2026, 04 74 00 00 00.
_TOGETHER = re.compile(r"(?<=\d) (?=[\d\w])|(?<=\der) (?=\w)|(?<=\w) (?=\d{4}\b)")
_SUBJECT = re.compile(r"(?:objet|re|subject)\s?:\s?(.+)", re.IGNORECASE)
_TOWN = re.compile(r"(?:[A-Z]{1,2}-)?\d{4,5} +(.+?)(?: +cedex.*)?", re.IGNORECASE)

# Where an address in one line has the line of its town: "8 quai du Port, 33000 Bordeaux".
_BEFORE_TOWN = re.compile(r",\s*(?=(?:[A-Z]{1,2}-)?\d{4,5} +\D)")


class Opening(NamedTuple):
    """What a wording says before its salutation, and what comes after."""

    mentions: tuple[Paragraph, ...]
    subject: str  # "" = none of its own
    dateline: str  # "" = none of its own
    rest: Sequence[Block]


def goes_by_letter(account: Account) -> bool:
    """Say whether a letter on paper goes with the step of an account."""
    return account.channel in LETTER_CHANNELS or account.step in LETTER_STEPS


def paper(
    subject: str, blocks: Sequence[Block], tables: Mapping[str, Grid | None], known: Facts, as_of: dt.date, home: Words,
    country: str,
) -> str:  # fmt: skip
    """Return the letter of one account as JSON; `country` (and `home`, its words) is where it is posted.

    Keys: language, day [year, month, day], title, author, sender, reach, reader (lists of lines), details (label, value), dateline,
    mentions, subject, parts (a `kind` each, see `_parts`), signature, footer.
    """
    words = for_language(known["language"])
    giver, reader = known["creditor"], known["debtor"]
    opening = _opening(blocks, known)
    signature = tuple(known["signature"].split("\n"))
    body = opening.rest[:-1] if opening.rest[-1:] == [signature] else opening.rest
    facts = {
        "language": words.language,
        "day": [as_of.year, as_of.month, as_of.day],
        "title": subject,
        "author": giver.name,
    }
    shown = {
        "sender": giver.block,
        "reach": [line for line in (giver.phone, giver.email, giver.website) if line],
        "reader": _address(reader, home, country),
        "details": _details(reader, words),
        "dateline": opening.dateline or _dateline(giver, known["as_of"], words),
        "mentions": opening.mentions,
        "subject": words.sentence(GROUP, "subject", {"subject": opening.subject or subject}),
        "parts": list(_parts(body, tables)),
        # The telephone stands at the top of the sheet.
        "signature": [line for line in signature if line != giver.phone] if len(body) < len(opening.rest) else [],
        "footer": " · ".join(filter(None, (giver.name, registered(giver.company_id)))),
    }
    return json.dumps(facts | {name: _foldable(value) for name, value in shown.items()})


def _opening(blocks: Sequence[Block], known: Facts) -> Opening:
    """Return the opening of a wording without what the letter shows in a place of its own."""
    head = list(takewhile(lambda block: not isinstance(block, str), blocks[:LONGEST_OPENING]))
    subjects = [(at, found[1]) for at, block in enumerate(head) if (found := _SUBJECT.fullmatch(block[0]))]
    end, subject = subjects[0] if subjects else (0, "")
    language, day = known["language"], known["as_of"]
    parties = {
        tuple(typeset(line, language).strip() for line in party.block) for party in (known["creditor"], known["debtor"])
    }
    plain_days = {day, for_language(language).sentence(GROUP, "day", {"day": day})}
    mentions, dateline = [], ""
    for block in head[:end]:
        line = block[0]
        if isinstance(block, tuple) and block not in parties and line not in plain_days:
            if len(block) == 1 and line.endswith(day):
                dateline = line
            else:
                mentions.append(block)
    return Opening(tuple(mentions), subject, dateline, blocks[end + 1 :] if subjects else blocks)


def _address(reader: Party, home: Words, country: str) -> list[str]:
    """Return the lines for the window of the envelope: name, contact, address, and the country when it is another one."""
    lines = [line for line in (reader.name, reader.contact, *_in_lines(reader.address)) if line]
    abroad = home.country(reader.country).upper() if reader.country not in ("", country) else ""
    named = lines[-1].upper().endswith(abroad)
    return lines if named else [*lines, abroad]


def _in_lines(address: Iterable[str]) -> list[str]:
    """Return the lines of an address with the town on a line of its own, as the post wants it."""
    return [part for line in address for part in _BEFORE_TOWN.split(line)]


def _details(reader: Party, words: Words) -> list[tuple[str, str]]:
    """Return by what the reader is known, beside the address: the account and the company number."""
    values = {"account": reader.id if reader.id != reader.name else "", "company_id": registered(reader.company_id)}
    return [(words.label(GROUP, label), value) for label, value in values.items() if value]


def _dateline(giver: Party, day: str, words: Words) -> str:
    """Return place and day; the place is the town of the creditor's address, when it shows one behind its postal code."""
    towns = [found[1] for line in _in_lines(giver.address) if (found := _TOWN.fullmatch(line))]
    if not towns:
        return words.sentence(GROUP, "day", {"day": day})
    return words.sentence(GROUP, "town_and_day", {"town": towns[-1], "day": day})


def _parts(blocks: Iterable[Block], tables: Mapping[str, Grid | None]) -> Iterator[dict[str, Any]]:
    """Yield paragraphs (kind lines: lines) and tables (kinds statement, others, pairs, payment) in order."""
    for block in blocks:
        if not isinstance(block, str):
            yield {"kind": "lines", "lines": [_TOGETHER.sub("\N{NO-BREAK SPACE}", line) for line in block]}
        elif grid := tables[block]:
            yield _part(grid)


def _part(grid: Grid) -> dict[str, Any]:
    match grid:
        case Statement(heads, rows, total):
            return {"kind": "statement", "total": total, **_table(rows, heads)}
        case Others(lists):
            return {"kind": "others", "lists": [{"title": title, **_table(rows)} for title, rows in lists]}
        case Payment(rows, link, code, scan):
            image = list(code.content) if code else None
            return {"kind": "payment", "rows": rows, "link": link, "code": image, "scan": scan}
        case Pairs(rows, summed):
            return {"kind": "pairs", "rows": rows, "summed": summed}


def _table(rows: Sequence[Row], heads: Heads | None = None) -> dict[str, Any]:
    """Return the columns that say something: whether they are set to the right, their heads, the cells of each row."""
    shown = filled_columns(rows)
    return {
        "right": [at in TO_THE_RIGHT for at in shown],
        "heads": [heads[at] for at in shown] if heads else [],
        "rows": [[_foldable(row[at], LONGEST_IN_CELL) for at in shown] for row in rows],
    }


def _foldable(value: object, longest: int = LONGEST_WORD) -> object:
    """Return texts, lists or mappings of them with a place to break a line in every word that is longer than `longest`."""
    match value:
        case str():
            return re.sub(rf"\S{{{longest}}}(?=\S)", lambda found: f"{found[0]}{_FOLD}", value)
        case list() | tuple():
            return [_foldable(each, longest) for each in value]
        case dict():
            return {name: _foldable(each, longest) for name, each in value.items()}
    return value
