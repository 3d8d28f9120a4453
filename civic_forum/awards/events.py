"""Events of a round of awards."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProposalNominated:
    """Stands for an award; the author may decline until the round is published."""

    nominee_id: int
    proposal_id: int


@dataclass(frozen=True)
class AwardPublished:
    """Everybody can read the places, the reasons and the scores of a round; `proposal_ids` are those awarded."""

    round_id: int
    proposal_ids: tuple[int, ...]
