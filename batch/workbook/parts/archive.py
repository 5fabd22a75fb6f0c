"""A zip file → its members, guarded; and members copied into another zip file as the bytes they are, never unpacked.

What is damaged, locked or larger than it may be is refused by name before anything of it is unpacked.
"""

import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import IO

from batch.core.problem import RelanceError, Source

# Both limits are on the size a member declares, and zipfile never hands out more than that.
LARGEST_PART = 8 << 20
# The zip format without its 64-bit extension ends at 2 GiB for a part; the rest is room for our own cells.
LARGEST_SHEET = 3 << 29

_LOCAL_HEADER = 30
_LOCAL_SIGNATURE = b"PK\x03\x04"
_ENCRYPTED = 0x1
_SIZES_FOLLOW = 0x8
_PIECE = 1 << 20


class GraftRefused(RelanceError):  # noqa: N818  reads as what it is: a refusal, not a failure
    """The user's workbook cannot be carried over part by part; the caller then writes a plain copy and grafts on that."""


def opened(path: Path) -> zipfile.ZipFile:
    """Open a zip file for reading; refuse what is no zip, is encrypted, repeats a member, or claims more bytes than it has."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise GraftRefused("GRAFT-DAMAGED", Source(file=path.name), part=path.name) from error
    try:
        _check(archive, path)
    except GraftRefused:
        archive.close()
        raise
    return archive


def _check(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse an archive whose list of members cannot be trusted."""
    source = Source(file=path.name)
    seen: set[str] = set()
    for member in archive.infolist():
        if member.flag_bits & _ENCRYPTED:
            raise GraftRefused("GRAFT-DAMAGED", source, part=member.filename)
        if member.filename.lower() in seen:
            raise GraftRefused("GRAFT-DUPLICATE-PART", source, part=member.filename)
        seen.add(member.filename.lower())
    size = path.stat().st_size
    beyond = any(not 0 <= member.header_offset < size for member in archive.infolist())
    if beyond or sum(member.compress_size for member in archive.infolist()) > size:
        raise GraftRefused("GRAFT-DAMAGED", source, part=path.name)


def copy_member(source: zipfile.ZipFile, member: zipfile.ZipInfo, target: zipfile.ZipFile, name: str = "") -> None:
    """Copy one member's packed bytes, checksum and date; `name` gives it another name. Extra fields (padding, ZIP64) are dropped."""
    reader, writer = source.fp, target.fp
    if reader is None or writer is None:
        raise ValueError("both archives must be open")
    clone = copy(member)
    clone.filename = name or member.filename
    clone.flag_bits &= ~_SIZES_FOLLOW
    clone.extra = b""
    reader.seek(member.header_offset)
    header = reader.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or header[:4] != _LOCAL_SIGNATURE:
        raise zipfile.BadZipFile(member.filename)
    reader.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    writer.seek(target.start_dir)
    clone.header_offset = target.start_dir
    writer.write(clone.FileHeader(zip64=False))
    _pour(reader, writer, member)
    target.filelist.append(clone)
    target.NameToInfo[clone.filename] = clone
    target.start_dir = writer.tell()


def _pour(reader: IO[bytes], writer: IO[bytes], member: zipfile.ZipInfo) -> None:
    """Copy the packed bytes in pieces; a file that ends too early is damaged."""
    left = member.compress_size
    while left:
        piece = reader.read(min(left, _PIECE))
        if not piece:
            raise zipfile.BadZipFile(member.filename)
        writer.write(piece)
        left -= len(piece)


def write_member(archive: zipfile.ZipFile, name: str, data: bytes | str) -> None:
    """Write one member dated as the format's first day, not by the clock: the same input gives the same file."""
    with archive.open(name, "w") as writer:
        writer.write(data.encode() if isinstance(data, str) else data)


@contextmanager
def in_pieces(archive: zipfile.ZipFile, name: str) -> Iterator[Callable[[bytes], None]]:
    """Give what writes a large member piece by piece: each is packed while the next one is made."""
    # Packing needs no interpreter, so that it costs no time on a second core; at most two pieces are held.
    before: Future[int] | None = None
    with archive.open(name, "w") as writer, ThreadPoolExecutor(max_workers=1) as aside:

        def write(piece: bytes) -> None:
            nonlocal before
            if before is not None:
                before.result()
            before = aside.submit(writer.write, piece)

        yield write
        if before is not None:
            before.result()


@contextmanager
def written_beside(target: Path) -> Iterator[zipfile.ZipFile]:
    """Give a new zip file (deflate, level 1) that takes the target's name only when all is written; else nothing is left."""
    beside = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            yield archive
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
