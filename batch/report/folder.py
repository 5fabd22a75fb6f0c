"""The folder a run writes into: everything is written beside, then renamed into place; what a person saved is never overwritten.

Names may lead into a folder below ("letters/Durand.pdf"). Such a shelf can be made to hold this run's files alone: what earlier runs
left there is moved into a folder of its own, for a person may have printed, signed or posted it.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from batch.core.problem import RelanceError, Source
from batch.core.records import About
from batch.report.moves import Moves
from batch.report.written import WRITTEN, Memory, memory_text, read_memory, run_of


class Folder:
    """A folder to write into as a whole: on success every file is renamed into place, on failure nothing is left behind."""

    def __init__(self, place: Path) -> None:
        """Take the folder that the files will be in; it is made when it does not exist."""
        self.place = place
        self._staging = place
        self._made = False
        self._remembered: Memory = {}
        self._shelf, self._aside = "", ""

    def __enter__(self) -> Self:
        """Make the folder and a place beside its files; raises RelanceError OUTPUT-FOLDER when it cannot be written."""
        try:
            self._made = not self.place.exists()
            self.place.mkdir(parents=True, exist_ok=True)
            self._staging = Path(tempfile.mkdtemp(prefix=".writing-", dir=self.place))
        except OSError as error:
            raise RelanceError(
                "OUTPUT-FOLDER", Source(file=str(self.place)), why=error.strerror or str(error)
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Move the files into place, or throw them away after a failure."""
        try:
            if kind is None:
                self._write_memory()
                self._take_places()
                self._made = False
        except OSError as wrong:
            raise RelanceError(
                "OUTPUT-FOLDER", Source(file=str(self.place)), why=wrong.strerror or str(wrong)
            ) from wrong
        finally:
            shutil.rmtree(self._staging, ignore_errors=True)
            if self._made:
                with suppress(OSError):  # somebody else put a file there
                    self.place.rmdir()
        if isinstance(error, OSError):
            raise RelanceError(
                "OUTPUT-FOLDER", Source(file=str(self.place)), why=error.strerror or str(error)
            ) from error

    def _take_places(self) -> None:
        """Rename every file into place; where one cannot be (it is open in another program), put the earlier ones back."""
        files = [file for file in self._staging.rglob("*") if file.is_file()]
        names = sorted(file.relative_to(self._staging).as_posix() for file in files)
        before = self._staging / "before"
        before.mkdir()
        moves = Moves(before)
        try:
            for old, new in self._outdated(names):
                moves.move(old, new)
            for name in names:
                moves.put(self._staging / name, self.place / name)
        except OSError:
            moves.take_back()
            raise

    def _outdated(self, names: Sequence[str]) -> list[tuple[Path, Path]]:
        """Return the files of earlier runs on the shelf that are not, byte for byte, this run's, and where each is moved to."""
        known = [name for name in read_memory(self.place) if self._on_shelf(name)]
        written = [name for name in names if self._on_shelf(name)]
        found = []
        for name in dict.fromkeys((*known, *written)):
            old = self.place / name
            if old.is_file() and (name not in written or _digest(old) != _digest(self._staging / name)):
                found.append((old, _free(self.place / self._shelf / self._aside / old.name, _digest(old))))
        return found

    def _on_shelf(self, name: str) -> bool:
        return bool(self._shelf) and name.startswith(f"{self._shelf}/")

    def path(self, name: str) -> Path:
        """Return where to write a file of that name for now; the folder it is in is there."""
        path = self._staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def clear(self, shelf: str, aside: str) -> None:
        """Have what earlier runs wrote below `shelf` moved into its folder `aside`, when this run's files take their places."""
        self._shelf, self._aside = shelf, aside

    def free_name(self, name: str) -> tuple[str, str]:
        """Return a name that overwrites nothing a person saved, and the last of the files that are kept ("" = none)."""
        known = read_memory(self.place)
        stem, suffix = Path(name).stem, Path(name).suffix
        tried, number, kept = name, 1, ""
        while (self.place / tried).exists() and known.get(tried, {}).get("sha256") != _digest(self.place / tried):
            kept, number = tried, number + 1
            tried = f"{stem}-{number}{suffix}"
        return tried, kept

    def remember(self, name: str, about: About) -> None:
        """Note the run and the digest of a file that was written, so that the next run can tell whether a person saved it since."""
        self._remembered[name] = {"sha256": _digest(self.path(name)), **run_of(about)}

    def _write_memory(self) -> None:
        if self._remembered:
            known = {name: entry for name, entry in read_memory(self.place).items() if not self._on_shelf(name)}
            text = memory_text(known, self._remembered)
            self.path(WRITTEN).write_text(text, encoding="utf-8")


def _free(path: Path, digest: str) -> Path:
    """Return a path that overwrites nothing but the same file."""
    free, number = path, 1
    while free.exists() and _digest(free) != digest:
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
