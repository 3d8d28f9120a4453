"""Lists of forums, alone and on the pages of what they are about."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.policy import is_moderator
from civic_forum.agendas.queries import links as agendas
from civic_forum.answers.models import Answer
from civic_forum.blocks import listing
from civic_forum.blocks.about import is_about
from civic_forum.blocks.filters import Filter
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import MOMENT, NUMBER, Order
from civic_forum.district.maps import DistrictMap, district_map
from civic_forum.platform import clock, paging
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL, _, _l, local
from civic_forum.platform.statements import made_once
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.listing import PROPOSALS, public
from civic_forum.proposals.rules import State

from .. import labels
from ..extensions import LISTED_ELSEWHERE
from ..models import Forum
from ..registration.models import Registration
from ..rules import Form, Place, Stage, listed_as

PUBLIC_STAGES = (Stage.LIVE, Stage.ANNOUNCED, Stage.FINISHED)
OF_STAGE = {
    Stage.PREPARING: sa.and_(Forum.announced_at.is_(None), Forum.opened_at.is_(None), Forum.closed_at.is_(None)),
    Stage.ANNOUNCED: sa.and_(Forum.announced_at.is_not(None), Forum.opened_at.is_(None), Forum.closed_at.is_(None)),
    Stage.LIVE: sa.and_(Forum.opened_at.is_not(None), Forum.closed_at.is_(None)),
    Stage.FINISHED: Forum.closed_at.is_not(None),
}
"""What `forums.rules.stage_of` says, as conditions."""
HELD = sa.and_(Forum.announced_at.is_not(None), Forum.opened_at.is_not(None), Forum.closed_at.is_not(None))
"""Condition of a gathering that was held and of which everybody knows."""


@dataclass(frozen=True)
class ForumCard:
    """A forum as a list shows it."""

    forum: Forum
    registered: int
    """How many have a place."""

    @property
    def stage(self) -> Stage:
        return self.forum.listed_as


def listed(wanted: Chosen, after: str | None = None, *, limit: int = 0) -> paging.Page[ForumCard]:
    """A page of cards. Raises Invalid for an `after` that is no token."""
    page = wanted.page(after, limit=limit)
    return paging.Page([_card(row) for row in page.items], page.after)


class StandingOut(NamedTuple):
    """A forum as the first page shows it."""

    slug: str
    title: str
    question: str
    announced_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    starts_at: datetime
    ends_at: datetime
    registration_from: datetime | None
    registration_to: datetime | None
    on_site_places: int
    online_places: int
    came: dict | None
    registered: int
    stage, listed_as = Forum.stage, Forum.listed_as


def standing_out(limit: int) -> list[StandingOut]:
    """Live ones, and the next ones."""
    return [StandingOut(*row) for row in db.session.connection().execute(_first_page(), {"rows": limit})]


@made_once
def _first_page() -> sa.Select:
    return sa.select(*(getattr(Forum, name) for name in StandingOut._fields[:-1]), _REGISTERED).where(
        Forum.announced_at.is_not(None), Forum.closed_at.is_(None)).order_by(
        sa.case((OF_STAGE[Stage.LIVE], 0), else_=1), Forum.starts_at, Forum.id).limit(sa.bindparam("rows"))


def of_ids(forum_ids: list[int]) -> dict[int, ForumCard]:
    """Those of these forums that everybody sees."""
    return {card.forum.id: card for card in _cards(
        _base().where(Forum.announced_at.is_not(None), Forum.id.in_(forum_ids)))}


def by_id(forum_id: int) -> Forum | None:
    return db.session.get(Forum, forum_id)


_REGISTERED = (sa.select(sa.func.count()).where(
    Registration.forum_id == Forum.id, Registration.place == Place.HELD).correlate(Forum).scalar_subquery())


def _base() -> sa.Select:
    return sa.select(Forum, _REGISTERED)


def _cards(statement: sa.Select) -> list[ForumCard]:
    return [_card(row) for row in db.session.execute(statement)]


def _card(row: sa.Row) -> ForumCard:
    return ForumCard(row[0], (row[0].came or {}).get("registered") or row[1])


def days_left(forum: Forum) -> int:
    """Days until it begins, as the district counts them; 0 today and afterwards."""
    return max(0, (local(forum.starts_at).date() - local(clock.now()).date()).days)


_TO_COME = OF_STAGE[Stage.ANNOUNCED]
_RANK = sa.case((OF_STAGE[Stage.LIVE], 0), (_TO_COME, 1), else_=2).label("rank")


def _beyond(rank: sa.BindParameter, at: sa.BindParameter, number: sa.BindParameter) -> sa.ColumnElement[bool]:
    own, place = sa.tuple_(Forum.starts_at, Forum.id), sa.tuple_(at, number)
    further = sa.or_(sa.and_(_TO_COME, own > place), sa.and_(sa.not_(_TO_COME), own < place))
    return sa.or_(_RANK.element > rank, sa.and_(_RANK.element == rank, further))


FORUMS = listing.declare(Listing(
    "forums", lambda: _base().where(Forum.announced_at.is_not(None), *map(sa.not_, LISTED_ELSEWHERE.ask())).add_columns(
        _RANK), endpoint="forums.show_list",
    filters=(Filter("stage", _l("단계"), None, {stage: labels.STAGE[stage] for stage in PUBLIC_STAGES},
                    cases={stage: OF_STAGE[stage] for stage in PUBLIC_STAGES}),
             Filter("form", _l("형태"), Forum.form, {form: labels.FORMS[form] for form in Form}, _l("모든 형태"))),
    orders=(Order("stage", None, (_RANK.element, sa.case((_TO_COME, Forum.starts_at)), sa.case((_TO_COME, Forum.id)),
                                  Forum.starts_at.desc(), Forum.id.desc()), (NUMBER, MOMENT, NUMBER),
                  lambda row: (row.rank, row.Forum.starts_at, row.Forum.id), _beyond),)))
"""Live ones, then those to come, the next one first, then those that are over, the latest first; without those that a
feature above lists."""


def _desk(departments: frozenset[int] | None, places: frozenset[int]) -> sa.Select:
    if departments is None:
        return _base().where(Forum.is_closed.is_(False))
    is_visit = Forum.form == Form.VISIT
    return _base().where(sa.or_(Forum.is_closed.is_(False), is_visit), sa.or_(
        Forum.department_id.in_(departments), sa.and_(is_visit, Forum.neighbourhood_id.in_(places))))


EVERYTHING = listing.declare(Listing(
    "desk forums", _desk, (Order("starts", None, (Forum.starts_at.desc(), Forum.id.desc())),),
    check_scope=(None, frozenset())))
"""For the desk: also those that are being prepared, the latest first."""


TALKED_ABOUT = (State.GATHERING, State.ANSWER_DUE)
"""States of proposals that a workshop may take up."""
SUPPORTED = listing.declare(replace(
    PROPOSALS, name="workshop", endpoint="forum_desk.workshop", card="", size=50,
    select=lambda: public().where(Proposal.state.in_(TALKED_ABOUT)), orders=(PROPOSALS.orders[1],),
    filters=tuple(filter_ for filter_ in PROPOSALS.filters if filter_.key in ("neighbourhood", "category"))))
"""Proposals for a workshop, the most supported first."""


def prepared_by(actor: User, after: str | None) -> paging.Page[ForumCard]:
    """Those that somebody may prepare. Raises Invalid for an `after` that is no token."""
    theirs = (None, frozenset()) if is_moderator(actor) else (actor.department_ids(), actor.neighbourhood_ids())
    page = EVERYTHING.of().page(after, scope=theirs)
    return paging.Page([_card(row) for row in page.items], page.after)


MOST = 5


@dataclass(frozen=True)
class Linked:
    """A forum that a page leads to."""

    slug: str
    title: str
    starts_at: datetime
    stage: Stage


_THING = sa.bindparam("thing", type_=Forum.id.type)


def of_agenda(agenda_id: int) -> list[Linked]:
    """Forums around an agenda, and around what was merged into it."""
    return _linked(_of_agenda(), agenda_id)


@made_once
def _of_agenda() -> sa.Select:
    return _rows(is_about(Forum, "agenda", sa.select(agendas.family_of(_THING).c.id)))


def of_proposal(proposal_id: int) -> list[Linked]:
    """Forums about a proposal, or about an answer to it."""
    return _linked(_of_proposal(), proposal_id)


@made_once
def _of_proposal() -> sa.Select:
    answers = sa.select(Answer.id).where(Answer.proposal_id == _THING)
    return _rows(sa.or_(is_about(Forum, "proposal", [_THING]), is_about(Forum, "answer", answers)))


def of_things(kind: str, ids: Sequence[int]) -> list[Linked]:
    """Forums about things of a kind."""
    return _linked(_of_things(kind), ids)


@made_once
def _of_things(kind: str) -> sa.Select:
    return _rows(is_about(Forum, kind, sa.bindparam("thing", expanding=True, type_=Forum.id.type)))


def visits(places: Collection[int]) -> list[Linked]:
    """Days on which the office came, or comes, to these neighbourhoods."""
    return _linked(_rows(sa.and_(Forum.form == Form.VISIT, Forum.neighbourhood_id.in_(places))))


def visited(since: datetime, until: datetime) -> dict[int, int]:
    """Neighbourhood → visits there that were held between these moments and of which everybody knows."""
    return dict(db.session.execute(sa.select(Forum.neighbourhood_id, sa.func.count()).where(
        Forum.form == Form.VISIT, Forum.announced_at.is_not(None), Forum.opened_at.is_not(None),
        Forum.closed_at.is_not(None), Forum.neighbourhood_id.is_not(None), Forum.starts_at >= since,
        Forum.starts_at < until).group_by(Forum.neighbourhood_id)).all())


def took_place(ids: Collection[int]) -> set[int]:
    """Those of these that were held and of which everybody knows."""
    return set(db.session.scalars(sa.select(Forum.id).where(Forum.id.in_(ids), HELD)))


def days_of_visits(year: int, href: Callable[[int], str] | None = None) -> DistrictMap:
    """Visits of a year by neighbourhood; `href`: address of each."""
    first, last = (datetime(number, 1, 1, tzinfo=SEOUL) for number in (year, year + 1))
    return district_map(visited(first, last), lambda count: _("%(count)s번", count=int(count)) if count else _("아직"),
                        href=href, absent=0, outlined=True)


def _rows(about: sa.ColumnElement[bool]) -> sa.Select:
    return (sa.select(Forum.slug, Forum.title, Forum.starts_at, Forum.announced_at, Forum.opened_at, Forum.closed_at)
            .where(Forum.announced_at.is_not(None), about)
            .order_by(Forum.starts_at.desc(), Forum.id.desc()).limit(MOST))


def _linked(rows: sa.Select, thing_id: int | Sequence[int] | None = None) -> list[Linked]:
    """The latest first."""
    return [Linked(slug, title, starts, listed_as(*moments))
            for slug, title, starts, *moments in db.session.execute(rows, {"thing": thing_id})]
