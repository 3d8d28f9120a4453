"""Polls and their options as kinds of things: found, told of, voted on, what an agenda may lead to."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import outerjoin

from civic_forum.accounts.queries.people import works_here
from civic_forum.agendas.models import Agenda
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.voted import Votable
from civic_forum.ballots.rules.boxes import Stage, vote_stage
from civic_forum.blocks import kinds
from civic_forum.blocks.filters import NOW
from civic_forum.blocks.kinds import Ahead, Answerable, Attached, Kind, Ref, SearchResult
from civic_forum.blocks.public import Public
from civic_forum.blocks.sharing import Day, Preview
from civic_forum.platform import clock, rich_text
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, _l, day, end, end_day, local, moment

from . import labels, policy
from .definition import definition
from .models import Option, Poll, poll_neighbourhood
from .process import PICTURES, PROCESS, gaps
from .queries import listing, records
from .queries import results as deciding


def _words(poll: Poll) -> str:
    options = " ".join(f"{option.title} {option.text}" for option in poll.options)
    return f"{poll.question} {rich_text.text_of(poll.description_html)} {options}"


PUBLIC = Public(
    kind="poll", model=Poll, label=_l("투표"), place="polls", name=Poll.slug, title=Poll.title, text=Poll.question,
    words=_words, since=Poll.announced_at, where=(Poll.rehearsal_of_id.is_(None),),
    tables=outerjoin(Poll, BallotBox, BallotBox.id == Poll.box_id), why_not_read=policy.may_read,
    missing=records.missing, named=records.slugged)
"""Without a picture: that of one option would speak for it."""


def _hit(card: listing.PollCard) -> SearchResult:
    return PUBLIC.hit(card.poll.slug, labels.STAGE[card.stage], _("%(day)s 마감", day=end_day(card.poll.closes_at)),
                      is_open=card.stage is Stage.OPEN)


def _day(row: sa.Row, now: datetime) -> Ahead:
    return Ahead(_("%(day)s부터", day=day(row.opens_at, year=False)) if row.opens_at > now else
                 _("%(day)s까지", day=end_day(row.closes_at, year=False)))


def _why_not_open(poll: Poll) -> str | None:
    """Filled in, announced, and not in an election season that nobody answered for."""
    if poll.announced_at is None:
        return _("먼저 투표를 알려 주세요.")
    return next((str(gap.sentence) for gap in gaps(poll)), None) or PROCESS.why_not_in_season(poll)


def _why_not_decided(poll: Poll) -> str | None:
    if poll.rehearsal_of_id is not None:
        return _("예행연습에는 결과를 쓰지 않아요.")
    return None if poll.announced_at else _("아직 알리지 않은 투표예요.")


_OPENS, _CLOSES = (sa.func.coalesce(getattr(BallotBox, name), getattr(Poll, name), type_=Poll.opens_at.type)
                   for name in ("opens_at", "closes_at"))
_MOMENTS = (BallotBox.opened_at, BallotBox.closed_at, BallotBox.counted_at, BallotBox.recorded_at,
            BallotBox.erased_at, BallotBox.key_destroyed_at, BallotBox.published_at, _OPENS.label("opens_at"),
            _CLOSES.label("closes_at"))


def _days(title: str, row: sa.Row) -> tuple[Day, ...]:
    return (Day("opening", _("투표 시작: %(title)s", title=title), row.opens_at, begins=True),
            Day("closing", _("투표 마감: %(title)s", title=title), row.closes_at))


def _preview(row: sa.Row, begin: Callable[..., Preview]) -> Preview:
    stage = vote_stage(row.since, row, clock.now())
    figure, beside, sentence = str(labels.STAGE[stage]), "", _("결과가 나왔어요. 무엇이 뽑혔는지 보세요.")
    if stage is Stage.OPEN:
        sentence = _("%(moment)s까지 투표할 수 있어요.", moment=end(row.closes_at))
    elif stage is Stage.ANNOUNCED:
        opens = local(row.opens_at)
        figure, beside = f"{opens.month}. {opens.day}.", _("투표 시작")
        sentence = _("%(moment)s에 투표를 시작해요.", moment=moment(row.opens_at))
    elif stage is Stage.COUNTING:
        sentence = _("투표를 마쳤어요. 곧 결과를 알려 드려요.")
    return begin(
        figure=figure, beside=beside, sentence=sentence, until=row.closes_at if stage is Stage.OPEN else None,
        act=_("비추고 투표하기") if stage is Stage.OPEN else _("비추고 읽어 보기"),
        days=_days(row.title, row))


LED_BY = deciding.led_by()
PUBLIC.picker("polls.see_desk", note=lambda poll: f"{poll.slug} · {end_day(poll.closes_at)}",
              latest=(Poll.closes_at.desc(),), among=lambda _actor: Poll.rehearsal_of_id.is_(None), asks=True)
"""Whoever may ask for it sees those that are being prepared."""
POLL = PUBLIC.register(
    PUBLIC.searched(listing.of_ids, _hit, place=30), PUBLIC.told(works_here), PUBLIC.shared(_preview, *_MOMENTS),
    PUBLIC.occasions(_days, *_MOMENTS[-2:], department=LED_BY.where(Agenda.published_at.is_not(None)),
                     places=poll_neighbourhood),
    PUBLIC.archived(_CLOSES, BallotBox.published_at.is_not(None), places=poll_neighbourhood),
    PUBLIC.coming("poll", _l("이런 주소의 투표가 없어요. 투표 주소의 끝부분을 그대로 적어 주세요."), _day, Poll.opens_at, Poll.closes_at,
                  ahead=(Poll.closes_at > NOW,), there=PUBLIC.where),
    PUBLIC.decidable(
        about=_l("투표의 결과"), order=20, locked=records.locked, department=LED_BY, since=BallotBox.published_at,
        waits=(BallotBox.published_at.is_not(None), *PUBLIC.where), department_id=deciding.department_of,
        why_not_yet=_why_not_decided, proposals=deciding.proposals_of, votes=lambda poll: [poll],
        grouped=deciding.agenda_of, journeys=deciding.journeys_of),
    Answerable(topics=records.topics, locked=records.locked, told_about=lambda poll: Ref("poll", poll.id)),
    Votable(
        record=lambda box: records.by_subject(box.subject), box=lambda poll: poll.box, definition=definition,
        gather=records.of_numbers, of_roll=records.of_roll, roll_url=lambda poll: f"/polls/{poll.slug}/roll",
        desk_roll_url=lambda poll: f"/desk/polls/{poll.slug}/roll",
        why_not_object=lambda poll: policy.why_not_object(poll, clock.now()), why_not_open=_why_not_open,
        reachable=records.reachable,
        desk_url=lambda poll: f"/desk/polls/{poll.slug}", pictures=lambda poll: records.pictures(poll.id)))


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
