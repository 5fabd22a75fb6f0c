"""The folder a run writes into: everything is written beside, then renamed into place; what a person saved is never overwritten."""

import hashlib
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from batch.core.problem import RelanceError, Source
from batch.core.records import About
from batch.report.written import WRITTEN, Memory, memory_text, read_memory, run_of


class Folder:
    """A folder to write into as a whole: on success every file is renamed into place, on failure nothing is left behind."""

    def __init__(self, place: Path) -> None:
        """Take the folder that the files will be in; it is made when it does not exist."""
        self.place = place
        self._staging = place
        self._made = False
        self._remembered: Memory = {}

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
        files = sorted(self._staging.iterdir())
        before = self._staging / "before"
        before.mkdir()
        for file in files:
            if (self.place / file.name).is_file():
                shutil.copy2(self.place / file.name, before / file.name)
        try:
            for file in files:
                file.replace(self.place / file.name)
        except OSError:
            for name in [file.name for file in files if not file.exists()]:
                if (before / name).exists():
                    (before / name).replace(self.place / name)
                else:
                    (self.place / name).unlink()
            raise

    def path(self, name: str) -> Path:
        """Return where to write a file of that name for now."""
        return self._staging / name

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
            text = memory_text(read_memory(self.place), self._remembered)
            self.path(WRITTEN).write_text(text, encoding="utf-8")


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
