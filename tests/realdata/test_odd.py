"""Every odd file of the test corpora: `relance check`, as a process of its own, ends with a result or one named Problem.

The files are found by the variable RELANCE_REALDATA; where it is not set these tests are skipped. The memory is what the system says that
the largest process of the call held (wait4), its reading child among them, which is waited for.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("RELANCE_REALDATA", "")).absolute() / "odd"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".md") if os.environ.get("RELANCE_REALDATA") else []
MEGA = 1_000_000
# How the call is measured: this script starts it, waits for it, and reports its code and the memory of the largest process.
MEASURE = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], timeout=60).returncode
unit = 1 if sys.platform == "darwin" else 1024
print(f"\\n{code} {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit}")
"""
# What is refused, by its name; all the rest is opened, and most of it is no ledger (NO-TABLE, EMPTY-FILE).
REFUSED = {
    "calamine__pass_protected.xlsb": "ENCRYPTED",
    "excelize__encryptSHA1.xlsx": "ENCRYPTED",
    "messytables__encrypted_no_password.xls": "ENCRYPTED",
    "msoffcrypto-tool__xor_password_123456789012345.xls": "ENCRYPTED",
    "phpspreadsheet__SylkTest.slk": "FORMAT-LATER",
    "phpspreadsheet__oleloop.xls": "READING-TOO-BIG",
    "poi__54764-2.xlsx": "XML-ENTITIES",
    "poi__extenxls_pwd123.xlsx": "ENCRYPTED",
    "poi__poc-shared-strings.xlsx": "READING-TOO-BIG",
    "poi__protected_passtika.xlsb": "ENCRYPTED",
    "roo__encrypted-letmein.ods": "ENCRYPTED",
    "xlsx-populate__input.xlsx": "ENCRYPTED",
}
OPENED = {"NO-TABLE", "EMPTY-FILE", "COLUMN-MISSING"}

pytestmark = [
    pytest.mark.skipif(not FILES, reason="RELANCE_REALDATA names no folder with odd files"),
    pytest.mark.skipif(sys.platform == "win32", reason="wait4 tells the memory of a process"),
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_check_ends_small_and_says_why(path: Path) -> None:
    """Exit 0, or 1 with one code that has its words; no traceback; under 500 MB."""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    with tempfile.TemporaryDirectory() as working:
        said = subprocess.run(
            [sys.executable, "-c", MEASURE, sys.executable, "-m", "batch", "check", str(path)],
            cwd=working, env=surroundings, capture_output=True, text=True, encoding="utf-8", timeout=90, check=True,
        )  # fmt: skip
    code, held = map(int, said.stdout.split("\n")[-2].split())
    assert (code in (0, 1), "Traceback" in said.stdout + said.stderr, "BUG" in said.stderr) == (True, False, False)
    assert held < 500 * MEGA
    if code == 1:
        named = re.match(r"[A-Z]+(?:-[A-Z]+)*", said.stderr)
        assert named, said.stderr
        assert named[0] == REFUSED[path.name] if path.name in REFUSED else named[0] in OPENED
    else:
        assert path.name not in REFUSED
