"""Word 97-2003 (.doc), RTF, OpenDocument: read through programs of the system, each run a process of its own.

antiword reads most .doc files in milliseconds. LibreOffice turns everything else into .docx, which our own reader then
reads: other formats, .doc files with text boxes or old fonts, and those antiword cannot read. catdoc is the last
resort for .doc. LibreOffice runs no macro and opens no other address (its profile forbids both).
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest.readers.blocks import PARAGRAPH, row_lines
from ingest.readers.content import DOC, LABELS, ODT, RTF, WORD_XML
from ingest.readers.legacy import decode_legacy, detect_legacy
from ingest.readers.ole import doc_has_revisions, header_letters, stream_names, text_box_letters
from ingest.readers.package import declares, examine_package
from ingest.readers.progress import Tell, quietly
from ingest.readers.syllables import score
from kg.errors import ReadError, RefusedFile
from kg.model import Issue, SourceText

__all__ = ["PROGRAMS", "read_office"]

PROGRAMS = {"antiword": "antiword", "catdoc": "catdoc", "soffice": "libreoffice-writer-nogui"}
"""Programs and the Debian packages they come in."""
OFFICE_SECONDS = 150.0
TEXT_SECONDS = 30.0
_FEWEST = 20
"""Words under which a .doc is looked at a second time, with LibreOffice."""

_MARK = "MẬT".encode("utf-16-le")

_SUFFIXES = {DOC: ".doc", RTF: ".rtf", ODT: ".odt", WORD_XML: ".xml"}
_FILTERS = {DOC: "MS Word 97", RTF: "Rich Text Format", ODT: "writer8"}
"""What LibreOffice must open a file as: left to choose, it opens rubbish as plain text."""
# No macros, no links to other places, no recovery: what LibreOffice reads of its profile before it opens a file.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"
 oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Save/Document"><prop oor:name="AutoSave"
 oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"
 oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


def read_office(data: bytes, name: str, sha256: str, *, media_type: str, tell: Tell = quietly) -> SourceText:
    """The text of an office document. Raises ``ReadError`` "no_program", "damaged", "empty"; ``RefusedFile``."""
    short = Path(name).name or name
    issues: tuple[Issue, ...] = ()
    if media_type == ODT:
        issues = examine_package(data, short)
    elif media_type == WORD_XML and declares(data):
        raise RefusedFile(
            f"Tệp “{short}” có khai báo thực thể XML (DOCTYPE), dấu hiệu tấn công. Đề nghị mở bằng Word, lưu lại thành "
            ".docx rồi nạp lại.",
            code="entities",
        )
    elif media_type == DOC and "WordDocument" not in stream_names(data):
        raise _damaged(short, media_type)
    whole = shutil.which("soffice") is not None
    plain = _plain(data, media_type)
    if plain is not None and (not whole or not _needs_office(data, plain, media_type)):
        return _source(plain, name, sha256, media_type, issues)
    if whole:
        converted = _through_office(data, media_type)
        if converted is not None:
            from ingest.readers.docx import read_docx

            try:
                read = read_docx(converted, name, sha256, media_type=media_type, tell=tell)
                return replace(read, issues=(*issues, *read.issues))
            except ReadError:
                if plain is None:
                    raise
    if plain is not None and plain.strip():
        return _source(plain, name, sha256, media_type, issues)
    label = LABELS[media_type]
    if not whole:
        raise ReadError(
            f"Tệp “{short}” ở định dạng {label}, máy chưa có chương trình đọc. Đề nghị cài gói libreoffice-writer-nogui"
            f"{' hoặc antiword' if media_type == DOC else ''}, hoặc lưu lại thành .docx, rồi nạp lại.",
            code="no_program",
        )
    raise _damaged(short, media_type)


def _damaged(short: str, media_type: str) -> ReadError:
    return ReadError(
        f"Tệp “{short}” ({LABELS[media_type]}) bị hỏng, không mở được. Đề nghị mở bằng Word, lưu lại thành .docx rồi "
        "nạp lại.",
        code="damaged",
    )


def _source(text: str, name: str, sha256: str, media_type: str, issues: tuple[Issue, ...]) -> SourceText:
    encoding = "utf-8"
    if legacy := detect_legacy(text):
        text, encoding = decode_legacy(text, legacy), legacy
        issues = (*issues, Issue("info", "legacy_encoding", "Văn bản gõ bằng phông chữ cũ, đã chuyển sang Unicode."))
    return SourceText(name, media_type, sha256, text, encoding=encoding, issues=issues)


def _plain(data: bytes, media_type: str) -> str | None:
    """What antiword or catdoc makes of the file; None when neither is there or reads it."""
    text: str | None = None
    if media_type == DOC and shutil.which("antiword"):
        text = _printed(["antiword", "-m", "UTF-8.txt", "-w", "0", "-"], data)
        text = _without_borders(text) if text else None
    if not text and media_type == DOC and shutil.which("catdoc"):
        text = _printed(["catdoc", "-d", "utf-8", "-w", "-"], data)
        text = text.replace("\n", "\n\n") if text else None
    return text if text and text.strip() else None


def _printed(command: Sequence[str], data: bytes) -> str | None:
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=TEXT_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _needs_office(data: bytes, text: str, media_type: str) -> bool:
    """Whether LibreOffice will read more, or more rightly, than ``text``."""
    if media_type != DOC:
        return True
    judged = score(unicodedata.normalize("NFC", text))
    if judged.words < _FEWEST or not judged.sound or detect_legacy(text) is not None:
        return True
    # antiword leaves out text boxes and headers, where a secrecy mark may stand, and prints what was struck out.
    return text_box_letters(data) > 0 or doc_has_revisions(data) or (header_letters(data) > 0 and _MARK in data)


# --- antiword draws tables with bars ---------------------------------------------------------------------------------


_HEAD_OR_CLOSING = re.compile(
    r"CỘNG H(?:ÒA|OÀ) XÃ HỘI|^Độc lập|ĐẢNG CỘNG SẢN|^Số\s*:|^Nơi nhận|^(?:TM|KT|TL|TUQ)\.|^(?:CHỦ TỊCH|GIÁM ĐỐC|BÍ THƯ)"
)
"""A table of two columns with one of these is a letterhead or a closing: its columns are read one after the other."""


def _without_borders(text: str) -> str:
    """antiword's tables as rows: "|1  |Sở Nội vụ   |" → "| 1 | Sở Nội vụ |"; two columns one by one."""
    out: list[str] = []
    table: list[list[str]] = []
    for line in (*text.split("\n"), ""):
        if line.startswith("|") and line.rstrip().endswith("|") and len(line) > 2:
            table.append([cell.strip() for cell in line.strip()[1:-1].split("|")])
            continue
        if table:
            out.extend(_table_lines(table))
            table = []
        out.append(line)
    return "\n".join(out)


def _table_lines(lines: Sequence[Sequence[str]]) -> list[str]:
    if all(len(cells) == 2 for cells in lines) and any(
        _HEAD_OR_CLOSING.search(cell) for cells in lines for cell in cells
    ):
        return [*row_lines([[cells[side] for cells in lines if cells[side]] for side in (0, 1)]), *PARAGRAPH]
    rows: list[list[str]] = []
    for cells in lines:
        if rows and not cells[0] and len(cells) == len(rows[-1]):  # the wrapped rest of the row above
            rows[-1] = [f"{above} {here}".strip() for above, here in zip(rows[-1], cells, strict=True)]
        elif any(cells):
            rows.append(list(cells))
    return [line for row in rows for line in row_lines([[cell] if cell else [] for cell in row])] + list(PARAGRAPH)


# --- LibreOffice -----------------------------------------------------------------------------------------------------


def _through_office(data: bytes, media_type: str) -> bytes | None:
    """The file as .docx; None when LibreOffice cannot open it in time."""
    base = Path(tempfile.gettempdir())
    profile = base / f"office-{os.getpid()}"
    if not profile.exists():
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        source = Path(folder) / f"tep{_SUFFIXES[media_type]}"
        source.write_bytes(data)
        target = Path(folder) / "ra"
        command = [
            "soffice", "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck",
            f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "docx:MS Word 2007 XML",
            "--outdir", str(target), str(source),
            *([f"--infilter={_FILTERS[media_type]}"] if media_type in _FILTERS else []),
        ]  # fmt: skip
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(OFFICE_SECONDS)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(process)
        made = target / "tep.docx"
        return made.read_bytes() if made.is_file() else None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the program and those it started (soffice is a script that starts two more)."""
    if process.poll() is not None:
        return
    for pid in (*_children(process.pid), process.pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            continue
    process.wait()


def _children(pid: int) -> list[int]:
    """The processes under ``pid``, where the system lists them (/proc)."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = entry.read_text().rpartition(")")[2].split()
            parents[int(entry.parent.name)] = int(after_name[1])
        except (OSError, ValueError, IndexError):
            continue
    found: list[int] = []
    todo = [pid]
    while todo:
        above = todo.pop()
        under = [child for child, parent in parents.items() if parent == above and child not in found]
        found.extend(under)
        todo.extend(under)
    return found
