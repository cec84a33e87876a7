"""What `kg doctor` says of programs that are not there: what cannot be read without them, and what to install."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from api import doctor
from api.commands import checking
from ingest.readers import ocr, office


@pytest.fixture
def said(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, doctor.Check]:
    """The checks on a machine that has the programs named by the parameter."""
    there: set[str] = request.param
    which = lambda name, *rest, **more: f"/usr/bin/{name}" if name in there else None  # noqa: E731
    monkeypatch.setattr("shutil.which", which)
    monkeypatch.setattr(ocr, "is_available", lambda: "vie" in there)
    return {check.name: check for check in doctor.examine(tmp_path)}


@pytest.mark.parametrize("said", [set[str]()], indirect=True)
def test_each_missing_program_is_named_with_its_use_and_package(said: dict[str, doctor.Check]) -> None:
    for program, use, package in (
        ("tesseract", "bản quét", "tesseract-ocr-vie"), ("antiword", ".doc", "antiword"),
        ("catdoc", ".doc", "catdoc"), ("soffice", ".odt", "libreoffice-writer-nogui"),
    ):  # fmt: skip
        check = said[program]
        assert not check.ok and not check.required
        assert "không đọc được" in check.detail and use in check.detail
        assert check.detail.partition("apt-get install ")[2].split()[-1] == package


@pytest.mark.parametrize("said", [{"tesseract", "antiword", "soffice"}], indirect=True)
def test_ocr_without_vietnamese_is_none(said: dict[str, doctor.Check]) -> None:
    assert not said["tesseract"].ok and "thiếu tiếng Việt" in said["tesseract"].detail
    assert said["antiword"].ok and said["soffice"].ok


@pytest.mark.parametrize("said", [{"tesseract", "vie", "soffice"}], indirect=True)
def test_another_program_may_do_the_same(said: dict[str, doctor.Check]) -> None:
    assert said["tesseract"].ok and said["soffice"].ok
    assert said["antiword"].ok and "soffice đọc thay" in said["antiword"].detail


def test_every_program_that_readers_call_is_looked_for() -> None:
    assert set(doctor.PROGRAMS) == {"tesseract", *office.PROGRAMS}
    for program, package in office.PROGRAMS.items():
        assert doctor.PROGRAMS[program][0] == package


def test_a_missing_program_is_no_broken_installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.which", lambda name, *rest, **more: None)
    done = CliRunner().invoke(checking.doctor, ["--format", "json", "--workspace", str(tmp_path / "kho")])
    assert done.exit_code == 0
    assert {row["name"] for row in json.loads(done.stdout)} >= set(doctor.PROGRAMS)
