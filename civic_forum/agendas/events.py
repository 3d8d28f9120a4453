"""Events of agendas, and of proposals that are grouped or merged."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AgendaPublished:
    """Everybody can read it from now on."""

    agenda_id: int


@dataclass(frozen=True)
class AgendaEdited:
    agenda_id: int
    version: int


@dataclass(frozen=True)
class AgendaNextTold:
    """It is said what comes next, perhaps a vote that decides about it."""

    agenda_id: int


@dataclass(frozen=True)
class AgendaMoved:
    """It is in another state."""

    agenda_id: int


@dataclass(frozen=True)
class AgendaMerged:
    """Another agenda carries on what this one holds; each proposal that is new there was told as grouped."""

    agenda_id: int
    into_id: int


@dataclass(frozen=True)
class AgendaMergeUndone:
    """It stands by itself again, as before."""

    agenda_id: int
    into_id: int


@dataclass(frozen=True)
class ProposalGrouped:
    """A proposal belongs to an agenda that everybody can read. Told when the two first become public together."""

    agenda_id: int
    proposal_id: int
    link_id: int


@dataclass(frozen=True)
class ProposalUngrouped:
    agenda_id: int
    proposal_id: int
    link_id: int


@dataclass(frozen=True)
class ProposalMerged:
    """Two proposals say the same; `into_id` carries both on."""

    merge_id: int
    merged_id: int
    into_id: int


@dataclass(frozen=True)
class MergeUndone:
    """The proposal stands by itself again, as before."""

    merge_id: int
    merged_id: int
    into_id: int


@dataclass(frozen=True)
class AuthorObjected:
    """An author does not want their proposal grouped, or merged, like this."""

    objection_id: int


@dataclass(frozen=True)
class ObjectionAnswered:
    objection_id: int
