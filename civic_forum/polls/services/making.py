"""Making a poll: from a file, or with the little that its first form asks for."""

from collections.abc import Mapping

from civic_forum.accounts.models import User
from civic_forum.ballots.models import VoteNotice
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.blocks import slugs
from civic_forum.kernel import clock, plain_text
from civic_forum.kernel.errors import Conflict, NotFound, Refusal
from civic_forum.kernel.i18n import _, local
from civic_forum.kernel.personal_numbers import refuse_secret
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import Work, use_case

from .. import rules, steps, labels
from ..events import PollAnnounced
from ..formats import entry
from ..formats.entry import Entry
from ..models import Option, Poll
from ..policy import may_make
from ..queries import records
from ..rules import Electorate, Terms, Wording
from ..times import Times


def begin(slug: str | None, wording: Wording, times: Times, terms: Terms, *, by: User) -> Poll:
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
        steps.keep_in_step(work.session, poll)
        work.record("polls.made", poll)
        return poll


def create(data: object, by: User) -> Poll:
    """The poll of one entry of a file, announced unless it says that it is being prepared.

    Raises Refusal with the name of what is wrong in it.
    """
    try:
        read = entry.read(_cleaned(data), clock.now())
    except entry.Unreadable as wrong:
        raise Refusal(_("파일에서 %(name)s 부분을 확인해 주세요.", name=wrong.name), field=wrong.name) from wrong
    _check_slug(read.slug)
    with use_case(by) as work:
        require(by, may_make)
        poll = _new(work, read.slug, read.wording, read.times, read.terms)
        poll.invented = read.invented
        steps.write_electorate(poll, _electorate(read))
        poll.proposals = records.proposals_titled(read.proposals)
        places = _places(read)
        for number, (text, place) in enumerate(read.options, 1):
            option = Option(poll_id=poll.id, number=number)
            steps.write_option(option, text)
            option.neighbourhood_id = places.get(place)
            work.session.add(option)
        steps.keep_in_step(work.session, poll)
        for notice in read.notices:
            refuse_secret(title=notice.title, text=notice.text)
            work.session.add(VoteNotice(subject=poll.subject, kind="notice", title=notice.title, text=notice.text,
                                        at=notice.at, by_id=by.id))
        work.record("polls.made", poll, options=len(read.options))
        if read.is_announced:
            if reason := steps.why_not_ready(poll):
                raise Refusal(reason)
            poll.announced_at = min([work.at, *(notice.at for notice in read.notices)])
            work.record("polls.announced", poll)
            work.emit(PollAnnounced(poll.id))
        return poll


def _new(work: Work, slug: str, wording: Wording, times: Times, terms: Terms) -> Poll:
    if records.slugged(slug) is not None:
        raise Conflict(_("이 주소를 쓰는 투표가 이미 있어요. 다른 주소를 적어 주세요."), field="slug")
    poll = Poll(slug=slug, created_by_id=work.actor.id, created_at=work.at, roll_source=RollSource.VERIFIED,
                eligibility="", admits_residents=True, admits_members=False)
    steps.write_wording(poll, wording)
    steps.write_times(poll, times)
    steps.write_terms(poll, terms)
    work.session.add(poll)
    work.session.flush()
    return poll


def _check_slug(slug: str) -> None:
    if not rules.slug_fits(slug):
        raise Refusal(labels.BAD_SLUG, field="slug")


def _electorate(read: Entry) -> Electorate:
    known = records.neighbourhoods_named(read.neighbourhoods)
    _all_known(read.neighbourhoods, known)
    return Electorate(read.eligibility, read.admits_residents, read.admits_members, read.roll_source,
                      tuple(known.values()), read.min_age)


def _places(read: Entry) -> dict[str, int]:
    names = {place for _text, place in read.options if place}
    known = records.neighbourhoods_named(names)
    _all_known(names, known)
    return known


def _all_known(names, known: dict[str, int]) -> None:
    for name in names:
        if name not in known:
            raise NotFound(_("%(name)s: 이런 동이 없어요.", name=name))


def _cleaned(data: object) -> object:
    """Every text of it NFC and without what nobody sees."""
    if isinstance(data, str):
        return plain_text.clean(data, lines=True)
    if isinstance(data, Mapping):
        return {name: _cleaned(value) for name, value in data.items()}
    return [_cleaned(one) for one in data] if isinstance(data, list) else data

