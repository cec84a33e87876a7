"""Is the installation whole? Each check says what was found and, when it is wrong, what to do."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PACKAGES", "Check", "examine", "owners"]

PACKAGES = ("kg", "ontology", "ingest", "search", "api")
DISTRIBUTION = "vanban-kg"
# Program → Debian packages, what is not read without it, programs that read it in its place.
PROGRAMS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "tesseract": (
        "tesseract-ocr tesseract-ocr-vie", "bản quét, ảnh chụp, số và ngày đóng dấu trên bản ký số", (),
    ),
    "antiword": ("antiword", "tệp Word cũ (.doc)", ("soffice", "catdoc")),
    "catdoc": ("catdoc", "tệp Word cũ (.doc) mà antiword không mở được", ("soffice",)),
    "soffice": (
        "libreoffice-writer-nogui", "tệp .rtf, .odt, Word XML 2003, tệp .doc gõ phông cũ hoặc có khung chữ", (),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One finding; a check that is not ``required`` only takes a feature away."""

    name: str
    ok: bool
    detail: str
    required: bool = True


def examine(workspace: Path) -> list[Check]:
    """All checks, in reading order."""
    return [*_python(), *_packages(), *_programs(), *_settings(), *_workspace(workspace)]


def _python() -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check("Python", sys.version_info >= (3, 11), f"{version} ({sys.executable})")
    try:
        yield Check(DISTRIBUTION, True, importlib.metadata.version(DISTRIBUTION))
    except importlib.metadata.PackageNotFoundError:
        yield Check(DISTRIBUTION, False, "chưa được cài; chạy: pip install .")


def owners(package: str) -> list[str]:
    """The installed distributions that put a top-level package of this name on the path."""
    distributions = importlib.metadata.packages_distributions().get(package, [])
    return sorted(set(distributions))


def _packages() -> Iterator[Check]:
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        place = str(Path(spec.origin).parent) if spec and spec.origin else "không tìm thấy"
        others = [name for name in owners(package) if name != DISTRIBUTION]
        if others:
            yield Check(
                package, False, f"{place}; tên này cũng thuộc {', '.join(others)}: hãy cài trong môi trường ảo riêng"
            )
        else:
            yield Check(package, spec is not None, place)
    models = importlib.util.find_spec("sentence_transformers") is not None
    yield Check(
        "[models]", models, "có sentence-transformers" if models else "không cài; dùng mô hình nhúng sẵn", False
    )


def _programs() -> Iterator[Check]:
    from ingest.readers.ocr import is_available

    for program, (packages, use, others) in PROGRAMS.items():
        path = shutil.which(program)
        stead = next(filter(shutil.which, others), None)
        if path is not None and (program != "tesseract" or is_available()):
            yield Check(program, True, path, False)
        elif path is not None:
            yield Check(program, False, f"{path}, thiếu tiếng Việt: không đọc được {use}. {_INSTALL}{packages}", False)
        elif stead is not None:
            yield Check(program, True, f"không có; {stead} đọc thay {use}", False)
        else:
            yield Check(program, False, f"không có: không đọc được {use}. {_INSTALL}{packages}", False)


_INSTALL = "Cài bằng: apt-get install "


def _settings() -> Iterator[Check]:
    from api.settings import Settings

    for name, shown, changed in Settings().listed():
        yield Check(name, True, f"{shown}{' (đặt bởi môi trường)' if changed else ''}", False)


def _workspace(workspace: Path) -> Iterator[Check]:
    if not workspace.exists():
        yield Check("Kho", True, f"{workspace} chưa có; sẽ được tạo khi nạp", False)
    else:
        writable = os.access(workspace, os.W_OK)
        yield Check("Kho", writable, f"{workspace.absolute()}{'' if writable else ': không có quyền ghi'}", False)
