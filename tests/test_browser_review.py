"""Signing in, reviewing and entering facts as a person does it: by keyboard, by plain forms, over an ended session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from chromium import watched
from graph_corpus import write_corpus
from serving import serving

from api.accounts import Accounts
from api.guard import COOKIE
from api.pages.desk import safe_path
from api.workspace import Workspace
from kg.neighbours import step_counts

BY = "Vàng Thị Mẫu"


class Site:
    """A server on a data folder of its own."""

    def __init__(self, url: str, workspace: Workspace) -> None:
        self.url, self.workspace = url, workspace

    def sign_in(self, page: Any, onward: str = "/ra-soat", *, scopes: tuple[str, ...] = ("admin",)) -> None:
        secret = Accounts(self.workspace.root).sign_in_link(scopes=scopes)
        page.goto(f"{self.url}/dang-nhap?{urlencode({'ma': secret, 'tiep': onward})}")
        page.fill("#ten", BY)
        page.click("main button[type=submit]")
        page.wait_for_url(f"**{onward}")

    def link(self) -> tuple[str, str]:
        """(link id, number asked of ``trace``) of a link that carries something out."""
        catalog = self.workspace.catalog()
        counts = step_counts(catalog.store, catalog.iris, catalog.table.works)
        target = max(counts, key=lambda key: counts[key].get("in.implements", 0))
        rows = catalog.store.query(
            "SELECT DISTINCT ?l { ?l rdf:object $w ; rdf:predicate eli:ensures_implementation_of ;"
            " vb:status vb:Effective } ORDER BY ?l",
            bindings={"w": catalog.iris.work(target)},
        )
        return str(rows[0]["l"]).rsplit("/", 1)[1], str(catalog.iris.work(target))

    def implementing(self, iri: str) -> int:
        counts: dict[str, int] = self.workspace.trace(iri)["counts"]
        return counts["direct"] + counts["in_body"] + counts["through"]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    write_corpus(tmp_path / "van-ban", plans=3)
    made = Workspace(tmp_path / "kg-data")
    assert made.ingest([tmp_path / "van-ban"]).clean
    with serving("--workspace", str(made.root)) as url:
        yield Site(url, made)


def test_reject_by_key_changes_the_trace_and_undo_brings_it_back(chrome: Any, site: Site) -> None:
    link, iri = site.link()
    before = site.implementing(iri)
    with watched(chrome, site.url) as page:
        site.sign_in(page)
        page.goto(f"{site.url}/bao-sai?lien-ket={link}")
        assert page.locator("mark.sentence strong").first.inner_text()
        page.keyboard.press("r")  # opened for "Báo sai": the key folds it, again opens it and goes to the reason
        page.keyboard.press("r")
        page.select_option("#reject-reason", "wrong-target")
        page.fill("#reject-note", "Văn bản khác số")
        page.locator("form[data-draft^='reject:'] button").click()
        page.locator(".note.done button").wait_for()
        assert site.implementing(iri) == before - 1
        page.keyboard.press("z")
        page.wait_for_url("**lai=*")
        assert site.implementing(iri) == before
        page.goto(f"{site.url}/ra-soat/lich-su")
        told = page.inner_text("table.history")
        assert BY in told and "Không đúng" in told and "Nhận sai văn bản được viện dẫn" in told
    assert [one["by"] for one in site.workspace.decisions()] == [BY, BY]


def test_without_javascript_everything_is_a_form(chrome: Any, site: Site) -> None:
    link, iri = site.link()
    before = site.implementing(iri)
    with watched(chrome, site.url, java_script_enabled=False) as page:
        site.sign_in(page)
        page.goto(f"{site.url}/bao-sai?lien-ket={link}")
        page.locator("form[data-draft^='reject:'] button").click()
        assert site.implementing(iri) == before - 1
        page.locator(".note.done button").click()
        assert site.implementing(iri) == before


def test_a_correction_takes_the_wrong_link_away_and_makes_the_right_one(chrome: Any, site: Site) -> None:
    link, _ = site.link()
    with watched(chrome, site.url) as page:
        site.sign_in(page)
        page.goto(f"{site.url}/bao-sai?lien-ket={link}")
        page.keyboard.press("c")
        page.select_option("#relation", "legal_basis")
        page.locator("form[data-draft^='correct:'] button").click()
        page.locator(".note.done").wait_for()
    live = [one for one in site.workspace.decisions() if one["counts"]]
    assert sorted((one["value"], one["relation"]) for one in live) == [
        ("accepted", "legal_basis"),
        ("rejected", "implements"),
    ]


def test_an_ended_session_keeps_what_was_typed(chrome: Any, site: Site) -> None:
    link, _ = site.link()
    with watched(chrome, site.url) as page:
        site.sign_in(page)
        page.goto(f"{site.url}/bao-sai?lien-ket={link}")
        page.fill("#reject-note", "Còn đang viết dở")
        page.context.clear_cookies(name=COOKIE)
        page.locator("form[data-draft^='reject:'] button").click()
        page.wait_for_url("**/dang-nhap?*")
        assert "het-han=1" in page.url
        assert not site.workspace.decisions()
        onward = page.get_attribute("main form", "action")
        secret = Accounts(site.workspace.root).sign_in_link()
        page.goto(f"{site.url}{onward}&ma={secret}")
        page.fill("#ten", BY)
        page.click("main button[type=submit]")
        page.wait_for_url("**/bao-sai?*")
        assert page.input_value("#reject-note") == "Còn đang viết dở"
        page.locator("form[data-draft^='reject:'] button").click()
        page.locator(".note.done").wait_for()
        assert page.input_value("#reject-note") == ""
    assert [one["note"] for one in site.workspace.decisions()] == ["Còn đang viết dở"]


def test_who_only_reads_reports_a_link_and_changes_no_figure(chrome: Any, site: Site) -> None:
    link, iri = site.link()
    before = site.implementing(iri)
    with watched(chrome, site.url, allowed=(403,)) as page:
        site.sign_in(page, f"/bao-sai?lien-ket={link}", scopes=("read",))
        page.check("[value=wrong-target]")
        page.fill("#note", "Số này là của tỉnh khác")
        page.context.clear_cookies(name=COOKIE)
        page.locator("main form button").click()
        page.wait_for_url("**/dang-nhap?*")
        site.sign_in(page, f"/bao-sai?lien-ket={link}", scopes=("read",))
        assert page.is_checked("[value=wrong-target]") and not page.is_checked("[value=duplicate]")
        page.locator("main form button").click()
        page.locator(".note", has_text="chờ người rà soát").wait_for()
        page.goto(f"{site.url}/ra-soat")
        assert "không có quyền" in page.inner_text("main")
    assert site.implementing(iri) == before
    told = [(one["value"], one["reason"], one["note"]) for one in site.workspace.decisions()]
    assert told == [("unsure", "wrong-target", "Số này là của tỉnh khác")]


def test_a_number_entered_by_hand_moves_the_document(chrome: Any, site: Site) -> None:
    file = "xa-01.txt"
    with watched(chrome, site.url, allowed=(400,)) as page:
        site.sign_in(page)
        page.goto(f"{site.url}/ra-soat/nhap?tep={file}")
        page.fill("#number", "187/KH-UBND")
        page.fill("#date", "31/2/2024")
        page.click("main form button.primary")
        assert "31/2/2024" in page.inner_text("[role=alert]")
        page.click("a.button")
        assert page.input_value("#number") == "187/KH-UBND"
        page.fill("#date", "12/6/2024")
        page.click("main form button.primary")
        page.locator(".note.done a").click()
        assert "187/KH-UBND" in page.inner_text("h1")
    facts = [one for one in site.workspace.decisions() if one["type"] == "fact"]
    assert [(one["number"], one["date"], one["by"]) for one in facts] == [("187/KH-UBND", "2024-06-12", BY)]


def test_the_queue_is_walked_by_key(chrome: Any, site: Site) -> None:
    with watched(chrome, site.url) as page:
        site.sign_in(page)
        waiting = site.workspace.waiting()
        if not waiting:
            assert page.locator(".empty").is_visible()
            return
        shown = page.get_attribute(".review-card", "data-thing")
        assert shown == waiting[0]["id"]
        page.keyboard.press("u")
        page.locator(".note.done").wait_for()
        assert waiting[0]["id"] not in [one["id"] for one in site.workspace.waiting()]


def test_who_did_not_sign_in_changes_nothing(chrome: Any, site: Site) -> None:
    link, iri = site.link()
    with watched(chrome, site.url, allowed=(403,)) as page:
        for path in ("/ra-soat", "/ra-soat/lich-su", "/ra-soat/nhap"):
            page.goto(site.url + path)
            assert "/dang-nhap?" in page.url
        answer = page.request.post(
            f"{site.url}/ra-soat/quyet-dinh", form={"thing": link, "value": "rejected"}, max_redirects=0
        )
        assert answer.status == 303 and "/dang-nhap" in answer.headers["location"]
        site.sign_in(page)
        forged = page.request.post(
            f"{site.url}/ra-soat/quyet-dinh", form={"thing": link, "value": "rejected", "csrf": "x"}, max_redirects=0
        )
        assert forged.status == 403
        late = {"key": iri.partition("/eli/vn/")[2], "date": "1/3/2024", "thing": "deadline", "body": "lai-chau.ubnd"}
        for path in ("thoi-han", "ngoai-kho", "hoan-tac"):
            assert page.request.post(f"{site.url}/tinh-hinh/{path}", form=late, max_redirects=0).status == 403, path
        page.click("form[action='/dang-xuat'] button")
        page.goto(f"{site.url}/ra-soat")
        assert "/dang-nhap?" in page.url
    assert not site.workspace.decisions()


@pytest.mark.parametrize("wide", [390, 1366, 1920])
def test_nothing_is_wider_than_the_window(chrome: Any, site: Site, wide: int) -> None:
    link, _ = site.link()
    with watched(chrome, site.url) as page:
        page.set_viewport_size({"width": wide, "height": 800})
        site.sign_in(page)
        for path in ("/ra-soat", f"/bao-sai?lien-ket={link}", "/ra-soat/nhap", "/ra-soat/lich-su", "/dang-nhap"):
            page.goto(site.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= wide, path


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/ra-soat?loai=link", "/ra-soat?loai=link"),
        ("//other.example/x", "/"),
        ("https://other.example", "/"),
        ("/\\other.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\nb", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_only_pages_of_this_host_are_gone_on_to(given: str | None, kept: str) -> None:
    assert safe_path(given) == kept
