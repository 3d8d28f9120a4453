"""Events of budget rounds. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RoundAnnounced:
    """Everybody sees it now."""

    round_id: int


@dataclass(frozen=True)
class RoundEdited:
    """Its text, money, phases, limits or rules changed before the opening."""

    round_id: int


@dataclass(frozen=True)
class ProjectHandedIn:
    """A new project stands in a round."""

    project_id: int


@dataclass(frozen=True)
class ProjectEdited:
    """Its text, cost or place changed; a new version is kept."""

    project_id: int


@dataclass(frozen=True)
class ProjectMoved:
    """Its state changed (`rules.states.MOVES`), whoever moved it."""

    project_id: int


@dataclass(frozen=True)
class ProjectCarriedOut:
    """An official says on the project's own page that it has begun, or is done, and tells what shows it."""

    project_id: int
    told: str
    is_done: bool


@dataclass(frozen=True)
class ProjectsHidden:
    """Nobody but their proposers and moderators reads the texts of these any more."""

    project_ids: tuple[int, ...]


@dataclass(frozen=True)
class ProjectsShown:
    """They can be read again."""

    project_ids: tuple[int, ...]


@dataclass(frozen=True)
class ReviewHandedIn:
    """A department said what it thinks of a project; everybody reads it."""

    review_id: int
