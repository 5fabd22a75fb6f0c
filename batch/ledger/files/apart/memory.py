"""A process → the bytes of memory it holds now: as each system tells it, None where none does."""

import subprocess
import sys
from pathlib import Path

_KILO = 1024
_SYSTEM: str = sys.platform


def memory_of(process: "subprocess.Popen[bytes]") -> int | None:
    """Return the memory that a running child holds, in bytes; None when it has ended or the system does not say."""
    if _SYSTEM == "linux":
        return _from_proc(process.pid)
    if _SYSTEM == "win32":
        return _from_windows(int(getattr(process, "_handle")))  # noqa: B009  it exists on Windows only
    return from_ps(process.pid)


def _from_proc(pid: int) -> int | None:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * _KILO for line in lines if line.startswith("VmRSS:")), None)


def from_ps(pid: int) -> int | None:
    """Ask ps, which macOS and the BSDs have: resident kilobytes."""
    try:
        said = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, timeout=5, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return int(said.stdout) * _KILO if said.stdout.strip().isdigit() else None


def _from_windows(handle: int) -> int | None:
    """Ask Windows for the memory that is committed to the process (PROCESS_MEMORY_COUNTERS, PagefileUsage)."""
    import ctypes  # noqa: PLC0415  only where it is needed

    class Counters(ctypes.Structure):
        _fields_ = (
            ("cb", ctypes.c_uint32),
            ("page_faults", ctypes.c_uint32),
            *((name, ctypes.c_size_t) for name in ("peak_set", "set", "peak_paged", "paged", "peak_other", "other")),
            ("committed", ctypes.c_size_t),
            ("peak_committed", ctypes.c_size_t),
        )

    counters = Counters()
    counters.cb = ctypes.sizeof(counters)
    ask = ctypes.CDLL("kernel32").K32GetProcessMemoryInfo
    ask.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint32)
    return int(counters.committed) if ask(handle, ctypes.byref(counters), counters.cb) else None
