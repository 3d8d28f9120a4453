"""Polls and their options as kinds of things: found, told of, voted on, what an agenda may lead to."""

from collections.abc import Collection

import sqlalchemy as sa

from civic_forum.accounts.queries.people import works_here
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.voted import Votable
from civic_forum.ballots.rules.boxes import Stage, vote_stage
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Attached, Coming, Decidable, Kind, Searched, SearchResult, Told
from civic_forum.blocks.sharing import Day, Preview, Shared
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, _l, day, end, end_day, local, moment
from civic_forum.platform.statements import made_once

from . import labels, policy
from .definition import definition
from .models import Option, Poll, poll_neighbourhood
from .process import PICTURES, PROCESS, gaps
from .queries import listing, records
from .queries import results as deciding


def shown_in_search(poll_ids: list[int]) -> dict[int, SearchResult]:
    return {poll_id: SearchResult(
        url=f"/polls/{card.poll.slug}", word=str(labels.STAGE[card.stage]),
        about=(_("투표"), _("%(day)s 마감", day=end_day(card.poll.closes_at))))
        for poll_id, card in listing.of_ids(poll_ids).items()}


def _told(poll_ids: list[int], reader_id: int) -> sa.Select:
    return sa.select(sa.literal("poll"), Poll.id, Poll.title).where(
        Poll.id.in_(poll_ids), sa.or_(Poll.announced_at.is_not(None), works_here(reader_id)))


def _why_not_coming(slug: str) -> str | None:
    """Reason why an agenda cannot lead to a vote: there is no such one."""
    poll = records.slugged(slug)
    if poll is None or poll.rehearsal_of_id is not None:
        return _("이런 주소의 투표가 없어요. 투표 주소의 끝부분을 그대로 적어 주세요.")
    return None


@made_once
def _ahead() -> sa.Select:
    return sa.select(Poll.slug, Poll.opens_at, Poll.closes_at).where(
        Poll.slug.in_(sa.bindparam("slugs", expanding=True, type_=Poll.slug.type)), Poll.announced_at.is_not(None),
        Poll.closes_at > sa.bindparam("now", type_=Poll.closes_at.type))


def _coming(slugs: Collection[str]) -> dict[str, str]:
    now = clock.now()
    rows = db.session.execute(_ahead(), {"slugs": list(slugs), "now": now})
    return {slug: _("%(day)s부터", day=day(opens, year=False)) if opens > now else
            _("%(day)s까지", day=end_day(closes, year=False)) for slug, opens, closes in rows}


def _why_not_open(poll: Poll) -> str | None:
    """Filled in, announced, and not in an election season that nobody answered for."""
    if poll.announced_at is None:
        return _("먼저 투표를 알려 주세요.")
    return next((str(gap.sentence) for gap in gaps(poll)), None) or PROCESS.why_not_in_season(poll)


def _box(poll: Poll) -> BallotBox | None:
    return poll.box


def _why_not_decided(poll: Poll) -> str | None:
    if poll.rehearsal_of_id is not None:
        return _("예행연습에는 결과를 쓰지 않아요.")
    return None if poll.announced_at else _("아직 알리지 않은 투표예요.")


def _neighbourhoods(poll: Poll) -> list[int]:
    table = poll_neighbourhood
    return list(db.session.scalars(sa.select(table.c.neighbourhood_id).where(table.c.poll_id == poll.id)))


def _offered(department_ids: Collection[int]) -> sa.Select:
    """Published votes that are theirs or nobody's."""
    led = deciding.led_by()
    return sa.select(Poll.id, Poll.slug.label("name"), Poll.title, BallotBox.published_at.label("since")).join(
        BallotBox, BallotBox.id == Poll.box_id).where(
        BallotBox.published_at.is_not(None), Poll.rehearsal_of_id.is_(None),
        sa.or_(led.is_(None), led.in_(department_ids)))


_MOMENTS = (BallotBox.opened_at, BallotBox.closed_at, BallotBox.counted_at, BallotBox.recorded_at,
            BallotBox.erased_at, BallotBox.key_destroyed_at, BallotBox.published_at,
            sa.func.coalesce(BallotBox.opens_at, Poll.opens_at, type_=Poll.opens_at.type).label("opens_at"),
            sa.func.coalesce(BallotBox.closes_at, Poll.closes_at, type_=Poll.closes_at.type).label("closes_at"))
_SHARED = sa.select(
    Poll.slug, Poll.title, Poll.question, Poll.announced_at, Poll.version, *_MOMENTS,
).outerjoin(BallotBox, BallotBox.id == Poll.box_id).where(
    Poll.announced_at.is_not(None), Poll.rehearsal_of_id.is_(None))


def _preview(poll_id: int) -> Preview | None:
    """Without a picture: that of one option would speak for it."""
    row = db.session.execute(_SHARED.where(Poll.id == poll_id)).one_or_none()
    if row is None:
        return None
    stage = vote_stage(row.announced_at, row, clock.now())
    figure, beside, sentence = str(labels.STAGE[stage]), "", _("결과가 나왔어요. 무엇이 뽑혔는지 보세요.")
    if stage is Stage.OPEN:
        sentence = _("%(moment)s까지 투표할 수 있어요.", moment=end(row.closes_at))
    elif stage is Stage.ANNOUNCED:
        opens = local(row.opens_at)
        figure, beside = f"{opens.month}. {opens.day}.", _("투표 시작")
        sentence = _("%(moment)s에 투표를 시작해요.", moment=moment(row.opens_at))
    elif stage is Stage.COUNTING:
        sentence = _("투표를 마쳤어요. 곧 결과를 알려 드려요.")
    return Preview(
        name=row.slug, url=f"/polls/{row.slug}", title=row.title, text=row.question, figure=figure, beside=beside,
        sentence=sentence, until=row.closes_at if stage is Stage.OPEN else None,
        act=_("비추고 투표하기") if stage is Stage.OPEN else _("비추고 읽어 보기"), version=row.version, since=row.announced_at,
        days=(Day("opening", _("투표 시작: %(title)s", title=row.title), row.opens_at, begins=True),
              Day("closing", _("투표 마감: %(title)s", title=row.title), row.closes_at)))


POLL = kinds.register(Kind(
    "poll", Poll, label=_l("투표"), title=lambda poll: poll.title, url=lambda poll: f"/polls/{poll.slug}",
    why_not_read=policy.may_read, missing=records.missing, named=records.slugged,
    capabilities=(
        Searched(shown_in_search, place=30), Told(_told), Shared(place="polls", preview=_preview),
        Coming("poll", _why_not_coming, _coming),
        Decidable(
            place="polls", about=_l("투표의 결과"), order=20, by=Poll.slug, locked=records.locked,
            department_id=deciding.department_of, began=lambda poll: poll.announced_at,
            why_not_yet=_why_not_decided, why_not_read=policy.may_read, proposals=deciding.proposals_of,
            votes=lambda poll: [poll], neighbourhoods=_neighbourhoods, grouped=deciding.agenda_of,
            journeys=deciding.journeys_of, offered=_offered),
        Votable(
            record=lambda box: records.by_subject(box.subject), box=_box, definition=definition,
            gather=records.of_numbers, of_roll=records.of_roll, roll_url=lambda poll: f"/polls/{poll.slug}/roll",
            desk_roll_url=lambda poll: f"/desk/polls/{poll.slug}/roll",
            why_not_object=lambda poll: policy.why_not_object(poll, clock.now()), why_not_open=_why_not_open,
            reachable=records.reachable,
            desk_url=lambda poll: f"/desk/polls/{poll.slug}", pictures=lambda poll: records.pictures(poll.id)))))


def _missing_option() -> NotFound:
    return NotFound(_("없는 항목이에요."))


def _why_not_see_picture(actor, option: Option) -> str | None:
    """Whoever may read the poll, its rehearsals included, which show the same pictures."""
    reasons = [policy.may_read(actor, poll) for poll in records.showing_picture_of(option.id)]
    return None if None in reasons else next(iter(reasons), str(_missing_option()))


POLL_OPTION = kinds.register(Kind(
    PICTURES, Option, label=_l("투표 항목"), title=lambda option: option.title,
    url=lambda option: f"/polls/{option.poll.slug}", why_not_read=_why_not_see_picture, missing=_missing_option,
    capabilities=(Attached(sets=PICTURES, why_not_read=_why_not_see_picture),)))
