"""Questions as they are read: the first few, all of them in pages, one with what is grouped under it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from civic_forum.answers.models import Duty
from civic_forum.platform import clock, paging
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _

from ..models import Forum
from . import rules
from .models import Question, QuestionSupport
from .rules import Sort

FIRST, MINE, SEEN, PAGE = 5, 3, 20, 30
NEW_FOR = timedelta(minutes=10)
"""So long a question that waits stands first on the console."""
RANK = sa.case((Question.hidden_at.is_not(None), 2), (Question.answered_at.is_not(None), 1), else_=0)
"""As `rules.standing`."""
ORDER = {Sort.SUPPORTED: (RANK, Question.support_count.desc(), Question.id), Sort.NEWEST: (Question.id.desc(),)}


@dataclass(frozen=True)
class Questions:
    """Some questions of a forum, and what of them is the viewer's."""

    lines: list[Question]
    total: int = 0
    """How many stand in the list, without those that are grouped or hidden."""
    supported: frozenset[int] = frozenset()
    """Those of the forum that the viewer supports: of others than these the page hears later."""
    after: str | None = None
    mine: tuple[Question, ...] = ()
    """The last few of the viewer, grouped and hidden ones too; of the page of the hall alone."""

    newest: Question | None = None
    """Of the host's console alone."""
    places: Mapping[int, int] = field(default_factory=dict)
    """By id, the place in the order of supports of those that wait: of the viewer's, and of pieces drawn again."""

    @property
    def others(self) -> list[Question]:
        """The first few but those of the viewer."""
        return [question for question in self.lines if question not in self.mine]


def _all(forum_id: int) -> sa.Select[tuple[Question]]:
    return (sa.select(Question).filter_by(forum_id=forum_id)
            .options(joinedload(Question.user), joinedload(Question.table), joinedload(Question.duty).options(
                joinedload(Duty.department), joinedload(Duty.later))))


def heard(forum_id: int) -> list[Question]:
    """Those that stand by themselves, in the order in which they were asked."""
    return list(db.session.scalars(_listed(forum_id).order_by(Question.id).limit(rules.MOST_HEARD)))


def _listed(forum_id: int) -> sa.Select[tuple[Question]]:
    return _all(forum_id).where(Question.grouped_under_id.is_(None))


def _counted(forum_id: int) -> sa.ScalarSelect[int]:
    other = aliased(Question)
    return (sa.select(sa.func.count()).select_from(other).where(
        other.forum_id == forum_id, other.grouped_under_id.is_(None), other.hidden_at.is_(None)).scalar_subquery())


def _supported_by(forum_id: int, viewer) -> sa.ColumnElement[str | None]:
    """Ids in a text, with spaces between."""
    if not viewer.is_authenticated:
        return sa.null()
    other = aliased(Question)
    return (sa.select(sa.func.aggregate_strings(sa.cast(other.id, sa.Text), " ")).join_from(
        QuestionSupport, other, other.id == QuestionSupport.question_id).where(
        other.forum_id == forum_id, QuestionSupport.user_id == viewer.id).scalar_subquery())


def _together(questions: sa.Select, forum_id: int, viewer) -> sa.Select:
    return questions.add_columns(_supported_by(forum_id, viewer).label("mine"), _counted(forum_id).label("total"))


def _some(rows: Sequence[sa.Row], of_all: sa.Row | None, after: str | None = None) -> Questions:
    if of_all is None:
        return Questions([])
    return Questions([row.Question for row in rows], of_all.total, frozenset(map(int, (of_all.mine or "").split())),
                     after)


def part(forum: Forum, viewer) -> Questions:
    """The first few: most supported first, unanswered before answered. And the viewer's last few."""
    order = ORDER[Sort.SUPPORTED]
    wanted = [sa.select(Question.id).filter_by(forum_id=forum.id, grouped_under_id=None).order_by(*order).limit(FIRST)]
    if viewer.is_authenticated:
        wanted.append(sa.select(Question.id).filter_by(forum_id=forum.id, user_id=viewer.id)
                      .order_by(Question.id.desc()).limit(MINE))
    place = _place() if viewer.is_authenticated else sa.null()
    query = _together(_all(forum.id), forum.id, viewer).add_columns(place.label("place"))
    rows = db.session.execute(query.where(sa.or_(*(
        Question.id.in_(sa.select(ids.subquery().c.id)) for ids in wanted))).order_by(*order)).all()
    listed = [row for row in rows if row.Question.grouped_under_id is None][:FIRST]
    own = sorted((row.Question for row in rows if viewer.is_authenticated and row.Question.user_id == viewer.id),
                 key=lambda question: -question.id)
    return replace(_some(listed, rows[0] if rows else None), mine=tuple(own[:MINE]), places={
        row.Question.id: row.place for row in rows if row.Question in own and row.Question.waits})


def console(forum: Forum, viewer) -> Questions:
    """Those that a host looks at: new ones that wait first, the newest on top, then the most supported."""
    wanted = [sa.select(Question.id).filter_by(forum_id=forum.id, grouped_under_id=None).order_by(*order).limit(SEEN)
              for order in ORDER.values()]
    rows = db.session.execute(_together(_all(forum.id), forum.id, viewer).where(sa.or_(*(
        Question.id.in_(sa.select(ids.subquery().c.id)) for ids in wanted))).order_by(*ORDER[Sort.SUPPORTED])).all()
    shown, since = _some(rows, rows[0] if rows else None), clock.now() - NEW_FOR
    new = [question for question in shown.lines
           if question.asked_at > since and not question.answered_at and not question.hidden_at]
    new.sort(key=lambda question: -question.id)
    return replace(shown, lines=[*new, *(question for question in shown.lines if question not in new)],
                   newest=max((question for question in shown.lines if not question.hidden_at),
                               key=lambda question: question.id, default=None))


def newest(forum_id: int) -> Question | None:
    """The last that stands in the list and is not hidden."""
    return db.session.scalar(_listed(forum_id).where(Question.hidden_at.is_(None))
                             .order_by(*ORDER[Sort.NEWEST]).limit(1))


def page(forum: Forum, viewer, sort: Sort, after: str | None = None) -> Questions:
    """A page of all of them. Raises Invalid for a token that is none."""
    statement = _together(_listed(forum.id), forum.id, viewer)
    if sort is Sort.NEWEST:
        if token := paging.parts(after, int):
            statement = statement.where(Question.id < token[0])
    elif token := paging.parts(after, int, int, int):
        statement = statement.where(sa.tuple_(RANK, -Question.support_count, Question.id) > sa.tuple_(
            *(sa.literal(number, Question.id.type) for number in token)))
    rows = db.session.execute(statement.order_by(*ORDER[sort]).limit(PAGE + 1)).all()
    cut = paging.page_of(rows, PAGE, lambda row: (row.Question.id,) if sort is Sort.NEWEST else row.Question.standing)
    return _some(cut.items, rows[0] if rows else None, cut.after)


def places(forum_id: int, questions: Collection[Question]) -> dict[int, int]:
    """Places of those of them that wait for an answer, in the order of supports; one statement if any does."""
    ids = [question.id for question in questions if question.waits]
    return dict(db.session.execute(sa.select(Question.id, _place()).where(
        Question.forum_id == forum_id, Question.id.in_(ids))).all()) if ids else {}


def _place() -> sa.ScalarSelect[int]:
    """Place of a question that waits among those that do."""
    other = aliased(Question)
    return (sa.select(sa.func.count()).where(
        other.forum_id == Question.forum_id, other.grouped_under_id.is_(None), other.hidden_at.is_(None),
        other.answered_at.is_(None), sa.or_(other.support_count > Question.support_count, sa.and_(
            other.support_count == Question.support_count, other.id <= Question.id)))
        .correlate(Question).scalar_subquery())


def total(forum_id: int) -> int:
    return db.session.scalar(sa.select(_counted(forum_id))) or 0


def of_ids(forum_id: int, ids: Collection[int]) -> list[Question]:
    return list(db.session.scalars(_all(forum_id).where(Question.id.in_(ids)).order_by(Question.id)))


def question(forum_id: int, question_id: int) -> Question:
    """Raises NotFound."""
    return existing(db.session.scalar(_all(forum_id).filter_by(id=question_id)), missing)


def missing() -> NotFound:
    return NotFound(_("여기에 그런 질문이 없어요. 질문 목록에서 찾아보세요."))


def held(forum_id: int, question_id: int) -> Question:
    """The question read again; the forum's lock, which the caller holds, guards it. Raises NotFound."""
    return existing(db.session.scalar(sa.select(Question).filter_by(forum_id=forum_id, id=question_id)
                                      .execution_options(populate_existing=True)), missing)


def has_asked(forum_id: int, user_id: int, text: str, since: datetime) -> bool:
    """True for somebody who asked in these words after that."""
    return db.session.scalar(sa.select(sa.exists().where(
        Question.forum_id == forum_id, Question.user_id == user_id, Question.text == text,
        Question.asked_at > since))) or False


def grouped(forum_id: int) -> dict[int, int]:
    """Questions of the forum that are grouped, and under which."""
    return dict(db.session.execute(sa.select(Question.id, Question.grouped_under_id).where(
        Question.forum_id == forum_id, Question.grouped_under_id.is_not(None))).all())


def supporters(question_ids: Collection[int]) -> int:
    """Number of people who support any of these, each once."""
    return db.session.scalar(sa.select(sa.func.count(QuestionSupport.user_id.distinct())).where(
        QuestionSupport.question_id.in_(question_ids))) or 0


def support(question_id: int, user_id: int) -> QuestionSupport | None:
    return db.session.get(QuestionSupport, (question_id, user_id))


def topics(ids: sa.Select) -> sa.Select:
    """Those with these ids, as lists of what is owed name them."""
    url = sa.literal("/forums/") + Forum.slug + "/questions/" + sa.cast(Question.id, sa.Text)
    return sa.select(Question.id, sa.case((Question.hidden_at.is_(None), Question.text)).label("title"),
                     Question.support_count, url.label("url")).join(Forum, Forum.id == Question.forum_id).where(
        Question.id.in_(ids))


def waiting_for(question: Question) -> sa.Select:
    """People who asked it or something grouped under it, and supporters of these."""
    together = rules.members(question.id, grouped(question.forum_id))
    people = sa.union(
        sa.select(Question.user_id).where(Question.id.in_(together), Question.user_id.is_not(None)),
        sa.select(QuestionSupport.user_id).where(QuestionSupport.question_id.in_(together))).subquery()
    return sa.select(people.c.user_id)


def members(forum_id: int, question_id: int) -> list[Question]:
    """Questions grouped under it, directly or through others, in the order in which it was asked."""
    together = rules.members(question_id, grouped(forum_id)) - {question_id}
    return of_ids(forum_id, together) if together else []


def supports(forum_id: int, viewer) -> frozenset[int]:
    """Of this forum, those that the viewer supports."""
    text = db.session.scalar(sa.select(_supported_by(forum_id, viewer)))
    return frozenset(map(int, (text or "").split()))


def heads(forum: Forum) -> Sequence[sa.Row]:
    """Number and words of what a question may be grouped under."""
    return db.session.execute(
        sa.select(Question.id, Question.text).where(
            Question.forum_id == forum.id, Question.grouped_under_id.is_(None), Question.hidden_at.is_(None))
        .order_by(*ORDER[Sort.SUPPORTED]).limit(200)).all()
