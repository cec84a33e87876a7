"""Who may write, and how they are known: keys, one-time links, sessions, CSRF, reading open or closed."""

from __future__ import annotations

import datetime as dt
import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from api import accounts as module
from api import audit
from api.accounts import Accounts
from api.app import create_app
from api.logs import LOGGER, configure_logs
from api.workspace import Workspace
from kg.errors import RequestError

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"
BY = "Vàng Thị Mẫu"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("van-ban")
    for name in ("reference.ttl", "03-ke-hoach-15-kh-ubnd-tinh.txt"):
        shutil.copy(SAMPLES / name, folder / name)
    made = folder.parent / "kg-data"
    Workspace(made).ingest([folder])
    return made


@pytest.fixture
def accounts(root: Path) -> Accounts:
    return Accounts(root)


@pytest.fixture
def client(root: Path) -> Iterator[TestClient]:
    with TestClient(create_app(root), follow_redirects=False) as made:
        yield made


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def signed_in(client: TestClient, accounts: Accounts) -> str:
    """Signs the client in by a link; its CSRF token."""
    answer = client.post("/dang-nhap", data={"ma": accounts.sign_in_link(), "ten": BY})
    assert answer.status_code == 303
    csrf: str = client.get("/api/session").json()["csrf"]
    return csrf


def test_a_key_is_stored_as_a_hash_and_ends_when_revoked_or_over(accounts: Accounts, root: Path) -> None:
    key, record = accounts.create_key(BY, scopes=["write", "review"], label="máy quét", days=1)
    visitor = accounts.visitor_of_key(key)
    assert visitor is not None and (visitor.name, visitor.scopes) == (BY, {"write", "review"})
    secret = key.rpartition("_")[2] if key.count("_") == 2 else key.split("_", 2)[2]
    assert secret.encode() not in (root / "accounts.sqlite").read_bytes()
    assert (root / "accounts.sqlite").stat().st_mode & 0o077 == 0
    for wrong in ("", "kg_", key[:-1], key[:-1] + ("A" if key[-1] != "A" else "B"), key.upper(), f"{key}x"):
        assert accounts.visitor_of_key(wrong) is None
    accounts.revoke_key(record["id"])
    assert accounts.visitor_of_key(key) is None
    with pytest.raises(RequestError):
        accounts.revoke_key(record["id"])
    listed = {row["id"]: row for row in accounts.all_keys()}
    assert listed[record["id"]]["revoked"] is not None


def test_time_ends_keys_links_and_sessions(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    key, _ = accounts.create_key(BY, scopes=["read"], days=1)
    lasting, _ = accounts.create_key(BY, scopes=["read"])
    link = accounts.sign_in_link()
    session = accounts.sign_in(accounts.sign_in_link(), BY)
    assert session is not None
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1, seconds=1)
    monkeypatch.setattr(module, "_now", lambda: tomorrow)
    assert accounts.visitor_of_key(key) is None and accounts.visitor_of_key(lasting) is not None
    assert accounts.session(session.secret) is None
    assert accounts.sign_in(link, BY) is None


@pytest.mark.parametrize("name", ["", "A", "x" * 81, "Nguyễn\x00Văn"])
def test_a_name_must_be_one(accounts: Accounts, name: str) -> None:
    with pytest.raises(RequestError):
        accounts.create_key(name, scopes=["read"])


def test_unknown_scopes_are_refused(accounts: Accounts) -> None:
    for scopes in ([], ["root"], ["read", "everything"]):
        with pytest.raises(RequestError):
            accounts.create_key(BY, scopes=scopes)


def test_a_link_signs_in_once_and_opening_it_uses_nothing_up(client: TestClient, accounts: Accounts) -> None:
    link = accounts.sign_in_link()
    for _ in range(2):
        page = client.get("/dang-nhap", params={"ma": link})
        assert page.status_code == 200 and link in page.text
        assert page.headers["Referrer-Policy"] == "no-referrer" and page.headers["Cache-Control"] == "no-store"
    answer = client.post("/dang-nhap", data={"ma": link, "ten": f"  {BY}  "})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/" in cookie
    me = client.get("/api/session").json()
    assert me["user"] == BY and me["scopes"] == ["admin"] and me["csrf"]
    assert client.post("/dang-nhap", data={"ma": link, "ten": BY}).status_code == 403


def test_a_key_signs_in_with_its_own_rights(client: TestClient, accounts: Accounts) -> None:
    key, _ = accounts.create_key(BY, scopes=["read"])
    assert client.post("/dang-nhap", data={"khoa": key}).status_code == 303
    assert client.get("/api/session").json()["scopes"] == ["read"]
    assert client.post("/dang-nhap", data={"khoa": "kg_sai"}).status_code == 403


def test_signing_out_ends_the_session_for_good(client: TestClient, accounts: Accounts) -> None:
    csrf = signed_in(client, accounts)
    cookie = client.cookies["kg_session"]
    assert client.post("/dang-xuat").status_code == 403, "another page cannot sign a person out"
    assert client.post("/dang-xuat", data={"csrf": csrf}).status_code == 303
    client.cookies.set("kg_session", cookie)
    assert client.get("/api/session").json()["user"] is None


WRITES = [
    ("POST", "/api/documents"), ("PUT", "/api/documents/tw/ct/2014/34"), ("DELETE", "/api/documents/tw/ct/2014/34"),
    ("GET", "/api/jobs"), ("GET", "/api/jobs/0"), ("POST", "/api/jobs/0/resume"), ("GET", "/api/review/queue"),
    ("GET", "/api/review/decisions"), ("POST", "/api/review/decisions"), ("POST", "/api/review/corrections"),
    ("POST", "/api/review/facts"), ("POST", "/api/review/undo"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_nobody_writes_without_a_name_or_the_right(
    method: str, path: str, client: TestClient, accounts: Accounts
) -> None:
    def ask(headers: dict[str, str] | None = None) -> httpx.Response:
        return client.request(method, path, headers=headers)

    answer = ask()
    assert answer.status_code == 401 and answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert ask(bearer("kg_000000000000_" + "A" * 43)).status_code == 401
    reader, _ = accounts.create_key(BY, scopes=["read"])
    assert ask(bearer(reader)).status_code == 403
    if method != "GET":
        csrf = signed_in(client, accounts)
        assert ask().status_code == 403, "a session without its token"
        assert ask({"X-CSRF-Token": csrf[::-1]}).status_code == 403
        assert ask({"X-CSRF-Token": csrf}).status_code not in (401, 403)


def test_reading_can_be_closed(root: Path, accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_READ_OPEN", "0")
    key, _ = accounts.create_key(BY, scopes=["read"])
    with TestClient(create_app(root), follow_redirects=False) as client:
        for path in (
            "/api/documents",
            "/api/trace?number=15/KH-UBND",
            "/sparql?query=ASK{}",
            "/dump.nq.gz",
            "/nowhere",
        ):
            assert client.get(path).status_code == 401, path
            assert client.get(path, headers=bearer(key)).status_code in (200, 404), path
        page = client.get("/", headers={"Accept": "text/html"})
        assert (page.status_code, page.headers["location"]) == (303, "/dang-nhap")
        assert client.get("/healthz").status_code == client.get("/dang-nhap").status_code == 200


def test_a_request_has_an_id_and_its_log_line_no_words(
    client: TestClient, root: Path, tmp_path: Path
) -> None:  # fmt: skip
    configure_logs(tmp_path, "")
    try:
        mine = client.get("/api/search", params={"q": "bimatcuatoi"}, headers={"X-Request-ID": "abc-1"})
        made = client.get(
            "/api/trace", params={"number": "bimatcuatoi"}, headers={"X-Request-ID": "có dấu\x7f".encode()}
        )
    finally:
        for name in (LOGGER.name, "uvicorn", "uvicorn.error"):
            for handler in logging.getLogger(name).handlers[:]:
                handler.close()
                logging.getLogger(name).removeHandler(handler)
    assert mine.headers["x-request-id"] == "abc-1"
    assert len(made.headers["x-request-id"]) == 16
    text = (tmp_path / "logs" / "server.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["id"] for line in lines] == ["abc-1", made.headers["x-request-id"]]
    assert (lines[0]["method"], lines[0]["status"], lines[0]["event"]) == ("GET", 200, "request")
    assert "bimatcuatoi" not in text


def test_signing_in_is_in_the_audit_log(client: TestClient, accounts: Accounts, root: Path) -> None:
    signed_in(client, accounts)
    last = list(audit.entries(root))[-1]
    assert (last["by"], last["action"]) == (BY, "sign-in")
    assert audit.verify(root) >= 1


def test_a_key_that_is_none_is_refused_where_anybody_may_read(client: TestClient, accounts: Accounts) -> None:
    """Public answers in place of what the key once opened would be taken for all there is."""
    key, record = accounts.create_key(BY, scopes=["read"])
    assert client.get("/api/documents", headers=bearer(key)).status_code == 200
    accounts.revoke_key(record["id"])
    for wrong in (key, "kg_x", ""):
        answer = client.get("/api/documents", headers=bearer(wrong))
        assert answer.status_code == 401 and "invalid_token" in answer.headers["www-authenticate"], wrong
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/healthz", headers=bearer("kg_x")).status_code == 200
    assert client.get("/api/documents").status_code == 200
