"""Names and numbers out of a ledger → one harmless line of text each: nothing that breaks a line, hides or reorders."""

import re

# Control, private-use and surrogate characters, line separators, marks that reorder text (a name must not turn the
# amount after it around), byte order marks and noncharacters. Joiners stay: some scripts and emoji need them.
_UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff0-\uffff"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]+"
)
LONGEST = 200


def clean(text: str) -> str:
    """Return the text on one line, without unwanted characters, cut to 200 characters."""
    if not text.isprintable():
        text = _UNWANTED.sub(" ", text)
    text = " ".join(text.split(" ")) if "  " not in text else re.sub(" {2,}", " ", text)
    text = text.strip()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def clean_lines(text: str) -> tuple[str, ...]:
    """Return the lines of an address, each cleaned, the empty ones left out."""
    return tuple(line for line in map(clean, text.splitlines()) if line)
