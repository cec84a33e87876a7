from __future__ import annotations

import json
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from search_doubles import library

from kg.errors import IndexMismatch, MissingDependency
from kg.identifiers import fold
from search.accents import restore
from search.encoders import EncoderSettings, StaticEncoder, load_encoder
from search.index import SearchIndex, build

TEXTS = (
    "Kế hoạch thi đua, khen thưởng năm 2025 của UBND huyện",
    "Chỉ thị số 34-CT/TW ngày 07/4/2014",
    "không có dấu: ke hoach thi dua",
    "Một đoạn\nhai dòng; ba vế: điểm đ khoản 2 Điều 5.",
    "HÒA BÌNH, hoà bình, Thuỵ, thúy",
    "x",
    "Łódź 東京 🙂 ½ ﬁ",
    "phong trào thi đua " * 200,
)


@pytest.fixture(scope="module")
def model() -> Path:
    return Path(str(files("search") / "model"))


def test_the_embedded_model_is_small_and_has_a_card(model: Path) -> None:
    assert sum(path.stat().st_size for path in model.rglob("*") if path.is_file()) <= 20_000_000
    card = (model / "README.md").read_text(encoding="utf-8")
    for word in ("license", "nDCG@10", "train_encoder.py"):
        assert word in card


def test_vectors_have_length_one_and_blank_text_none() -> None:
    encoder = load_encoder()
    vectors = encoder.encode_passages([*TEXTS, "", " ,"])
    lengths = np.linalg.norm(vectors, axis=1)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS) + 2, encoder.dimension)
    assert np.allclose(lengths[: len(TEXTS)], 1, atol=1e-5)
    assert np.allclose(lengths[len(TEXTS) :], 0)
    assert encoder.encode_passages([]).shape == (0, encoder.dimension)


def test_vectors_do_not_depend_on_company() -> None:
    encoder = load_encoder()
    together = encoder.encode_passages(TEXTS * 100)
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    assert np.abs(together[-len(TEXTS) :] - alone).max() < 1e-5


def test_meaning_is_nearer_than_chance() -> None:
    encoder = load_encoder()
    asked, near, far = encoder.encode_queries(
        ["hỗ trợ hộ nghèo thoát nghèo", "chính sách giảm nghèo bền vững", "kiểm dịch thực vật nhập khẩu"]
    )
    assert asked @ near > asked @ far + 0.1


def test_one_spelling_of_the_tone_is_like_the_other() -> None:
    encoder = load_encoder()
    left, right = encoder.encode_queries(["Ủy ban nhân dân tỉnh Hòa Bình", "Uỷ ban nhân dân tỉnh Hoà Bình"])
    assert left @ right > 0.9999


def test_the_cover_of_a_query_is_whole_for_itself_and_falls_with_what_is_missing() -> None:
    matcher = load_encoder().matcher
    assert matcher is not None
    query = "hỗ trợ hộ nghèo xây nhà"
    pieces = matcher.pieces([query, "hỗ trợ hộ nghèo", "kiểm dịch thực vật", ""])
    filled = [one for one in pieces if len(one)]
    starts = np.cumsum([0, *(len(one) for one in filled[:-1])])
    whole, part, other = matcher.cover(query, np.concatenate(filled), starts)
    assert whole == pytest.approx(1, abs=1e-3)
    assert whole > part > other
    assert len(pieces[3]) == 0


@pytest.mark.parametrize(
    "text",
    [
        "kế hoạch thi đua khen thưởng năm 2025",
        "bảo vệ bí mật nhà nước",
        "phòng cháy chữa cháy",
        "ủy ban nhân dân huyện",
    ],
)
def test_accents_are_given_back(text: str) -> None:
    restored = " ".join(restore(fold(text).split()))
    assert restored in (text, text.replace("ủy", "uỷ"))


def test_words_without_known_accents_stay() -> None:
    assert restore(["xyzq", "34", "ct"]) == ("xyzq", "34", "ct")
    assert restore([]) == ()


def test_the_default_needs_no_torch() -> None:
    script = (
        "import sys; from search.encoders import load_encoder; load_encoder().encode_queries(['thi đua']); "
        "import search.index; print(*sorted({'torch', 'sentence_transformers', 'transformers'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout.strip() == ""


def test_a_missing_model_names_the_ways_out(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    with pytest.raises(MissingDependency) as caught:
        load_encoder("khong-co/mo-hinh-nay", EncoderSettings(offline=True))
    for way in ("khong-co/mo-hinh-nay", "KG_ENCODER", "SentenceTransformer", "có sẵn"):
        assert way in str(caught.value)
    assert caught.value.__cause__ is not None


def test_without_a_network_the_answer_comes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sentence_transformers")
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody listens there
    began = time.monotonic()
    with pytest.raises(MissingDependency, match="khong-co/mo-hinh-kia"):
        load_encoder("khong-co/mo-hinh-kia", EncoderSettings())
    assert time.monotonic() - began < 20


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingDependency, match=r"vanban-kg\[models\]"):
        load_encoder("bo-khac/mo-hinh")


# -- against sentence-transformers itself


@pytest.mark.model
def test_sentence_transformers_gives_the_same_vectors(model: Path) -> None:
    library_ = pytest.importorskip("sentence_transformers")
    theirs = library_.SentenceTransformer(str(model), device="cpu").encode(list(TEXTS), convert_to_numpy=True)
    ours = load_encoder().encode_passages(TEXTS)
    assert np.abs(np.asarray(theirs, dtype=np.float32) - ours).max() <= 1e-3


@pytest.fixture(scope="module")
def small_transformer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transformer of two thin layers with a word-piece vocabulary of our own, saved as sentence-transformers does."""
    st = pytest.importorskip("sentence_transformers")
    transformers = pytest.importorskip("transformers")
    import torch

    torch.manual_seed(5)
    folder = tmp_path_factory.mktemp("small")
    words = sorted({word for one in library() for word in fold(f"{one.title} {one.text}").split()})
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "query", "passage", ":", "."]
    (folder / "vocab.txt").write_text("\n".join(dict.fromkeys([*specials, *words])), encoding="utf-8")
    tokenizer = transformers.BertTokenizer(str(folder / "vocab.txt"))
    config = transformers.BertConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    transformers.BertModel(config).save_pretrained(folder / "bert")
    tokenizer.save_pretrained(folder / "bert")
    modules = _modules(st, folder / "bert")
    st.SentenceTransformer(modules=modules, device="cpu").save(str(folder / "my-e5-small"))
    return folder / "my-e5-small"


def _modules(st: Any, folder: Path) -> list[Any]:
    transformer = st.models.Transformer(str(folder), max_seq_length=64)
    return [transformer, st.models.Pooling(32)]


@pytest.mark.model
class TestAnyModel:
    def test_prefixes_are_put_before_queries_and_passages(self, small_transformer: Path) -> None:
        st = pytest.importorskip("sentence_transformers")
        plain = st.SentenceTransformer(str(small_transformer), device="cpu")
        expected = plain.encode(["query: thi dua", "passage: thi dua"], normalize_embeddings=True)
        encoder = load_encoder(str(small_transformer))  # "e5" in its name: the prefixes of that family
        assert np.abs(encoder.encode_queries(["thi dua"])[0] - expected[0]).max() < 1e-5
        assert np.abs(encoder.encode_passages(["thi dua"])[0] - expected[1]).max() < 1e-5
        own = load_encoder(str(small_transformer), EncoderSettings(query_prefix="", passage_prefix="", batch_size=2))
        assert np.abs(own.encode_queries(["query: thi dua"])[0] - expected[0]).max() < 1e-5
        assert own.fingerprint != encoder.fingerprint
        assert encoder.encode_passages([]).shape == (0, 32)

    def test_an_index_works_and_refuses_the_default(self, small_transformer: Path, tmp_path: Path) -> None:
        encoder = load_encoder(str(small_transformer))
        place = build(tmp_path, library(), encoder=encoder)
        index = SearchIndex(place, encoder=str(small_transformer))
        assert index.search("an toàn thực phẩm").hits[0].document.number == "118/KH-UBND"
        assert index.search("thi đua", routes=("semantic",)).hits
        with pytest.raises(IndexMismatch, match="embedded"):
            SearchIndex(place, encoder="embedded").search("thi đua")

    def test_a_model_that_went_away_leaves_search_by_words(self, small_transformer: Path, tmp_path: Path) -> None:
        place = build(tmp_path, library(), encoder=load_encoder(str(small_transformer)))
        manifest = place / "manifest.json"
        stated = json.loads(manifest.read_text(encoding="utf-8"))
        manifest.write_text(json.dumps(stated | {"encoder": "khong-co/mo-hinh-nay"}), encoding="utf-8")
        result = SearchIndex(place, settings=EncoderSettings(offline=True)).search("an toàn thực phẩm")
        assert result.hits[0].document.number == "118/KH-UBND"
        assert any("khong-co/mo-hinh-nay" in note for note in result.notes)


def test_a_folder_of_the_same_kind_is_read_without_torch(model: Path, tmp_path: Path) -> None:
    for name in ("tokenizer.json", "model.safetensors", "modules.json"):
        (tmp_path / name).symlink_to(model / name)
    encoder = load_encoder(str(tmp_path))
    assert isinstance(encoder, StaticEncoder)
    assert encoder.fingerprint == load_encoder().fingerprint
