"""Trains the embedded encoder: a superword vocabulary and one half-precision vector per word, on any corpus.

    python docs/encoder/train_encoder.py --corpus articles.jsonl.gz --corpus folder-of-txt --out search/model --seed 7

A corpus is a JSON-lines file (``text``, and if there is one ``title`` and ``law_id`` or ``group``; .gz too) or a folder
of .txt files. Needs ``pip install 'vanban-kg[models]'``; 2 cores and 6 GB for 60 MB of text, some fifteen minutes.
The same corpus, seed and library versions give the same model.

1. Vocabulary: runs of one to five syllables that stand together often, thinned by a Unigram model until ``--size``
   are left, so that "phong trào thi đua" is one piece. Nothing below a syllable but single letters.
2. Start: the pieces' places in the space of the documents (truncated SVD of the weighted counts).
3. Training: a title or a sentence must find the rest of its document among all others in the batch, several of which
   come from the same law (hard negatives). Pieces are dropped and split at random; a share of the documents is held
   out, and the best state on those is kept.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp
import torch
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from search.lexicon import TONE_PLACEMENT

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Bag = sp.csr_matrix

MARK = "▁"
STOP = ".;:\n"
LONGEST = 5


@dataclass(frozen=True)
class Text:
    """One document of the corpus: a title, a body, the law or file it belongs to."""

    title: str
    body: str
    group: str


def read_corpus(path: Path) -> Iterator[Text]:
    """The documents of a JSON-lines file, or of a folder of text files cut into pieces of about a thousand letters."""
    if path.is_dir():
        for file in sorted(path.glob("*.txt")):
            piece = ""
            for paragraph in re.split(r"\n\s*\n", file.read_text(encoding="utf-8")):
                piece += paragraph + "\n"
                if len(piece) > 1000:
                    yield Text("", piece, file.name)
                    piece = ""
            if len(piece) > 200:
                yield Text("", piece, file.name)
        return
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Text(row.get("title") or "", row["text"], row.get("law_id") or row.get("group") or row["_id"])


# -- vocabulary


def canonical(text: str) -> str:
    """What the tokenizer's normaliser makes of a text, for counting: lower case, one tone style, stops kept."""
    text = unicodedata.normalize("NFKC", text).lower()
    for old, new in TONE_PLACEMENT.items():
        text = text.replace(old, new)
    return re.sub(rf"[^\w{STOP}]+|_", " ", text)


def tokenizer_of(pieces: dict[str, float], letters: Sequence[str]) -> Tokenizer:
    """A Unigram tokenizer that cuts at sentence stops only, never at spaces."""
    total = sum(pieces.values())
    vocabulary = [("<unk>", 0.0), *((piece, float(np.log(count / total))) for piece, count in pieces.items())]
    least = min(score for _, score in vocabulary) - 5
    vocabulary += [(letter, least) for letter in (MARK, *letters) if letter not in pieces]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            *(normalizers.Replace(old, new) for old, new in TONE_PLACEMENT.items()),
            normalizers.Replace(Regex(rf"[^\p{{L}}\p{{N}}{STOP}]+"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(rf"[\s.;:]*[{STOP}][\s.;:]*|^\s+|\s+$"), "removed"),
            pre_tokenizers.Metaspace(MARK, "always", split=False),
        ]
    )
    return tokenizer


def candidate_pieces(texts: Sequence[str], least: int) -> tuple[dict[str, int], list[str]]:
    """All frequent runs of one to five syllables with their counts, and the letters of the corpus."""
    numbers: dict[str, int] = {}
    stream: list[int] = []
    for text in texts:
        for run in re.split(rf"[{STOP}]+", canonical(text)):
            syllables = run.split()
            if syllables:
                stream.extend(numbers.setdefault(syllable, len(numbers)) for syllable in syllables)
                stream.append(-1)
    ids = np.array(stream, dtype=np.int64)
    names = list(numbers)
    counts = np.bincount(ids[ids >= 0], minlength=len(names))
    digits = np.array([any(letter.isdigit() for letter in name) for name in names])
    kept = counts >= np.where(digits, 60, 8)
    pieces = {MARK + names[number]: int(counts[number]) for number in np.flatnonzero(kept)}
    single = np.where((ids >= 0) & (kept & ~digits)[np.maximum(ids, 0)], ids, -1)
    level, labels = single, [MARK + name for name in names]
    for length in range(2, LONGEST + 1):
        right = single[length - 1 :]
        left = level[: len(right)]
        both = np.where((left >= 0) & (right >= 0), left * len(names) + right, -1)
        keys, inverse, found = np.unique(both, return_inverse=True, return_counts=True)
        good = (found >= least) & (keys >= 0)
        renumbered = np.full(len(keys), -1, dtype=np.int64)
        renumbered[good] = np.arange(int(good.sum()))
        level = renumbered[inverse]
        labels = [f"{labels[key // len(names)]}{MARK}{names[key % len(names)]}" for key in keys[good]]
        pieces.update(zip(labels, (int(count) for count in found[good]), strict=True))
    letters = Counter(letter for name in names for letter in name if letter.isalnum())
    return pieces, [letter for letter, _ in letters.most_common(400)]


def learn_tokenizer(texts: Sequence[str], size: int, rng: random.Random) -> Tokenizer:
    """Thins the candidates: segment a sample with all of them, drop the least used, count again."""
    pieces, letters = candidate_pieces(texts, least=40)
    single = [piece for piece in pieces if piece.count(MARK) == 1]
    sample = [text[:3000] for text in rng.sample(list(texts), min(10_000, len(texts)))]
    kept: dict[str, float] = {piece: float(count) for piece, count in pieces.items()}
    for target in (4 * size, 5 * size // 2, 7 * size // 4, 4 * size // 3, size, size):
        tokenizer = tokenizer_of(kept, letters)
        used = Counter(
            token for encoding in tokenizer.encode_batch(sample, add_special_tokens=False) for token in encoding.tokens
        )
        longer = sorted((piece for piece in kept if piece.count(MARK) > 1), key=lambda piece: (-used[piece], piece))
        room = max(0, target - len(single) - len(letters) - 2)
        kept = {piece: max(float(used[piece]), 0.3) for piece in (*single, *longer[:room])}
    return tokenizer_of(dict(sorted(kept.items(), key=lambda item: (-item[1], item[0]))), letters)


# -- the corpus as numbers


@dataclass
class Corpus:
    """All pieces of all units in one array; unit 0 of a document is its title, the others its sentences."""

    flat: Ints
    unit_at: Ints
    document_at: Ints
    group: Ints
    weight: NDArray[np.float64]
    splits: Ints
    size: int

    @property
    def documents(self) -> int:
        return len(self.document_at) - 1

    def counts(self) -> Bag:
        """Documents × pieces."""
        lengths = self.unit_at[self.document_at[1:]] - self.unit_at[self.document_at[:-1]]
        rows = np.repeat(np.arange(self.documents), lengths)
        ones = np.ones(len(self.flat), dtype=np.float32)
        matrix = sp.csr_matrix((ones, (rows, self.flat)), shape=(self.documents, self.size))
        matrix.sum_duplicates()
        return matrix


def units_of(body: str) -> list[str]:
    """Clauses and sentences, short ones joined to the next."""
    units, open_unit = [], ""
    for part in re.split(r"\n+|(?<=[.;:])\s+(?=[A-ZĐÀ-Ỹ0-9a-zđ])", body):
        if part.strip():
            open_unit = f"{open_unit} {part.strip()}".strip()
            if len(open_unit) >= 60:
                units.append(open_unit)
                open_unit = ""
    return [*units, open_unit] if open_unit else units


def number_corpus(texts: Sequence[Text], tokenizer: Tokenizer, weights: Sequence[float]) -> Corpus:
    """Tokenises everything once."""
    units: list[str] = []
    document_at, groups = [0], {}
    for text in texts:
        units.append(text.title)
        units.extend(units_of(text.body))
        document_at.append(len(units))
    ids: list[Ints] = []
    for start in range(0, len(units), 20_000):
        batch = tokenizer.encode_batch(units[start : start + 20_000], add_special_tokens=False)
        ids.extend(np.array(encoding.ids, dtype=np.int64) for encoding in batch)
    weight = np.array(weights)
    return Corpus(
        np.concatenate(ids),
        np.concatenate([[0], np.cumsum([len(unit) for unit in ids])]),
        np.array(document_at),
        np.array([groups.setdefault(text.group, len(groups)) for text in texts]),
        weight / weight.sum(),
        splits_of(tokenizer),
        tokenizer.get_vocab_size(),
    )


def splits_of(tokenizer: Tokenizer) -> Ints:
    """For each piece the likeliest two that make it up (0, 0 where there are none)."""
    vocabulary = tokenizer.get_vocab()
    scores = dict(json.loads(tokenizer.to_str())["model"]["vocab"])
    table = np.zeros((tokenizer.get_vocab_size(), 2), dtype=np.int64)
    for piece, number in vocabulary.items():
        syllables = piece.split(MARK)[1:] if piece.startswith(MARK) else []
        ways = []
        for cut in range(1, len(syllables)):
            left, right = (MARK + MARK.join(part) for part in (syllables[:cut], syllables[cut:]))
            if left in vocabulary and right in vocabulary:
                ways.append((scores[left] + scores[right], vocabulary[left], vocabulary[right]))
        if ways:
            table[number] = max(ways)[1:]
    return table


# -- start and training


def unit_rows(matrix: Floats) -> Floats:
    """Rows of length one."""
    return matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)


def first_table(counts: Bag, dimension: int, seed: int) -> Floats:
    """Piece vectors from the truncated SVD of log-count × rarity, scaled by rarity."""
    rarity = np.log((counts.shape[0] + 1) / (np.bincount(counts.indices, minlength=counts.shape[1]) + 1))
    weighted = counts.copy()
    weighted.data = (1 + np.log(weighted.data)) * rarity[weighted.indices]
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1))[:, 0])
    weighted = (sp.diags(1 / np.maximum(lengths, 1e-9)) @ weighted).astype(np.float32)
    _, strengths, pieces = randomized_svd(weighted, dimension, n_iter=3, random_state=seed)
    table = unit_rows((pieces.T * np.sqrt(strengths)).astype(np.float32))
    return (table * rarity[:, None] / rarity.mean() / np.sqrt(dimension)).astype(np.float32)


class Product(torch.autograd.Function):
    """Sparse counts × table. scipy does it faster on few cores than any way of torch's."""

    @staticmethod
    def forward(context, table, bag):  # type: ignore[no-untyped-def]
        context.bag = bag
        return torch.from_numpy(bag @ table.detach().numpy())

    @staticmethod
    def backward(context, gradient):  # type: ignore[no-untyped-def]
        return torch.from_numpy(context.bag.T.tocsr() @ gradient.numpy()), None


@dataclass(frozen=True)
class Options:
    """Knobs of the training; the defaults made the shipped model."""

    batch: int = 4096
    same_group: int = 4
    title_share: float = 0.6
    keep_share: float = 0.5
    span_share: float = 0.3
    drop: float = 0.2
    split: float = 0.3
    cap: int = 200
    scale: float = 20.0
    rate: float = 2e-3


class Pairs:
    """Draws batches of (question-like text, document) pairs as bags of pieces."""

    def __init__(self, corpus: Corpus, allowed: NDArray[np.bool_], options: Options, seed: int) -> None:
        self.corpus = corpus
        self.options = options
        self.rng = np.random.default_rng(seed)
        self.weight = np.where(allowed, corpus.weight, 0.0)
        self.weight /= self.weight.sum()
        members = np.flatnonzero(allowed)
        self.by_group = members[np.argsort(corpus.group[members], kind="stable")]
        self.group_at = np.searchsorted(corpus.group[self.by_group], np.arange(int(corpus.group.max()) + 2))

    def draw(self) -> tuple[Bag, Bag]:
        """One batch: some documents by weight, for each a few more of its group."""
        options, rng = self.options, self.rng
        seeds = rng.choice(self.corpus.documents, options.batch // options.same_group, p=self.weight)
        groups = self.corpus.group[seeds]
        sizes = self.group_at[groups + 1] - self.group_at[groups]
        picks = rng.integers(0, 1 << 30, (len(seeds), options.same_group)) % sizes[:, None]
        documents = np.unique(self.by_group[(self.group_at[groups][:, None] + picks).ravel()])
        rng.shuffle(documents)
        pairs = [pair for document in documents if (pair := self._pair(int(document))) is not None]
        return self._bag([left for left, _ in pairs]), self._bag([right for _, right in pairs])

    def _pair(self, document: int) -> tuple[Ints, Ints] | None:
        corpus, options, rng = self.corpus, self.options, self.rng
        first, last = corpus.document_at[document], corpus.document_at[document + 1]
        at = corpus.unit_at
        whole = corpus.flat[at[first] : at[last]]
        if last - first < 2:
            return None
        if at[first + 1] > at[first] and rng.random() < options.title_share:
            asked = first
        else:
            asked = int(first + 1 + rng.integers(0, last - first - 1))
        question = corpus.flat[at[asked] : at[asked + 1]]
        if asked != first and len(question) > 6 and rng.random() < options.span_share:
            length = int(rng.integers(3, min(len(question), 16)))
            start = int(rng.integers(0, len(question) - length + 1))
            question = question[start : start + length]
        if len(question) > 3:
            question = question[rng.random(len(question)) > rng.random() * 2 * options.drop]
        answer = whole
        if rng.random() > options.keep_share:
            answer = np.concatenate([corpus.flat[at[first] : at[asked]], corpus.flat[at[asked + 1] : at[last]]])
        if len(answer) > options.cap:
            if rng.random() < 0.7:
                answer = rng.choice(answer, options.cap, replace=False)
            else:
                start = int(rng.integers(0, len(answer) - options.cap))
                answer = answer[start : start + options.cap]
        return (question[:40], answer) if len(question) and len(answer) > 1 else None

    def _bag(self, texts: Sequence[Ints]) -> Bag:
        rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        pieces = np.concatenate(texts)
        splits = self.corpus.splits
        chosen = (splits[pieces, 0] > 0) & (self.rng.random(len(pieces)) < self.options.split)
        pieces, rows = (
            np.concatenate([np.where(chosen, splits[pieces, 0], pieces), splits[pieces[chosen], 1]]),
            np.concatenate([rows, rows[chosen]]),
        )
        ones = np.ones(len(pieces), dtype=np.float32)
        bag = sp.csr_matrix((ones, (rows, pieces)), shape=(len(texts), self.corpus.size))
        bag.sum_duplicates()
        return bag


def loss_of(table: torch.Tensor, questions: Bag, answers: Bag, scale: float) -> torch.Tensor:
    """Each question must find its answer among all answers of the batch, and the other way round."""
    left = torch.nn.functional.normalize(Product.apply(table, questions), dim=1)
    right = torch.nn.functional.normalize(Product.apply(table, answers), dim=1)
    scores = scale * left @ right.T
    truth = torch.arange(len(scores))
    cross_entropy = torch.nn.functional.cross_entropy
    return (cross_entropy(scores, truth) + cross_entropy(scores.T, truth)) / 2


def train(corpus: Corpus, table: Floats, steps: int, seed: int, options: Options) -> tuple[Floats, list[str]]:
    """The trained table and a log of held-out losses; the state with the lowest one is returned."""
    held_out = np.random.default_rng(seed).random(corpus.documents) < 0.02
    pairs = Pairs(corpus, ~held_out, options, seed)
    tests = [Pairs(corpus, held_out, options, seed + 1).draw() for _ in range(2)]
    weights = torch.nn.Parameter(torch.from_numpy(table.copy()))
    rate = options.rate * float(weights.detach().norm(dim=1).mean())
    optimiser = torch.optim.Adam([weights], lr=rate)
    best, best_table, log = float("inf"), table, []
    started = time.monotonic()
    for step in range(1, steps + 1):
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, step / 20) * max(0.05, 1 - step / steps)
        loss = loss_of(weights, *pairs.draw(), options.scale)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        if step % 20 == 0 or step == steps:
            with torch.no_grad():
                unseen = float(np.mean([float(loss_of(weights, *test, options.scale)) for test in tests]))
            log.append(
                f"step {step}: loss {loss.item():.4f}, held out {unseen:.4f}, {time.monotonic() - started:.0f} s"
            )
            print(log[-1], flush=True)
            if unseen < best:
                best, best_table = unseen, weights.detach().numpy().copy()
    return best_table, log


def save(folder: Path, tokenizer: Tokenizer, table: Floats) -> None:
    """Writes the folder as sentence-transformers knows it."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    scaled = table / np.linalg.norm(table, axis=1).max()
    save_file({"embedding.weight": scaled.astype(np.float16)}, folder / "model.safetensors")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    (folder / "modules.json").write_text(json.dumps(modules, indent=1), encoding="utf-8")
    stated = {"prompts": {}, "default_prompt_name": None, "similarity_fn_name": "cosine"}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(stated, indent=1), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, action="append", required=True, help="JSON lines or a folder of .txt")
    parser.add_argument("--weight", type=float, action="append", help="how often to draw from each corpus, in order")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, default=32_000, help="pieces in the vocabulary")
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    texts: list[Text] = []
    weights: list[float] = []
    for number, path in enumerate(given.corpus):
        found = list(read_corpus(path))
        texts.extend(found)
        weights.extend([(given.weight or [1.0] * len(given.corpus))[number]] * len(found))
        print(f"{path.name}: {len(found)} documents", flush=True)
    plain = [f"{text.title}\n{text.body}" for text in texts]
    tokenizer = learn_tokenizer(plain, given.size, random.Random(given.seed))
    print(f"{tokenizer.get_vocab_size()} pieces", flush=True)
    corpus = number_corpus(texts, tokenizer, weights)
    table = first_table(corpus.counts(), given.dimension, given.seed)
    table, _ = train(corpus, table, given.steps, given.seed, Options())
    save(given.out, tokenizer, table)


if __name__ == "__main__":
    main()
