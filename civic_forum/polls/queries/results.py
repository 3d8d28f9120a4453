"""The public result of a vote: the signed figures, and what stands around them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from civic_forum.ballots.models import BallotBox, Objection
from civic_forum.ballots.queries import answered, confirmations, objections
from civic_forum.ballots.queries.answered import Told
from civic_forum.ballots.queries.observed import Cell, Signed, cells, signed
from civic_forum.platform.base import db
from civic_forum.platform.i18n import Language, language

from ..models import Option, Poll, PollStep
from ..outcome import Answer, Finding, Place, answers, cut, finding, places
from ..rules import PollKind
from .detail import After


@dataclass(frozen=True)
class ResultRow:
    """One option of the result: what it is called, and its figures."""

    option: Option
    title: str
    place: Place | None
    """Where options were chosen."""
    answer: Answer | None
    """Where each is a question."""


@dataclass(frozen=True)
class Result:
    """A published result. Every figure is from the signed bytes that the record holds."""

    poll: Poll
    finding: Finding
    lines: list[ResultRow]
    """By votes, or questions by number."""
    cut: int | None
    """After how many lines the selection ends."""
    won: list[str]
    """The choice of the signed result, where few voted and no line has figures, or where a draw decided."""
    drawn: Mapping[str, Any]
    """The draw that decided between equals; {} where none was needed."""
    figures: dict
    """result.json of the record."""
    cells: list[Cell]
    quorum_reached: bool | None
    signed: Signed
    watched: Told
    objections: list[Objection]
    steps: Sequence[PollStep | After]

    @property
    def box(self) -> BallotBox:
        return self.poll.box

    @property
    def voters(self) -> int:
        """Everybody who took part: what bars are measured against."""
        return self.figures["turnout"]["total"]

    @property
    def shown(self) -> list[ResultRow]:
        """Rows that stand open: up to the cut, or the first ten; a few more rather than a fold of one or two."""
        end = self.cut or min(10, len(self.lines))
        return self.lines if self.cut is None and len(self.lines) - end <= 2 else self.lines[:end]

    @property
    def folded(self) -> list[ResultRow]:
        return self.lines[len(self.shown):]

    @property
    def selected(self) -> int:
        return sum(bool(line.place and line.place.selected) for line in self.lines)

    @property
    def first(self) -> list[ResultRow]:
        """The option with the most votes, or all that share that place."""
        return [line for line in self.lines if line.place and line.place.place == 1]


def of(poll: Poll, after: Sequence[PollStep | After] | None = None) -> Result | None:
    """The result as everybody may see it; None until it is published. `after`: what came of it, if that is known."""
    box = poll.box
    if box is None or box.published_at is None or box.result is None:
        return None
    figures = json.loads(box.result)
    steps = _steps(poll) if after is None else after
    asked, few, outcome = poll.kind is PollKind.YES_NO_EACH, "small" in figures, figures["outcome"]
    ranked = [] if asked or few else places(figures["totals"], _selected(steps))
    replies = answers(figures["totals"]) if asked and not few else []
    reached = bool(outcome["quorum"]) if "quorum" in outcome else None
    titles = {option.number: title_of(option) for option in poll.options}
    return Result(
        poll=poll, figures=figures, cut=cut(ranked), quorum_reached=reached, steps=steps,
        won=[titles[number] for number in outcome["selected"]] if few or "tied" in outcome else [],
        drawn=confirmations.draw_of(box.id) if few or "tied" in outcome else {},
        finding=finding(poll.kind, ranked, voters=figures["turnout"]["total"], quorum_reached=reached, few=few),
        lines=_lines(poll, ranked, replies), cells=cells(figures), signed=signed(box), watched=answered.told(box),
        objections=objections.public(box))


def title_of(option: Option) -> str:
    """In the language of the page where somebody wrote it."""
    spoken = option.texts.get(str(language()), {}) if language() is not Language.KO else {}
    return spoken.get("title") or option.title


def _lines(poll: Poll, ranked: Iterable[Place], replies: Iterable[Answer]) -> list[ResultRow]:
    options = {option.number: option for option in poll.options}
    return [ResultRow(options[place.number], title_of(options[place.number]), place, None) for place in ranked] + [
        ResultRow(options[answer.number], title_of(options[answer.number]), None, answer) for answer in replies]


def _selected(steps: Iterable[PollStep | After]) -> list[int] | None:
    """As the latest step that decided it says."""
    return next((step.selected for step in reversed(list(steps)) if step.selected is not None), None)


def _steps(poll: Poll) -> list[PollStep]:
    return list(db.session.scalars(sa.select(PollStep).filter_by(poll_id=poll.id).order_by(PollStep.at, PollStep.id)))
