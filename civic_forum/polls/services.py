"""Use-cases of polls: made, rehearsed, told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace

from civic_forum.accounts.models import User
from civic_forum.ballots import operations as ballots
from civic_forum.ballots.box.watching import announce
from civic_forum.ballots.published import heads
from civic_forum.ballots.rolls import operations as rolls
from civic_forum.ballots.events import BoxOpened
from civic_forum.ballots.models import ElectionSeason, VoteNotice
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.blocks import slugs
from civic_forum.blocks.part_files import Entry, Unreadable
from civic_forum.blocks.parts import cleaned, copied
from civic_forum.platform import clock
from civic_forum.platform.base import database_now
from civic_forum.platform.errors import Conflict, NotFound, Refusal, existing
from civic_forum.platform.i18n import _, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import check_filled, check_lengths
from civic_forum.platform.work import Work, use_case

from . import labels, rules
from .definition import definition
from .events import PollAnnounced
from .models import Option, Poll
from .parts import Electorate, OptionText, PARTS, Terms, Times, Wording
from .policy import may_make, may_notify, may_prepare, may_rehearse, may_set_seasons
from .process import gaps, keep_in_step
from .queries import records
from .rules import PollKind

KNOWN = frozenset().union(*(part.keys() for part in PARTS.values())) | {
    "slug", "state", "invented", "options", "questions", "notices",
    "blank_allowed", "closes_label", "published_at", "answers", "objections", "observers", "after", "generator",
    "paper", "expected"}
"""Keys of a poll; those of the last two lines are not the poll's own and are passed over: ballots, paper, objections
and what came afterwards."""
KNOWN_OF_OPTION = OptionText.keys() | {"number", "picture_alt"}


def begin(slug: str | None, wording: Wording, terms: Terms, times: Times, *, by: User) -> Poll:
    """A poll that only those who prepare it see; everything else is filled in afterwards. Without a slug its address is
    made from its title.

    Raises Refusal naming the field, Conflict for an address that is taken.
    """
    if slug is not None:
        _check_slug(slug)
    with use_case(by) as work:
        if slug is None:
            slug = slugs.proposed(wording.title, lambda end: records.slugged(end) is not None, on=local(work.at).date(),
                                  reserved=rules.RESERVED)
        poll = _new(work, slug, wording, times, terms)
        keep_in_step(work, poll)
        work.record("polls.made", poll)
        return poll


def create(data: object, by: User) -> Poll:
    """The poll of one entry of a file (docs/polls.md): an entry of the sample's polls.json without ballots, announced
    unless it says that it is being prepared. Keys are those of the parts; costs are in thousands of won.

    Raises Refusal with the name of what is wrong in it.
    """
    try:
        read = _read(cleaned(data))
    except Unreadable as wrong:
        raise Refusal(_("파일에서 %(name)s 부분을 확인해 주세요.", name=wrong.name), field=wrong.name) from wrong
    _check_slug(read.slug)
    with use_case(by) as work:
        require(by, may_make)
        poll = _new(work, read.slug, read.wording, read.times, read.terms)
        poll.invented = read.invented
        read.electorate.write(poll)
        poll.proposals = records.proposals_titled(read.proposals)
        for number, text in enumerate(read.options, 1):
            option = Option(poll_id=poll.id, number=number)
            text.write(option)
            work.session.add(option)
        keep_in_step(work, poll)
        for notice in read.notices:
            refuse_secret(title=notice.text("title"), text=notice.text("text"))
            work.session.add(VoteNotice(subject=poll.subject, kind="notice", title=notice.text("title"),
                                        text=notice.text("text"), at=notice.instant("at"), by_id=by.id))
        work.record("polls.made", poll, options=len(read.options))
        if read.is_announced:
            for gap in gaps(poll):
                raise Refusal(str(gap.sentence))
            poll.announced_at = min([work.at, *(notice.instant("at") for notice in read.notices)])
            work.record("polls.announced", poll)
            work.emit(PollAnnounced(poll.id))
        return poll


@dataclass(frozen=True)
class PollEntry:
    """A poll as it was read."""

    slug: str
    wording: Wording
    times: Times
    electorate: Electorate
    terms: Terms
    options: list[OptionText]
    notices: list[Entry]
    proposals: list[str]
    """Titles of proposals that it is about."""
    is_announced: bool
    invented: str | None


def _read(data: object) -> PollEntry:
    """Raises Unreadable with the name of what is missing, unknown or not of its kind."""
    poll = Entry({}, clock.now()).entry(data, "poll")
    poll = Entry(poll.data, poll.now)
    poll.only(KNOWN)
    electorate, terms = Electorate.of_file(poll), Terms.of_file(poll)
    notices = [poll.entry(notice, "notices") for notice in poll.entries("notices")]
    for notice in notices:
        notice.text("title"), notice.text("text"), notice.instant("at")
    return PollEntry(poll.text("slug"), Wording.of_file(poll), Times.of_file(poll), electorate, terms,
                     _options(poll, terms.kind), notices, poll.texts("links.proposals"),
                     poll.data.get("state", "announced") != "preparing", poll.text_or_none("invented"))


def _options(poll: Entry, kind: PollKind) -> list[OptionText]:
    name = "questions" if kind is PollKind.YES_NO_EACH and "questions" in poll.data else "options"
    options = [poll.entry(option, name) for option in poll.entries(name)]
    if (len(options) > rules.MOST_OPTIONS
            or [option.data.get("number") for option in options] != [*range(1, len(options) + 1)]):
        raise Unreadable(f"{name}.number")
    read = [Entry(option.data, poll.now, f"{name}.{number}") for number, option in enumerate(options, 1)]
    for option in read:
        option.only(KNOWN_OF_OPTION)
    return [OptionText.of_file(option) for option in read]


def _new(work: Work, slug: str, wording: Wording, times: Times, terms: Terms) -> Poll:
    if records.slugged(slug) is not None:
        raise Conflict(_("이 주소를 쓰는 투표가 이미 있어요. 다른 주소를 적어 주세요."), field="slug")
    poll = Poll(slug=slug, created_by_id=work.actor.id, created_at=work.at, roll_source=RollSource.VERIFIED,
                admits_residents=True, admits_members=False)
    for part in (wording, times, terms):
        part.write(poll)
    require(work.actor, may_prepare, poll)
    return work.store(poll)


def _check_slug(slug: str) -> None:
    if not rules.slug_fits(slug):
        raise Refusal(labels.BAD_SLUG, field="slug")


def rehearse(poll_id: int, names: Iterable[str], *, hours: int, by: User) -> Poll:
    """Open a rehearsal for the people of these sign-in names and whoever starts it.

    Raises Refusal naming somebody who is not there, Conflict for a poll that misses something.
    """
    ballots.check_hours(hours)
    with use_case(by) as work:
        poll = records.locked(poll_id)
        require(by, may_rehearse, poll)
        for gap in gaps(poll):
            raise Refusal(str(gap.sentence))
        people = ballots.invited(names, by)
        now = database_now().replace(microsecond=0)
        copy = _copy(work, poll)
        copy.opens_at, copy.closes_at = now, now + timedelta(hours=hours)
        copy.roll = rolls.roll_of(work.session, people, fixed_on=local(now).date(), at=work.at)
        work.session.flush()
        parts = definition(copy)
        if "draw" in parts:
            parts["draw"] = str(ballots.DRAW)
        copy.box = ballots.prepare_box(work.session, copy.subject, parts, roll_id=copy.roll.id, at=work.at,
                                       rehearsal=True)
        ballots.open_box(copy.box, at=now)
        work.record("polls.rehearsed", poll, rehearsal=copy.id, people=len(people))
        work.emit(BoxOpened(copy.box.id, copy.subject))
    heads.keep(copy.box.id)
    return copy


def _copy(work: Work, poll: Poll) -> Poll:
    number = len(records.rehearsals_of(poll.id)) + 1
    copy = Poll(slug=f"{poll.slug[:44]}-rehearsal-{number}", rehearsal_of_id=poll.id, created_by_id=work.actor.id,
                created_at=work.at, announced_at=work.at, **copied(poll, PARTS.values(), "roll_check_from",
                                                                   "roll_check_to", "paper_until"))
    copy.options = [Option(number=option.number, attachment_id=option.attachment_id, **copied(option, (OptionText,)))
                    for option in poll.options]
    return work.store(copy)


MOST_TITLE, MOST_TEXT, MOST_NAME = 200, 3_000, 100


def notify(poll_id: int, title: str, text: str, *, by: User) -> VoteNotice:
    """Write a public notice. After the opening it is the only way to correct something, and says so."""
    with use_case(by) as work:
        poll = records.locked(poll_id)
        require(by, may_notify, poll)
        _check("title", title, MOST_TITLE)
        _check("text", text, MOST_TEXT)
        opened = poll.box is not None and poll.box.opened_at is not None and poll.box.published_at is None
        notice = announce(work, poll.subject, kind="correction" if opened else "notice", title=title, text=text)
        work.record("polls.notified", poll, notice=notice.id)
        return notice


def set_season(name: str, first_day: date, last_day: date, *, by: User) -> ElectionSeason:
    """From when to when opening a vote warns and asks again."""
    with use_case(by) as work:
        require(by, may_set_seasons)
        _check("name", name, MOST_NAME)
        if first_day > last_day:
            raise Refusal(_("마지막 날은 첫날보다 빠를 수 없어요."), field="last_day")
        season = ElectionSeason(name=name, first_day=first_day, last_day=last_day, set_by_id=by.id, set_at=work.at)
        work.session.add(season)
        work.record("polls.season_set", season, first_day=first_day.isoformat(), last_day=last_day.isoformat())
        return season


def remove_season(season_id: int, *, by: User) -> None:
    """Raises NotFound where it is gone already."""
    with use_case(by) as work:
        require(by, may_set_seasons)
        season = existing(work.session.get(ElectionSeason, season_id, with_for_update=True),
                          lambda: NotFound(_("이미 지운 선거 기간이에요.")))
        work.record("polls.season_removed", season, name=season.name, first_day=season.first_day.isoformat(),
                    last_day=season.last_day.isoformat())
        work.session.delete(season)


def _check(field: str, text: str, most: int) -> None:
    typed = SimpleNamespace(**{field: text})
    check_filled(typed, field)
    check_lengths(typed, {field: most})
