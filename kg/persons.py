"""Signers: which spellings of a name are one person of a body, and which pairs a reviewer should look at.

A person is known by body and folded name ("lai-chau.tam-duong.ubnd/sung-lu-pao"), so "Sùng Lử Páo" and "Sùng Lữ Páo"
share an address until a person says that they are two; names that differ by a letter are two until a person says that
they are one. Both kinds of pair are proposed. Signers of different bodies are never proposed.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.distance import Levenshtein

from kg.identifiers import fold, link_id, slug

__all__ = ["PersonPair", "person_key", "person_name", "person_pairs", "same_persons"]

SHORTEST = 7
"""Letters of a folded name from which one differing letter may be a slip: "vu a" and "vu an" are two names."""


@dataclass(frozen=True, slots=True)
class PersonPair:
    """Two spellings to be judged; ``together`` says how they stand until someone does."""

    id: str
    one: str
    other: str
    together: bool


def person_name(name: str, owner: str | None) -> str:
    """How a signer is named in verdicts: "lai-chau.tam-duong.ubnd/Sùng Lử Páo", in one case and tone style."""
    words = unicodedata.normalize("NFC", name).split()
    return f"{owner or 'khong-ro'}/{' '.join(word[:1].upper() + word[1:].lower() for word in words)}"


def person_key(name: str, owner: str | None) -> str:
    """The key of a signer while nobody said otherwise: "lai-chau.tam-duong.ubnd/sung-lu-pao"."""
    return f"{owner or 'khong-ro'}/{slug(name)}"


def _spelling(written: str) -> str:
    """What two writings must share to be the same letters: "Hoà" and "Hòa" do, "Lử" and "Lữ" do not."""
    _, _, name = written.partition("/")
    return " ".join("".join(sorted(unicodedata.normalize("NFD", word.lower()))) for word in name.split())


def person_pairs(signers: Iterable[tuple[str, str | None]]) -> list[PersonPair]:
    """The pairs of spellings, within one body, that may be one person; sorted."""
    bodies: dict[str, dict[str, str]] = defaultdict(dict)
    for name, owner in signers:
        if owner is None:
            continue
        written = person_name(name, owner)
        known = bodies[owner]
        spelt = _spelling(written)
        known[spelt] = min(written, known.get(spelt, written))
    pairs = []
    for names in bodies.values():
        for one, other in combinations(sorted(names.values()), 2):
            together = _folded(one) == _folded(other)
            if together or _near(_folded(one), _folded(other)):
                pairs.append(PersonPair(link_id(one, "same_person", other), one, other, together))
    return sorted(pairs, key=lambda pair: (pair.one, pair.other))


def _folded(written: str) -> str:
    return fold(written.partition("/")[2])


def _near(one: str, other: str) -> bool:
    if one.count(" ") != other.count(" ") or min(len(one), len(other)) < SHORTEST:
        return False
    return Levenshtein.distance(one, other, score_cutoff=1) <= 1


def same_persons(
    signers: Iterable[tuple[str, str | None]], decisions: Mapping[tuple[str, str], bool]
) -> dict[str, str]:
    """Written name → key, for every signer whose key is not the folded name because a person decided so.

    ``decisions`` maps pairs of written names, in order, to whether they are one.
    """
    if not decisions:
        return {}
    written = {person_name(name, owner): person_key(name, owner) for name, owner in signers}
    spelt = {name: f"{name.partition('/')[0]}/{_spelling(name)}" for name in written}
    apart = {_of(name) for pair, one in decisions.items() if not one for name in pair}
    keys = {
        name: f"{key}-{hashlib.sha256(spelt[name].encode()).hexdigest()[:6]}" if spelt[name] in apart else key
        for name, key in written.items()
    }
    by_spelling = {spelt[name]: key for name, key in keys.items()}
    merged: dict[str, str] = {}

    def root(key: str) -> str:
        while key in merged:
            key = merged[key]
        return key

    for (one, other), same in sorted(decisions.items()):
        left, right = by_spelling.get(_of(one)), by_spelling.get(_of(other))
        if same and left and right and root(left) != root(right):
            low, high = sorted((root(left), root(right)))
            merged[high] = low
    return {name: root(key) for name, key in sorted(keys.items()) if root(key) != written[name]}


def _of(written: str) -> str:
    return f"{written.partition('/')[0]}/{_spelling(written)}"
