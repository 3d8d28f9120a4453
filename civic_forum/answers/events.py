"""Events between the office and those who proposed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DutyChanged:
    """A clock began, stopped, went on or ended."""

    proposal_id: int | None


@dataclass(frozen=True)
class ProposalAssigned:
    """A department has it on its table, to answer (`is_lead`) or to say what it thinks."""

    proposal_id: int
    department_id: int
    is_lead: bool


@dataclass(frozen=True)
class ProposalFiled:
    """Its author made it a formal proposal; the clock runs."""

    proposal_id: int


@dataclass(frozen=True)
class ProposalReturned:
    """The department that had it to answer gave it back: nobody has it."""

    proposal_id: int
    assignment_id: int


@dataclass(frozen=True)
class ProposalReferred:
    """Passed on as a civil complaint or to another body; the office here owes no answer any more."""

    proposal_id: int


@dataclass(frozen=True)
class ReferralUndone:
    """A referral was undone: it is answered here after all; the time away does not count."""

    proposal_id: int


@dataclass(frozen=True)
class CompletionRequested:
    """The author was asked to complete the proposal; the clock stands still."""

    proposal_id: int


@dataclass(frozen=True)
class ProposalCompleted:
    """Its author gave what was asked for; the clock goes on."""

    proposal_id: int
    pause_id: int


@dataclass(frozen=True)
class AnswerSubmitted:
    """Waits for a second official of the department."""

    answer_id: int
    proposal_id: int


@dataclass(frozen=True)
class AnswerSentBack:
    """An answer goes back to its writer, with a reason."""

    answer_id: int
    proposal_id: int


@dataclass(frozen=True)
class CorrectionSubmitted:
    """The next version of a published answer waits for a second official of the department."""

    answer_id: int


@dataclass(frozen=True)
class AnswerPublished:
    """Everybody can read it from now on; `version` above 1 is a correction of what was published."""

    answer_id: int
    proposal_id: int
    version: int


@dataclass(frozen=True)
class SecondReviewAsked:
    """An author whose proposal was declined asks for another look."""

    proposal_id: int


@dataclass(frozen=True)
class ProposalCarriedOn:
    """An official says that what was decided is being carried out, or is done, and tells what shows it."""

    proposal_id: int
    told: str = ""
    is_done: bool = False


@dataclass(frozen=True)
class DutyGiven:
    """A department owes an answer about something other than a proposal."""

    duty_id: int


@dataclass(frozen=True)
class LaterAnswerSubmitted:
    """Waits for a second official of the department, as its text or as a correction."""

    later_answer_id: int


@dataclass(frozen=True)
class LaterAnswerSentBack:
    """Goes back to its writer, with a reason."""

    later_answer_id: int


@dataclass(frozen=True)
class LaterAnswerPublished:
    """Everybody can read it from now on; `version` above 1 is a correction."""

    later_answer_id: int
    version: int
