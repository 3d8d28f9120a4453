"""Events of proposals."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProposalHeld:
    """Handed in, waiting for a moderator."""

    proposal_id: int


@dataclass(frozen=True)
class ProposalPublished:
    """Everybody can read it from now on."""

    proposal_id: int


@dataclass(frozen=True)
class ProposalGivenBack:
    """A moderator returned it to its author with a reason."""

    proposal_id: int


@dataclass(frozen=True)
class ProposalEdited:
    proposal_id: int
    version: int


@dataclass(frozen=True)
class WithdrawalBegun:
    """Its author is about to withdraw it; nothing is locked yet. Whoever has to hold more than the proposal, or
    something before it, takes that now."""

    proposal_id: int


@dataclass(frozen=True)
class ProposalWithdrawn:
    proposal_id: int


@dataclass(frozen=True)
class ProposalLapsed:
    proposal_id: int


@dataclass(frozen=True)
class ProposalSupported:
    proposal_id: int
    user_id: int


@dataclass(frozen=True)
class SupportTakenBack:
    proposal_id: int
    user_id: int


@dataclass(frozen=True)
class ThresholdReached:
    """The office owes an answer from now on. Told once for a proposal, unless `ThresholdLost` came between."""

    proposal_id: int


@dataclass(frozen=True)
class StepReached:
    """Something more is owed from now on. Told once for a proposal and a step."""

    proposal_id: int
    supports: int
    owing: str
    """Word of `rules.Owing`."""
    days: int


@dataclass(frozen=True)
class ThresholdLost:
    """A merge that had carried it over the threshold was undone: it gathers support again, nothing is owed."""

    proposal_id: int


@dataclass(frozen=True)
class ProposalThrownAway:
    """A draft is gone for good."""

    proposal_id: int


@dataclass(frozen=True)
class ProposalsHidden:
    """Moderators hid them: everybody may know that, the text is for the author alone."""

    proposal_ids: tuple[int, ...]


@dataclass(frozen=True)
class ProposalsShown:
    """Hidden proposals can be read again."""

    proposal_ids: tuple[int, ...]
