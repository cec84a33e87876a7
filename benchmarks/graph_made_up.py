"""A made-up graph of about a million triples in our vocabulary: directives, plans of four levels, links with quotes."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

BASE = "https://vanban.example.vn"
VB = "https://w3id.org/vanban-kg/def#"
ELI = "http://data.europa.eu/eli/ontology#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
OA = "http://www.w3.org/ns/oa#"
XSD = "http://www.w3.org/2001/XMLSchema#"
DCT = "http://purl.org/dc/terms/"
RELATIONS = {
    "implements": ELI + "ensures_implementation_of", "follows": ELI + "applies", "legal_basis": ELI + "based_on",
}  # fmt: skip
LEVELS = ("central", "province", "district", "commune")


def numbers(documents: int) -> list[str]:
    """The printed numbers of the directives, from the most answered to the least."""
    return [f"{n + 1}-CT/TW" for n in range(documents // 100)]


def nquads(documents: int, seed: int = 7) -> Iterator[str]:
    """Statements of so many documents, some 80 each: a directive, plans of provinces, of their districts and communes.

    A hundredth are directives. The first is answered by some 600 documents, the last by 50; a plan answers the level
    above it, and every third one the directive itself too.
    """
    chance = random.Random(seed)
    directives = documents // 100
    weights = [1 / (n + 5) ** 0.5 for n in range(directives)]
    families: list[dict[str, list[str]]] = []
    for n in range(documents):
        family = n if n < directives else chance.choices(range(directives), weights)[0]
        if n < directives:
            families.append({level: [] for level in LEVELS})
        known = families[family]
        level = LEVELS[0] if n < directives else _level(known, chance)
        key, number, year = _named(n, level, family)
        yield from _work(key, number, level, year, n, chance)
        if level != "central":
            above = known[LEVELS[LEVELS.index(level) - 1]]
            cited = {chance.choice(above): "implements"}
            if n % 3 == 0:
                cited.setdefault(known["central"][0], chance.choice(("implements", "follows")))
            cited.setdefault(families[chance.randrange(directives)]["central"][0], "legal_basis")
            for object_, relation in cited.items():
                yield from _link(key, relation, object_, n, chance)
        known[level].append(key)


def _level(known: dict[str, list[str]], chance: random.Random) -> str:
    """A commune's plan answers a district's, so that must be there first."""
    wanted = chance.choices(LEVELS[1:], (2, 5, 9))[0]
    while not known[LEVELS[LEVELS.index(wanted) - 1]]:
        wanted = LEVELS[LEVELS.index(wanted) - 1]
    return wanted


def _named(n: int, level: str, family: int) -> tuple[str, str, int]:
    year = 2014 + family % 11
    if level == "central":
        return f"tw/ct/{year}/{n + 1}", f"{n + 1}-CT/TW", year
    place = f"tinh-{n % 63}" + {"province": "", "district": f".huyen-{n % 700}", "commune": f".xa-{n % 3321}"}[level]
    return f"{place}.ubnd/kh/{year}/{n}", f"{n}/KH-UBND", year


def _work(key: str, number: str, level: str, year: int, n: int, chance: random.Random) -> Iterator[str]:
    work, graph = f"<{BASE}/eli/vn/{key}>", f"<{BASE}/graph/doc/{key}>"
    day = f"{year}-{1 + n % 12:02}-{1 + n % 28:02}"
    words = " ".join(chance.choice(_WORDS) for _ in range(12))
    file = f"<{BASE}/id/file/{n:016x}>"
    kind = "chi-thi" if level == "central" else "ke-hoach"
    number_key = number.upper().replace("-", "/")
    for predicate, value in (
        (RDF + "type", f"<{ELI}LegalResource>"), (VB + "visibility", f"<{VB}Public>"),
        (ELI + "id_local", f'"{number}"'), (VB + "numberKey", f'"{number_key}"'),
        (ELI + "number", f'"{n}"'), (ELI + "type_document", f"<{BASE}/id/kind/{kind}>"),
        (DCT + "title", f'"{words}"@vi'), (VB + "issuerName", f'"Cơ quan {n % 700}"'),
        (ELI + "passed_by", f"<{BASE}/id/org/{key.split('/')[0]}>"), (VB + "adminLevel", f"<{VB}{level.capitalize()}>"),
        (ELI + "date_document", f'"{day}"^^<{XSD}date>'), (VB + "file", file),
    ):  # fmt: skip
        yield f"{work} <{predicate}> {value} {graph} .\n"
    for predicate, value in (
        (RDF + "type", f"<{ELI}Format>"), (VB + "sha256", f'"{n:064x}"'),
        (VB + "preferred", f'"true"^^<{XSD}boolean>'), (VB + "fileName", f'"van-ban-{n}.docx"'),
    ):  # fmt: skip
        yield f"{file} <{predicate}> {value} {graph} .\n"


def _link(subject: str, relation: str, object_: str, n: int, chance: random.Random) -> Iterator[str]:
    ident = hashlib.sha256(f"{subject}|{relation}|{object_}".encode()).hexdigest()[:16]
    link, evidence = f"<{BASE}/id/link/{ident}>", f"{BASE}/id/ev/{ident}"
    graph, effective = f"<{BASE}/graph/doc/{subject}>", f"<{BASE}/graph/eff/{subject}>"
    ends = f"<{BASE}/eli/vn/{subject}>", f"<{BASE}/eli/vn/{object_}>"
    start = chance.randrange(5_000)
    told = {
        link: (
            (RDF + "type", f"<{VB}Link>"), (RDF + "subject", ends[0]), (RDF + "predicate", f"<{RELATIONS[relation]}>"),
            (RDF + "object", ends[1]), (VB + "relation", f"<{BASE}/id/relation/{relation.replace('_', '-')}>"),
            (VB + "confidence", f'"0.{chance.randrange(70, 99)}"^^<{XSD}decimal>'), (VB + "method", f"<{VB}Rule>"),
            (VB + "status", f"<{VB}Effective>"), (VB + "cue", '"Thực hiện"'),
            (VB + "place", f"<{BASE}/id/place/{'opening' if n % 3 else 'body'}>"), (VB + "evidence", f"<{evidence}>"),
        ),
        f"<{evidence}>": (
            (RDF + "type", f"<{OA}SpecificResource>"), (OA + "hasSelector", f"<{evidence}/quote>"),
            (OA + "hasSelector", f"<{evidence}/position>"), (VB + "page", f'"1"^^<{XSD}integer>'),
            (VB + "mentionStart", f'"{start + 10}"^^<{XSD}integer>'),
            (VB + "mentionEnd", f'"{start + 30}"^^<{XSD}integer>'),
        ),
        f"<{evidence}/quote>": ((OA + "exact", f'"Thực hiện {" ".join(chance.choice(_WORDS) for _ in range(20))}"'),),
        f"<{evidence}/position>": (
            (OA + "start", f'"{start}"^^<{XSD}integer>'), (OA + "end", f'"{start + 120}"^^<{XSD}integer>'),
        ),
    }  # fmt: skip
    for node, statements in told.items():
        for predicate, value in statements:
            yield f"{node} <{predicate}> {value} {graph} .\n"
    yield f"{ends[0]} <{RELATIONS[relation]}> {ends[1]} {effective} .\n"
    yield f"{ends[0]} <{ELI}cites> {ends[1]} {effective} .\n"


_WORDS = [
    "phong trào", "thi đua", "triển khai", "thực hiện", "kế hoạch", "nông thôn mới", "văn hóa", "giáo dục",
    "khen thưởng",
    "chuyển đổi số", "cải cách hành chính", "giảm nghèo", "đơn vị", "nhiệm vụ", "chỉ tiêu", "báo cáo", "tổng kết",
]  # fmt: skip
