"""Entries of each feed: the newest that everybody may read, in one or two statements."""

from collections.abc import Iterable

import sqlalchemy as sa

from civic_forum.answers import labels as answer_words
from civic_forum.answers.models import Answer, AnswerVersion
from civic_forum.answers.rules import AnswerState
from civic_forum.ballots import heads, voted
from civic_forum.ballots.labels import HEAD
from civic_forum.ballots.queries import boxes, tallies
from civic_forum.district import labels as district_words
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.journeys import labels as journeys
from civic_forum.journeys.models import JourneyEntry
from civic_forum.kernel import rich_text
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _
from civic_forum.kernel.paging import EPOCH
from civic_forum.kernel.plain_text import clean
from civic_forum.outcomes import labels as outcome_words
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
    """Journey of a proposal. Raises NotFound for one that not everybody may read."""
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


def vote(box: str) -> Feed:
    """Signed counts and heads of a vote: whoever keeps them holds the site to them. Raises NotFound before the opening,
    and for a rehearsal."""
    found = boxes.by_hex(box)
    if found.opened_at is None or found.rehearsal:
        raise boxes.missing()
    page, title = voted.of(found).url, boxes.title(found)
    signed = [(one.at, f"count/{one.number}", _("%(count)s명이 참여했어요", count=f"{one.voters:,}"),
               _("%(title)s: 서명한 참여 수 %(number)s", title=title, number=one.number))
              for one in tallies.counts_of(found.id)]
    signed += [(one.at, f"head/{one.number}", str(HEAD[one.kind]),
                _("%(title)s: 기록 %(size)s개, 확인값 %(root)s", title=title, size=f"{one.size:,}", root=one.root.hex()))
               for one in heads.of_box(found.id)]
    items = [Item(page, f"vote/{box}/{name}", head, text, at, at) for at, name, head,
             text in sorted(signed)[:-MOST - 1:-1]]
    return Feed(f"/feeds/votes/{box}.atom", page, _("%(title)s 참여 수와 기록 확인값", title=title), items, found.opened_at)


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
