"""What pages cost the server: search, documents and traces of a store of real papers, and of two large papers.

CPU time of one process that asks itself, so the client is in it too. Each page is asked for once, in a store that was
just opened: nothing but the index and the table of works is warm.
"""

from __future__ import annotations

import gzip
import random
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

__all__ = ["LONG_PAPER", "measure", "write_large"]

_GOAL_MS = ("<=", 100.0)
_GOAL_KB = ("<=", 300.0)
_STUBS = 150
_PLANS, _CLAUSES = 500, 1400
LONG_PAPER = "lai-chau.ubnd/kh/2022/900"
"""The key of the paper of two hundred pages that ``write_large`` makes."""
Measured = tuple[str, float | None, str, tuple[str, float] | None]


def measure(corpus: Path) -> Iterator[Measured]:
    """Rows for the table: p95 of each page, the heaviest page over the wire, then the large papers."""
    seeds = corpus.parents[1] / "seeds" if len(corpus.parents) > 1 else corpus / "seeds"
    with TemporaryDirectory() as name:
        yield from _papers(Path(name), [corpus, *([seeds] if seeds.is_dir() else [])])
    with TemporaryDirectory() as name:
        yield from _large(Path(name))


def _papers(folder: Path, sources: list[Path]) -> Iterator[Measured]:
    with _client(folder / "kg-data", sources) as (get, works):
        asked, heaviest = list(_asked(works)), 0.0
        for name in dict.fromkeys(kind for kind, _ in asked):
            taken = [get(address) for kind, address in asked if kind == name]
            heaviest = max(heaviest, *(sent for _, sent in taken))
            yield f"page: {name}, p95", _p95(took for took, _ in taken), "ms", _GOAL_MS
        yield "heaviest page, compressed", heaviest / 1000, "kB", _GOAL_KB


def _large(folder: Path) -> Iterator[Measured]:
    write_large(folder / "van-ban")
    with _client(folder / "kg-data", [folder / "van-ban"]) as (get, _):
        for name, address in (
            ("document of 200 pages", f"/van-ban/{LONG_PAPER}"),
            ("document with 500 plans", "/van-ban/tw/ct/2014/34"),
            ("trace of 500 plans", "/trien-khai?number=34-CT/TW"),
            ("graph of 500 plans", "/do-thi?key=tw/ct/2014/34"),
        ):
            first, sent = get(address)
            yield f"{name}, first", first, "ms", None
            yield f"{name}, again", get(address)[0], "ms", None
            yield f"{name}, compressed", sent / 1000, "kB", None


def _p95(taken: Iterable[float]) -> float:
    ordered = sorted(taken)
    return ordered[int(len(ordered) * 0.95)]


def _asked(works: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(kind of page, address): every held paper, many cited ones, and what people type."""
    held = [key for key, work in works.items() if work.held]
    cited = sorted(set(works) - set(held))
    chosen = random.Random(1).sample(cited, min(_STUBS, len(cited)))
    yield from (("document", f"/van-ban/{quote(key)}") for key in held + chosen)
    yield from (("trace", f"/trien-khai?key={quote(key)}") for key in held + chosen)
    for key in held:
        summary = works[key].summary
        typed = [summary.number or "", " ".join((summary.title or "").lower().split()[:7])]
        yield from (("search", f"/tim?q={quote(words)}") for words in typed if len(words) > 3)


@contextmanager
def _client(root: Path, sources: list[Path]) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """(``get``, works) of a store of these sources; ``get(address)`` gives milliseconds and bytes over the wire."""
    from starlette.testclient import TestClient

    from api.app import create_app
    from api.workspace import Workspace

    workspace = Workspace(root)
    workspace.ingest(sources, jobs=2)
    with TestClient(create_app(root)) as client:

        def get(address: str) -> tuple[float, int]:
            began = time.process_time()
            answer = client.get(address)
            took = (time.process_time() - began) * 1000
            if answer.status_code not in (200, 300):
                raise RuntimeError(f"{address}: {answer.status_code}")
            return took, len(gzip.compress(answer.content, 5))

        for address in ("/", "/tim?q=thi+dua", "/trien-khai", "/tinh-hinh"):
            get(address)
        yield get, workspace.catalog().table.works


def write_large(folder: Path) -> None:
    """Writes a call's five hundred plans and a paper of two hundred pages that names each of them."""
    folder.mkdir(parents=True)
    head = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
    for number in range(1, _PLANS + 1):
        (folder / f"{number:03d}.txt").write_text(
            f"ỦY BAN NHÂN DÂN\nTỈNH LAI CHÂU\n{head}Số: {number}/KH-UBND\n"
            f"Lai Châu, ngày {number % 28 + 1:02d} tháng {number % 12 + 1} năm 2021\nKẾ HOẠCH\n"
            f"Triển khai đợt thi đua thứ {number}\nThực hiện Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị về"
            " tiếp tục đổi mới công tác thi đua, khen thưởng, Ủy ban nhân dân tỉnh ban hành Kế hoạch.\n",
            encoding="utf-8",
        )
    body = []
    for at in range(1, _CLAUSES + 1):
        plan = at % _PLANS + 1
        if at % 40 == 1:
            roman = "IVX"[at // 40 % 3]
            body.append(f"{roman}. NHÓM NHIỆM VỤ {roman}\n")
        body.append(
            f"{at}. Các cơ quan, đơn vị tiếp tục quán triệt, thực hiện Kế hoạch số {plan}/KH-UBND ngày"
            f" {plan % 28 + 1:02d}/{plan % 12 + 1}/2021 của Ủy ban nhân dân tỉnh Lai Châu; rà soát, bổ sung nhiệm vụ"
            " của từng cơ quan, địa phương, phấn đấu hoàn thành trên 90% chỉ tiêu được giao trong năm; hằng quý báo"
            " cáo kết quả về Sở Nội vụ.\n"
        )
    (folder / "dai.txt").write_text(
        f"ỦY BAN NHÂN DÂN\nTỈNH LAI CHÂU\n{head}Số: 900/KH-UBND\nLai Châu, ngày 15 tháng 12 năm 2022\nKẾ HOẠCH\n"
        f"Nhiệm vụ thi đua, khen thưởng toàn khóa\n{''.join(body)}Nơi nhận:\n- Lưu: VT.\n",
        encoding="utf-8",
    )
