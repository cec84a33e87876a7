"""What `make` does about programs of the system: it installs them as root with apt, else names them, and goes on."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ("sh", "env", "grep", "ls", "touch")


def bench(folder: Path, *, user: int, apt: str | None, programs: tuple[str, ...] = ()) -> dict[str, str]:
    """A folder with the Makefile and a virtual environment that is done, and a PATH with nothing but what is named."""
    shutil.copy(ROOT / "Makefile", folder)
    (folder / ".venv" / ".stamps").mkdir(parents=True)
    (folder / ".venv" / ".stamps" / "venv").touch()
    (folder / "bin").mkdir()
    scripts = {"id": f"echo {user}", **dict.fromkeys(programs, "echo vie")}
    if apt is not None:
        scripts["apt-get"] = apt
    for name, body in scripts.items():
        (folder / "bin" / name).write_text(f"#!/bin/sh\n{body}\n", "utf-8")
        (folder / "bin" / name).chmod(0o755)
    for tool in TOOLS:
        (folder / "bin" / tool).symlink_to(str(shutil.which(tool)))
    return {"PATH": str(folder / "bin"), "LOG": str(folder / "apt.log")}


def packages(folder: Path, environment: dict[str, str], which: str = "run") -> subprocess.CompletedProcess[str]:
    make = shutil.which("make")
    if make is None:
        pytest.skip("the program make is not installed (package make)")
    command = [make, "--no-print-directory", f".venv/.stamps/packages-{which}"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_root_with_apt_installs_what_reading_needs(tmp_path: Path) -> None:
    environment = bench(tmp_path, user=0, apt='echo "$@" >> "$LOG"')
    done = packages(tmp_path, environment)
    assert done.returncode == 0, done.stderr
    update, install = (tmp_path / "apt.log").read_text("utf-8").splitlines()
    assert update.endswith("update")
    assert install.endswith("install --no-install-recommends tesseract-ocr tesseract-ocr-vie antiword")
    assert packages(tmp_path, environment).stderr == "", "once is enough"
    assert len((tmp_path / "apt.log").read_text("utf-8").splitlines()) == 2


def test_what_is_there_is_not_asked_for(tmp_path: Path) -> None:
    environment = bench(tmp_path, user=0, apt='echo "$@" >> "$LOG"', programs=("tesseract", "antiword"))
    assert packages(tmp_path, environment).stderr == ""
    assert not (tmp_path / "apt.log").exists()


def test_tests_ask_for_more_than_running(tmp_path: Path) -> None:
    environment = bench(tmp_path, user=0, apt='echo "$@" >> "$LOG"', programs=("tesseract", "antiword", "git"))
    assert packages(tmp_path, environment, "test").returncode == 0
    asked = (tmp_path / "apt.log").read_text("utf-8")
    assert "libreoffice-writer-nogui" in asked and "chromium" in asked and "tesseract-ocr" not in asked


@pytest.mark.parametrize("apt", ["exit 100", 'case "$*" in *antiword*) exit 100;; esac'], ids=["all", "one"])
def test_an_apt_that_fails_stops_nothing(tmp_path: Path, apt: str) -> None:
    done = packages(tmp_path, bench(tmp_path, user=0, apt=apt))
    assert done.returncode == 0 and "antiword" in done.stderr and "kg doctor" in done.stderr


@pytest.mark.parametrize(("user", "apt"), [(1000, "exit 1"), (0, None)], ids=["not root", "no apt"])
def test_who_may_not_install_is_told_what_to_install(tmp_path: Path, user: int, apt: str | None) -> None:
    done = packages(tmp_path, bench(tmp_path, user=user, apt=apt))
    assert done.returncode == 0
    assert "sudo apt-get install tesseract-ocr tesseract-ocr-vie antiword" in done.stderr


def test_run_and_test_both_look() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    for target, stamp in (("run", "packages-run"), ("test", "packages-test")):
        (line,) = [line for line in text.splitlines() if line.startswith(f"{target}:")]
        assert f"$(STAMPS)/{stamp}" in line
