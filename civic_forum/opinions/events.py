"""Facts of consultations. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ConsultationEdited:
    consultation_id: int


@dataclass(frozen=True)
class ConsultationAnnounced:
    consultation_id: int


@dataclass(frozen=True)
class StatementDecided:
    """A resident's statement was published, refused or taken out."""

    statement_id: int


@dataclass(frozen=True)
class StatementAnswered:
    """The office said what came of a statement."""

    statement_id: int


@dataclass(frozen=True)
class SheetCounted:
    """Two people typed the same."""

    consultation_id: int
    sheet: int
