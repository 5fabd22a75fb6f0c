"""Desks with the sample ledger; one run of it is shared by all that only look at what it wrote."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.jobs.desk import DAY, SAMPLE, SETTINGS, Desk, Said


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Said]:
    """Run the sample ledger once, as a process without settings; return the desk and what was said."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copy(SAMPLE, folder)
    desk = Desk(folder)
    return desk, desk.process("run", SAMPLE.name, "--as-of", DAY)


@pytest.fixture(scope="session")
def settled_run(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Run the sample ledger once with a company's settings; nobody writes into this folder afterwards."""
    folder = tmp_path_factory.mktemp("settled")
    shutil.copy(SAMPLE, folder)
    (folder / "relance.toml").write_text(SETTINGS, encoding="utf-8")
    desk = Desk(folder)
    said = desk.relance("run", SAMPLE.name, "--as-of", DAY, "-q")
    assert (said.code, said.out, said.err) == (0, "", "")
    return desk


@pytest.fixture
def desk(settled_run: Desk, tmp_path: Path) -> Desk:
    """Return a copy of the settled run's folder that a test may change; its journal is the copy, too."""
    folder = tmp_path / "desk"
    shutil.copytree(settled_run.folder, folder)
    return Desk(folder, {"RELANCE_JOURNAL": str(folder / "relance.db")})


@pytest.fixture
def empty_desk(tmp_path: Path) -> Desk:
    """Return a desk with settings and nothing else."""
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "relance.toml").write_text(SETTINGS, encoding="utf-8")
    return Desk(folder)


@pytest.fixture
def libreoffice(tmp_path: Path) -> Callable[..., Path]:
    """Return how LibreOffice opens a workbook and saves it as xlsx or another kind. Skipped where it is not installed, but in CI."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed")

    def save(path: Path, kind: str = "xlsx") -> Path:
        out = tmp_path / "saved"
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        subprocess.run(
            [program, "--headless", "--norestore", profile, "--convert-to", kind, "--outdir", str(out), str(path)],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        return out / f"{path.stem}.{kind}"

    return save
