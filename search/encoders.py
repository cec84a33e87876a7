"""Texts into vectors: the embedded static model by default, any sentence-transformers model by setting.

The default needs numpy and tokenizers alone; torch is imported only when a transformer model is asked for.
All vectors are float32 of length one, so that the inner product is the cosine.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from kg.errors import MissingDependency

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = [
    "DEFAULT_ENCODER",
    "Encoder",
    "EncoderSettings",
    "Floats",
    "Mix",
    "Pieces",
    "StaticEncoder",
    "WordMatcher",
    "load_encoder",
    "unit",
]

DEFAULT_ENCODER = "embedded"

Floats = NDArray[np.float32]
Pieces = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Mix:
    """How much of its surroundings goes into the vector of a passage.

    A bag-of-words model knows nothing of where "1. Kinh phí thực hiện" stands, so the title, the headings and the
    mean of the document are added; a model that reads sentences gets them as text before the passage instead.
    """

    title: float = 0.0
    document: float = 0.0
    as_text: bool = True


class WordMatcher(Protocol):
    """An encoder that can also say how well a text covers the words of a query, each with its nearest word.

    A mean of words tells what a text is about; this tells whether it speaks of every part of the question.
    """

    def pieces(self, texts: Sequence[str]) -> list[Pieces]:
        """The different pieces of each text, as small numbers that the index can keep."""
        ...

    def cover(self, query: str, pieces: Pieces, starts: NDArray[np.int64]) -> Floats:
        """For each text (its pieces begin at ``starts``) how well it covers the query, 0 to 1.

        Each piece of the query counts by its weight, with the cosine of the nearest piece of the text.
        """
        ...


class Encoder(Protocol):
    """What the index asks of a model. ``fingerprint`` changes whenever the vectors would."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def mix(self) -> Mix: ...

    @property
    def matcher(self) -> WordMatcher | None: ...

    def encode_queries(self, texts: Sequence[str]) -> Floats:
        """One vector of length one per question."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        """One vector of length one per piece of text; an empty text gives a zero vector."""
        ...


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """What a setting may say of a model beside its name; None keeps what the model's own files say."""

    query_prefix: str | None = None
    passage_prefix: str | None = None
    normalise: bool = True
    """Scale vectors to length one. False for a model that was trained to be compared by inner product."""
    batch_size: int = 32
    device: str | None = None
    offline: bool = False
    """Never ask the network for a model, only the local cache."""


def unit(vectors: NDArray[Any]) -> Floats:
    """Rows scaled to length one; a zero row stays zero."""
    values = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(values, axis=1, keepdims=True)
    return np.asarray(values / np.maximum(lengths, 1e-12), dtype=np.float32)


def _product(rows: Floats, columns: Floats) -> Floats:
    """``rows @ columns`` a few rows at a time, so that the linear algebra library starts no threads.

    For a product this small, waiting for a second thread on a busy machine costs a hundred times the work.
    OpenBLAS takes one thread up to 2^18 multiplications.
    """
    columns = np.ascontiguousarray(columns)
    step = max(1, 200_000 // max(1, columns.size))
    out = np.empty((len(rows), columns.shape[1]), dtype=np.float32)
    for start in range(0, len(rows), step):
        np.matmul(rows[start : start + step], columns, out=out[start : start + step])
    return out


class StaticEncoder:
    """The mean of token vectors: a sentence-transformers ``StaticEmbedding`` folder read without torch."""

    _CHUNK = 512  # texts gathered at a time: bounds memory to some tens of megabytes

    def __init__(self, folder: Path, *, name: str | None = None) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        weights = folder / "model.safetensors"
        tensors = load_file(weights)
        # twice the memory of the file, but numpy turns half precision into single a value at a time
        self._table: Floats = tensors["embedding.weight"].astype(np.float32)
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._folder = folder
        self.name = name or folder.name
        self.dimension = int(self._table.shape[1])
        self.mix = Mix(title=1.0, document=0.5, as_text=False)
        self._lengths = np.linalg.norm(self._table, axis=1)
        self._recent: dict[str, NDArray[np.int64]] = {}
        digest = hashlib.sha256((folder / "tokenizer.json").read_bytes())
        digest.update(weights.read_bytes())
        self.fingerprint = digest.hexdigest()[:16]

    def encode_queries(self, texts: Sequence[str]) -> Floats:
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        return self._encode(texts)

    @property
    def matcher(self) -> WordMatcher | None:
        """Itself, unless the vocabulary is too large for two bytes a piece."""
        return self if len(self._table) <= np.iinfo(np.uint16).max else None

    def pieces(self, texts: Sequence[str]) -> list[Pieces]:
        return [np.unique(ids).astype(np.uint16) for ids in self._ids(texts)]

    def cover(self, query: str, pieces: Pieces, starts: NDArray[np.int64]) -> Floats:
        (wanted,) = self._ids([query])
        if not len(wanted) or not len(pieces):
            return np.zeros(len(starts), dtype=np.float32)
        weights = self._lengths[wanted]
        questions = unit(self._table[wanted])
        different, places = np.unique(pieces, return_inverse=True)
        nearness = _product(self._table[different], questions.T)
        nearness /= np.maximum(self._lengths[different][:, None], 1e-6)
        best = np.maximum.reduceat(nearness[places], starts, axis=0)
        covered: Floats = (best @ weights) / max(float(weights.sum()), 1e-6)
        return covered

    def _ids(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """The pieces of each text, in order. The last few texts are remembered: each is asked for twice or more."""
        recent = self._recent
        missing = [text for text in dict.fromkeys(texts) if text not in recent]
        if missing:
            encodings = self._tokenizer.encode_batch(missing, add_special_tokens=False)
            fresh = {text: np.array(one.ids, dtype=np.int64) for text, one in zip(missing, encodings, strict=True)}
            kept = recent if len(recent) < self._CHUNK else {text: recent[text] for text in texts if text in recent}
            recent = {**kept, **fresh}
            self._recent = recent  # replaced whole, so that another thread sees the one or the other
        return [recent[text] for text in texts]

    def _encode(self, texts: Sequence[str]) -> Floats:
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), self._CHUNK):
            ids = self._ids(texts[start : start + self._CHUNK])
            lengths = np.array([len(one) for one in ids], dtype=np.int64)
            filled = np.flatnonzero(lengths)
            if not len(filled):
                continue
            starts = (np.cumsum(lengths) - lengths)[filled]
            sums = np.add.reduceat(self._table[np.concatenate(ids)], starts, axis=0)
            out[start + filled] = sums / lengths[filled][:, None]
        return unit(out)


class TransformerEncoder:
    """Any sentence-transformers model. Its own prompts are used where it has any, the settings' prefixes first."""

    def __init__(self, name: str, settings: EncoderSettings) -> None:
        if Path(name).exists():  # read from disk in a moment: a bar in our answers would only disturb
            os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as exc:
            raise MissingDependency(
                f"Mô hình “{name}” cần thư viện sentence-transformers. Cài bằng: pip install 'vanban-kg[models]' "
                "(kèm torch bản CPU), hoặc bỏ KG_ENCODER để dùng mô hình có sẵn."
            ) from exc
        try:
            self._model = SentenceTransformer(
                name,
                device=settings.device or "cpu",
                local_files_only=settings.offline or Path(name).exists() or not _hub_reachable(),
            )
        except Exception as exc:  # the library raises OSError, ValueError, requests' and hub's own errors alike
            raise MissingDependency(
                f"Không nạp được mô hình “{name}”: {_first_line(exc)}. Các cách xử lý: (1) KG_ENCODER trỏ tới thư mục "
                "đã tải sẵn mô hình (trên máy có mạng: SentenceTransformer(tên).save(thư_mục)); (2) mở mạng tới kho "
                "mô hình rồi chạy lại; (3) bỏ KG_ENCODER để dùng mô hình có sẵn."
            ) from exc
        self.name = name
        self._settings = settings
        # renamed in sentence-transformers 5.2; the old name warns there
        dimension = (
            getattr(self._model, "get_embedding_dimension", None) or self._model.get_sentence_embedding_dimension
        )
        self.dimension = int(dimension() or 0)
        self.mix = Mix()
        self.matcher: WordMatcher | None = None
        prompts = dict(getattr(self._model, "prompts", {}) or {})
        query, passage = _known_prefixes(name)
        self._query = _chosen(settings.query_prefix, prompts, ("query",), query)
        self._passage = _chosen(settings.passage_prefix, prompts, ("passage", "document", "corpus"), passage)
        self.fingerprint = self._digest()

    def _digest(self) -> str:
        """Of what makes the vectors: prefixes, scaling, and a sample of the weights (the same on every device)."""
        digest = hashlib.sha256(f"{self.dimension}|{self._query}|{self._passage}|{self._settings.normalise}".encode())
        for weights in self._model.parameters():
            digest.update(weights.detach().flatten()[:256].float().cpu().numpy().tobytes())
        return digest.hexdigest()[:16]

    def encode_queries(self, texts: Sequence[str]) -> Floats:
        return self._encode(self._query, texts)

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        return self._encode(self._passage, texts)

    def _encode(self, prefix: str, texts: Sequence[str]) -> Floats:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        # prompt="" keeps the model from putting its default prompt before ours
        vectors = self._model.encode(
            [prefix + text for text in texts],
            batch_size=self._settings.batch_size,
            convert_to_numpy=True,
            show_progress_bar=False,
            prompt="",
        )
        return unit(vectors) if self._settings.normalise else np.asarray(vectors, dtype=np.float32)


def _hub_reachable() -> bool:
    """Whether the place that models are fetched from answers; a proxy is believed. The library alone tries a minute."""
    if any(os.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")):
        return True
    address = urlsplit(os.environ.get("HF_ENDPOINT") or "https://huggingface.co")
    port = 80 if address.scheme == "http" else 443
    try:
        with socket.create_connection((address.hostname or "", address.port or port), timeout=5):
            return True
    except OSError:
        return False


def _first_line(exc: BaseException) -> str:
    return next((line.strip() for line in str(exc).splitlines() if line.strip()), type(exc).__name__)[:200]


def _known_prefixes(name: str) -> tuple[str, str]:
    """The prefixes that a family of models was trained with and that its files do not always state."""
    if "e5" in Path(name).name.lower().replace("_", "-").split("-"):
        return "query: ", "passage: "
    return "", ""


def _chosen(setting: str | None, prompts: dict[str, str], names: Iterable[str], known: str) -> str:
    if setting is not None:
        return setting
    return next((prompts[name] for name in names if prompts.get(name)), known)


def _is_static(folder: Path) -> bool:
    """True for a folder whose only module is a ``StaticEmbedding``, stored in the folder itself."""
    modules = folder / "modules.json"
    if not (folder / "tokenizer.json").is_file() or not (folder / "model.safetensors").is_file():
        return False
    if not modules.is_file():
        return True
    stated = json.loads(modules.read_text(encoding="utf-8"))
    kinds = [str(module.get("type", "")).rsplit(".", 1)[-1] for module in stated]
    return (
        bool(kinds) and kinds[0] == "StaticEmbedding" and set(kinds[1:]) <= {"Normalize"} and not stated[0].get("path")
    )


@lru_cache(maxsize=4)
def load_encoder(name: str | None = None, settings: EncoderSettings | None = None) -> Encoder:
    """The encoder that a setting names: "embedded" (or None), a local folder, or a model name.

    Raises MissingDependency, with the ways out, when a library or a model cannot be had.
    """
    if name in (None, "", DEFAULT_ENCODER):
        return StaticEncoder(Path(str(files("search") / "model")), name=DEFAULT_ENCODER)
    assert name is not None
    folder = Path(name).expanduser()
    if folder.is_dir() and _is_static(folder):
        return StaticEncoder(folder)
    return TransformerEncoder(str(folder) if folder.is_dir() else name, settings or EncoderSettings())
