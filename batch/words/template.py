"""A sentence with places for facts → its parts, read once, so that writing it is a join.

`{name}` writes a fact in the form of its type, `{name:,}` a number with its thousands apart, `{name:day|days}` the number
and the noun that goes with it. `[[ … {name} …]]` is left out when its fact is missing. Nothing else is understood: no
attribute, no index, no conversion, so that no text can reach further than the facts it is given.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import NamedTuple

_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


class Part(NamedTuple):
    """A stretch of fixed text and the fact that follows it ("" = none), with its spec."""

    text: str
    name: str = ""
    spec: str = ""


class Stretch(NamedTuple):
    """Parts that stand or fall together."""

    parts: tuple[Part, ...]
    optional: bool


Form = tuple[Stretch, ...]


@dataclass(frozen=True)
class Template:
    """One sentence in its forms, chosen by the fact n: `one` for a singular, `negative` below zero, `many` otherwise.

    A sentence that has only one form has the same in all three.
    """

    one: Form
    many: Form
    negative: Form

    @property
    def names(self) -> frozenset[str]:
        """The facts that the sentence writes, in any of its forms."""
        return frozenset(part.name for stretch in self._stretches for part in stretch.parts if part.name)

    @property
    def needed(self) -> frozenset[str]:
        """The facts without which the sentence cannot be written."""
        return frozenset(
            part.name for stretch in self._stretches for part in stretch.parts if part.name and not stretch.optional
        )

    @property
    def _stretches(self) -> Form:
        return self.one + self.many + self.negative


def read_template(written: str | Mapping[str, str]) -> Template:
    """Return the parts of a sentence, or of its table of one, many and perhaps negative.

    Raises ValueError when a place is not a plain name or a form is unknown.
    """
    if isinstance(written, str):
        form = _form(written)
        return Template(form, form, form)
    if not {"one", "many"} <= set(written) <= {"one", "many", "negative"}:
        raise ValueError(f"a sentence by number has the forms one and many, perhaps negative, not {sorted(written)}")
    return Template(_form(written["one"]), _form(written["many"]), _form(written.get("negative", written["many"])))


def _form(written: str) -> Form:
    """Split at the optional stretches: every second one is optional."""
    stretches = enumerate(_OPTIONAL.split(written))
    return tuple(Stretch(_parts(text), optional=bool(place % 2)) for place, text in stretches if text)


def _parts(written: str) -> tuple[Part, ...]:
    parts = []
    for text, name, spec, conversion in Formatter().parse(written):
        if name is None:
            parts.append(Part(text))
        elif name.isidentifier() and not conversion and (spec in ("", ",") or (spec or "").count("|") == 1):
            parts.append(Part(text, name, spec or ""))
        else:
            raise ValueError(f"not a plain place: {name!r} with {spec!r} in {written!r}")
    return tuple(parts)
