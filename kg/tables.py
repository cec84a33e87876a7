"""The graph as tables for research: one CSV per class, a codebook, and a dated hash of the content, in one zip archive.

``citations`` has one row for each mention, ``links`` one for each pair and relation: counting rows of the first counts
mentions. Same snapshot, same bytes; the date is that of the snapshot, not of the export.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kg.catalog_facts import fact_page
from kg.catalog_links import StatedLink, all_links
from kg.catalog_table import WorkTable, table_of
from kg.iris import Iris
from kg.store import GraphStore
from kg.terms import Lit

__all__ = ["CODEBOOK", "export_tables", "table_rows"]

CODEBOOK: Mapping[str, Mapping[str, str]] = {
    "documents": {
        "id": "Khóa của văn bản; không đổi khi đổi địa chỉ máy chủ",
        "number": "Số, ký hiệu như in", "kind": "Loại văn bản", "title": "Trích yếu", "issuer": "Cơ quan ban hành",
        "body": "Mã cơ quan (bảng bodies)", "level": "Cấp: central, province, district, commune",
        "date": "Ngày ban hành, ISO; trống: chưa rõ", "date_earliest": "Khi chưa rõ ngày: không sớm hơn",
        "date_latest": "Khi chưa rõ ngày: không muộn hơn", "held": "1: kho giữ tệp; 0: mới chỉ được viện dẫn",
        "file": "Tên tệp đang giữ",
    },
    "citations": {
        "link": "Mã liên kết (bảng links); mỗi dòng là một lần nhắc", "document": "Văn bản viện dẫn",
        "cited": "Văn bản được viện dẫn", "relation": "Quan hệ", "quote": "Câu trích nguyên văn",
        "start": "Vị trí câu trong văn bản chuẩn, tính bằng ký tự", "end": "Vị trí kết thúc câu", "page": "Trang",
        "mention_start": "Vị trí số, ký hiệu được nhắc", "mention_end": "Vị trí kết thúc", "part": "Điều, khoản, mục",
    },
    "links": {
        "id": "Mã liên kết; mỗi cặp văn bản và quan hệ một dòng", "document": "Văn bản viện dẫn",
        "relation": "Quan hệ: implements, follows, legal_basis, …", "cited": "Văn bản được viện dẫn",
        "confidence": "Độ tin cậy, 0 đến 1", "status": "effective, below_threshold, rejected, orphaned",
        "method": "rule, model, human", "place": "opening: phần mở đầu; body: trong nội dung",
        "cue": "Từ ngữ nêu quan hệ",
        "mentions": "Số lần nhắc (số dòng trong bảng citations)",
    },
    "bodies": {
        "code": "Mã cơ quan", "name": "Tên", "level": "Cấp", "parent": "Cơ quan cấp trên", "valid_from": "Từ ngày",
        "valid_to": "Ngày cuối cùng còn hoạt động", "documents": "Số văn bản trong bảng documents",
    },
    "campaigns": {
        "id": "Mã phong trào", "name": "Tên", "area": "Địa bàn", "until": "Ngày kết thúc",
        "launched_by": "Cơ quan phát động", "instance_of": "Phong trào cấp trên cùng chủ đề",
    },
    "campaign_documents": {"campaign": "Mã phong trào", "role": "launches, continues, mentions", "document": "Văn bản"},
    "anniversaries": {
        "id": "Mã lần kỷ niệm", "years": "Số năm", "event": "Sự kiện", "origin": "Ngày gốc",
        "commemorated": "Ngày kỷ niệm",
    },
    "assignments": {
        "id": "Mã nhiệm vụ", "document": "Văn bản giao", "body": "Đơn vị như in",
        "role": "lead, coordinate, advise, monitor, report_to, implement", "requested": "True: đề nghị; False: giao",
        "by": "Thời hạn", "phrase": "Câu nguyên văn", "start": "Vị trí bắt đầu", "end": "Vị trí kết thúc",
    },
    "targets": {
        "id": "Mã chỉ tiêu", "document": "Văn bản đề ra", "indicator": "Chỉ tiêu", "comparator": "=, >, >=, <, <=",
        "value": "Giá trị", "unit": "Đơn vị tính", "by": "Đến khi nào", "phrase": "Câu nguyên văn",
        "start": "Vị trí bắt đầu", "end": "Vị trí kết thúc",
    },
    "unresolved": {
        "id": "Mã viện dẫn chưa xác định", "document": "Văn bản viện dẫn", "reason": "Lý do",
        "number": "Số như in", "kind": "Loại văn bản", "quote": "Câu trích nguyên văn",
    },
}  # fmt: skip
"""Table → column → what it holds."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ALL = 10_000_000


def export_tables(store: GraphStore, iris: Iris, *, written: str | None, version: int) -> bytes:
    """The zip archive: CSV files with a byte order mark, ``codebook.csv`` and ``manifest.json``."""
    files = {f"{name}.csv": _csv(rows, CODEBOOK[name]) for name, rows in table_rows(store, iris)}
    meanings = [
        {"table": table, "column": column, "meaning": words}
        for table, columns in CODEBOOK.items()
        for column, words in columns.items()
    ]
    files["codebook.csv"] = _csv(meanings, {"table": "", "column": "", "meaning": ""})
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    whole = hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in hashes.items()).encode()).hexdigest()
    manifest = {"date": written, "version": version, "content_sha256": whole, "files": hashes}
    files["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def table_rows(store: GraphStore, iris: Iris) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(name, rows) of each table, rows in a fixed order."""
    table = table_of(store, iris)
    links = all_links(store, iris)
    yield "documents", _documents(table)
    yield "citations", [
        {"link": link.id, "document": link.subject, "cited": link.object, "relation": link.relation, "quote": one.quote,
         "start": one.start, "end": one.end, "page": one.page, "mention_start": one.mention_start,
         "mention_end": one.mention_end, "part": one.part}
        for link in links for one in link.quotes
    ]  # fmt: skip
    yield "links", [_link(link) for link in links]
    yield "bodies", _bodies(store, iris, table)
    for name in ("campaigns", "anniversaries", "assignments", "targets", "unresolved"):
        yield name, fact_page(store, iris, name, limit=_ALL)[1]
    yield "campaign_documents", _campaign_documents(store, iris)


def _documents(table: WorkTable) -> list[dict[str, Any]]:
    return [
        {
            "id": work.key,
            "number": work.summary.number,
            "kind": work.summary.kind,
            "title": work.summary.title,
            "issuer": work.summary.issuer,
            "body": work.key.split("/", 1)[0] if work.key.count("/") >= 3 else None,
            "level": work.summary.level,
            "date": work.summary.date,
            "date_earliest": work.summary.date_earliest,
            "date_latest": work.summary.date_latest,
            "held": int(work.held),
            "file": work.summary.file,
        }
        for work in table.works.values()
    ]


def _link(link: StatedLink) -> dict[str, Any]:
    return {
        "id": link.id,
        "document": link.subject,
        "relation": link.relation,
        "cited": link.object,
        "confidence": round(link.confidence, 3),
        "status": link.status,
        "method": link.method,
        "place": link.place,
        "cue": link.cue,
        "mentions": len(link.quotes),
    }


def _bodies(store: GraphStore, iris: Iris, table: WorkTable) -> list[dict[str, Any]]:
    """The bodies that issue a document of the first table."""
    counted: dict[str, int] = {}
    for key in table.works:
        if key.count("/") >= 3:
            code = key.split("/", 1)[0]
            counted[code] = counted.get(code, 0) + 1
    fields = {
        "name": "skos:prefLabel", "level": "vb:adminLevel", "parent": "org:subOrganizationOf",
        "valid_from": "schema:validFrom", "valid_to": "schema:validThrough",
    }  # fmt: skip
    rows = []
    for code in sorted(counted):
        row: dict[str, Any] = {"code": code, "documents": counted[code]}
        for name, path in fields.items():
            values = store.query(f"SELECT DISTINCT ?v {{ $b {path} ?v }}", bindings={"b": iris.thing("org", code)})
            texts = sorted(v.value if isinstance(v := one["v"], Lit) else _last(str(v)) for one in values)
            row[name] = (texts[0].lower() if name == "level" else texts[0]) if texts else None
        rows.append(row)
    return rows


def _campaign_documents(store: GraphStore, iris: Iris) -> list[dict[str, Any]]:
    rows = store.query(
        "SELECT DISTINCT ?c ?r ?w { { SELECT DISTINCT ?c { ?c a vb:Campaign } }"
        " VALUES ?r { vb:launches vb:continues vb:mentions } ?w ?r ?c }"
    )
    found = {(_last(str(row["c"])), _last(str(row["r"])), iris.key_of(str(row["w"]))) for row in rows}
    return [
        {"campaign": campaign, "role": role, "document": work}
        for campaign, role, work in sorted(found, key=str)
        if work is not None
    ]


def _last(iri: str) -> str:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _csv(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str] | Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns), extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe."""
    formula = isinstance(value, str) and len(value) > 1 and value[0] in "=+-@\t\r"
    return f"'{value}" if formula else value
