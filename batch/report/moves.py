"""Files put into their places one after the other, and all of it taken back when one of them cannot be."""

import shutil
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Moves:
    """What has been moved so far; folders that were missing are made."""

    def __init__(self, kept: Path) -> None:
        """Take the folder that keeps a copy of each file that another one takes the place of; nothing has been moved."""
        self._kept = kept
        self._back: list[Callable[[], object]] = []

    def move(self, file: Path, place: Path) -> None:
        """Rename a file to a place where there is none."""
        self._folder(place.parent)
        file.replace(place)
        self._back.append(partial(place.replace, file))

    def put(self, file: Path, place: Path) -> None:
        """Rename a file to a place, over the one that is there."""
        self._folder(place.parent)
        before = self._kept / str(len(self._back))
        there = place.is_file()
        if there:
            shutil.copy2(place, before)
        file.replace(place)
        self._back.append(partial(before.replace, place) if there else place.unlink)

    def take_back(self) -> None:
        """Undo everything, the last first."""
        for undo in reversed(self._back):
            undo()

    def _folder(self, folder: Path) -> None:
        if not folder.exists():
            self._folder(folder.parent)
            folder.mkdir()
            self._back.append(partial(_remove_empty, folder))


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):  # somebody else put a file there
        folder.rmdir()
