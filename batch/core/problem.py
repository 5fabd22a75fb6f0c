"""What is wrong with the user's data, as values: where it stands, what it is called, and the facts its sentence needs.

The sentences themselves live in words/, by code and language. `Problem` never stops the run; `RelanceError` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Money(NamedTuple):
    """An amount in minor units of its currency, for sentences."""

    minor: int
    currency: str


class Severity(StrEnum):
    """How much a problem matters: an error leaves a row out, a warning changes a reading, an info is only said."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Source:
    """A place in the user's file; row is 1-based (0 = none), column is the spreadsheet letter ("" = none)."""

    file: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
    heading: str = ""
    excerpt: str = ""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong or was decided about the user's data; `code` is the key of its message and hint in words/."""

    code: str
    severity: Severity
    source: Source = field(default_factory=Source)
    facts: Mapping[str, object] = field(default_factory=dict)


class RelanceError(Exception):
    """The job cannot go on; `code` is the key of its line and remedy in words/, `facts` and `source` fill them."""

    def __init__(self, code: str, source: Source | None = None, **facts: object) -> None:
        """Keep the code, where it happened and the facts of its sentence."""
        super().__init__(code)
        self.code = code
        self.source = source or Source()
        self.facts = facts
