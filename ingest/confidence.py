"""How sure a citation is: a small table from what its reading rests on to the share that proved right.

Read off the even rows of the annotated sentences and documents and off some 140 citations of other documents judged by
hand, up to twelve for each row of the table, then rounded down: the annotated rows were seen while the rules were
written, so their shares (nearly all 1) promise too much. On some 700 links that nobody had read before, "none" (no cue
at all: a mention, says the reader) and "list" did worse than they declared; their rows are what was found there.
``tests/test_ingest_confidence.py`` checks the odd rows:
at least 97 % right at 0.9 and above, at least 60 % of citations there, expected calibration error within 0.05.
"""

from __future__ import annotations

from ingest.drafts import Draft
from ingest.issuers import Issuer
from ingest.relations import Reading

__all__ = ["confidence_of"]

# What the relation rests on → share right. "near": the cue stands within 40 code points; "mid": 140; "far": more.
_READING: dict[str, float] = {
    "cue_near": 0.985,
    "clause_near": 0.97,
    "list": 0.955,
    "self": 0.98,
    "alias": 0.97,
    "passive": 0.96,
    "subject": 0.97,
    "lead": 0.95,
    "block": 0.95,
    "column": 0.93,
    "hindsight": 0.94,
    "none": 0.89,
    "cue_mid": 0.94,
    "clause_mid": 0.86,
    "nested": 0.85,
    "cue_far": 0.78,
    "clause_far": 0.78,
}

# What is taken off where the cue or the target itself is less sure.
_WEAK_CUE = {"theo": 0.02, "order": 0.01, "task": 0.01, "guides": 0.02, "issues": 0.01, "approves": 0.05}
_FORM = {"full": 0.0, "self": 0.0, "unnumbered": 0.03, "backref": 0.15, "bare": 0.2}
_NO_OWNER = 0.04
_NO_ANTECEDENT = 0.2


def confidence_of(draft: Draft, issuer: Issuer, reading: Reading, place: str) -> float:
    """The confidence of one citation, 0-1: "Căn cứ Nghị định số 98/2023/NĐ-CP …" is near 0.98."""
    value = _READING.get(reading.basis, 0.8)
    value -= _WEAK_CUE.get(reading.family or "", 0.0) + _FORM[draft.form]
    if draft.form == "full" and issuer.owner is None and reading.relation != "self":
        value -= _NO_OWNER
    if draft.form == "backref" and draft.antecedent is None:
        value -= _NO_ANTECEDENT
    if "proposed_change" in reading.flags:
        value -= 0.05
    if place == "annex" and reading.basis == "lead":
        value -= 0.08  # table cells that stand one below the other are no list
    return round(max(0.05, value), 3)
