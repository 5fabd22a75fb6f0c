"""The first bytes of a file → what kind of file it is, whatever its name says; what can never be read is refused by name."""

import codecs
import re

from batch.core.problem import RelanceError, Source
from batch.ledger.files.book import CSV, HTML, XLS, XLSX, XML

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
# Streams of an OLE file → the program whose document it is; without any of them it may still be a workbook.
_OLE_STRANGERS = {"WordDocument": "doc", "PowerPoint Document": "ppt", "__properties_version1.0": "msg"}
# The first bytes of what people give by mistake → its name in the message.
_STRANGERS = {
    b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"{\\rtf": "RTF", b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gzip", b"SQLite format 3": "SQLite", b"PAR1": "Parquet",
}  # fmt: skip
# Kinds of table that no reader here knows: saved again by a spreadsheet program they are read.
_UNREAD = {
    b"ID;": "SYLK", b"TABLE\r\n0,1": "DIF", b"TABLE\n0,1": "DIF", b"\x09\x00\x04\x00": "Excel 2", b"\x09\x02\x06\x00": "Excel 3",
    b"\x09\x04\x06\x00": "Excel 4", b"MIME-Version:": "MHTML", b"WPS\x00": "Works", b"\x00\x00\x02\x00\x06\x04": "Lotus 1-2-3",
    b"\x00\x00\x1a\x00": "Lotus 1-2-3",
}  # fmt: skip
_SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"
_PAGE = re.compile(
    r"(?:<\?xml[^>]*>|<!--.*?-->|\s++)*+<(?:!doctype\s+html|html|head|body|meta|table|style|div|center|font)\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP = re.compile(r"\s*<(?:\?xml|!doctype|[a-z][\w:.-]*[\s>/])", re.IGNORECASE)
_LOOKED_AT = 4000


def kind_of(content: bytes, source: Source) -> str:
    """Return xlsx (any zip), xls, html, xml or csv (any text); RelanceError ENCRYPTED, NOT-A-WORKBOOK, FORMAT-LATER."""
    if content.startswith(_ZIP):
        return XLSX
    if content.startswith(_OLE):
        return _in_ole(content, source)
    for start, name in _STRANGERS.items():
        if content.startswith(start):
            raise RelanceError("NOT-A-WORKBOOK", source, kind=name)
    for start, name in _UNREAD.items():
        if content.startswith(start):
            raise RelanceError("FORMAT-LATER", source, kind=name)
    return _in_text(content, source)


def _in_ole(content: bytes, source: Source) -> str:
    if _ENCRYPTED_STREAM in content:
        raise RelanceError("ENCRYPTED", source)
    for stream, name in _OLE_STRANGERS.items():
        if stream.encode("utf-16-le") in content and "Workbook".encode("utf-16-le") not in content:
            raise RelanceError("NOT-A-WORKBOOK", source, kind=name)
    return XLS


def _in_text(content: bytes, source: Source) -> str:
    head = beginning(content)
    if _PAGE.match(head):
        return HTML
    if not _MARKUP.match(head):
        return CSV
    if _SPREADSHEET not in content[:_LOOKED_AT].replace(b"\0", b""):
        raise RelanceError("FORMAT-LATER", source, kind="XML")
    refuse_entities(content, source)
    return XML


def beginning(content: bytes) -> str:
    """Return the first signs of a text, good enough to tell markup from a table."""
    head = content[:_LOOKED_AT]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def refuse_entities(markup: bytes, source: Source) -> None:
    """Refuse XML that defines its own abbreviations: a few lines of them unfold to gigabytes, and no program needs them."""
    if b"<!" in markup or b"<\0!" in markup or b"\0<\0!" in markup:
        plain = markup.replace(b"\0", b"") if b"\0" in markup else markup
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise RelanceError("XML-ENTITIES", source)
