"""Cells of text columns → what they mean: identifiers, codes by word, yes or no, currencies, e-mail addresses."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from batch.ledger.files.sheets import Cell
from batch.ledger.vocabulary import has_word, plain, vocabulary

_LOOKED_AT = 50  # cells of a column: a csv that guards its zeros (="00123") does so on every row
_FLOAT_TEXT = re.compile(r"\d+\.0")
_CODE = re.compile(r"[A-Z]{3}")
_BETWEEN_ADDRESSES = re.compile(r"[;,/|\s]+")
# An address a mail server takes without extensions; stricter than RFC 5322 on purpose (no quotes, no comments).
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_LONGEST_ADDRESS = 254
_AROUND = "<>()[]\"'."  # what may stand around an address


def stripped(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells with their texts stripped (no-break spaces too)."""
    kinds = set(map(type, cells))
    if kinds == {str}:
        return list(map(str.strip, cast("Sequence[str]", cells)))
    return [cell.strip() if type(cell) is str else cell for cell in cells] if str in kinds else list(cells)


def text_of(cell: Cell) -> str:
    """Return a cell as people read it: 411.0 → "411", true → "yes", a date in ISO form."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell)


def texts(cells: Sequence[Cell]) -> list[str]:
    """Return a column as texts; identifiers that a program had turned into "1930571429.0" all along lose the ".0"."""
    if set(map(type, cells)) == {str}:
        found = cast("list[str]", cells)
    else:
        found = [cell if type(cell) is str else text_of(cell) for cell in cells]
    if found and any(text.startswith('="') for text in found[:_LOOKED_AT]):
        found = [text[2:-1] if text.startswith('="') and text.endswith('"') else text for text in found]
    if all(text == "" or _FLOAT_TEXT.fullmatch(text) for text in found):
        return [text[:-2] for text in found]
    return found


def mapped(cells: Sequence[str], meaning: Callable[[str], str]) -> list[str]:
    """Return the meaning of each text; each distinct one is looked at once."""
    if not cells:
        return []
    known = {text: meaning(text) for text in set(cells)}
    return [known[text] for text in cells]


def code_by_word(group: str) -> Callable[[str], str]:
    """Return the function that finds a group's code by a word in the text: the whole text first, then in the file's order."""
    whole = vocabulary().codes(group)
    words = vocabulary().groups[group]

    def meaning(text: str) -> str:
        normal = plain(text) or text.lower()
        return whole.get(normal) or next((code for code, found in words.items() if has_word(normal, found)), "")

    return meaning


def exact_code(group: str) -> Callable[[str], str]:
    """Return the function that finds a group's code when the whole text is one of its words."""
    whole = vocabulary().codes(group)
    return lambda text: whole.get(plain(text) or text.lower(), "")


def is_yes(text: str) -> str:
    """Return "yes" unless the text says no: a dispute column that holds a reason says yes."""
    return "" if (plain(text) or text) in vocabulary().words("flags", "no") else "yes"


def is_plain_yes(text: str) -> str:
    """Return "yes" only when the text says yes and nothing else."""
    return "yes" if plain(text) in vocabulary().words("flags", "yes") else ""


def currency(text: str) -> str:
    """Return the ISO 4217 code of a currency cell (EUR, €, euros), "" when it is none."""
    upper = text.strip().upper()
    by_word: Mapping[str, str] = vocabulary().codes("currencies")
    return by_word.get(text.strip().lower()) or by_word.get(plain(text)) or (upper if _CODE.fullmatch(upper) else "")


def addresses(text: str) -> tuple[list[str], list[str]]:
    """Return the valid e-mail addresses of a cell and what is left that is none ("Ann <mailto:a@b.example>; c@d.example").

    What is marked as a blind copy is none: copies are seen by everybody.
    """
    if len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text) and text == text.strip(_AROUND):
        return [text], []  # as nearly every cell holds
    if "<" in text and ">" in text:
        text = " ".join(re.findall(r"<([^<>]*)>", text))
    parts = [part.strip(_AROUND) for part in _BETWEEN_ADDRESSES.split(text) if part]
    parts = [part[7:] if part.lower().startswith("mailto:") else part for part in parts]
    blind = next((at for at, part in enumerate(parts) if part.lower().startswith(("bcc:", "cci:"))), len(parts))
    valid = [part for part in parts[:blind] if len(part) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(part)]
    return list(dict.fromkeys(valid)), [part for part in parts if part and part not in valid]


def address_lines(streets: Sequence[str], codes: Sequence[str], towns: Sequence[str]) -> list[str]:
    """Join street, post code and town of each row into lines."""
    parts = zip(streets, codes, towns, strict=True)
    return ["\n".join(line for line in (street, f"{code} {town}".strip()) if line) for street, code, town in parts]
