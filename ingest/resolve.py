"""Mentions → works: from all documents together to one set of works, links and open questions.

A pure function of the set of documents and the verdicts: any order of ingest gives the same result, and a document
that comes or goes may retract what was concluded before. Each step stands in a module of its own:
``claims`` (keys that documents and citations claim), ``identity`` (blank numbers), ``linking`` (links, unresolved),
``gatherings`` (campaigns, anniversaries).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.claims import claim_works
from ingest.gatherings import gather_anniversaries, gather_campaigns
from ingest.held import LazyCutters
from ingest.identity import identify
from ingest.linking import link_works
from kg.persons import same_persons
from kg.reference import Reference
from kg.review import Curated
from kg.works import HeldFile, Resolution

__all__ = ["resolve"]


def resolve(
    held: Sequence[HeldFile],
    reference: Reference,
    *,
    curated: Curated | None = None,
    threshold: float = 0.7,
    aside: Path | None = None,
) -> Resolution:
    """Resolves every mention of ``held``; links at or above ``threshold`` are effective unless a person said no.

    Of many documents, works and links lie in files without a name in the folder ``aside``.
    """
    curated = curated or Curated()
    files = sorted(held, key=lambda file: file.sha256)
    claims = claim_works(files, reference, curated)
    identified, open_identities = identify(claims, curated)
    cutters = LazyCutters({file.sha256: file for file in files})
    works, links, unresolved = link_works(identified, cutters, reference, curated, threshold, aside)
    speaking = sorted(set(identified.keys.values()))
    campaigns, campaign_ties = gather_campaigns(works, speaking, cutters)
    anniversaries, commemorations = gather_anniversaries(works, speaking, cutters)
    return Resolution(
        works=works,
        links=links,
        unresolved=unresolved,
        open_identities=open_identities,
        campaigns=campaigns,
        campaign_ties=campaign_ties,
        anniversaries=anniversaries,
        commemorations=commemorations,
        persons=same_persons(
            (
                (signer.name, work.owner)
                for work in map(works.__getitem__, speaking)
                if (signer := work.files[0].said().metadata.signer)
            ),
            {
                pair: verdict.value == "accepted"
                for pair, verdict in curated.persons().items()
                if verdict.value != "unsure"
            },
        ),
    )
