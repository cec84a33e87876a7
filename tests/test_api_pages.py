"""The pages as their bytes: every link leads somewhere, nothing is cut or unescaped, no internal number shows."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from readers_workspace import client_of, copied, ingested

from api.measured import SETS, measured, table_of
from api.pages.calendar import Point, next_day, timeline
from api.pages.document_text import Anchor, Mention, blocks
from api.pages.formats import citation_form, day, excerpt, heading_path, plain_title, two, work_name
from api.pages.rendering import environment
from api.pages.security import policy
from api.pages.tables import csv_response
from api.pages.wording import TABLE, Words
from api.pages.wording_common import COMMON
from api.pages.wording_coverage import COVERAGE
from api.pages.wording_documents import DOCUMENTS
from api.pages.wording_graph import GRAPH
from api.pages.wording_lists import LISTS
from api.pages.wording_review import REVIEW
from api.workspace import Workspace
from kg.dossier import read_dossier
from kg.errors import PolicyKGError
from kg.iris import Iris
from kg.lineage import ancestors
from kg.model import CanonicalText, Document, Layout, Metadata, Section, Span, WorkSummary

CALL = "lam-son.ubnd/cv/2024/1286-th"
PAGES = Path(__file__).resolve().parents[1] / "api" / "pages"
NOT_PAGES = (
    "/static/",
    "/tep/",
    "/eli/",
    "/api/",
    "/sparql",
    "/dump",
    "/tables",
    "/def",
    "/nghien-cuu/",
    "/openapi.json",
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ingested(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    with client_of(root) as client:
        yield client


class _Page(HTMLParser):
    """Links, ids and what a strict policy forbids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.twice: list[str] = []
        self.forbidden: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "a" and told.get("href"):
            self.links.append(str(told["href"]))
        if name := told.get("id"):
            (self.twice.append if name in self.ids else self.ids.add)(name)
        data = told.get("type") == "application/json"  # never run
        if (tag == "script" and "src" not in told and not data) or tag == "style":
            self.forbidden.append(tag)
        self.forbidden += [name for name in told if name == "style" or name.startswith("on")]
        for name in ("src", "href", "action"):
            value = str(told.get(name) or "")
            if urlsplit(value).netloc or value.lower().startswith(("javascript:", "data:")):
                self.forbidden.append(f"{name}={value}")


def crawl(client: TestClient, start: str, most: int) -> dict[str, str]:
    """Every page that links lead to, by address."""
    seen: dict[str, str] = {}
    waiting = [start]
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        if path in seen or path.startswith(NOT_PAGES):
            continue
        response = client.get(path)
        assert response.status_code in (200, 300), f"{path}: {response.status_code}"
        seen[path] = response.text
        if "text/html" in response.headers["content-type"]:
            for link in _Page(response.text).links:
                target = urlsplit(link)
                if not target.netloc and target.path and not target.scheme:
                    waiting.append(f"{target.path}?{target.query}" if target.query else target.path)
    return seen


@pytest.mark.slow
def test_every_link_leads_to_a_page_and_every_page_keeps_the_policy(client: TestClient) -> None:
    pages = crawl(client, "/", 300)
    assert len(pages) > 150
    assert {"/phong-trao", "/ngay-ky-niem", "/co-quan", "/nhiem-vu", "/chi-tieu", "/chat-luong", "/nap"} <= set(pages)
    for path, text in pages.items():
        if text.startswith("<!doctype"):
            page = _Page(text)
            assert page.forbidden == [], path
            assert page.twice == [], path
            assert len(re.findall(r"<h1[ >]", text)) == 1, path
            places = {unquoted(link[1:]) for link in page.links if link.startswith("#") and len(link) > 1}
            assert places <= page.ids, path


def unquoted(fragment: str) -> str:
    from urllib.parse import unquote

    return unquote(fragment)


def test_every_answer_has_the_headers_of_a_closed_page(client: TestClient) -> None:
    headers = client.get("/").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in policy("/van-ban/do-thi") and "unsafe-eval" not in policy("/do-thi")


@pytest.mark.parametrize(
    "path",
    ["/", "/tim", "/tim?q=thi+dua", "/trien-khai", f"/trien-khai?key={CALL}", f"/van-ban/{CALL}", "/phong-trao",
     "/ngay-ky-niem", "/co-quan", "/co-quan/lam-son.ubnd", "/nhiem-vu", "/chi-tieu", "/chat-luong", "/nap"],
)  # fmt: skip
def test_english_by_switch_is_english_throughout(client: TestClient, path: str) -> None:
    joint = "&" if "?" in path else "?"
    text = client.get(f"{path}{joint}lang=en").text
    assert '<html lang="en">' in text and "Document store" in text
    frame = re.sub(r'<div class="text".*?</section>', "", text, flags=re.DOTALL)
    for words in ("Tra cứu", "Độ tin cậy", "Căn cứ ban hành", "Trình đơn", "Đến nội dung chính"):
        assert words not in frame, words
    assert '<html lang="en">' in client.get("/").text  # remembered
    assert '<html lang="vi">' in client.get("/?lang=vi").text


def test_templates_use_the_words_there_are_and_all_of_them() -> None:
    loader = environment().loader
    assert loader is not None
    sources = [loader.get_source(environment(), name)[0] for name in environment().list_templates()]
    sources += [path.read_text(encoding="utf-8") for path in PAGES.glob("*.py") if not path.name.startswith("wording_")]
    everything = "\n".join(sources)
    asked = set(re.findall(r"""\bt\(\s*["']([\w.-]+)["']\s*[,)]""", everything))
    assert asked - set(TABLE) == set()
    families = set(re.findall(r"""\bof\(\s*["']([\w.]+)["']""", everything))
    families |= set(re.findall(r"""["']([\w.]+)\.["']\s*~""", everything))
    families |= set(re.findall(r"""f["']([\w.]+)\.\{""", everything))
    quoted = set(re.findall(r"""["']([\w.-]+)["']""", everything))
    for key, (vietnamese, english) in TABLE.items():
        assert vietnamese and english, key
        assert set(re.findall(r"\{(\w+)\}", vietnamese)) == set(re.findall(r"\{(\w+)\}", english)), key
        if key in COMMON or key in DOCUMENTS or key in LISTS or key in COVERAGE:
            assert key in quoted or key.rpartition(".")[0] in families, f"no page says {key}"
    assert len(TABLE) == sum(
        map(len, (COMMON, DOCUMENTS, LISTS, GRAPH, REVIEW, COVERAGE))
    )  # no key stands in two of them


def test_what_staff_type_finds_the_paper_with_its_passage(client: TestClient) -> None:
    text = client.get("/tim", params={"q": "ban lang xanh sach dep"}).text
    assert "<mark>" in text and "Vì: " in text
    number = client.get("/tim", params={"q": "cv 1286"}).text
    assert re.search(r"<h2><a href=\"/van-ban/[^\"]+\"[^>]*>Công văn 1286/UBND-TH", number)


def facets_of(text: str) -> dict[str, int]:
    found = re.findall(
        r'<a (?:class="chosen" aria-current="true" )?href="[^"]*">([^<]+?) <span class="n">(\d+)</span>', text
    )
    return {html.unescape(name).strip(): int(count) for name, count in found}


def test_counts_of_facets_survive_the_query_and_promise_what_a_click_gives(client: TestClient) -> None:
    params = {"q": "thi đua khen thưởng"}
    everything = facets_of(client.get("/tim", params=params).text)
    assert everything["Cấp tỉnh"] and everything["Cấp huyện"]
    narrowed = client.get("/tim", params=params | {"level": "district"}).text
    assert facets_of(narrowed)["Cấp tỉnh"] == everything["Cấp tỉnh"]  # the other levels stay in sight
    shown = re.search(r"<b>Có (\d+) văn bản", narrowed)
    similar = [int(n) for n in re.findall(r"\+(\d+) tương tự", narrowed)]
    assert shown and int(shown[1]) + sum(similar) >= facets_of(narrowed)["Cấp huyện"] > 0


def test_an_empty_answer_names_the_filter_to_remove(client: TestClient) -> None:
    text = client.get("/tim", params={"q": "quyhoach", "year": "1999"}).text
    assert "Không tìm thấy văn bản phù hợp. Đề nghị kiểm tra lại số, ký hiệu hoặc bỏ bộ lọc “Năm 1999”." in text
    assert "Bộ lọc" in text and "/tim?q=quyhoach" in text


def test_sorting_and_paging_are_addresses(client: TestClient) -> None:
    newest = client.get("/tim", params={"sort": "newest"}).text
    dates = re.findall(r'<time datetime="([\d-]+)"', newest)
    assert dates == sorted(dates, reverse=True) and len(dates) > 5
    second = client.get("/tim", params={"page": 2}).text
    assert 'start="11"' in second and 'rel="prev"' in second
    assert client.get("/tim", params={"page": 999}).status_code == 200
    table = client.get("/tim.csv").content
    assert table.startswith(b"\xef\xbb\xbfnumber,kind,title") and table.count(b"\r\n") > 20


def test_a_document_shows_each_citation_where_it_stands(client: TestClient, root: Path) -> None:
    workspace = Workspace(root)
    iris = Iris(workspace.snapshot().current.base)
    key = workspace.catalog().find("52/KH-UBND")
    dossier = read_dossier(workspace.snapshot(), iris, key)
    text = client.get(f"/van-ban/{key}").text
    assert dossier.outgoing
    for link in dossier.outgoing:
        for quote_ in link.quotes:
            assert f'id="ev-{quote_.id}"' in text
            assert f'href="/van-ban/{quote(link.object, safe="/")}"' in text
    assert re.search(r'class="cite high" href="[^"]+" title="Thực hiện: [^"]+Độ tin cậy: cao"', text)
    assert text.count('class="report"') >= len(dossier.outgoing)


def test_the_text_on_the_page_is_the_text_of_the_snapshot(client: TestClient, root: Path) -> None:
    workspace = Workspace(root)
    for number in ("52/KH-UBND", "640/QĐ-UBND", "17-CT/TU", "3350/UBND-KT"):
        key = workspace.catalog().find(number)
        iris = Iris(workspace.snapshot().current.base)
        held = read_dossier(workspace.snapshot(), iris, key).file
        assert held is not None
        page = client.get(f"/van-ban/{key}").text
        shown = re.search(r'<div class="text" lang="vi"[^>]*>(.*?)</div>\n</section>', page, re.DOTALL)
        assert shown
        plain = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<(?:/?(?:a|span|mark)\b[^>]*)>", "", shown[1])))
        text = (root / "texts" / held.text[:2] / f"{held.text}.txt").read_text(encoding="utf-8")
        assert " ".join(plain.split()) == " ".join(text.replace(" | ", " ").split())


def test_a_passage_can_be_pointed_at(client: TestClient) -> None:
    text = client.get(f"/van-ban/{CALL}?doan=200-260").text
    assert text.count('id="doan"') == 1 and "<mark" in text
    assert client.get(f"/van-ban/{CALL}?doan=999999-9999999").status_code == 200
    assert client.get(f"/van-ban/{CALL}?doan=x").status_code == 422


def test_banners_say_what_must_be_known(client: TestClient, root: Path) -> None:
    catalog = Workspace(root).catalog()
    replaced = client.get(f"/van-ban/{catalog.find('1120/QĐ-UBND')}").text
    assert "Văn bản này đã được thay thế bởi" in replaced and "640/QĐ-UBND" in replaced
    assert "Văn bản này mới chỉ được viện dẫn; kho chưa có toàn văn." in replaced
    undated = [key for key, work in catalog.table.works.items() if work.held and work.summary.date is None]
    assert undated
    for key in undated:
        assert "Ngày ban hành: chưa rõ" in client.get(f"/van-ban/{key}").text


def test_a_number_in_the_address_leads_to_its_paper(client: TestClient) -> None:
    response = client.get("/van-ban/17-CT/TU", follow_redirects=False)
    assert response.status_code == 302 and response.headers["location"].startswith("/van-ban/lam-son.tu/ct/")
    several = client.get("/van-ban/15/KH-UBND")
    assert several.status_code == 300 and "Đề nghị chọn văn bản cần xem." in several.text
    assert several.text.count('class="work"') >= 2
    none = client.get("/van-ban/15/KH-UBNN")
    assert none.status_code == 404 and "15/KH-UBND" in none.text and "không có nghĩa" in none.text


def test_a_wrong_address_is_told_to_a_person_as_a_page_and_to_a_program_as_a_problem(client: TestClient) -> None:
    page = client.get("/khong-co-trang-nay", headers={"Accept": "text/html"})
    assert page.status_code == 404 and "Không có trang này." in page.text and 'name="q"' in page.text
    for path, accept in (("/khong-co-trang-nay", "application/json"), ("/api/khong-co", "text/html")):
        answer = client.get(path, headers={"Accept": accept})
        assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json"


def test_the_trace_is_a_tree_with_days_and_quotes(client: TestClient) -> None:
    text = client.get("/trien-khai", params={"number": "17-CT/TU"}).text
    counts = client.get("/api/trace", params={"number": "17-CT/TU"}).json()["counts"]
    for name in ("implements", "follows"):
        assert f"<b>{two(counts[name])}</b>" in text
    assert re.search(r"sau \d+ ngày", text) and "<blockquote>" in text and "Báo sai" in text
    rows = client.get("/trien-khai.csv", params={"number": "17-CT/TU"}).text.strip().splitlines()
    assert len(rows) == 1 + counts["implements"] + counts["follows"]
    district = client.get("/trien-khai", params={"number": "17-CT/TU", "level": "district"}).text
    assert "Đang lọc: hiện" in district and 'class="tag level-province">' in district  # the directive itself
    tree = district.partition('id="xuong"')[2].partition('id="len"')[0]
    assert 'level-district"' in tree and 'level-province"' not in tree
    nobody = client.get("/trien-khai", params={"number": "640/QĐ-UBND"}).text
    assert "Chưa thấy văn bản triển khai trong kho (không có nghĩa là đơn vị chưa ban hành)." in nobody


def test_the_way_up_reaches_the_centre_and_ends(root: Path) -> None:
    workspace = Workspace(root)
    iris = Iris(workspace.snapshot().current.base)
    key = workspace.catalog().find("64-KH/HU")
    above = ancestors(workspace.snapshot(), iris, key, relations=("implements", "follows"))

    def names(rows: tuple[object, ...]) -> set[str]:
        return {name for row in rows for name in (row.key, *names(row.above))}  # type: ignore[attr-defined]

    assert "tw/ct/2014/34" in names(above) and key not in names(above)


def test_group_tasks_are_shown_to_each_body_they_fall_on(client: TestClient) -> None:
    text = client.get("/co-quan/lam-son.binh-khe.ubnd").text
    assert "trong nhóm “" in text and "1286/UBND-TH" in text
    assert client.get("/co-quan/khong-co.ubnd").status_code == 404


def test_coverage_counts_what_its_record_counts(client: TestClient) -> None:
    record = client.get("/api/coverage", params={"number": "1286/UBND-TH"}).json()
    text = client.get("/tinh-hinh", params={"number": "1286/UBND-TH"}).text
    assert f"<b>{two(record['summary']['obliged'])}</b> phải triển khai" in text
    assert text.count('class="cover-mark answered"') == record["summary"]["answered"]
    assert all(html.escape(row["body"]["name"]) in text for row in record["addressees"] if row["body"])
    assert "Các doanh nghiệp" in text and "không tính" in text and "45/KH-SNV" in text
    late = client.get("/tinh-hinh", params={"number": "1286/UBND-TH", "deadline": "2024-03-20"}).text
    assert "sau hạn" in late and "Thời hạn gửi kế hoạch: 20/3/2024 (thời hạn theo dõi)" in late
    few = client.get("/tinh-hinh", params={"number": "1286/UBND-TH", "status": "not_found"}).text
    assert few.count("cover-mark") == record["summary"]["not_found"]
    sheet = client.get("/tinh-hinh/bang", params={"province": "lam-son", "year": 2024}).text
    assert "1286/UBND-TH" in sheet and "Sở Nội vụ tỉnh Lâm Sơn" in sheet


def test_a_comparison_stands_side_by_side(client: TestClient) -> None:
    told = client.get("/api/compare", params={"source": "1286/UBND-TH", "target": "68/KH-UBND"}).json()["summary"]
    text = client.get("/doi-chieu", params={"source": "1286/UBND-TH", "target": "68/KH-UBND"}).text
    assert text.count('<tr class="omitted') == told["clauses"]["omitted"] > 0
    assert text.count('<tr class="added') == told["clauses"]["added"]
    assert "<del" in text and "<ins" in text
    offered = client.get("/doi-chieu", params={"source": "1286/UBND-TH"}).text
    assert "68/KH-UBND" in offered and "target=" in offered
    stub = client.get("/doi-chieu", params={"source": "34-CT/TW", "target": "68/KH-UBND"})
    assert stub.status_code == 404 and "<h1>" in stub.text


def test_days_left_are_counted_from_the_day_that_is_asked_for(client: TestClient) -> None:
    text = client.get("/ngay-ky-niem?ngay=2024-06-01").text
    assert re.search(r"còn \d+ ngày", text) and "Mười hai tháng tới" in text and "<svg" in text
    for month in re.findall(r"Tháng (\d\d/\d{4})", text):
        assert month[3:] in ("2024", "2025")


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7*7 }} &amp;"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Two papers whose titles, campaigns and signers are mark-up."""
    folder = tmp_path_factory.mktemp("hostile")
    files = folder / "van-ban"
    files.mkdir()
    head = "ỦY BAN NHÂN DÂN\nTỈNH LAI CHÂU\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
    (files / "a.txt").write_text(
        f"{head}Số: 77/KH-UBND\nLai Châu, ngày 10 tháng 5 năm 2024\nKẾ HOẠCH\nTổ chức {HOSTILE}\n"
        f"Thực hiện Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị về {HOSTILE}.\nI. {HOSTILE}\n"
        f"1. Phát động phong trào thi đua “Bản {HOSTILE}” chào mừng 60 năm Ngày {HOSTILE} (01/6/1964 - 01/6/2024).\n"
        f"2. Giao Sở Nội vụ {HOSTILE} chủ trì, phấn đấu trên 90% số hộ {HOSTILE} tham gia.\n"
        "Nơi nhận:\n- Lưu: VT.\nCHỦ TỊCH\nTòng Văn Thử\n",
        encoding="utf-8",
    )
    (files / "b.txt").write_text(
        f"{head}Số: 78/KH-UBND\nLai Châu, ngày 11 tháng 5 năm 2024\nKẾ HOẠCH\nVề {HOSTILE}\n"
        f"Thực hiện Kế hoạch số 77/KH-UBND ngày 10/5/2024 của Ủy ban nhân dân tỉnh về {HOSTILE}.\n",
        encoding="utf-8",
    )
    made = Workspace(folder / "kg")
    assert made.ingest([files]).clean
    with client_of(made.root) as client:
        yield client


def test_hostile_titles_stay_text_on_every_page(hostile: TestClient) -> None:
    pages = crawl(hostile, "/", 120)
    pages["suggest"] = hostile.get("/tim/goi-y", params={"q": "tổ chức"}).text
    pages["search"] = hostile.get("/tim", params={"q": HOSTILE}).text
    pages["missing"] = hostile.get("/trien-khai", params={"number": HOSTILE}).text
    assert any("&lt;script&gt;alert(1)" in text for text in pages.values())
    for path, text in pages.items():
        if path.partition("?")[0].endswith((".csv", "/void")):
            continue
        assert "<script>alert" not in text and "<img src=x" not in text, path
        assert _Page(text).forbidden == [], path
        assert "{{ 7*7 }}" in text or "49 &" not in text, path


@pytest.fixture(scope="module")
def closed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The samples, of which the call that most others answer is internal."""
    place = copied(root, tmp_path_factory.mktemp("closed"))
    Workspace(place).set_visibility("1286/UBND-TH", internal=True)
    with client_of(place) as client:
        yield client


@pytest.mark.slow
def test_an_internal_document_shows_on_no_page(closed: TestClient) -> None:
    pages = crawl(closed, "/", 300)
    for path in (f"/van-ban/{CALL}", f"/tep/{CALL}", f"/trien-khai?key={CALL}", f"/bao-sai?nhan-dinh={CALL}"):
        response = closed.get(path)
        assert response.status_code == 404
    for query in ("thi đua", "phát động", "bản làng xanh"):
        pages[query] = closed.get("/tim", params={"q": query}).text
    printed = re.compile(r"1286\s*[-/–]|số\s+1286|1286%2F", re.IGNORECASE)
    for path, text in pages.items():
        assert not printed.search(text), path
    citing = closed.get("/van-ban/lam-son.nam-khoa.ubnd/kh/2024/52").text
    assert "█" in citing and "Tệp gốc" in citing and 'href="/tep/' not in citing


# --- pieces ---------------------------------------------------------------------------------------------------------


def work(**fields: object) -> WorkSummary:
    base = {"iri": "", "number": None, "kind": None, "title": None, "issuer": None, "level": None, "date": None}
    return WorkSummary(**(base | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given_", "form"),
    [
        (work(kind="Chỉ thị", number="34-CT/TW", issuer="Bộ Chính trị", title="về Tiếp tục đổi mới công tác thi đua",
              date=dt.date(2014, 4, 7)),
         "Chỉ thị số 34-CT/TW ngày 07 tháng 4 năm 2014 của Bộ Chính trị về tiếp tục đổi mới công tác thi đua"),
        (work(kind="Kế hoạch", number="64-KH/HU", issuer="Huyện ủy Bình Khê", title="thực hiện Chỉ thị",
              date=dt.date(2022, 1, 14)),
         "Kế hoạch số 64-KH/HU ngày 14 tháng 01 năm 2022 của Huyện ủy Bình Khê về việc thực hiện Chỉ thị"),
        (work(kind="Công văn", number="1/UBND"), "Công văn số 1/UBND"),
    ],
)  # fmt: skip
def test_a_citation_is_written_as_the_decree_wants(given_: WorkSummary, form: str) -> None:
    assert citation_form(given_, given_.date) == form


@pytest.mark.parametrize(
    ("value", "shown"),
    [("2025-07-01", "01/7/2025"), ("2023-05-30", "30/5/2023"), ("2024-02-07", "07/02/2024"), (None, "")],
)
def test_days_are_written_as_offices_write_them(value: str | None, shown: str) -> None:
    assert day(value) == shown


def test_names_and_counts() -> None:
    assert (two(2), two(105), two(1197)) == ("02", "105", "1.197")
    assert work_name(work(kind="Kế hoạch", number="1/KH-UBND")) == "Kế hoạch 1/KH-UBND"
    assert work_name(work(kind="Kế hoạch", title="Phát động thi đua", file="x.txt")) == "Kế hoạch phát động thi đua"
    assert work_name(work(kind="Luật", title="Luật Thi đua, khen thưởng")) == "Luật Thi đua, khen thưởng"
    assert work_name(work(kind="Kế hoạch", file="x.txt")) == "Kế hoạch (x.txt)"
    assert plain_title("  phát\n động ") == "Phát động" and plain_title("VỀ TẾT") == "VỀ TẾT"
    assert excerpt("một hai ba bốn", 10) == "một hai …"
    assert heading_path("II II. NỘI DUNG › 2 2. Thời gian") == "II. NỘI DUNG › 2. Thời gian"


def test_cells_that_a_spreadsheet_would_run_are_text() -> None:
    body = csv_response([{"a": "=1+1", "b": "- giao"}, {"a": None, "b": 3}], ["a", "b"], "x.csv").body
    assert bytes(body).decode("utf-8-sig") == "a,b\r\n'=1+1,'- giao\r\n,3\r\n"


@pytest.mark.parametrize(
    ("origin", "today", "found"),
    [("1949-10-10", "2026-10-10", "2026-10-10"), ("1949-10-10", "2026-10-11", "2027-10-10"),
     ("2024-02-29", "2026-02-01", "2026-03-01"), ("1890-05-19", "2026-12-31", "2027-05-19")],
)  # fmt: skip
def test_the_next_yearly_day(origin: str, today: str, found: str) -> None:
    assert next_day(dt.date.fromisoformat(origin), dt.date.fromisoformat(today)).isoformat() == found


@given(st.lists(st.tuples(st.dates(dt.date(1930, 1, 1), dt.date(2040, 1, 1)), st.text(max_size=60)), max_size=30))
def test_the_picture_of_time_is_well_formed(points: list[tuple[dt.date, str]]) -> None:
    made = timeline([Point(when, name, "anniversary") for when, name in points], dt.date(2026, 11, 20), title="<t>")
    assert ("<svg" in made) == bool(points)
    assert "<script" not in made and made.count("<circle") == min(len(points), 26)
    assert not re.search(r'="-?(?:nan|inf)', str(made))


def document(text: str, outline: tuple[Section, ...] = ()) -> Document:
    whole = Span(0, len(text))
    empty = Span(len(text), len(text))
    layout = Layout(Span(0, 0), whole, whole, empty, None, Metadata())
    return Document("a.txt", "0" * 64, "text/plain", CanonicalText(text, "1" * 64), layout, outline)


@given(
    st.text(alphabet=st.sampled_from("ab <>&\"'|\nĐờ"), max_size=200),
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 40)), max_size=8),
    st.lists(st.integers(0, 220), max_size=6),
    st.one_of(st.none(), st.tuples(st.integers(0, 200), st.integers(0, 200))),
)
def test_blocks_show_every_letter_once_and_nothing_raw(
    text: str, spans: list[tuple[int, int]], places: list[int], mark: tuple[int, int] | None
) -> None:
    mentions = [Mention(start, start + length, "/van-ban/x", "t\"'<>", (f"e{start}",)) for start, length in spans]
    made = blocks(document(text), text, mentions, [Anchor(f"p{at}", at) for at in places], mark)
    pieces = [
        str(piece)
        for block in made
        for piece in ((cell for row in block.rows for cell in row) if block.rows else [block.html])
    ]
    plain = "".join(html.unescape(re.sub(r"<[^>]*>", "", piece)) for piece in pieces)
    assert re.sub(r"\s|\|", "", plain) == re.sub(r"\s|\|", "", text)
    for piece in pieces:
        assert set(re.findall(r"</?(\w+)", piece)) <= {"a", "span", "mark"}
        for tag in ("a", "span", "mark"):
            assert len(re.findall(rf"<{tag}\b", piece)) == piece.count(f"</{tag}>")


def test_a_long_text_is_laid_out_in_linear_time() -> None:
    import time

    line = "1. Thực hiện Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị về tiếp tục đổi mới công tác thi đua;\n"

    def took(lines: int) -> float:
        text = line * lines
        mentions = [Mention(at * len(line) + 13, at * len(line) + 32, "/x", "t", (str(at),)) for at in range(lines)]
        anchors = [Anchor(f"p{at}", at * len(line)) for at in range(lines)]
        began = time.process_time()
        assert len(blocks(document(text), text, mentions, anchors)) == lines
        return time.process_time() - began

    took(200)
    assert took(8000) < 12 * max(took(2000), 0.02)


def test_the_quality_page_shows_what_was_measured_and_when(client: TestClient) -> None:
    table = measured()
    words = Words("vi")
    page = client.get("/chat-luong").text
    shown = re.search(r'id="ket-qua-do".*', page, re.S)
    assert shown and day(table["date"]) in shown[0]
    for row in table["rows"]:
        assert words(f"measured.{row['measure']}") in shown[0] and row["cases"] > 0 and 0 < row["value"] <= 1
    assert {row["set"] for row in table["rows"]} <= set(SETS)


def test_a_browser_that_opens_the_endpoint_gets_the_editor(client: TestClient) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    opened = client.get("/sparql", headers={"Accept": accept})
    assert (opened.status_code, opened.headers["location"]) == (303, "/nghien-cuu/sparql")
    for header in ({"Accept": "text/turtle"}, {"Accept": "*/*"}, {}):
        assert client.get("/sparql", headers=header).status_code == 200
    asked = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": accept})
    assert asked.status_code == 200 and "xml" in asked.headers["content-type"]


def test_measured_figures_come_from_what_the_commands_write() -> None:
    told = {"value": 0.9, "right": 9, "judged": 10}
    reading = {
        "number": {"precision": 0.98765, "recall": 1.0, "f1": 0.99, "wanted": 40},
        **dict.fromkeys(("date", "issuer", "level"), told), "relation": told | {"judged": 0},
        "document": {"kind": told},
    }  # fmt: skip
    found = {"hit@1": 0.5, "MRR@10": 0.6, "nDCG@10": 0.7, "recall@10": 0.8, "recall@100": 0.9}
    search = {"figures": [{"route": "fused", "type": "all", "queries": 12, **found}], "failing": []}
    made = table_of({"staff": search, "documents": reading}, dt.date(2026, 11, 20))
    assert made["date"] == "2026-11-20"
    rows = {(row["set"], row["measure"]): (row["value"], row["cases"]) for row in made["rows"]}
    assert rows["documents", "number-precision"] == (0.9877, 40)
    assert rows["documents", "document-kind"] == (0.9, 10) and ("documents", "relation") not in rows
    assert rows["staff", "search-hit@1"] == (0.5, 12)
    with pytest.raises(PolicyKGError, match="kg evaluate"):
        table_of({"staff": {"number": 3}}, dt.date(2026, 11, 20))
