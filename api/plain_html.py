"""Plain pages for what has no page of its own yet: no scripts, no styles from elsewhere, every value escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import quote

from api.examples import Example

__all__ = ["ontology_page", "sparql_page", "thing_page"]

_FORMS = ("csv", "json", "xml", "tsv", "ttl", "nt", "rdfxml", "jsonld")


def _page(title: str, body: str, links: str = "") -> str:
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{escape(title)}</title>{links}'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    )


def sparql_page(made: Mapping[str, Example]) -> str:
    """A form for one query, and the example questions below it."""
    options = "".join(f"<option>{form}</option>" for form in _FORMS)
    listed = "".join(
        f"<h3 id={escape(name)!r}>{escape(example.question)}</h3><p>{escape(example.note)}</p>"
        f"<pre>{escape(example.query)}</pre>"
        for name, example in made.items()
    )
    return _page(
        "Hỏi đồ thị bằng SPARQL",
        '<form method="get" action="/sparql"><p><label for="query">Câu truy vấn</label></p>'
        '<p><textarea id="query" name="query" rows="14" cols="100" required>'
        "SELECT ?document ?number WHERE { ?document a eli:LegalResource ; eli:id_local ?number } LIMIT 20"
        f'</textarea></p><p><label>Dạng kết quả <select name="format">{options}</select></label> '
        f"<button>Chạy</button></p></form><h2>Câu hỏi mẫu</h2>{listed}",
    )


def thing_page(
    iri: str, title: str, rows: Iterable[tuple[str, str, str]], alternates: Iterable[tuple[str, str]], note: str = ""
) -> str:
    """One thing as a table. ``rows``: (direction, property, value); a value that is an address becomes a link.

    ``alternates``: (media type, address) of the same in other forms.
    """
    links = "".join(
        f'<link rel="alternate" type="{escape(media)}" href="{escape(href)}">' for media, href in alternates
    )
    cells = "".join(
        f"<tr><td>{escape(way)}</td><td>{escape(name)}</td><td>{_value(value)}</td></tr>" for way, name, value in rows
    )
    body = f"<p><code>{escape(iri)}</code></p><p>{escape(note)}</p><table>{cells}</table>"
    return _page(title, body, links)


def ontology_page(title: str, terms: Iterable[tuple[str, str, str, str]]) -> str:
    """The vocabulary. ``terms``: (anchor, kind, label, explanation)."""
    rows = "".join(
        f'<tr id="{escape(anchor)}"><td><code>vb:{escape(anchor)}</code></td><td>{escape(kind)}</td>'
        f"<td>{escape(label)}</td><td>{escape(words)}</td></tr>"
        for anchor, kind, label, words in terms
    )
    return _page(title, f"<table>{rows}</table>", '<link rel="alternate" type="text/turtle" href="/def.ttl">')


def _value(value: str) -> str:
    if value.startswith(("http://", "https://")):
        return f'<a href="{escape(quote(value, safe=_ADDRESS))}">{escape(value)}</a>'
    return escape(value)


_ADDRESS = ":/?#[]@!$&'()*+,;=%~"
