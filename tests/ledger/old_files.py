"""Files of the kinds that the other libraries here cannot write, made byte by byte: xls, xlsb, ods, XML Spreadsheet, zips with tricks."""

import datetime as dt
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

Value = str | float | bool | dt.date | None
Rows = Sequence[Sequence[Value]]

ERRORS = {"#DIV/0!": 0x07, "#REF!": 0x17, "#N/A": 0x2A}
_EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}


def serial(day: dt.date, *, date1904: bool = False) -> float:
    """Return the number that a workbook keeps for a day."""
    return float((day - _EPOCHS[date1904]).days)


def _cells(rows: Rows) -> Iterable[tuple[int, int, Value]]:
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                yield at, column, value


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _xls_cell(row: int, column: int, value: Value, *, date1904: bool) -> bytes:
    place = struct.pack("<HH", row, column)
    if isinstance(value, dt.date):
        return _record(0x0203, place + struct.pack("<Hd", 16, serial(value, date1904=date1904)))
    if isinstance(value, bool):
        return _record(0x0205, place + struct.pack("<HBB", 15, value, 0))
    if isinstance(value, float | int):
        return _record(0x0203, place + struct.pack("<Hd", 15, value))
    if value in ERRORS:
        return _record(0x0205, place + struct.pack("<HBB", 15, ERRORS[value], 1))
    text = str(value)
    return _record(0x0204, place + struct.pack("<HHB", 15, len(text), 1) + text.encode("utf-16-le"))


def write_xls(
    path: Path, sheets: Mapping[str, Rows], *, locked: bool = False, date1904: bool = False, hidden: str = ""
) -> Path:
    """Write an Excel 97 workbook ([MS-XLS]); `locked` adds the record of a password, `hidden` names a hidden sheet."""
    general, day = (struct.pack("<HH", 0, form) + b"\0" * 16 for form in (0, 14))
    opening = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    opening += _record(0x002F, struct.pack("<HHH", 0, 1, 2)) if locked else b""
    opening += _record(0x0022, struct.pack("<H", date1904))
    opening += b"".join(_record(0x00E0, form) for form in [general] * 16 + [day])
    names = {name: struct.pack("<BBBB", name == hidden, 0, len(name), 1) + name.encode("utf-16-le") for name in sheets}
    length = len(opening) + sum(8 + len(name) for name in names.values()) + 4
    listed, parts = b"", list[bytes]()
    for name, rows in sheets.items():
        listed += _record(0x0085, struct.pack("<I", length + sum(map(len, parts))) + names[name])
        cells = b"".join(_xls_cell(*cell, date1904=date1904) for cell in _cells(rows))
        parts.append(_record(0x0809, struct.pack("<HHHHII", 0x0600, 16, 0, 0, 0, 0)) + cells + _record(0x000A, b""))
    path.write_bytes(ole({"Workbook": opening + listed + _record(0x000A, b"") + b"".join(parts)}))
    return path


def ole(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file ([MS-CFB]) of one or two large streams: header, one sector of table, one of directory, the streams."""
    table, entries, bodies, at = [0xFFFFFFFD, 0xFFFFFFFE], [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)], b"", 2
    for name, stream in streams.items():
        body = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
        entries.append(_entry(name, 2, at, len(body)))
        table += [*range(at + 1, at + len(body) // 512), 0xFFFFFFFE]
        at, bodies = at + len(body) // 512, bodies + body
    assert len(table) <= 128, "one sector of table is enough for the tests"
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    return header + fat + b"".join(entries).ljust(512, b"\0") + bodies


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )


def _binary(kind: int, data: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(data), b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 127 else 0)])
        size >>= 7
        if not size:
            return number + length + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _xlsb_cell(column: int, value: Value) -> bytes:
    place = struct.pack("<II", column, 1 if isinstance(value, dt.date) else 0)
    if isinstance(value, dt.date):
        return _binary(5, place + struct.pack("<d", serial(value)))
    if isinstance(value, bool):
        return _binary(4, place + bytes([value]))
    if isinstance(value, float | int):
        return _binary(5, place + struct.pack("<d", value))
    return _binary(3, place + bytes([ERRORS[value]])) if value in ERRORS else _binary(6, place + _wide(str(value)))


def write_xlsb(path: Path, name: str, rows: Rows) -> Path:
    """Write a binary workbook of one sheet ([MS-XLSB])."""
    sheet = (
        _binary(129) + _binary(148, struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)) + _binary(145)
    )
    for at, row in enumerate(rows):
        sheet += _binary(0, struct.pack("<II", at, 0) + b"\0" * 13)
        sheet += b"".join(_xlsb_cell(column, value) for column, value in enumerate(row) if value is not None)
    sheet += _binary(146) + _binary(130)
    book = _binary(131) + _binary(153, struct.pack("<III", 0, 0, 0)) + _binary(143)
    book += _binary(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide(name)) + _binary(144) + _binary(132)
    forms = b"".join(_binary(47, struct.pack("<HH", 0xFFFF, form) + b"\0" * 12) for form in (0, 14))
    styles = _binary(278) + _binary(617, struct.pack("<I", 2)) + forms + _binary(618) + _binary(279)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}/worksheet" Target="worksheets/sheet1.bin"/>'
        f'<Relationship Id="rId2" Type="{kind}/styles" Target="styles.bin"/></Relationships>'
    )
    return write_zip(
        path,
        {
            "[Content_Types].xml": "<Types/>", "xl/workbook.bin": book, "xl/_rels/workbook.bin.rels": relations,
            "xl/worksheets/sheet1.bin": sheet, "xl/styles.bin": styles,
        },
    )  # fmt: skip


def _ods_cell(value: Value) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, dt.date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value}"><text:p>{value}</text:p></table:table-cell>'
    if isinstance(value, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}"/>'
    if isinstance(value, float | int):
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
    kind = ' calcext:value-type="error"' if value in ERRORS else ""
    said = ' office:string-value=""' if kind else ""
    return (
        f'<table:table-cell office:value-type="string"{said}{kind}><text:p>{escape(value)}</text:p></table:table-cell>'
    )


def write_ods(path: Path, sheets: Mapping[str, Rows], *, locked: bool = False) -> Path:
    """Write an OpenDocument spreadsheet; `locked` says in its manifest that its content is encrypted."""
    names = ("office", "table", "text", "style")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    tables = ""
    for name, rows in sheets.items():
        lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        tables += f'<table:table table:name="{escape(name)}">{lines}</table:table>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} {calc} office:version="1.3"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    encrypted = "<manifest:encryption-data/>" if locked else ""
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{encrypted}</manifest:file-entry></manifest:manifest>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return write_zip(path, {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def write_office_xml(path: Path, name: str, rows: Rows) -> Path:
    """Write an XML Spreadsheet of Excel 2003."""
    lines = ""
    for row in rows:
        cells = ""
        for column, value in enumerate(row, start=1):
            if value is None:
                continue
            kind = {bool: "Boolean", dt.date: "DateTime", float: "Number", int: "Number"}.get(type(value), "String")
            text = {"DateTime": f"{value}T00:00:00.000", "Boolean": f"{value:d}" if kind == "Boolean" else ""}.get(kind)
            text = text or escape(str(value))
            cells += f'<Cell ss:Index="{column}"><Data ss:Type="{kind}">{text}</Data></Cell>'
        lines += f"<Row>{cells}</Row>"
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    path.write_text(
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="{escape(name)}"><Table>{lines}</Table></Worksheet></Workbook>',
        encoding="utf-8",
    )
    return path


def write_html(path: Path, rows: Rows, encoding: str = "utf-8") -> Path:
    """Write a page with one table, as ERP programs do under the name of a workbook."""
    lines = "".join(
        "<tr>" + "".join(f"<td>{'' if value is None else escape(str(value))}</td>" for value in row) + "</tr>\n"
        for row in rows
    )
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"></head>'
    path.write_bytes(f"{head}<body><table border=1>{lines}</table></body></html>".encode(encoding))
    return path


def write_zip(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """Write a packed zip of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def changed(path: Path, changes: Mapping[str, tuple[bytes, bytes]], added: Mapping[str, bytes] | None = None) -> Path:
    """Write a workbook again with some bytes of its parts replaced, and parts added."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, (old, new) in changes.items():
        assert old in parts[name], f"{name} holds no {old!r}"
        parts[name] = parts[name].replace(old, new)
    return write_zip(path, {**parts, **(added or {})})
