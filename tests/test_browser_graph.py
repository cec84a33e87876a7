"""The graph and the query editor as a person uses them, in a real browser: no other host, no policy violation."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chromium import until, watched
from graph_corpus import HOSTILE, LEAVES_SHOWN, PLANS, write_corpus
from serving import serving

from api.workspace import Workspace
from kg.neighbours import step_counts


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Address of a server, and the key of the plan that forty others carry out."""
    root = tmp_path_factory.mktemp("graph")
    write_corpus(root / "van-ban")
    made = Workspace(root / "kg-data")
    assert made.ingest([root / "van-ban"]).clean
    counts = step_counts(made.snapshot(), made.catalog().iris, made.catalog().table.works)
    with serving("--workspace", str(made.root)) as url:
        yield url, max(counts, key=lambda key: counts[key].get("in.implements", 0))


def shown(page: Any) -> int:
    """How many nodes the drawing has; the table must have as many."""
    rows = "document.querySelectorAll('.graph-table tr[data-node]').length"
    until(page, f"!!window.vanbanGraph && vanbanGraph.nodes.length > 0 && {rows} === vanbanGraph.nodes.length")
    return int(page.evaluate("vanbanGraph.nodes.length"))


def at(page: Any, node: str) -> tuple[float, float]:
    """Where a node stands on the screen."""
    place = page.evaluate("(id) => vanbanGraph.network.canvasToDOM(vanbanGraph.network.getPosition(id))", node)
    box = page.locator("#graph").bounding_box()
    return box["x"] + place["x"], box["y"] + place["y"]


def test_open_by_double_click_undo_and_share(chrome: Any, site: tuple[str, str]) -> None:
    url, call = site
    with watched(chrome, url) as page:
        page.goto(f"{url}/do-thi?key={call}")
        before = shown(page)
        group = page.evaluate("vanbanGraph.nodes.get().find((node) => node.group_of).id")
        page.mouse.dblclick(*at(page, group))
        until(page, f"vanbanGraph.nodes.length > {before}")
        assert shown(page) == before - 1 + PLANS - LEAVES_SHOWN
        address = page.url
        assert "open=" in address
        page.click("[data-do=undo]")
        until(page, f"vanbanGraph.nodes.length === {before}")
        assert page.locator("[data-do=undo]").is_disabled()
        page.goto(address)
        assert shown(page) == before - 1 + PLANS - LEAVES_SHOWN


def test_keyboard_alone(chrome: Any, site: tuple[str, str]) -> None:
    url, call = site
    with watched(chrome, url) as page:
        page.goto(f"{url}/do-thi?key={call}")
        before = shown(page)
        page.focus("#graph")
        first = page.get_attribute(".graph-table tr.chosen", "data-node")
        assert first == call
        page.keyboard.press("ArrowLeft")
        assert page.get_attribute(".graph-table tr.chosen", "data-node") != first
        page.keyboard.press("Enter")
        until(page, f"vanbanGraph.nodes.length !== {before}")
        page.keyboard.press("Control+z")
        until(page, f"vanbanGraph.nodes.length === {before}")
        link = page.locator(".graph-table tr[data-node^='+'] a")
        link.focus()
        page.keyboard.press("Enter")
        until(page, f"vanbanGraph.nodes.length !== {before}")


def test_hide_a_kind_pin_a_node_and_take_the_picture(chrome: Any, site: tuple[str, str], tmp_path: Path) -> None:
    url, call = site
    with watched(chrome, url) as page:
        page.goto(f"{url}/do-thi?key={call}")
        before = shown(page)
        page.locator("a[role=switch]", has_text="Kế hoạch").click()
        until(page, f"vanbanGraph.nodes.length < {before}")
        assert "hide=plan" in page.url
        assert page.locator("a[role=switch]", has_text="Kế hoạch").get_attribute("aria-checked") == "false"
        page.go_back()
        until(page, f"vanbanGraph.nodes.length === {before}")
        page.mouse.click(*at(page, call))
        page.click("[data-do=pin]")
        assert "#ghim=" in page.url
        page.reload()
        assert shown(page) == before
        assert page.evaluate("(id) => vanbanGraph.nodes.get(id).borderWidth", call) == 4
        with page.expect_download() as download:
            page.click("[data-do=png]")
        download.value.save_as(tmp_path / "so-do.png")
        data = (tmp_path / "so-do.png").read_bytes()
        assert data.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", data[16:24])
        assert width > 500 and height > 300


def test_a_hostile_title_is_shown_as_text(chrome: Any, site: tuple[str, str]) -> None:
    url, call = site
    with watched(chrome, url) as page:
        page.goto(f"{url}/do-thi?key={call}")
        shown(page)
        node = page.evaluate("vanbanGraph.nodes.get().find((one) => one.about.includes('hostile')).id")
        page.evaluate("(id) => vanbanGraph.select(id, true)", node)
        assert HOSTILE in page.inner_text("#graph-selected")
        page.wait_for_timeout(400)
        page.mouse.move(*at(page, node))
        page.wait_for_selector("div.vis-tooltip", state="visible")
        assert "<img src=x" in page.inner_text("div.vis-tooltip")
        assert page.evaluate("window.hostile") is None
        assert page.locator("#graph-state img, .graph-frame img").count() == 0


def test_without_javascript_the_table_opens_further(chrome: Any, site: tuple[str, str]) -> None:
    url, call = site
    with watched(chrome, url, java_script_enabled=False) as page:
        page.goto(f"{url}/do-thi")
        page.fill("#number", "15/KH-UBND")
        page.goto(f"{url}/do-thi?key={call}")
        before = page.locator(".graph-table tr[data-node]").count()
        assert before > LEAVES_SHOWN
        assert page.locator(".graph-frame").is_hidden()
        page.locator(".graph-table tr[data-node^='+'] a").click()
        assert page.locator(".graph-table tr[data-node]").count() == before - 1 + PLANS - LEAVES_SHOWN


@pytest.mark.parametrize("wide", [390, 1366, 1920])
def test_nothing_is_wider_than_the_window(chrome: Any, site: tuple[str, str], wide: int) -> None:
    url, call = site
    with watched(chrome, url) as page:
        page.set_viewport_size({"width": wide, "height": 800})
        for path in (f"/do-thi?key={call}", "/do-thi", "/nghien-cuu", "/nghien-cuu/sparql?mau=implementing"):
            page.goto(url + path)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth") <= wide, path


def test_an_example_question_is_answered_in_the_editor(chrome: Any, site: tuple[str, str]) -> None:
    url, _ = site
    with watched(chrome, url) as page:
        page.goto(f"{url}/nghien-cuu/sparql")
        page.locator("#yasgui .CodeMirror").wait_for()
        example = page.locator(".sparql-examples li", has=page.locator("[data-example=documents-by-year]"))
        example.locator("summary").click()
        example.locator("a[data-example]").click()
        assert "mau=documents-by-year" in page.url
        page.click(".yasqe_queryButton")
        page.locator("#yasgui .yasr table tbody tr").first.wait_for()
        assert page.locator("#yasgui .yasr table tbody tr").count() >= 1


def test_a_query_without_javascript_is_a_form(chrome: Any, site: tuple[str, str]) -> None:
    url, _ = site
    with watched(chrome, url, java_script_enabled=False) as page:
        page.goto(f"{url}/nghien-cuu/sparql?mau=documents-by-year")
        query = page.input_value("#query")
        assert query.startswith("PREFIX")
        assert page.get_attribute("#sparql-form", "method") == "post"
        action = page.get_attribute("#sparql-form", "action")
    answer = httpx.post(f"{url}{action}", data={"query": query, "format": "csv"})
    assert answer.status_code == 200 and "," in answer.text.splitlines()[0]


def test_what_researchers_take(site: tuple[str, str]) -> None:
    url, _ = site
    page = httpx.get(f"{url}/nghien-cuu").text
    assert "/nghien-cuu/do-thi.graphml" in page
    for line in page.split('href="')[1:]:
        path = line.split('"')[0]
        if path.startswith("/") and not path.startswith(("/static", "//")):
            assert httpx.get(url + path.replace("&amp;", "&"), follow_redirects=True).status_code == 200, path
    assert b"<graphml" in httpx.get(f"{url}/nghien-cuu/do-thi.graphml").content[:400]
