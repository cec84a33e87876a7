"""What is worked out over all that is held: likely parents and reuse of text, for the graph ``inferred``."""

from __future__ import annotations

from pathlib import Path

from kg.inferred import Inference, inferred_parents, judged
from kg.review import Curated
from kg.works import Resolution
from search.reuse import Reuse
from search.reuse_cache import reuse_edges

__all__ = ["inferences"]

RUNS = "runs.sqlite"
"""The file in a data folder that keeps what was read for this; it may be deleted, and is then made again."""


def inferences(root: Path, resolution: Resolution, curated: Curated) -> list[Inference]:
    """All inferences that no person rejected. They depend on what is held and judged, never on the order of ingest."""
    found = [*inferred_parents(resolution), *map(_of_reuse, reuse_edges(resolution, root / RUNS))]
    return judged(found, resolution, curated)


def _of_reuse(reuse: Reuse) -> Inference:
    reason = f"{reuse.share:.0%} cụm từ của văn bản có trong văn bản kia ({reuse.runs} cụm năm từ)."
    return Inference(reuse.target, "reuses_text", reuse.source, min(round(reuse.share, 2), 0.99), reason)
