"""One Jinja environment for all pages: everything is escaped, names that are not given are errors."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from api.access import workspace_of
from api.pages import formats
from api.pages.statics import asset
from api.pages.wording import Words
from kg import clock
from kg.errors import WorkspaceError
from kg.snapshots import read_current

__all__ = ["MENU", "environment", "language", "page_paths", "render", "today_of"]

# (key of the wording, address): an entry shows when the application has that address.
MENU = (
    ("menu.search", "/"),
    ("menu.trace", "/trien-khai"),
    ("menu.coverage", "/tinh-hinh"),
    ("menu.compare", "/doi-chieu"),
    ("menu.campaigns", "/phong-trao"),
    ("menu.bodies", "/co-quan"),
    ("menu.upload", "/nap"),
    ("menu.research", "/nghien-cuu"),
)
_COOKIE = "lang"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The environment that pages are rendered in."""
    made = Environment(
        loader=PackageLoader("api", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(asset=asset, work_url=formats.work_url, number_url=formats.number_url)
    made.filters.update(
        two=formats.two,
        day=formats.day,
        work_name=formats.work_name,
        plain_title=formats.plain_title,
        excerpt=formats.excerpt,
        spoken_day=formats.spoken_day,
        heading_path=formats.heading_path,
    )
    return made


def language(request: Request) -> str:
    """ "vi" unless the address or a cookie asks for English."""
    asked = request.query_params.get("lang") or request.cookies.get(_COOKIE)
    return "en" if asked == "en" else "vi"


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """One page, or a fragment of one. ``?lang=en`` is remembered in a cookie."""
    lang = language(request)
    words = Words(lang)
    page = environment().get_template(template)
    text = page.render(
        request=request,
        t=words,
        lang=lang,
        menu=_menu(request),
        user=getattr(request.state, "user", None),
        other_language=_other_language(request, lang),
        as_of=_as_of(request, lang),
        **values,
    )
    response = HTMLResponse(text, status)
    response.headers["Vary"] = "Cookie"
    if request.query_params.get("lang") in ("vi", "en"):
        response.set_cookie(_COOKIE, lang, max_age=31_536_000, samesite="lax", httponly=True)
    return response


def page_paths(request: Request) -> frozenset[str]:
    """Every address pattern of the pages that are served: a link to a page that is not there is not shown."""
    found: frozenset[str] = request.app.state.page_paths
    return found


def _menu(request: Request) -> list[tuple[str, str, bool]]:
    """(wording, address, whether this page belongs to it) of every entry that the application serves."""
    paths = page_paths(request)
    here = request.url.path
    belongs = {
        "/": ("/tim", "/van-ban"),
        "/phong-trao": ("/ngay-ky-niem",),
        "/co-quan": ("/nhiem-vu", "/chi-tieu"),
        "/nghien-cuu": ("/do-thi",),
    }

    def current(path: str) -> bool:
        within = (path, *belongs.get(path, ()))
        return here == path or any(place != "/" and here.startswith(place) for place in within)

    return [(words, path, current(path)) for words, path in MENU if path in paths]


def today_of(request: Request) -> dt.date:
    """The day that "còn N ngày" is counted from: today in Vietnam, or the one that ``?ngay=2026-11-20`` names."""
    try:
        return dt.date.fromisoformat(request.query_params.get("ngay", ""))
    except ValueError:
        return clock.now().date()


def _as_of(request: Request, lang: str) -> str:
    """When the store was last written, Vietnamese time: "17 giờ 00 ngày 20/11/2026"; "" for an empty store."""
    try:
        written = read_current(workspace_of(request).root).written
    except WorkspaceError:
        return ""
    if not written:
        return ""
    at = clock.local(written)
    return f"{at:%H:%M}, {at:%d/%m/%Y}" if lang == "en" else f"{at:%H} giờ {at:%M} ngày {formats.day(at.date())}"


def _other_language(request: Request, lang: str) -> str:
    """This page in the other language."""
    url = request.url.include_query_params(lang="vi" if lang == "en" else "en")
    return f"{url.path}?{url.query}"
