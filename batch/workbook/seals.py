"""The seal of a row: a mark for each cell that only Relance writes, so that reading back can name the one that was changed.

It catches accidents (one column sorted without the others, a cell typed over), not forgery: what is sent is worked out anew.
"""

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

from batch.workbook.layout import LONGEST_TEXT

LENGTH = 4  # of a mark, in hexadecimal figures


def seal(texts: Sequence[str]) -> str:
    """Return the marks of a row's texts, one after the other."""
    return "".join(map(_mark, texts))


def broken(texts: Sequence[str], sealed: str) -> list[int]:
    """Return which of the texts are no longer what was sealed; every one when the seal is gone."""
    marks = [sealed[place : place + LENGTH] for place in range(0, LENGTH * len(texts), LENGTH)]
    return [place for place, (text, mark) in enumerate(zip(texts, marks, strict=True)) if _mark(text) != mark]


@lru_cache(maxsize=4096)  # currencies, steps and standings come again and again
def _mark(text: str) -> str:
    bare = text[:LONGEST_TEXT].strip()
    if not bare.isprintable():
        # Programs disagree about what ends a line, and about spaces at the ends; neither is a change.
        bare = " ".join(bare.split())
    return f"{crc32(bare.encode('utf-8', 'replace')) & 0xFFFF:04x}"
