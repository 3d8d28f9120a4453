"""Entries of each feed: the newest that everybody may read, in few statements, and some for each changed promise."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import sqlalchemy as sa

from civic_forum.answers import labels as answer_words
from civic_forum.answers.models import Answer, AnswerVersion
from civic_forum.answers.rules import AnswerState
from civic_forum.ballots import voted
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting import queries as tallies
from civic_forum.ballots.published import heads
from civic_forum.ballots.labels import HEAD
from civic_forum.blocks.listing import Listing, declare
from civic_forum.blocks.orders import Order, Row
from civic_forum.commitments import labels as commitment_words
from civic_forum.commitments.models import Commitment, CommitmentEntry
from civic_forum.commitments.rules import EntryKind
from civic_forum.commitments.story import district_names, last_change
from civic_forum.district.models import Department
from civic_forum.district.queries import category_names, neighbourhood_names
from civic_forum.journeys import labels as journeys
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform import rich_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.paging import EPOCH
from civic_forum.platform.plain_text import clean
from civic_forum.outcomes import labels as outcome_words
from civic_forum.outcomes.models import Outcome, OutcomeVersion
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries import listing
from civic_forum.proposals.queries.records import READABLE

from .atom import Feed, Item

MOST = 30
"""Entries of a feed: programs that read it ask every few minutes."""
MOST_WORDS = 500


def proposals() -> Feed:
    return Feed("/feeds/proposals.atom", "/proposals", _("새 정책제안"), _proposals(), EPOCH)


def of_neighbourhood(neighbourhood_id: int) -> Feed:
    """Raises NotFound."""
    name = existing(neighbourhood_names().get(neighbourhood_id), lambda: NotFound(_("그런 동은 없어요. 소식 구독 안내에서 골라 주세요.")))
    return Feed(f"/feeds/neighbourhoods/{neighbourhood_id}.atom", f"/proposals?neighbourhood={neighbourhood_id}",
                _("%(name)s의 새 정책제안", name=name), _proposals({"neighbourhood": neighbourhood_id}), EPOCH)


def _items(listing: Listing, entry: Callable[[Row], Item], values: Mapping[str, object] | None = None) -> list[Item]:
    """The newest rows of a list as entries."""
    return [entry(row) for row in listing.of(values).page(limit=MOST).items]


def _proposals(values: Mapping[str, object] | None = None) -> list[Item]:
    names = category_names()
    return _items(PROPOSALS, lambda row: Item(
        f"/proposals/{row.number}", f"proposal/{row.number}", row.title, row.excerpt, row.published_at,
        max(row.published_at, row.edited_at or row.published_at), names[row.category]), values)


def journey(number: str) -> Feed:
    """Journey of a proposal. Raises NotFound for one that not everybody may read."""
    proposal = existing(db.session.execute(sa.select(Proposal.title, Proposal.journey_id, Proposal.published_at)
                                           .where(Proposal.number == number, READABLE)).one_or_none(),
                        lambda: NotFound(_("그런 제안은 없어요. 거두었거나 번호가 다를 수 있어요.")))
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
    ballot_box = boxes.by_hex(box)
    if ballot_box.opened_at is None or ballot_box.rehearsal:
        raise boxes.missing()
    page, title = voted.of(ballot_box).url, boxes.title(ballot_box)
    signed = [(count.at, f"count/{count.number}", _("%(count)s명이 참여했어요", count=f"{count.voters:,}"),
               _("%(title)s: 서명한 참여 수 %(number)s", title=title, number=count.number))
              for count in tallies.counts_of(ballot_box.id)]
    signed += [(head.at, f"head/{head.number}", str(HEAD[head.kind]),
                _("%(title)s: 기록 %(size)s개, 확인값 %(root)s", title=title, size=f"{head.size:,}", root=head.root.hex()))
               for head in heads.of_box(ballot_box.id)]
    items = [Item(page, f"vote/{box}/{name}", head, text, at, at) for at, name, head,
             text in sorted(signed)[:-MOST - 1:-1]]
    return Feed(f"/feeds/votes/{box}.atom", page, _("%(title)s 참여 수와 기록 확인값", title=title), items, ballot_box.opened_at)


def _answers() -> sa.Select:
    corrected = sa.select(AnswerVersion.at).where(
        AnswerVersion.answer_id == Answer.id, AnswerVersion.version == Answer.version).scalar_subquery()
    return (sa.select(Answer.id, Answer.outcome, Answer.text_html, Answer.published_at, corrected.label("corrected_at"),
                      Proposal.number, Proposal.title, Department.name.label("department"))
            .join(Proposal, Proposal.id == Answer.proposal_id).join(Department, Department.id == Answer.department_id)
            .where(Answer.state == AnswerState.PUBLISHED, READABLE))


def _outcomes() -> sa.Select:
    corrected = sa.select(OutcomeVersion.at).where(
        OutcomeVersion.outcome_id == Outcome.id, OutcomeVersion.version == Outcome.version).scalar_subquery()
    return (sa.select(Outcome.id, Outcome.title, Outcome.decision, Outcome.reasons_html, Outcome.published_at,
                      corrected.label("corrected_at"), Department.name.label("department"))
            .outerjoin(Department, Department.id == Outcome.department_id).where(Outcome.published_at.is_not(None)))


def _commitments() -> sa.Select:
    entries = sa.select(CommitmentEntry.decided_at).where(CommitmentEntry.commitment_id == Commitment.id,
                                                          CommitmentEntry.place.is_not(None))
    first, last = (entries.order_by(order).limit(1).scalar_subquery()
                   for order in (CommitmentEntry.place, CommitmentEntry.place.desc()))
    changed = sa.exists().where(CommitmentEntry.commitment_id == Commitment.id, CommitmentEntry.place.is_not(None),
                                CommitmentEntry.kind == EntryKind.FACTS, CommitmentEntry.number > 1)
    return (sa.select(Commitment.id, Commitment.title, Commitment.goal, Commitment.status, Commitment.promised_on,
                      changed.label("changed"),
                      first.label("published_at"), last.label("moved_at"), Department.name.label("department"))
            .outerjoin(Department, Department.id == Commitment.department_id))


def _newest(model) -> tuple[Order, ...]:
    return (Order("newest", None, (model.published_at.desc(), model.id.desc())),)


PROPOSALS = declare(replace(listing.PROPOSALS, name="feed proposals",
                            select=lambda: listing.public().add_columns(Proposal.edited_at)))
ANSWERS = declare(Listing("feed answers", _answers, _newest(Answer)))
OUTCOMES = declare(Listing("feed outcomes", _outcomes, _newest(Outcome)))
_BY_DAY = (Order("newest", None, (Commitment.promised_on.desc(), Commitment.id.desc())),)
COMMITMENTS = declare(Listing("feed commitments", _commitments, _BY_DAY))


def answers() -> Feed:
    return Feed("/feeds/answers.atom", "/proposals?state=answered", _("새 부서 답변"), _items(ANSWERS, lambda row: Item(
        f"/proposals/{row.number}#answer-{row.id}", f"answer/{row.id}", _("%(title)s 부서 답변", title=row.title),
        _said(row.outcome and answer_words.outcome(row.outcome, row.published_at), row.text_html), row.published_at,
        max(row.published_at, row.corrected_at or row.published_at), row.department)), EPOCH)


def outcomes() -> Feed:
    return Feed("/feeds/outcomes.atom", "/outcomes", _("새 결과"), _items(OUTCOMES, lambda row: Item(
        f"/outcomes/{row.id}", f"outcome/{row.id}", row.title,
        _said(row.decision and outcome_words.DECISION[row.decision], row.reasons_html), row.published_at,
        max(row.published_at, row.corrected_at or row.published_at), row.department)), EPOCH)


def commitments() -> Feed:
    names = cache(district_names)
    return Feed("/feeds/commitments.atom", "/commitments", _("새 약속"), _items(COMMITMENTS, lambda row: Item(
        f"/commitments/{row.id}", f"commitment/{row.id}", row.title,
        _said(row.status and commitment_words.STATUS[row.status], row.goal,
              *(last_change(row.id, names) if row.changed else ())), row.published_at,
        max(row.published_at, row.moved_at or row.published_at), row.department)), EPOCH)


def _said(first: object, html: str, *changes: str) -> str:
    """Changes, then the beginning of what was written, as one line of plain text."""
    words = clean(rich_text.text_of(html))
    words = words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS]}…"
    return ". ".join([*changes, *([str(first)] if first else []), words])
