"""What an update takes out is gone from every route, nothing else stands in its place; bytes stand for vectors."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from search_doubles import HashingEncoder, document, library

from kg.errors import IndexMismatch
from kg.snapshots import Current
from search.documents import IndexedDocument
from search.encoders import unit
from search.index import SearchIndex, build, open_index, synchronise, update
from search.lexical import LexicalWriter
from search.vectors import Quantiser, VectorIndex

ENCODER = HashingEncoder()


def papers(count: int, **fields: object) -> list[IndexedDocument]:
    return [document(f"x/kh/2024/{n}", f"Kiểm tra giếng nước thôn số {n}.", **fields) for n in range(count)]


def opened(folder: Path) -> SearchIndex:
    return SearchIndex(folder, encoder=ENCODER)


def words_only(index: SearchIndex, query: str) -> set[str]:
    result = index.search(query, routes=("lexical",), fold_similar=False, internal=True, k=50)
    return {hit.document.key for hit in result.hits}


def test_words_go_with_the_paper(tmp_path: Path) -> None:
    place = build(tmp_path, papers(6), encoder=ENCODER)
    for left in (5, 3, 1, 0):
        place = synchronise(tmp_path, place, papers(left), encoder=ENCODER)
        index = opened(place)
        assert index.generation.lexical.size == index.passages == left
        assert words_only(index, "giếng nước") == {f"x/kh/2024/{n}" for n in range(left)}
    assert not opened(place).search("giếng nước", k=5).hits
    place = synchronise(tmp_path, place, papers(2), encoder=ENCODER)
    assert words_only(opened(place), "giếng nước") == {"x/kh/2024/0", "x/kh/2024/1"}


def test_the_old_words_of_a_changed_paper_find_nothing(tmp_path: Path) -> None:
    first = build(tmp_path, papers(4), encoder=ENCODER)
    changed = document("x/kh/2024/1", "Trồng cây ven đường.")
    index = opened(update(tmp_path, first, [changed], encoder=ENCODER))
    assert index.generation.lexical.size == index.passages == 4
    assert words_only(index, "giếng nước") == {"x/kh/2024/0", "x/kh/2024/2", "x/kh/2024/3"}
    assert words_only(index, "trồng cây") == {"x/kh/2024/1"}
    assert opened(first).generation.lexical.size == 4  # the older generation is as it was
    assert len(words_only(opened(first), "giếng nước")) == 4


def test_a_paper_that_goes_shows_no_internal_one_in_its_place(tmp_path: Path) -> None:
    papers_now = papers(3)
    papers_now[1] = replace(papers_now[1], visibility="internal")
    first = build(tmp_path, papers_now, encoder=ENCODER)
    index = opened(update(tmp_path, first, [], ["x/kh/2024/0"], encoder=ENCODER))
    assert [hit.document.key for hit in index.search("giếng nước", fold_similar=False).hits] == ["x/kh/2024/2"]


def test_a_paper_made_internal_is_not_found_by_its_old_words(tmp_path: Path) -> None:
    first = build(tmp_path, library(), encoder=ENCODER)
    hidden = [replace(one, visibility="internal") for one in library()]
    index = opened(synchronise(tmp_path, first, hidden, encoder=ENCODER))
    for query in ("thi đua đặc biệt", "an toàn thực phẩm", "118", "34-CT/TW", "chuyển đổi số"):
        assert index.search(query).hits == ()
        assert index.search(query, internal=True).hits
    assert index.suggest("thi") == () and index.suggest("118") == ()


def test_words_that_an_earlier_version_left_find_nothing_and_go_with_the_next_update(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(tmp_path, papers(4), encoder=ENCODER)
    with monkeypatch.context() as patched:
        patched.setattr(LexicalWriter, "remove", lambda self, documents: None)
        second = update(tmp_path, first, [], ["x/kh/2024/0", "x/kh/2024/3"], encoder=ENCODER)
    index = opened(second)
    assert index.generation.lexical.size == 4
    assert words_only(index, "giếng nước") == {"x/kh/2024/1", "x/kh/2024/2"}
    assert [hit.document.key for hit in index.search("giếng nước -1").hits]
    third = update(tmp_path, second, [document("y", "Họp thôn.")], encoder=ENCODER)
    assert opened(third).generation.lexical.size == opened(third).passages == 3


# -- damage


PARTS = ["documents.json", "headings.json", "texts.bin", "passages.npy", "pieces.npy", "vectors.npy"]


@pytest.mark.parametrize("part", [*(f"seg-1/{name}" for name in PARTS), "quantiser.faiss", "lexical/meta.json"])
def test_an_index_that_lacks_a_file_is_refused_and_built_anew(tmp_path: Path, part: str) -> None:
    place = build(tmp_path, papers(3), encoder=ENCODER)
    (place / part).unlink()
    with pytest.raises(IndexMismatch, match=rf"{part}.*kg ingest --rebuild-index"):
        opened(place)
    again = synchronise(tmp_path, place, papers(3), encoder=ENCODER)
    assert len(opened(again).search("giếng nước", fold_similar=False).hits) == 3


@pytest.mark.parametrize("part", ["seg-1/documents.json", "seg-1/passages.npy", "seg-1/vectors.npy", "quantiser.faiss",
                                  "lexical/meta.json"])  # fmt: skip
def test_an_index_with_a_file_cut_short_is_refused(tmp_path: Path, part: str) -> None:
    place = build(tmp_path, papers(3), encoder=ENCODER)
    content = (place / part).read_bytes()
    (place / part).write_bytes(content[: len(content) // 2])
    with pytest.raises(IndexMismatch, match=r"bị hỏng.*kg ingest --rebuild-index"):
        opened(place)


def test_a_generation_that_goes_while_it_is_opened_gives_way_to_the_newer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = build(tmp_path / "index", papers(1), encoder=ENCODER), tmp_path / "index" / "gen-2"
    first.rename(second)  # a writer made the second and cleared the first away
    named = iter(["gen-1", "gen-2", "gen-2"])
    monkeypatch.setattr("search.index.read_current", lambda root: replace(Current(), index=next(named)))
    assert open_index(tmp_path).folder == second
    second.rename(first)
    monkeypatch.setattr("search.index.read_current", lambda root: replace(Current(), index="gen-2"))
    with pytest.raises(IndexMismatch):
        open_index(tmp_path)


# -- what the bytes of a vector mean


@pytest.mark.parametrize("width", [32, 33])  # an even number of components is scanned by halves of bytes first
def test_components_that_are_large_and_hardly_vary_hide_nothing(width: int) -> None:
    random = np.random.default_rng(3)
    vectors = random.standard_normal((8_000, width)).astype(np.float32)
    vectors[:, :2] += 12
    vectors = unit(vectors)
    quantiser = Quantiser.fitted([vectors], width)
    index = VectorIndex(quantiser, [quantiser.encode(vectors)])
    found = 0
    for place in range(20):
        query = vectors[place : place + 1]
        rows, scores = index.search(query, 30)
        found += len(set(rows.tolist()) & set(np.argsort(-(vectors @ query[0]))[:30].tolist()))
        assert np.abs(scores - vectors[rows] @ query[0]).max() < 2e-3
    assert found >= 0.87 * 20 * 30
    assert np.abs(index.vectors(np.arange(50)) - vectors[:50]).max() < 2e-3


def test_codes_without_a_middle_are_read_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "quantiser.faiss"
    file.write_text(json.dumps({"scale": [254.0] * 4}), encoding="utf-8")
    earlier = Quantiser.load(file, "int8", 4)
    vectors = np.array([[0.5, -0.5, 0.25, 0.0]], dtype=np.float32)
    assert np.abs(earlier.decode(earlier.encode(vectors)) - vectors).max() < 3e-3
    fitted = Quantiser.fitted([vectors, -3 * vectors], 4)
    fitted.save(file)
    again = Quantiser.load(file, "int8", 4)
    assert (again.encode(vectors) == fitted.encode(vectors)).all()
    assert np.abs(again.decode(again.encode(vectors)) - vectors).max() < 1e-2
    assert Quantiser.fitted([], 4).decode(again.none()).shape == (0, 4)
