"""Facts of evaluations. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EvaluationOpened:
    """Everybody can read what is evaluated; members grade."""

    evaluation_id: int


@dataclass(frozen=True)
class EvaluationReleased:
    """Everybody can read the grades."""

    evaluation_id: int


@dataclass(frozen=True)
class EvaluationEdited:
    """A recommendation, or a change that was decided, came to it."""

    evaluation_id: int
