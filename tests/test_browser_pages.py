"""The pages as a person walks them, in a real browser: search to upload, by keyboard, without scripts, on a phone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import until, watched
from readers_workspace import SAMPLES
from serving import serving

from api.accounts import Accounts
from api.guard import COOKIE
from api.workspace import Workspace
from benchmarks.pages import LONG_PAPER, write_large

CALL = "lam-son.ubnd/cv/2024/1286-th"
PLAN = "lam-son.nam-khoa.ubnd/kh/2024/52"
PDF = "lam-son.snv/kh/2024/45"
PAGES = {
    "home": "/",
    "search": "/tim?q=phong+trao+thi+dua",
    "list": "/tim?level=district",
    "empty": "/tim?q=quyhoach&year=1999",
    "document": f"/van-ban/{PLAN}",
    "stub": "/van-ban/tw/ct/2014/34",
    "trace": "/trien-khai?number=17-CT/TU",
    "trace start": "/trien-khai",
    "choose": "/van-ban/15/KH-UBND",
    "missing": "/van-ban/15/KH-UBNN",
    "coverage start": "/tinh-hinh",
    "coverage": "/tinh-hinh?number=1286/UBND-TH",
    "matrix": "/tinh-hinh/bang?province=lam-son&year=2024",
    "compare start": "/doi-chieu?source=1286/UBND-TH",
    "compare": "/doi-chieu?source=1286/UBND-TH&target=52/KH-UBND",
    "campaigns": "/phong-trao",
    "anniversaries": "/ngay-ky-niem?ngay=2024-06-01",
    "bodies": "/co-quan",
    "body": "/co-quan/lam-son.binh-khe.ubnd",
    "tasks": "/nhiem-vu",
    "targets": "/chi-tieu",
    "upload": "/nap",
    "quality": "/chat-luong",
    "sign in": "/dang-nhap",
    "sign in by link": "/dang-nhap?ma=abc&het-han=1",
    "research": "/nghien-cuu",
    "graph": f"/do-thi?key={CALL}",
    "graph start": "/do-thi",
    "editor": "/nghien-cuu/sparql?mau=documents-by-year",
    "campaign": "/phong-trao/{campaign}",
    "anniversary": "/ngay-ky-niem/{anniversary}",
    "report": "/bao-sai?lien-ket={link}",
    "report of an identity": f"/bao-sai?nhan-dinh={CALL}",
    "error": "/ngay-ky-niem/khong-co",
    "nothing listed": "/phong-trao?q=khong-co-gi",
}
SIGNED_IN = {
    "queue": "/ra-soat",
    "history": "/ra-soat/lich-su",
    "entering": "/ra-soat/nhap?tep=07-ke-hoach-52-kh-ubnd-nam-khoa.txt",
    "judging": "/bao-sai?lien-ket={link}",
    "upload signed in": "/nap",
    "following up": "/tinh-hinh?number=1286/UBND-TH",
}
BUILT_BY_SCRIPT = {"graph", "graph start", "editor"}
IN_ENGLISH = {"home", "search", "document", "trace", "coverage", "queue"}
IN_THE_DARK = {"search", "document", "trace", "coverage", "compare", "matrix", "quality", "queue", "graph"}
SHOWN = {"choose": 300, "missing": 404, "error": 404}


class Site:
    """A running server and its data folder."""

    def __init__(self, url: str, workspace: Workspace) -> None:
        self.url, self.workspace = url, workspace

    def address(self, name: str) -> str:
        """Where a page stands, with what only this workspace knows put in."""
        catalog = self.workspace.catalog()

        def first(pattern: str) -> str:
            rows = catalog.store.query(f"SELECT DISTINCT ?v {{ {pattern} }} ORDER BY ?v LIMIT 1")
            return str(rows[0]["v"])

        path = (PAGES | SIGNED_IN)[name]
        if "{link}" in path:
            path = path.replace("{link}", first("?v a vb:Link ; vb:status vb:Effective").rpartition("/")[2])
        for name, kind, place in (("{campaign}", "Campaign", "campaign"), ("{anniversary}", "Anniversary", "event")):
            if name in path:
                path = path.replace(name, first(f"?v a vb:{kind}").partition(f"/{place}/")[2])
        return f"{self.url}{path}"

    def session(self) -> dict[str, Any]:
        """What a browser of somebody signed in has."""
        accounts = Accounts(self.workspace.root)
        session = accounts.sign_in(accounts.sign_in_link(), "Vàng Thị Mẫu")
        assert session is not None
        cookie = {"name": COOKIE, "value": session.secret, "domain": "127.0.0.1", "path": "/", "expires": -1,
                  "httpOnly": True, "secure": False, "sameSite": "Strict"}  # fmt: skip
        return {"cookies": [cookie], "origins": []}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Workspace(tmp_path_factory.mktemp("pages") / "kg-data")
    made.ingest([SAMPLES])
    with serving("--workspace", str(made.root)) as url:
        yield Site(url, made)


def test_a_person_goes_from_a_word_without_accents_to_a_corrected_trace(chrome: Any, tmp_path: Path) -> None:
    made = Workspace(tmp_path / "kg-data")
    made.ingest([SAMPLES])
    with serving("--workspace", str(made.root)) as url, watched(chrome, url) as page:
        # search without accents, open a hit, its passage is marked
        page.goto(url)
        page.fill("#q", "ban lang xanh sach dep")
        page.keyboard.press("Enter")
        page.wait_for_url("**/tim?**")
        page.locator(".hit h2 a").first.click()
        page.wait_for_url("**/van-ban/**")
        assert page.locator("#doan").first.is_visible()

        # the place of a citation is highlighted; pointing at the citation says what it is
        see = page.locator("#vien-dan a.see").first
        place = page.locator(f"[id='{str(see.get_attribute('href'))[1:]}']")
        see.click()
        assert place.evaluate("(one) => getComputedStyle(one).backgroundColor") == "rgb(255, 238, 174)"
        cite = place.locator("a.cite")
        cite.hover()
        page.wait_for_selector(".card")
        assert "Độ tin cậy: cao" in page.inner_text(".card") and "Báo sai" in page.inner_text(".card")

        # follow it, and see who carries that one out
        followed = str(cite.get_attribute("href"))
        cite.click()
        page.wait_for_url(f"**{followed}")
        assert page.locator(".cascade-picture [aria-current=page]").count() == 1
        page.goto(f"{url}/van-ban/{CALL}")
        page.get_by_role("link", name="Xem chuỗi triển khai").click()
        page.wait_for_url("**/trien-khai?**")
        before = int(page.inner_text(".tally >> nth=0").split()[0])
        page.locator("details.quote summary").first.click()
        assert page.locator("details.quote blockquote").first.is_visible()

        # the graph of it, opened further and back
        page.locator(".doc-head h1 a").click()
        page.get_by_role("link", name="Xem sơ đồ liên kết").first.click()
        page.wait_for_url("**/do-thi?**")
        until(page, "!!window.vanbanGraph && vanbanGraph.nodes.length > 0")
        nodes = page.evaluate("vanbanGraph.nodes.length")
        where = page.evaluate(
            "(id) => vanbanGraph.network.canvasToDOM(vanbanGraph.network.getPosition(id))", "lam-son.tu/ct/2022/17"
        )
        box = page.locator("#graph").bounding_box()
        page.mouse.dblclick(box["x"] + where["x"], box["y"] + where["y"])
        until(page, f"vanbanGraph.nodes.length > {nodes}")
        page.click("[data-do=undo]")
        until(page, f"vanbanGraph.nodes.length === {nodes}")

        # an example question of researchers
        page.get_by_role("link", name="Dành cho nghiên cứu").click()
        page.locator("main a[href='/nghien-cuu/sparql']").click()
        page.locator("#yasgui .CodeMirror").wait_for()
        example = page.locator(".sparql-examples li", has=page.locator("[data-example=documents-by-year]"))
        example.locator("summary").click()
        example.locator("a[data-example]").click()
        page.click(".yasqe_queryButton")
        page.locator("#yasgui .yasr table tbody tr").first.wait_for()

        # sign in, take a file in
        page.goto(f"{url}/dang-nhap?ma={Accounts(made.root).sign_in_link()}&tiep=/nap")
        page.fill("#ten", "Vàng Thị Mẫu")
        page.click("main button[type=submit]")
        page.wait_for_url("**/nap")
        file = tmp_path / "ke-hoach-moi.txt"
        file.write_text(
            "ỦY BAN NHÂN DÂN\nHUYỆN NẬM KHOA\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
            "Số: 66/KH-UBND\nNậm Khoa, ngày 20 tháng 4 năm 2024\nKẾ HOẠCH\nTriển khai đợt thi đua nước rút\n"
            "Thực hiện Công văn số 1286/UBND-TH ngày 14/3/2024 của Ủy ban nhân dân tỉnh Lâm Sơn, Ủy ban nhân dân huyện"
            " ban hành Kế hoạch như sau:\n1. Nội dung: ra quân đồng loạt.\n",
            encoding="utf-8",
        )
        page.set_input_files("#file", str(file))
        assert "ke-hoach-moi.txt" in page.inner_text(".chosen-files")
        page.get_by_role("button", name="Nạp").click()
        page.wait_for_selector("#ket-qua-nap [data-state=done]", timeout=60_000)
        assert "66/KH-UBND" in page.inner_text("#ket-qua-nap") and "mới" in page.inner_text("#ket-qua-nap")
        page.goto(f"{url}/trien-khai?key={CALL}")
        assert "66/KH-UBND" in page.inner_text("main")
        assert int(page.inner_text(".tally >> nth=0").split()[0]) == before + 1

        # the new link is wrong: reject it, the trace changes, undo brings it back
        ours = page.locator(".node", has_text="66/KH-UBND")
        ours.locator("details.quote summary").click()
        ours.locator("a.report").first.click()
        page.wait_for_url("**/bao-sai?**")
        page.get_by_role("button", name="Ghi là không đúng").click()
        page.wait_for_load_state()
        page.goto(f"{url}/trien-khai?key={CALL}")
        assert "66/KH-UBND" not in page.inner_text("main")
        page.go_back()
        page.get_by_role("button", name=re.compile("^Hoàn tác")).first.click()
        page.wait_for_load_state()
        assert "Đã hoàn tác" in page.inner_text("main")
        page.goto(f"{url}/trien-khai?key={CALL}")
        assert "66/KH-UBND" in page.inner_text("main")

        # who has not answered: a day to send plans by, an answer from outside, both taken back
        page.goto(f"{url}/tinh-hinh?key={CALL}")
        page.click("#thoi-han summary")
        page.fill("#thoi-han [name=date]", "15/4/2024")
        page.keyboard.press("Enter")
        page.wait_for_url("**xong=deadline")
        assert "15/4/2024 (Vàng Thị Mẫu nhập)" in page.inner_text(".doc-head")
        row = page.locator("tr", has=page.locator("form[action='/tinh-hinh/ngoai-kho']")).first
        name = row.locator("td >> nth=0").locator("a").inner_text()
        row.locator(".entry summary").click()
        row.locator("[name=date]").fill("12/4/2024")
        row.get_by_role("button", name="Xác nhận").click()
        page.wait_for_url("**xong=**")
        row = page.locator("tr", has=page.get_by_role("link", name=name, exact=True))
        assert "ngoài hệ thống" in row.inner_text() and "trước hạn" in row.inner_text()
        row.get_by_role("button", name="Hoàn tác").click()
        page.wait_for_url("**lai=1")
        assert "Vàng Thị Mẫu xác nhận" not in page.inner_text("main")
        page.locator(".doc-head").get_by_role("button", name="Hoàn tác").click()
        page.wait_for_load_state()
        assert "Vàng Thị Mẫu nhập" not in page.inner_text(".doc-head")


def test_suggestions_are_chosen_by_keyboard(chrome: Any, site: Site) -> None:
    with watched(chrome, site.url) as page:
        page.goto(site.url)
        page.locator("#q").press_sequentially("1286")
        page.wait_for_selector("#goi-y [role=option]", state="visible")
        assert page.get_attribute("#q", "aria-expanded") == "true"
        page.keyboard.press("ArrowDown")
        chosen = page.get_attribute("#q", "aria-activedescendant")
        assert page.get_attribute(f"#{chosen}", "aria-selected") == "true"
        page.keyboard.press("Escape")
        assert page.locator("#goi-y").is_hidden()
        page.keyboard.press("Backspace")
        page.wait_for_selector("#goi-y [role=option]", state="visible")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/van-ban/|/tim"))


def test_facets_change_the_results_in_place_and_back_goes_back(chrome: Any, site: Site) -> None:
    with watched(chrome, site.url) as page:
        page.goto(f"{site.url}/tim?q=thi+dua")
        before = page.inner_text(".total")
        page.evaluate("window.same = true")
        page.locator(".facets a", has_text="Cấp huyện").click()
        page.wait_for_url("**level=district**")
        page.wait_for_selector(".chosen-list")
        assert page.evaluate("window.same") is True and page.inner_text(".total") != before
        page.go_back()
        page.wait_for_selector(".chosen-list", state="detached")
        assert page.inner_text(".total") == before


def test_a_link_is_reached_and_followed_by_keyboard_alone(chrome: Any, site: Site) -> None:
    with watched(chrome, site.url) as page:
        page.goto(f"{site.url}/van-ban/{PLAN}")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.classList.contains('cite')"):
                break
        page.wait_for_selector(".card")
        target = page.evaluate("document.activeElement.getAttribute('href')")
        page.keyboard.press("Escape")
        assert page.locator(".card").count() == 0
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{target}")


def test_search_reading_and_trace_work_without_scripts(chrome: Any, site: Site) -> None:
    with watched(chrome, site.url, java_script_enabled=False) as page:
        page.goto(site.url)
        page.fill("#q", "thi dua khen thuong")
        page.click(".search button")
        page.locator(".facets a", has_text="Cấp tỉnh").click()
        assert "level=province" in page.url
        page.locator(".hit h2 a").first.click()
        assert page.locator("#doan").first.is_visible()
        page.goto(f"{site.url}/van-ban/{PLAN}")
        assert page.locator("a.cite").first.get_attribute("title")
        page.get_by_role("link", name="Xem chuỗi triển khai").click()
        page.fill("#number", "17-CT/TU")
        page.locator(".again button").click()
        page.locator("details.quote summary").first.click()
        assert page.locator("details.quote blockquote").first.is_visible()
        page.select_option("select[name=level]", "district")
        page.click(".filters button")
        assert "Đang lọc" in page.inner_text("main")


def grave_faults(page: Any) -> list[tuple[str, list[Any]]]:
    """What axe finds serious or critical."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    rules = axe.run(page).response["violations"]
    return [
        (rule["id"], [node["target"] for node in rule["nodes"]][:4])
        for rule in rules
        if rule["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("name", sorted(PAGES | SIGNED_IN))
def test_a_page_is_light_and_without_serious_fault_of_access(chrome: Any, site: Site, name: str) -> None:
    answers: list[Any] = []
    options = {"storage_state": site.session()} if name in SIGNED_IN else {}
    address = site.address(name)
    with watched(chrome, site.url, allowed=(SHOWN.get(name, 200),), **options) as page:
        page.on("response", lambda answer: answers.append(answer))
        page.goto(address)
        if name not in BUILT_BY_SCRIPT:
            weight = sum(int(answer.headers.get("content-length", 0)) or len(answer.body()) for answer in answers)
            assert weight <= 300_000 and len(answers) <= 8, [answer.url for answer in answers]
        assert grave_faults(page) == []
        if name in IN_ENGLISH:
            page.goto(f"{address}{'&' if '?' in address else '?'}lang=en")
            assert grave_faults(page) == []
        if name in IN_THE_DARK:
            page.emulate_media(color_scheme="dark")
            assert grave_faults(page) == []


def test_an_empty_store_says_what_to_do(chrome: Any, tmp_path: Path) -> None:
    with serving("--workspace", str(tmp_path / "kg-data")) as url, watched(chrome, url, allowed=(503,)) as page:
        page.goto(url)
        assert grave_faults(page) == []
        page.locator("main a.button").click()
        page.wait_for_url("**/nap")
        assert grave_faults(page) == []


@pytest.mark.parametrize("name", sorted(PAGES | SIGNED_IN))
def test_nothing_is_cut_on_a_phone_or_wasted_on_a_wide_screen(chrome: Any, site: Site, name: str) -> None:
    options = {"storage_state": site.session()} if name in SIGNED_IN else {}
    address = site.address(name)
    with watched(chrome, site.url, allowed=(SHOWN.get(name, 200),), **options) as page:
        for width, height in ((390, 844), (1366, 768), (1920, 1080)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
            cut = page.evaluate(
                """() => [...document.querySelectorAll("main *")].filter((one) => {
                  const style = getComputedStyle(one);
                  const hidden = style.overflowX === "hidden" && style.clipPath === "none" && one.clientWidth > 1;
                  return hidden && one.scrollWidth > one.clientWidth + 1 && !one.closest("svg, .CodeMirror");
                }).map((one) => one.className)"""
            )
            assert cut == [], width


def test_the_pages_of_a_pdf_stand_beside_its_text(chrome: Any, site: Site) -> None:
    with watched(chrome, site.url) as page:
        page.goto(f"{site.url}/van-ban/{PDF}")
        page.get_by_role("link", name="Tệp gốc", exact=True).click()
        page.locator(".sheet img").scroll_into_view_if_needed()
        until(page, "document.querySelector('.sheet img').naturalWidth > 300")
        assert (
            page.request.get(f"{site.url}{page.get_attribute('.sheet', 'href')}").headers["content-type"] == "image/png"
        )
        original = page.request.get(f"{site.url}{page.get_attribute('#tep-goc p a', 'href')}")
        assert original.headers["content-type"] == "application/pdf"
        page.goto(f"{site.url}/van-ban/{PLAN}")  # a text has no pages, but can be had
        assert page.locator(".sheet").count() == 0 and page.locator("#tep-goc p a").count() == 1


def test_the_paper_view_hides_what_is_for_the_screen(chrome: Any, site: Site, tmp_path: Path) -> None:
    import pypdfium2

    with watched(chrome, site.url) as page:
        page.goto(f"{site.url}{PAGES['trace']}")
        page.pdf(path=tmp_path / "a.pdf", format="A4", prefer_css_page_size=True)
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as printed:
        width, height = printed[0].get_size()
        text = "".join(sheet.get_textpage().get_text_range() for sheet in printed)
    assert (round(width), round(height)) == (595, 842)
    assert "17-CT/TU" in text and "Số liệu tính đến" in text and "Tra cứu" not in text
    assert "Thực hiện Chỉ thị" in " ".join(text.split())  # the quotes, folded on the screen, are on paper


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A directive, five hundred plans that carry it out, and a paper of two hundred pages."""
    folder = tmp_path_factory.mktemp("large")
    files = folder / "van-ban"
    write_large(files)
    made = Workspace(folder / "kg-data")
    assert made.ingest([files], jobs=2).clean
    with serving("--workspace", str(made.root)) as url:
        yield Site(url, made)


@pytest.mark.slow
def test_two_hundred_pages_and_five_hundred_plans_stay_usable(chrome: Any, large: Site) -> None:
    with watched(chrome, large.url) as page:
        for path, ready in (
            (f"/van-ban/{LONG_PAPER}", ".text p >> nth=1400"),
            ("/trien-khai?number=34-CT/TW", ".node >> nth=499"),
        ):
            page.goto(f"{large.url}{path}")  # the first look fills what is kept for a snapshot
            began = time.monotonic()
            page.goto(f"{large.url}{path}", wait_until="load")
            page.wait_for_selector(ready, state="attached")
            took = time.monotonic() - began
            assert took < 6, (path, took)
            began = time.monotonic()
            page.keyboard.press("End")
            page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            assert time.monotonic() - began < 2
        assert page.locator("#xuong ~ details.level-group[open]").count() == 0  # one level of 500 is folded at first
        page.goto(f"{large.url}/van-ban/{LONG_PAPER}")
        last = page.locator(".text a.cite").last
        last.scroll_into_view_if_needed()
        last.hover()
        page.wait_for_selector(".card", timeout=3_000)
