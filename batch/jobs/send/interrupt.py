"""Asked to stop while mails leave (Ctrl-C, the terminal closed, the machine shut down) → finish those in hand and stop.

A second Ctrl-C ends the process at once.
"""

import os
import signal
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

AT_ONCE = 130  # the exit code of a process that Ctrl-C has ended
HANG_UP = "SIGHUP"  # Windows has none
SIGNALS = ("SIGINT", "SIGTERM", HANG_UP)


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Give what says whether somebody asked to stop.

    A second Ctrl-C ends the process as a kill would: the journal holds what was in hand, and the next call lists it as uncertain.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    asked = threading.Event()

    def ask(received: int, _frame: FrameType | None) -> None:
        if received == getattr(signal, HANG_UP, None):
            _speak_to_nobody()
        elif received == signal.SIGINT and asked.is_set():
            os._exit(AT_ONCE)
        asked.set()

    known = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    before = {one: signal.getsignal(one) for one in known}
    heard = [one for one in known if before[one] is not signal.SIG_IGN]  # nohup means what it says
    for one in heard:
        signal.signal(one, ask)
    try:
        yield asked.is_set
    finally:
        for one in heard:
            signal.signal(one, before[one])


def _speak_to_nobody() -> None:
    """Let what is still said to a terminal that has gone go nowhere: to fail over it would leave mails in doubt."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        if stat.S_ISCHR(os.fstat(stream).st_mode):
            os.dup2(nowhere, stream)
    os.close(nowhere)
