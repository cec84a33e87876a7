"""Who may write: people, keys for machines, sessions of browsers, one-time sign-in links (``accounts.sqlite``).

Secrets are 32 random bytes; only their SHA-256 is stored, so a stolen file signs nobody in. A key is written
``kg_<id>_<secret>``: the id finds the row, the secret is compared in constant time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.disk import disk_errors
from kg.errors import RequestError

__all__ = ["SCOPES", "Accounts", "Session", "Visitor"]

SCOPES = ("read", "write", "review", "admin")
"""What a key may do: see internal documents, take files in and out, decide, and manage keys. Each is asked by itself;
"admin" implies all."""
SESSION_HOURS = 12
LINK_MINUTES = 30

_SCHEMA = """
create table if not exists user (
  name text primary key, created text not null, disabled text
) strict;
create table if not exists key (
  id text primary key, user text not null references user (name), hash text not null, scopes text not null,
  label text not null, created text not null, expires text, revoked text
) strict;
create table if not exists session (
  hash text primary key, user text not null references user (name), csrf text not null, scopes text not null,
  expires text not null
) strict;
create table if not exists sign_in (
  hash text primary key, scopes text not null, expires text not null
) strict;
"""
_KEY = re.compile(r"kg_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person or a machine that works in a person's name."""

    name: str
    scopes: frozenset[str]
    key: str | None = None
    """Id of the key, when a machine asks."""

    def may(self, scope: str) -> bool:
        """Whether this scope, or "admin", was given."""
        return scope in self.scopes or "admin" in self.scopes


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that signed in: ``secret`` goes into the cookie, ``csrf`` into every form."""

    secret: str
    csrf: str
    visitor: Visitor


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class Accounts:
    """The accounts of one data folder. Every call opens the file anew: any thread, any process."""

    def __init__(self, root: Path) -> None:
        self._path = root / "accounts.sqlite"

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True, timeout=30)
        try:
            yield db
        finally:
            db.close()

    @contextmanager
    def _db(self) -> Iterator[sqlite3.Connection]:
        with disk_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if not self._path.exists():
                self._path.touch(mode=0o600)
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        try:
            db.executescript(_SCHEMA)
            db.execute("begin immediate")
            try:
                yield db
            except BaseException:
                db.execute("rollback")
                raise
            db.execute("commit")
        finally:
            db.close()

    def create_key(
        self, user: str, *, scopes: Iterable[str], label: str = "", days: int | None = None
    ) -> tuple[str, dict[str, Any]]:
        """A new key in a person's name: the key itself, shown once, and its record."""
        wanted = sorted(set(scopes))
        unknown = [scope for scope in wanted if scope not in SCOPES]
        if unknown or not wanted:
            raise RequestError(f"Không có quyền “{', '.join(unknown)}”. Các quyền: {', '.join(SCOPES)}.")
        name = _name(user)
        ident, secret, now = secrets.token_hex(6), secrets.token_urlsafe(32), _now()
        expires = (now + dt.timedelta(days=days)).isoformat(timespec="seconds") if days else None
        with self._db() as db:
            db.execute("insert or ignore into user (name, created) values (?, ?)", (name, now.isoformat()))
            db.execute(
                "insert into key (id, user, hash, scopes, label, created, expires) values (?, ?, ?, ?, ?, ?, ?)",
                (ident, name, _hash(secret), " ".join(wanted), label, now.isoformat(timespec="seconds"), expires),
            )
        record = {"id": ident, "user": name, "scopes": wanted, "label": label, "expires": expires}
        return f"kg_{ident}_{secret}", record

    def all_keys(self) -> list[dict[str, Any]]:
        """Every key, oldest first, without its secret."""
        if not self._path.exists():
            return []
        with self._reading() as db:
            rows = db.execute(
                "select id, user, scopes, label, created, expires, revoked from key order by created, id"
            ).fetchall()
        names = ("id", "user", "scopes", "label", "created", "expires", "revoked")
        return [dict(zip(names, row, strict=True)) | {"scopes": row[2].split()} for row in rows]

    def revoke_key(self, ident: str) -> None:
        """Ends a key, and the sessions of its owner. Raises PolicyKGError when there is none, or it has ended."""
        with self._db() as db:
            done = db.execute(
                "update key set revoked = ? where id = ? and revoked is null",
                (_now().isoformat(timespec="seconds"), ident),
            )
            if not done.rowcount:
                raise RequestError(f"Không có khóa “{ident}” còn hiệu lực. Xem: kg key list")
            db.execute("delete from session where user = (select user from key where id = ?)", (ident,))

    def visitor_of_key(self, key: str) -> Visitor | None:
        """Whom a key speaks for; None when it is unknown, revoked or past its day."""
        match = _KEY.fullmatch(key)
        if match is None or not self._path.exists():
            return None
        with self._reading() as db:
            row = db.execute(
                "select key.hash, key.user, key.scopes, key.expires from key join user on user.name = key.user"
                " where key.id = ? and key.revoked is null and user.disabled is null",
                (match[1],),
            ).fetchone()
        # An unknown id is compared too, so that the answer takes as long.
        same = secrets.compare_digest(_hash(match[2]), row[0] if row else "0" * 64)
        if row is None or not same or (row[3] and dt.datetime.fromisoformat(row[3]) <= _now()):
            return None
        return Visitor(row[1], frozenset(row[2].split()), match[1])

    def sign_in_link(self, *, scopes: Iterable[str] = ("admin",)) -> str:
        """A secret that lets one person sign in once, within half an hour; who it is they say then."""
        secret = secrets.token_urlsafe(32)
        expires = _now() + dt.timedelta(minutes=LINK_MINUTES)
        with self._db() as db:
            db.execute("delete from sign_in where expires <= ?", (_now().isoformat(),))
            db.execute(
                "insert into sign_in (hash, scopes, expires) values (?, ?, ?)",
                (_hash(secret), " ".join(sorted(scopes)), expires.isoformat()),
            )
        return secret

    def sign_in(self, secret: str, name: str) -> Session | None:
        """Uses up a sign-in link for the person who gives their name; None when it is used or too old."""
        person = _name(name)
        with self._db() as db:
            row = db.execute(
                "delete from sign_in where hash = ? returning scopes, expires", (_hash(secret),)
            ).fetchone()
            if row is None or dt.datetime.fromisoformat(row[1]) <= _now():
                return None
            db.execute("insert or ignore into user (name, created) values (?, ?)", (person, _now().isoformat()))
            return self._begin(db, person, frozenset(row[0].split()))

    def sign_in_with_key(self, key: str) -> Session | None:
        """A session with a key's rights."""
        visitor = self.visitor_of_key(key)
        if visitor is None:
            return None
        with self._db() as db:
            return self._begin(db, visitor.name, visitor.scopes)

    def _begin(self, db: sqlite3.Connection, user: str, scopes: frozenset[str]) -> Session:
        secret, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        expires = _now() + dt.timedelta(hours=SESSION_HOURS)
        db.execute("delete from session where expires <= ?", (_now().isoformat(),))
        db.execute(
            "insert into session (hash, user, csrf, scopes, expires) values (?, ?, ?, ?, ?)",
            (_hash(secret), user, csrf, " ".join(sorted(scopes)), expires.isoformat()),
        )
        return Session(secret, csrf, Visitor(user, scopes))

    def session(self, secret: str) -> Session | None:
        """The session behind a cookie; None when there is none, or it is over."""
        if not self._path.exists():
            return None
        with self._reading() as db:
            row = db.execute(
                "select user, csrf, scopes, expires from session join user on user.name = session.user"
                " where hash = ? and user.disabled is null",
                (_hash(secret),),
            ).fetchone()
        if row is None or dt.datetime.fromisoformat(row[3]) <= _now():
            return None
        return Session(secret, row[1], Visitor(row[0], frozenset(row[2].split())))

    def sign_out(self, secret: str) -> None:
        """Ends a session."""
        with self._db() as db:
            db.execute("delete from session where hash = ?", (_hash(secret),))


def _name(name: str) -> str:
    """A person's name as it stands on verdicts: one line, 2 to 80 letters."""
    clean = " ".join(name.split())
    if not 2 <= len(clean) <= 80 or not clean.isprintable():
        raise RequestError("Họ tên phải có từ 2 đến 80 ký tự.")
    return clean
