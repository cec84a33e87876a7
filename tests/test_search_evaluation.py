from __future__ import annotations

import gzip
import json
import math
import re
from pathlib import Path

import pytest
from search_doubles import HashingEncoder, library

from kg.errors import RequestError
from kg.identifiers import fold
from search.evaluation import (
    Question,
    Report,
    cross_validate,
    evaluate_corpus,
    evaluate_index,
    figures,
    file_name,
    ndcg,
    read_questions,
    read_staff_queries,
    reciprocal_rank,
)
from search.hybrid import Weights
from search.index import SearchIndex, build


@pytest.mark.parametrize(
    ("ranking", "relevant", "expected"),
    [
        (["a"], {"a": 1}, 1.0),
        (["b", "a"], {"a": 1}, 1 / math.log2(3)),
        (["b"], {"a": 1}, 0.0),
        ([], {"a": 1}, 0.0),
        # grades 3 2 3 0 1 2, the textbook list: DCG 6.861 over the ideal 7.141 of the same grades
        (list("abcdef"), {"a": 3, "b": 2, "c": 3, "e": 1, "f": 2}, 6.861 / 7.141),
        (["x"] * 10 + ["a"], {"a": 1}, 0.0),  # the eleventh does not count
    ],
)
def test_ndcg(ranking: list[str], relevant: dict[str, int], expected: float) -> None:
    assert ndcg(ranking, relevant) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("ranking", "expected"), [(["a"], 1.0), (["x", "a"], 0.5), (["x"] * 10 + ["a"], 0.0), ([], 0.0)]
)
def test_reciprocal_rank(ranking: list[str], expected: float) -> None:
    assert reciprocal_rank(ranking, {"a"}) == expected


def test_figures_are_means_over_queries() -> None:
    found = figures(
        [(Question("1", "", {"a": 1, "b": 1}), ["a", "x"]), (Question("2", "", {"a": 1}), ["x"] * 20 + ["a"])]
    )
    assert found.queries == 2
    assert found.values["recall@10"] == 0.25
    assert found.values["recall@100"] == 0.75
    assert found.values["MRR@10"] == 0.5
    assert found.values["hit@1"] == 0.5
    assert figures([]).queries == 0


def test_a_beir_collection_is_indexed_and_asked(tmp_path: Path) -> None:
    rows = [{"_id": one.key, "title": one.title or "", "text": one.text} for one in library()]
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    questions = [("q1", "kiểm tra an toàn thực phẩm ở chợ"), ("q2", "hạ tầng số"), ("q3", "không ai phán xét")]
    lines = [json.dumps({"_id": name, "text": text}, ensure_ascii=False) for name, text in questions]
    (tmp_path / "queries.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\tbac-hai.ubnd/kh/2023/118\t1\nq2\tttg/qd/2022/666\t1\nq2\tttg/x\t0\n",
        encoding="utf-8",
    )
    assert [question.id for question in read_questions(tmp_path / "queries.jsonl", tmp_path / "qrels.tsv")] == [
        "q1",
        "q2",
    ]
    report = evaluate_corpus(
        tmp_path / "corpus.jsonl.gz", tmp_path / "queries.jsonl", tmp_path / "qrels.tsv", encoder=HashingEncoder()
    )
    lines = list(report.lines())
    assert [line.split()[0] for line in lines] == ["cosine", "fused", "lexical", "semantic"]
    assert lines[1].startswith("fused nDCG@10 1.0000  recall@10 1.0000")
    assert not report.failing


def test_staff_queries_are_asked_by_type_and_misses_are_listed(tmp_path: Path) -> None:
    rows = [
        {"id": "s1", "query": "cv 1954", "type": "number", "relevant": [{"file": "cv-1954.txt", "quote": None}]},
        {"id": "s2", "query": "chuyển đổi số", "type": "title", "relevant": ["qd-666.txt"]},
        {"id": "s3", "query": "bếp ăn", "type": "title", "relevant": ["khong-co.txt"]},
    ]
    path = tmp_path / "staff.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    encoder = HashingEncoder()
    index = SearchIndex(build(tmp_path / "index", library(), encoder=encoder), encoder=encoder)
    report = evaluate_index(index, read_staff_queries(path), name_of=file_name)
    assert report.figures["fused", "number"].values["hit@1"] == 1.0
    assert report.figures["fused", "title"].values["MRR@10"] == 0.5
    assert [question.id for question, _ in report.failing] == ["s3"]
    assert any(line.startswith("missed [title] s3") for line in report.lines())
    assert {row["route"] for row in report.record()["figures"]} == {"cosine", "lexical", "semantic", "fused"}
    assert [(question.id, names[0]) for question, names in report.later] == []
    stripped = evaluate_index(index, read_staff_queries(path), name_of=file_name, respell=fold)
    assert stripped.figures["fused", "all"].values["MRR@10"] == report.figures["fused", "all"].values["MRR@10"]


def test_what_is_found_late_is_listed_with_its_place() -> None:
    question = Question("s4", "thi đua", {"b.txt": 1}, "title")
    report = Report({}, (), ((question, ("a.txt", "b.txt")),))
    assert list(report.lines()) == ["place 2 [title] s4 “thi đua”: first a.txt, b.txt"]
    assert report.record()["later"] == [{"id": "s4", "query": "thi đua", "type": "title", "place": 2}]


def test_weights_are_scored_on_questions_that_had_no_part_in_their_choice(tmp_path: Path) -> None:
    encoder = HashingEncoder()
    index = SearchIndex(build(tmp_path, library(), encoder=encoder), encoder=encoder)
    questions = [Question(str(n), one.title or "", {one.key: 1}) for n, one in enumerate(library())]
    choices = [Weights(semantic=0.0, cover=0.0), Weights(semantic=2.0, cover=0.0)]
    found = cross_validate(index, questions, choices, name_of=lambda key, file: key, folds=3)
    again = cross_validate(index, questions, choices, name_of=lambda key, file: key, folds=3)
    assert found == again
    assert found.chosen in choices
    assert found.scores[found.chosen] == max(found.scores.values())
    assert 0.5 < found.held_out <= 1.0
    assert list(found.lines())[-1].startswith("chosen semantic")


@pytest.mark.slow
def test_the_collection_of_legal_articles_is_searched_well(shared: Path) -> None:
    """The goals: lexical 0.715, the embedded encoder alone 0.60, the fusion 0.77."""
    folder = shared / "data" / "retrieval" / "legal-articles"
    report = evaluate_corpus(folder / "corpus.jsonl.gz", folder / "queries-dev.jsonl", folder / "qrels-dev.tsv")
    reached = {route: found.values["nDCG@10"] for (route, sort), found in report.figures.items() if sort == "all"}
    assert reached["lexical"] >= 0.715
    assert reached["semantic"] >= 0.60
    assert reached["fused"] >= 0.77


# -- files that are not what they should be


CORPUS = '{"_id": "a", "title": "", "text": "Thu hồi đất."}\n'
QUERIES = '{"_id": "q1", "text": "thu hồi đất"}\n'


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("corpus.jsonl", CORPUS + "{\n", "corpus.jsonl, dòng 2: không phải một đối tượng JSON"),
        ("corpus.jsonl", "[1]\n", "dòng 1: không phải một đối tượng JSON"),
        ("corpus.jsonl", '{"id": "a", "body": "x"}\n', "dòng 1: thiếu “text”"),
        ("corpus.jsonl", "", "không có văn bản nào"),
        ("corpus.jsonl", "đất".encode("utf-16"), "dòng 1: không phải văn bản UTF-8"),
        ("corpus.jsonl.gz", b"plain", "không giải nén được"),
        ("corpus.jsonl.gz", gzip.compress(CORPUS.encode() * 900)[:-9], "không giải nén được"),
        ("queries.jsonl", '{"text": "x"}\n', "dòng 1: thiếu “_id”"),
        ("qrels.tsv", "q1 a\n", "dòng 1: không đủ ba cột"),
        ("qrels.tsv", "q1\ta\t1\nq1\tb\tcao\n", "dòng 2: mức liên quan “cao” không phải số nguyên"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\n", "Không câu hỏi nào"),
    ],
)
def test_a_wrong_file_is_told_by_name_and_line(tmp_path: Path, name: str, content: str | bytes, said: str) -> None:
    files = {"corpus.jsonl": CORPUS, "queries.jsonl": QUERIES, "qrels.tsv": "q1\ta\t1\n", name: content}
    for file, text in files.items():
        (tmp_path / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    corpus = name if name.startswith("corpus") else "corpus.jsonl"
    with pytest.raises(RequestError, match=re.escape(said)):
        evaluate_corpus(tmp_path / corpus, tmp_path / "queries.jsonl", tmp_path / "qrels.tsv", encoder=HashingEncoder())


@pytest.mark.parametrize("judgments", ["q1 0 a 1\n", "q1\t0\ta\t2\r\n", "\ufeffquery-id\tcorpus-id\tscore\nq1\ta\t1\n"])
def test_judgments_are_read_in_the_forms_they_come_in(tmp_path: Path, judgments: str) -> None:
    (tmp_path / "queries.jsonl").write_text(QUERIES, encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text(judgments, encoding="utf-8")
    (question,) = read_questions(tmp_path / "queries.jsonl", tmp_path / "qrels.tsv")
    assert set(question.relevant) == {"a"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('{"id": "s1", "query": "x"}', "dòng 1: thiếu “relevant”"),
        ('{"id": "s1", "query": "x", "relevant": "a.txt"}', "“relevant” không phải danh sách"),
        ('{"id": "s1", "query": "x", "relevant": [{"name": "a.txt"}]}', "thiếu “file”"),
        ("", "không có câu hỏi nào"),
    ],
)
def test_wrong_staff_queries_are_told(tmp_path: Path, row: str, said: str) -> None:
    (tmp_path / "staff.jsonl").write_text(row, encoding="utf-8")
    with pytest.raises(RequestError, match=re.escape(said)):
        read_staff_queries(tmp_path / "staff.jsonl")


def test_a_judged_file_that_is_not_held_is_named(tmp_path: Path) -> None:
    (tmp_path / "staff.jsonl").write_text(
        '{"query": "cv 1954", "relevant": ["mat.txt", "cv-1954.txt"]}', encoding="utf-8"
    )
    encoder = HashingEncoder()
    index = SearchIndex(build(tmp_path / "index", library(), encoder=encoder), encoder=encoder)
    report = evaluate_index(index, read_staff_queries(tmp_path / "staff.jsonl"), name_of=file_name)
    assert list(report.lines())[-1] == "judged relevant but not in the index: mat.txt"
    assert report.record()["absent"] == ["mat.txt"]
