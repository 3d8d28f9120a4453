"""Making a poll: from a file, or with the little that its first form asks for."""

from dataclasses import dataclass

from civic_forum.accounts.models import User
from civic_forum.ballots.models import VoteNotice
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.blocks import slugs
from civic_forum.blocks.part_files import Entry, Unreadable
from civic_forum.blocks.parts import cleaned
from civic_forum.platform import clock
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import labels, rules
from ..events import PollAnnounced
from ..models import Option, Poll
from ..parts import PARTS, Electorate, OptionText, Terms, Times, Wording
from ..policy import may_make
from ..process import gaps, keep_in_step
from ..queries import records
from ..rules import PollKind

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
        require(by, may_make)
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
    notices = [poll.entry(one, "notices") for one in poll.entries("notices")]
    for notice in notices:
        notice.text("title"), notice.text("text"), notice.instant("at")
    return PollEntry(poll.text("slug"), Wording.of_file(poll), Times.of_file(poll), electorate, terms,
                     _options(poll, terms.kind), notices, poll.texts("links.proposals"),
                     poll.data.get("state", "announced") != "preparing", poll.text_or_none("invented"))


def _options(poll: Entry, kind: PollKind) -> list[OptionText]:
    name = "questions" if kind is PollKind.YES_NO_EACH and "questions" in poll.data else "options"
    found = [poll.entry(one, name) for one in poll.entries(name)]
    if len(found) > rules.MOST_OPTIONS or [one.data.get("number") for one in found] != [*range(1, len(found) + 1)]:
        raise Unreadable(f"{name}.number")
    read = [Entry(one.data, poll.now, f"{name}.{number}") for number, one in enumerate(found, 1)]
    for one in read:
        one.only(KNOWN_OF_OPTION)
    return [OptionText.of_file(one) for one in read]


def _new(work: Work, slug: str, wording: Wording, times: Times, terms: Terms) -> Poll:
    if records.slugged(slug) is not None:
        raise Conflict(_("이 주소를 쓰는 투표가 이미 있어요. 다른 주소를 적어 주세요."), field="slug")
    poll = Poll(slug=slug, created_by_id=work.actor.id, created_at=work.at, roll_source=RollSource.VERIFIED,
                eligibility="", admits_residents=True, admits_members=False)
    for part in (wording, times, terms):
        part.write(poll)
    work.session.add(poll)
    work.session.flush()
    return poll


def _check_slug(slug: str) -> None:
    if not rules.slug_fits(slug):
        raise Refusal(labels.BAD_SLUG, field="slug")
