"""What the process that links holds of each file: little, however much the file says."""

from __future__ import annotations

import gc
import tracemalloc
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from doubles import cite, day, held

from api import changes
from ingest.folders import Folders
from ingest.ledger import ContentRow, Ledger, NameRow
from kg.iris import Iris
from kg.model import Addressee, Campaign, Metadata, Span
from kg.review import Curated
from kg.snapshots import write_session

MOST = 20_000
"""Bytes for each more file at the worst moment, Oxigraph's own apart. To hold what a file says here takes 70,000."""
FEW, MANY = 30, 100


def fill(root: Path, count: int) -> Ledger:
    """A data folder with ``count`` plans that were read: thirty citations of six papers, and three pages of text."""
    folders = Folders(root)
    ledger = Ledger(folders.ledger)
    contents, names = [], []
    for index in range(count):
        theme = f"Thi đua lao động giỏi, lao động sáng tạo lần thứ {index // 8}"
        citations = [
            cite(
                f"Kế hoạch số {1000 + 6 * index + place % 6}/KH-UBND ngày 05/3/2019", kind="Kế hoạch",
                number=f"{1000 + 6 * index + place % 6}/KH-UBND", date=day("2019-03-05"), owner="lai-chau.ubnd",
                resolved_issuer="Ủy ban nhân dân tỉnh Lai Châu", relation="implements",
                about=f"về việc tổ chức phong trào thi đua làm đường thôn bản lần thứ {6 * index + place % 6}",
            )
            for place in range(30)
        ]  # fmt: skip
        villages = [" ".join(f"bản{(7 * index + line * word) % 997}" for word in range(9)) for line in range(120)]
        lines = [f"Đơn vị {index} làm {line} mét đường {named}." for line, named in enumerate(villages)]
        metadata = Metadata(
            kind="Kế hoạch", number=f"{index + 1}/KH-UBND", date=day("2020-04-01"), owner="lai-chau.sin-ho.ubnd",
            province="lai-chau", level="district", title=f"Thực hiện đợt thi đua làm đường thôn bản số {index}",
            addressees=tuple(Addressee(f"Đơn vị thứ {place}", "informed", Span(0, 9)) for place in range(20)),
        )  # fmt: skip
        campaign = Campaign(theme, "mentions", Span(0, 20))
        document = held(f"ke-hoach-{index}.txt", metadata, citations, [campaign], body="\n".join(lines)).document
        place = folders.document(document.sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(msgspec.json.encode(document))
        contents.append(ContentRow(document.sha256, "read", media_type="text/plain", stage="document"))
        names.append(NameRow(f"/ke-hoach/{index}.txt", f"{index}.txt", "/ke-hoach", document.sha256, 1, 1))
    ledger.record_contents(contents)
    ledger.record_names(names)
    return ledger


def peak(root: Path, count: int) -> int:
    """Bytes that Python holds at the worst moment of linking, mapping and writing."""
    with closing(fill(root, count)) as ledger, write_session(root, command="test", on_wait=print) as session:
        iris = Iris(session.current.base)
        gc.collect()
        tracemalloc.start()
        try:
            resolution, _ = changes.bring_up_to_date(session, ledger, Curated(), iris)
            found = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert (len(resolution.works), len(resolution.links)) == (7 * count, 6 * count)
        return found


def test_linking_holds_little_of_each_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_index", lambda *_, **__: None)
    monkeypatch.setattr(changes, "reference_graphs", lambda *_: False)  # much at once, and the same for any number
    monkeypatch.setattr("kg.store._PART", 1_000)  # else the first part, which has its limit, is all there is
    monkeypatch.setattr("search.postings._PART", 4_096)
    peak(tmp_path / "warm", 2)
    least, most = (peak(tmp_path / str(count), count) for count in (FEW, MANY))
    assert (most - least) / (MANY - FEW) <= MOST
