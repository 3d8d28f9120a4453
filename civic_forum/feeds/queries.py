"""What stands in each feed: the newest that everybody may read, in one or two statements."""

from collections.abc import Iterable

import sqlalchemy as sa

from civic_forum.answers import words as answer_words
from civic_forum.answers.models import Answer, AnswerVersion
from civic_forum.answers.rules import AnswerState
from civic_forum.district import words as district_words
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.journeys import words as journeys
from civic_forum.journeys.models import JourneyEntry
from civic_forum.kernel import rich_text
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _
from civic_forum.kernel.paging import EPOCH
from civic_forum.kernel.plain_text import clean
from civic_forum.outcomes import words as outcome_words
from civic_forum.outcomes.models import Outcome, OutcomeVersion
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.records import READABLE

from .atom import Feed, Item

MOST = 30
"""Entries of a feed: programs that read it ask every few minutes."""
MOST_WORDS = 500


def proposals() -> Feed:
    return Feed("/feeds/proposals.atom", "/proposals", _("새 정책제안"), list(_proposals()), EPOCH)


def of_neighbourhood(neighbourhood_id: int) -> Feed:
    """Raises NotFound."""
    neighbourhood = db.session.get(Neighbourhood, neighbourhood_id)
    if neighbourhood is None:
        raise NotFound(_("그런 동은 없어요. 소식 구독 안내에서 골라 주세요."))
    items = list(_proposals(Proposal.neighbourhood_id == neighbourhood_id))
    return Feed(f"/feeds/neighbourhoods/{neighbourhood_id}.atom", f"/proposals?neighbourhood={neighbourhood_id}",
                _("%(name)s의 새 정책제안", name=neighbourhood.name), items, EPOCH)


def _proposals(*only: sa.ColumnElement[bool]) -> Iterable[Item]:
    found = db.session.execute(
        sa.select(Proposal.number, Proposal.title, Proposal.excerpt, Proposal.category, Proposal.published_at,
                  Proposal.edited_at)
        .where(READABLE, *only).order_by(Proposal.published_at.desc(), Proposal.id.desc()).limit(MOST))
    for number, title, excerpt, category, published_at, edited_at in found:
        yield Item(f"/proposals/{number}", f"proposal/{number}", title, excerpt, published_at,
                   max(published_at, edited_at or published_at), str(district_words.CATEGORY[category]))


def journey(number: str) -> Feed:
    """What a proposal goes through. Raises NotFound for one that not everybody may read."""
    proposal = db.session.execute(sa.select(Proposal.title, Proposal.journey_id, Proposal.published_at)
                                  .where(Proposal.number == number, READABLE)).one_or_none()
    if proposal is None:
        raise NotFound(_("그런 제안은 없어요. 거두었거나 번호가 다를 수 있어요."))
    steps = db.session.execute(
        sa.select(JourneyEntry.id, JourneyEntry.step, JourneyEntry.at, JourneyEntry.evidence, JourneyEntry.link)
        .where(JourneyEntry.journey_id == proposal.journey_id)
        .order_by(JourneyEntry.at.desc(), JourneyEntry.id.desc()).limit(MOST))
    items = [Item(link or f"/proposals/{number}", f"proposal/{number}/step/{entry_id}", journeys.title(step),
                  evidence or proposal.title, at, at) for entry_id, step, at, evidence, link in steps]
    return Feed(f"/feeds/proposals/{number}.atom", f"/proposals/{number}",
                _("%(title)s 처리 과정", title=proposal.title), items, proposal.published_at)


def answers() -> Feed:
    corrected = sa.select(AnswerVersion.at).where(
        AnswerVersion.answer_id == Answer.id, AnswerVersion.version == Answer.version).scalar_subquery()
    found = db.session.execute(
        sa.select(Answer.id, Answer.outcome, Answer.text_html, Answer.published_at, corrected, Proposal.number,
                  Proposal.title, Department.name)
        .join(Proposal, Proposal.id == Answer.proposal_id).join(Department, Department.id == Answer.department_id)
        .where(Answer.state == AnswerState.PUBLISHED, READABLE)
        .order_by(Answer.published_at.desc(), Answer.id.desc()).limit(MOST))
    items = [Item(f"/proposals/{number}#answer-{answer_id}", f"answer/{answer_id}",
                  _("%(title)s 부서 답변", title=title), _said(outcome and answer_words.OUTCOME[outcome], html),
                  published_at, max(published_at, at or published_at), department)
             for answer_id, outcome, html, published_at, at, number, title, department in found]
    return Feed("/feeds/answers.atom", "/proposals?state=answered", _("새 부서 답변"), items, EPOCH)


def outcomes() -> Feed:
    corrected = sa.select(OutcomeVersion.at).where(
        OutcomeVersion.outcome_id == Outcome.id, OutcomeVersion.version == Outcome.version).scalar_subquery()
    found = db.session.execute(
        sa.select(Outcome.id, Outcome.title, Outcome.decision, Outcome.reasons_html, Outcome.published_at, corrected,
                  Department.name)
        .outerjoin(Department, Department.id == Outcome.department_id)
        .where(Outcome.published_at.is_not(None))
        .order_by(Outcome.published_at.desc(), Outcome.id.desc()).limit(MOST))
    items = [Item(f"/outcomes/{outcome_id}", f"outcome/{outcome_id}", title,
                  _said(decision and outcome_words.DECISION[decision], reasons), published_at,
                  max(published_at, at or published_at), department)
             for outcome_id, title, decision, reasons, published_at, at, department in found]
    return Feed("/feeds/outcomes.atom", "/outcomes", _("새 결과"), items, EPOCH)


def _said(first: object, html: str) -> str:
    """The beginning of what was written, as one line of plain text."""
    words = clean(rich_text.text_of(html))
    words = words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS]}…"
    return f"{first}. {words}" if first else words
