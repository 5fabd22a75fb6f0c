"""What is wrong with a relance.toml → the RelanceError that names the file, the line, the key and the remedy.

Codes: SETTINGS-NOT-FOUND, SETTINGS-UNREADABLE, SETTINGS-SYNTAX, SETTINGS-KEY, SETTINGS-SECRET, SETTINGS-NEEDED, SETTINGS-VALUE.
"""

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from batch.core.problem import RelanceError, Source
from batch.settings.keys import Keys, remedy
from batch.words import Said

SECRETS = ("password", "passwd", "pass", "secret", "client_secret", "mot_de_passe")

# Pydantic's types of error → what was expected, a code of [allowed] in words/.
_EXPECTED = {
    "string_type": "text",
    "int_type": "whole-number",
    "bool_type": "flag",
    "list_type": "list",
    "dict_type": "table",
    "model_type": "table",
    "greater_than_equal": "at-least",
    "less_than_equal": "at-most",
}


_NAME = r"(?:\"[^\"]*\"|'[^']*'|[\w-]+)"
_HEADER = re.compile(rf"\s*\[\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*\]")
_KEY = re.compile(rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")


def _names(dotted: str) -> tuple[str, ...]:
    """Return the names of a dotted key, without their quotes."""
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))


@dataclass(frozen=True)
class Written:
    """A relance.toml as it was written; `path` is None for the defaults alone."""

    path: Path | None
    text: str

    def place(self, parts: Sequence[str] = ()) -> Source:
        """Return the file and the line where a key, or the deepest table above it, is written (0: not found)."""
        return Source(file=self.path.name if self.path else "", row=self._line(parts))

    def _line(self, parts: Sequence[str]) -> int:
        above = (self._exact_line(tuple(parts[:depth])) for depth in range(len(parts) - 1, 0, -1))
        return self._exact_line(tuple(parts)) or self._likely_line(parts) or next(filter(None, above), 0)

    def _exact_line(self, parts: tuple[str, ...]) -> int:
        """Return the line on which exactly this key, or this table, is written."""
        table: tuple[str, ...] = ()
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := _HEADER.match(line):
                table = _names(header.group(1))
            written = table if header else (*table, *_names(found.group(1))) if (found := _KEY.match(line)) else ()
            if parts and written == parts:
                return number
        return 0

    def _likely_line(self, parts: Sequence[str]) -> int:
        names = "|".join(re.escape(part) for part in parts[-1:])
        table = r"\.".join(re.escape(part) for part in parts)
        shape = (
            re.compile(rf"\s*(?:(?:[\w\"'-]+\s*\.\s*)*[\"']?(?:{names})[\"']?\s*=|\[\s*{table}\s*\])")
            if parts
            else None
        )
        lines = self.text.splitlines()
        return next((number for number, line in enumerate(lines, 1) if shape and shape.match(line)), 0)


def not_found(path: Path) -> RelanceError:
    """Return the error for a settings file that was named and is not there."""
    return RelanceError("SETTINGS-NOT-FOUND", Source(file=path.name), path=str(path))


def unreadable(path: Path, why: str) -> RelanceError:
    """Return the error for a settings file that the system or its encoding does not let us read."""
    return RelanceError("SETTINGS-UNREADABLE", Source(file=path.name), path=str(path), why=why)


def bad_syntax(path: Path, refused: tomllib.TOMLDecodeError) -> RelanceError:
    """Return the error for a file that is no TOML, with the line at which reading stopped."""
    found = re.search(r"at line (\d+)", str(refused))
    line = int(found.group(1)) if found else 0
    why = re.sub(r"\s*\(at .*\)$", "", str(refused))
    return RelanceError("SETTINGS-SYNTAX", Source(file=path.name, row=line), path=str(path), line=line, why=why)


def bad_key(path: tuple[str, ...], written: Written, known: Keys) -> RelanceError:
    """Return the error for a key that has no meaning here."""
    key = ".".join(path)
    if path[-1] in SECRETS:
        return RelanceError("SETTINGS-SECRET", written.place(path), key=key)
    return RelanceError("SETTINGS-KEY", written.place(path), key=key, remedy=remedy(path, known))


def bad_value(refused: ValidationError, written: Written) -> RelanceError:
    """Return the error for the first value that does not fit, with what is allowed."""
    first = refused.errors()[0]
    parts = [str(part) for part in first["loc"]]
    below = first.get("ctx", {}).get("below", ())
    parts += below
    names = [part for part in parts if not part.isdigit() and part != "[key]"]
    key = ".".join(names)
    if first["type"] == "missing":
        return RelanceError("SETTINGS-NEEDED", written.place(names[:-1]), key=key)
    value = first["input"]
    for name in below:
        value = value[name]
    return refuse_value(key, value, _allowed(first), written.place(names))


def needed(key: str) -> RelanceError:
    """Return the error for a key that another one asks for."""
    return RelanceError("SETTINGS-NEEDED", key=key)


def refuse_value(key: str, value: object, allowed: Said, place: Source | None = None) -> RelanceError:
    """Return the error for one value of a key or of a variable of the environment."""
    return RelanceError("SETTINGS-VALUE", place, key=key, value=_toml(value), allowed=allowed)


def one_of(choices: Sequence[str]) -> Said:
    """Return the words for a closed list of choices."""
    return Said("allowed", "choice", {"choices": [_toml(choice) for choice in choices]})


def other_than(names: Sequence[str]) -> Said:
    """Return the words for a name that is taken."""
    return Said("allowed", "other-name", {"names": [_toml(name) for name in names]})


def _allowed(error: ErrorDetails) -> Said:
    context = error.get("ctx", {})
    if error["type"] == "choice":
        return one_of(context["choices"])
    if error["type"] == "shape":
        return Said("allowed", context["expected"], context.get("facts", {}))
    bound = context.get("ge", context.get("le", 0))
    return Said("allowed", _EXPECTED.get(error["type"], "other"), {"bound": bound})


def _toml(value: object) -> str:
    """Return the value as it is written in a settings file, cut short."""
    written = {True: "true", False: "false"}.get(value) if isinstance(value, bool) else None
    written = written or (json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value))
    return written if len(written) <= 60 else f"{written[:57]}…"  # noqa: PLR2004  what fits on a line
