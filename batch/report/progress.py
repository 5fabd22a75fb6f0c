"""How far a long work has got → a bar with pace and time left, on a terminal only."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Task
    from rich.text import Text

SECONDS_A_MINUTE = 60


@contextmanager
def pace_bar(console: "Console", *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told how many mails or letters of how many are done; the bar is there from the first to the last."""
    if quiet or not console.is_terminal:
        yield lambda _done, _wanted: None
        return
    from rich.progress import (  # noqa: PLC0415  `--help` does without it
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text  # noqa: PLC0415  as above

    class Pace(ProgressColumn):
        """Mails or letters a minute."""

        def render(self, task: "Task") -> "Text":
            """Return the pace; nothing before it is known."""
            return Text(f"{task.speed * SECONDS_A_MINUTE:.0f}/min" if task.speed else "")

    bar = Progress(BarColumn(), MofNCompleteColumn(), Pace(), TimeRemainingColumn(), console=console, transient=True)
    task = bar.add_task("", total=None)

    def tick(done: int, wanted: int) -> None:
        bar.update(task, completed=done, total=wanted)
        if done < wanted:
            bar.start()
        else:
            end()

    def end() -> None:
        if bar.live.is_started:
            bar.stop()

    try:
        yield tick
    finally:
        end()
