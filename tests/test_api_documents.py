"""The JSON API over the samples: lists that page, one document with all that is known of it, the ways up and down."""

from __future__ import annotations

import csv
import io
import json
import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from readers_workspace import client_of, copied, ingested

from api.workspace import Workspace

CALL = "lam-son.ubnd/cv/2024/1286-th"
NUMBER = "1286/UBND-TH"
PAGED = "lam-son.snv/kh/2024/45"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ingested(tmp_path_factory.mktemp("documents"))


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    with client_of(root) as client:
        yield client


def get(client: TestClient, address: str, **query: Any) -> Any:
    response = client.get(address, params=query or None)
    assert response.status_code == 200, response.text
    return response.json()


def rows_of_csv(response: Any) -> list[dict[str, str]]:
    assert response.content.startswith(b"\xef\xbb\xbf"), "a spreadsheet shows accents only after this mark"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_pages_hold_every_document_once(client: TestClient) -> None:
    address, seen = "/api/documents?limit=4&held=false", []
    while address:
        page = get(client, address)
        assert len(page["documents"]) <= 4
        seen += [document["id"] for document in page["documents"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == page["total"] > 20


def test_a_page_says_where_the_next_is_and_how_many_there_are(client: TestClient) -> None:
    response = client.get("/api/documents", params={"limit": 3, "kind": "Kế hoạch"})
    assert response.headers["x-total-count"] == str(response.json()["total"])
    assert response.headers["link"] == f'<{response.json()["next"]}>; rel="next"'
    assert "kind=" in response.json()["next"]
    last = client.get("/api/documents", params={"offset": 100_000})
    assert last.json()["documents"] == [] and last.json()["next"] is None and "link" not in last.headers


@pytest.mark.parametrize(
    ("filters", "holds"),
    [
        ({"level": "district"}, lambda one: one["level"] == "district"),
        ({"year": 2025}, lambda one: one["date"].startswith("2025")),
        ({"kind": "ke hoach"}, lambda one: one["kind"] == "Kế hoạch"),
        ({"issuer": "huyen binh khe"}, lambda one: "Bình Khê" in one["issuer"]),
        ({"text": "thi dua dac biet"}, lambda one: "thi đua đặc biệt" in one["title"].lower()),
    ],
    ids=["level", "year", "kind", "issuer", "text"],
)
def test_filters_keep_what_they_say(client: TestClient, filters: dict[str, Any], holds: Any) -> None:
    everything = get(client, "/api/documents", limit=1000)
    found = get(client, "/api/documents", limit=1000, **filters)
    assert 0 < found["total"] < everything["total"]
    assert all(holds(one) for one in found["documents"])


def test_documents_that_cite_one_are_those_that_it_is_cited_by(client: TestClient) -> None:
    citing = {one["id"] for one in get(client, "/api/documents", cites=NUMBER, limit=1000)["documents"]}
    incoming = get(client, f"/api/documents/{CALL}/cited-by", limit=1000)["citations"]
    assert citing and citing == {one["document"]["id"] for one in incoming if one["status"] == "effective"}


def test_documents_of_a_campaign(client: TestClient) -> None:
    campaign = next(one for one in get(client, "/api/campaigns", limit=100)["items"] if "nông thôn mới" in one["name"])
    found = get(client, "/api/documents", campaign=campaign["id"])
    assert found["total"]
    for document in found["documents"]:
        told = get(client, f"/api/documents/{document['id']}")["facts"]["campaigns"]
        assert campaign["id"] in {one["id"] for one in told}


@pytest.mark.parametrize("sort", ["-date", "date", "number", "issuer", "title"])
def test_sorting_puts_what_is_missing_last(client: TestClient, sort: str) -> None:
    name = sort.lstrip("-")
    values = [one[name] for one in get(client, "/api/documents", sort=sort, held=False, limit=1000)["documents"]]
    known = [value for value in values if value is not None]
    assert known and values == known + [None] * (len(values) - len(known))
    if name == "date":
        assert known == sorted(known, reverse=sort == "-date")
    if name == "number":
        numbers = [int("".join(letter for letter in value.split("/")[0].split("-")[0] if letter.isdigit()) or 0)
                   for value in known]  # fmt: skip
        assert numbers == sorted(numbers)


def test_one_document_has_its_text_and_every_offset_stands_in_it(client: TestClient) -> None:
    document = get(client, f"/api/documents/{CALL}")
    text = document["text"]
    # Its number was left blank in the file; the graph knows it from those who cite it.
    assert document["number"] == NUMBER and document["held"] and NUMBER not in text and "UBND-TH" in text
    assert document["identity"]["method"] == "inferred" and document["identity"]["reason"]
    assert document["outline"] or document["citations"]["outgoing"]
    for section in document["outline"]:
        assert 0 <= section["start"] < section["end"] <= len(text)
    for citation in document["citations"]["outgoing"]:
        for evidence in citation["evidence"]:
            assert text[evidence["start"] : evidence["end"]] == evidence["quote"]
            assert evidence["start"] <= evidence["mention_start"] < evidence["mention_end"] <= evidence["end"]
    for name in ("assignments", "targets", "deadlines", "addressees"):
        for fact in document["facts"][name]:
            # A sentence over a line break is one phrase
            assert text[fact["start"] : fact["end"]].split()[0] == fact["phrase"].split()[0]


def test_a_file_says_where_it_was_collected(tmp_path: Path) -> None:
    plan = tmp_path / "ke-hoach.txt"
    plan.write_text("ỦY BAN NHÂN DÂN\nTỈNH LAI CHÂU\nSố: 15/KH-UBND\nLai Châu, ngày 12 tháng 01 năm 2024\nKẾ HOẠCH\n")
    told = {"source": "https://laichau.gov.vn/15", "collected": "2024-05-31"}
    (tmp_path / "ke-hoach.txt.meta.json").write_text(json.dumps(told), "utf-8")
    Workspace(tmp_path / "kg-data").ingest([plan])
    with client_of(tmp_path / "kg-data") as asked:
        (file,) = get(asked, "/api/documents/lai-chau.ubnd/kh/2024/15")["files"]
    assert (file["names"], file["source"], file["collected"]) == (["ke-hoach.txt"], told["source"], told["collected"])


def test_a_page_of_a_pdf_as_a_picture(client: TestClient) -> None:
    document = get(client, f"/api/documents/{PAGED}")
    assert document["pages"] >= 1 and document["files"][0]["media_type"] == "application/pdf"
    answer = client.get(f"/api/documents/{PAGED}/pages/{document['pages']}.png", params={"dpi": 36})
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/png"
    width, height = struct.unpack(">II", answer.content[16:24])
    assert (width, height) == (298, 421), "a sheet of A4"
    again = client.get(f"/api/documents/{PAGED}/pages/1.png", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (f"/api/documents/{PAGED}/pages/99.png", "không có trang 99"),
        (f"/api/documents/{CALL}/pages/1.png", "không có trang in"),
        ("/api/documents/tw/ct/2014/34/pages/1.png", "không có tệp"),
        ("/api/documents/khong/co/dau/pages/1.png", "khong"),
    ],
    ids=["no such page", "a text", "cited only", "unknown"],
)
def test_a_page_that_is_not_there(client: TestClient, address: str, why: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json"
    assert why in answer.json()["detail"]


def test_both_ends_tell_of_the_same_links(client: TestClient) -> None:
    for citation in get(client, f"/api/documents/{CALL}/citations")["citations"]:
        other = get(client, f"/api/documents/{citation['document']['id']}/cited-by", limit=1000)["citations"]
        (same,) = [one for one in other if one["id"] == citation["id"]]
        assert same["document"]["id"] == CALL and same["evidence"] == citation["evidence"]


def test_implementing_is_the_trace_by_id(client: TestClient) -> None:
    by_number = get(client, "/api/trace", number=NUMBER)
    assert get(client, f"/api/documents/{CALL}/implementing") == by_number
    assert by_number["counts"]["direct"] > 3


def test_the_record_of_a_trace_fits_its_model(client: TestClient) -> None:
    """It is sent unchecked: here it is checked."""
    from api.schemas import TraceRecord

    for number in (NUMBER, "17-CT/TU", "34-CT/TW"):
        record = get(client, "/api/trace", number=number)
        model = TraceRecord.model_validate(record)
        assert model.model_dump(mode="json", by_alias=True, exclude_unset=True) == record


def test_the_basis_leads_by_every_path_to_roots_that_rest_on_nothing(client: TestClient) -> None:
    record = get(client, "/api/documents/lam-son.binh-khe.ubnd/kh/2024/68/basis")
    steps = {(link["from"], link["to"]) for link in record["links"]}
    assert len(record["paths"]) >= 3 and not record["truncated"]
    for path in record["paths"]:
        assert path[0] == record["document"]["id"] and len(path) == len(set(path))
        assert all(pair in steps for pair in pairwise(path))
        assert not any(start == path[-1] for start, _ in steps)
    assert record["roots"] == sorted({path[-1] for path in record["paths"]})
    assert all(link["evidence"] for link in record["links"])
    short = get(client, "/api/documents/lam-son.binh-khe.ubnd/kh/2024/68/basis", paths=1)
    assert len(short["paths"]) == 1 and short["truncated"]


def test_a_list_of_numbers_as_people_paste_it(client: TestClient) -> None:
    pasted = f"{NUMBER}\n  Chỉ thị số 17-CT/TU ngày 20/9/2022 \n\n15/KH-UBND\n999-CT/TW\nkhông có số"
    response = client.post(
        "/api/lookup", content=pasted.encode(), headers={"content-type": "text/plain; charset=utf-8"}
    )
    assert response.status_code == 200, response.text
    results = response.json()["results"]
    assert [row["status"] for row in results] == ["found", "found", "several", "not_found", "not_found"]
    assert results[1]["document"]["id"] == "lam-son.tu/ct/2022/17"
    assert len(results[2]["candidates"]) > 1 and results[3]["nearest"]
    several = get(client, "/api/lookup", number=[NUMBER, "17-CT/TU"])["results"]
    assert [row["document"]["number"] for row in several] == [NUMBER, "17-CT/TU"]
    assert rows_of_csv(client.get("/api/lookup", params={"number": NUMBER, "format": "csv"}))[0]["document_id"] == CALL


@pytest.mark.parametrize(
    "name", ["documents", "campaigns", "anniversaries", "assignments", "targets", "deadlines", "unresolved", "bodies"]
)
def test_every_list_has_a_twin_for_spreadsheets(client: TestClient, name: str) -> None:
    page = get(client, f"/api/{name}", limit=1000)
    rows = next(value for value in page.values() if isinstance(value, list))
    assert rows and page["total"] == len(rows)
    for address, headers in (
        (f"/api/{name}.csv?limit=1000", {}),
        (f"/api/{name}?limit=1000&format=csv", {}),
        (f"/api/{name}?limit=1000", {"Accept": "text/csv"}),
    ):
        twin = rows_of_csv(client.get(address, headers=headers))
        assert len(twin) == len(rows)
        assert [row.get("id", row.get("code")) for row in twin] == [row.get("id", row.get("code")) for row in rows]


def test_facts_of_one_document_only(client: TestClient) -> None:
    for name in ("assignments", "targets", "campaigns", "deadlines"):
        found = get(client, f"/api/{name}", document="lam-son.ubnd/kh/2024/15", limit=1000)
        assert 0 <= found["total"] < get(client, f"/api/{name}")["total"]
        told = get(client, "/api/documents/lam-son.ubnd/kh/2024/15")["facts"][name]
        assert {one["id"] for one in found["items"]} == {one["id"] for one in told}
    assert client.get("/api/targets", params={"document": "khong/co/nhu/the"}).status_code == 404


def test_a_body_knows_what_it_was_and_what_it_became(client: TestClient) -> None:
    new = get(client, "/api/bodies/phu-tho-2025.ubnd")
    assert set(new["predecessors"]) == {"phu-tho.ubnd", "vinh-phuc.ubnd", "hoa-binh.ubnd"}
    for code in new["predecessors"]:
        old = get(client, f"/api/bodies/{code}")
        assert old["successors"] == ["phu-tho-2025.ubnd"] and old["valid_to"] == "2025-06-30"
    assert new["parent"] == "cp" and new["valid_from"] == "2025-07-01"
    assert client.get("/api/bodies/khong-co").status_code == 404


def test_counts_agree_with_the_lists(client: TestClient) -> None:
    counted = get(client, "/api/statistics")
    assert counted["documents"] == get(client, "/api/documents")["total"]
    assert counted["documents"] + counted["cited_only"] == get(client, "/api/documents", held=False)["total"]
    for name in ("assignments", "targets", "campaigns", "anniversaries", "unresolved"):
        assert counted[name] == get(client, f"/api/{name}")["total"]
    assert sum(counted["by_kind"].values()) == counted["documents"]


def test_what_is_still_so_is_not_sent_again(client: TestClient, root: Path, tmp_path: Path) -> None:
    first = client.get("/api/documents")
    tag = first.headers["etag"]
    again = client.get("/api/documents", headers={"If-None-Match": f'"x", {tag}'})
    assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == tag
    assert "Cookie" in first.headers["vary"]
    place = copied(root, tmp_path)
    with client_of(place) as other:
        before = other.get("/api/statistics").headers["etag"]
        Workspace(place).set_visibility(NUMBER, internal=True)
        after = other.get("/api/statistics", headers={"If-None-Match": before})
        assert after.status_code == 200 and after.headers["etag"] != before


def test_errors_have_one_shape(client: TestClient) -> None:
    for address, status in (
        ("/api/documents/khong/co/van/ban", 404),
        ("/api/trace?number=999-CT/TW", 404),
        ("/api/trace?number=15/KH-UBND", 300),
        ("/api/documents?limit=0", 422),
        ("/api/documents?level=planet", 422),
        ("/api/nowhere", 404),
        ("/api/lookup", 422),
        ("/api/documents/%3Ca%20b%3E", 404),
        ("/api/trace?number=https://vanban.example.vn/eli/vn/a%20b", 404),
    ):
        response = client.get(address)
        assert response.status_code == status, (address, response.text)
        assert response.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "detail"} <= response.json().keys()
        assert response.json()["status"] == status
    assert len(client.get("/api/trace?number=15/KH-UBND").json()["candidates"]) >= 2
    assert client.get("/api/trace?number=999-CT/TW").json()["nearest"]
    assert client.put("/api/statistics").status_code == 405


def test_any_page_may_read(client: TestClient) -> None:
    for address in ("/api/documents", "/api/nowhere", "/sparql", "/.well-known/void"):
        assert (
            client.get(address, headers={"Origin": "https://x.example"}).headers["access-control-allow-origin"] == "*"
        )
    assert "access-control-allow-origin" not in client.post("/api/nowhere").headers


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("PUT", "/sparql", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("PATCH", "/api/documents", {"GET", "POST"}),
        ("POST", "/api/trace", {"GET"}),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(
    client: TestClient, method: str, address: str, allowed: set[str]
) -> None:  # fmt: skip
    answer = client.request(method, address)
    assert answer.status_code == 405 and set(answer.headers["allow"].split(", ")) == allowed
    assert answer.json()["title"] == "Phương thức không được nhận"


def test_what_the_framework_says_by_itself_is_said_in_vietnamese(client: TestClient) -> None:
    told = client.get("/api/nowhere").json()
    assert told["title"] == "Không tìm thấy" and "Not Found" not in told["detail"]
    assert client.post("/api/documents").json()["title"] == "Cần đăng nhập"


def test_head_is_get_without_its_body(client: TestClient) -> None:
    for address in ("/api/documents", "/api/statistics", "/.well-known/void", "/eli/vn/tw/ct/2014/34", "/api/nowhere"):
        head, full = client.head(address), client.get(address)
        assert head.status_code == full.status_code and not head.content, address
        assert head.headers.get("etag") == full.headers.get("etag")
        assert head.headers.get("content-type") == full.headers.get("content-type")


def test_any_state_is_known_to_who_asks_for_any(client: TestClient) -> None:
    assert client.get("/api/statistics", headers={"If-None-Match": "*"}).status_code == 304
    assert client.get("/api/documents/khong/co", headers={"If-None-Match": "*"}).status_code == 404


def test_a_trace_as_a_table(client: TestClient) -> None:
    record = client.get("/api/trace?number=1286/UBND-TH").json()
    for answer in (
        client.get("/api/trace.csv?number=1286/UBND-TH"),
        client.get("/api/trace?number=1286/UBND-TH&format=csv"),
        client.get("/api/trace?number=1286/UBND-TH", headers={"Accept": "text/csv"}),
    ):
        assert answer.content.startswith(b"\xef\xbb\xbf") and "trace.csv" in answer.headers["content-disposition"]
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
        assert [(row["id"], row["how"]) for row in rows] == [
            (row["document"]["id"], row["how"]) for row in record["implementing"]
        ]
        assert all(row["quote"] for row in rows)
    assert client.get("/api/trace.csv?number=15/KH-UBND").status_code == 300


@pytest.mark.parametrize("name", ["campaigns", "anniversaries", "assignments", "targets", "deadlines", "unresolved"])
def test_a_table_bears_the_name_of_its_list(client: TestClient, name: str) -> None:
    assert f'filename="{name}.csv"' in client.get(f"/api/{name}.csv").headers["content-disposition"]
