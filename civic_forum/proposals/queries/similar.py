"""Similar proposals, for somebody who begins to write."""

from civic_forum.search import queries as search

from .listing import ProposalCard, of_ids

MOST = 4
LONGEST = 100


def similar_to(title: str, exclude: int | None = None) -> list[ProposalCard]:
    """Public proposals that have much in common with this title, the most similar first."""
    hits = search.similar(title[:LONGEST], "proposal", MOST, exclude=exclude)
    found = of_ids([hit.ref_id for hit in hits])
    return [found[hit.ref_id] for hit in hits if hit.ref_id in found]
