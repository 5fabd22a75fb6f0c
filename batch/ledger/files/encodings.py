"""The bytes of a text → the name of its encoding, found from the content: mark, zero bytes, UTF-8, else by its accented letters."""

import codecs
from collections import Counter

from batch.core.problem import RelanceError, Source
from batch.words import Said

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_NUL_SHARE = 0.2  # of the first bytes, from which a text without mark is taken as UTF-16 or UTF-32
_UTF_32_SHARE = 0.6
_LOOKED_AT = 4000
_PIECE = 1 << 20

# What French, German and other western ledgers hold beyond ASCII; whichever page turns most of the bytes into these is the one.
_USUAL = frozenset("àâäçèéêëîïôöùûüÿœæñáíóúßåøÀÂÄÇÈÉÊËÎÏÔÖÙÛÜŒ€°«»’‘“”–—…•\u00a0§²³µ£")
# Windows, then the page with € and œ at other places, then what DOS and old Macintosh programs wrote; with each the byte of its "é",
# without which a page of the last two is not believed.
_PAGES = (("cp1252", b""), ("iso8859-15", b""), ("cp850", b"\x82"), ("mac-roman", b"\x8e"))


def encoding_of(content: bytes, source: Source) -> str:
    """Return a codec's name; RelanceError NOT-A-WORKBOOK when the bytes are no text."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    head = content[:_LOOKED_AT]
    if (zeros := head.count(0)) > _NUL_SHARE * len(head):
        return _wide(head, zeros)
    if zeros:
        raise RelanceError("NOT-A-WORKBOOK", source, kind=Said("unreadable", "binary", {}))
    return "utf-8" if _is_utf_8(content) else _page(content)


def _wide(head: bytes, zeros: int) -> str:
    """Tell the order of the bytes by where the zeros stand."""
    big = head[::2].count(0) > head[1::2].count(0)
    if zeros > _UTF_32_SHARE * len(head):
        return "utf-32-be" if head[:1] == b"\0" else "utf-32-le"
    return "utf-16-be" if big else "utf-16-le"


def _is_utf_8(content: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _PIECE):
            decoder.decode(content[start : start + _PIECE], final=start + _PIECE >= len(content))
    except UnicodeDecodeError:
        return False
    return True


def _page(content: bytes) -> str:
    """Return the page of 256 signs in which most of the bytes beyond ASCII are letters and marks that ledgers hold."""
    times = Counter(content.translate(None, bytes(range(128))))

    def usual(page: str) -> int:
        return sum(n for byte, n in times.items() if bytes([byte]).decode(page, errors="replace") in _USUAL)

    return max((page for page, proof in _PAGES if proof in content), key=usual)
