"""What staff type, asked of a store of a hundred and five real papers: the goals, each route and all together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from api.workspace import Workspace
from kg.identifiers import fold
from search.evaluation import Report, evaluate_index, file_name, read_staff_queries
from search.filters import Filters
from search.index import SearchIndex


@pytest.fixture(scope="module")
def index(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    workspace = Workspace(tmp_path_factory.mktemp("staff") / "kg-data")
    workspace.ingest([shared / "data" / "docs", shared / "seeds"], jobs=2)
    return workspace.index()


@pytest.fixture(scope="module")
def report(shared: Path, index: SearchIndex) -> Report:
    return asked(shared, index, str)


def asked(shared: Path, index: SearchIndex, respell: Callable[[str], str]) -> Report:
    questions = read_staff_queries(shared / "gold" / "staff-queries.jsonl")
    return evaluate_index(index, questions, name_of=file_name, respell=respell)


def test_the_goals_of_staff_queries(shared: Path, index: SearchIndex, report: Report) -> None:
    found = report.figures
    assert found["fused", "all"].queries == 60
    assert found["fused", "number"].values["hit@1"] >= 0.9
    assert found["fused", "all"].values["MRR@10"] >= 0.75
    assert found["fused", "paraphrase"].values["MRR@10"] >= 0.45
    assert found["fused", "paraphrase"].values["MRR@10"] > found["lexical", "paraphrase"].values["MRR@10"]
    plain = asked(shared, index, fold).figures["fused", "all"].values["MRR@10"]
    assert plain >= found["fused", "all"].values["MRR@10"] - 0.05


def test_what_a_clerk_types(index: SearchIndex) -> None:
    for typed in ("34-CT/TW", "34/CT-TW", "ct34", "34 ct tw", "chi thi 34", "34-CTTW"):
        hits = index.search(typed).hits
        assert hits[0].document.number == "34-CT/TW", typed
        assert {hit.ranked.number.how for hit in hits[1:] if hit.ranked.number} == {"cites"}
    for typed in ("1954", "cv 1954", "van ban 1954", "1954/UBND-TH"):
        assert index.search(typed).hits[0].document.number == "1954/UBND-TH", typed
    plans = index.search("KH UBND huyện 2025 thi đua").hits
    assert plans[0].document.title == "Công tác thi đua, khen thưởng năm 2025"
    commune = index.search("thi đua xã Bình Lư")
    assert commune.hits[0].document.owner == "lai-chau.tam-duong.ubnd"
    assert "huyện Tam Đường" in commune.notes[0]
    narrowed = index.search("thi đua", filters=Filters(cites="34-CT/TW"), fold_similar=False)
    assert len(narrowed.hits) == 4
    folded = index.search("phát động phong trào thi đua đặc biệt lập thành tích chào mừng kỷ niệm", k=20).hits
    assert any(hit.similar for hit in folded)
