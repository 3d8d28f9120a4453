"""Use-cases of notices and preferences."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

import sqlalchemy as sa

from civic_forum.accounts import mail
from civic_forum.accounts.models import User
from civic_forum.accounts.operations import issue_code
from civic_forum.accounts.policy import may_change_own
from civic_forum.accounts.queries import people, users
from civic_forum.accounts.rules import MAILS_AN_HOUR, Purpose, Role
from civic_forum.answers.rules import REMINDED_AFTER_DAYS
from civic_forum.platform import clock, outbox
from civic_forum.platform.base import is_sqlite, upsert
from civic_forum.platform.errors import NotFound, Refusal, existing
from civic_forum.platform.i18n import Language, _, local, speaking
from civic_forum.platform.outbox import Letter
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from . import links, operations, rules
from .channels import WAYS
from .links import BadLink, Subscription
from .models import DeadAddress, Delivery, DigestRun, Notice, NoticePreference
from .policy import may_read
from .queries import cases, deliveries, notices, recipients
from .queries.deliveries import Deadline, Due
from .rules import Channel, Frequency, NoticeKind, digest_window


# Use-cases of one's own notices: read, preferences, addresses, unsubscribed


SETTINGS = "/me/notices/settings"


def drop_dead() -> int:
    """Send nothing more to addresses that refused again and again, and say so on the site; returns how many."""
    if not notices.dying():
        return 0
    with use_case(None) as work:
        dead = notices.dying()
        for person in dead:
            work.session.add(DeadAddress(user_id=person.user_id, since=work.at))
            work.record("notifications.address_dropped", f"user:{person.user_id}", refusal=person.refusal)
            operations.tell(work.session, recipients.one(person.user_id), kind=NoticeKind.ACCOUNT,
                            about=f"user:{person.user_id}", step="address_dead", title="", url=SETTINGS,
                            once=f"address_dead:{work.at:%Y%m%d%H%M%S}", at=work.at)
        work.session.execute(sa.delete(Delivery).where(
            Delivery.user_id.in_([person.user_id for person in dead]), Delivery.channel == Channel.MAIL,
            Delivery.sent_at.is_(None)).execution_options(synchronize_session=False))
    return len(dead)


def ask_to_prove_again(*, by: User) -> None:
    """Send the link that proves the address to the address itself: if it comes, the address lives."""
    with use_case(by) as work:
        user = users.held(by.id)
        require(by, may_change_own, user)
        if work.session.get(DeadAddress, user.id) is None or not user.confirmed_email:
            raise Refusal(_("확인할 이메일 주소가 없어요."))
        address = user.email if (user.email or "").lower() == user.confirmed_email else user.confirmed_email
        if users.sent_to(address, Purpose.CONFIRM_EMAIL, work.at - timedelta(hours=1)) >= MAILS_AN_HOUR:
            raise Refusal(_("편지를 여러 번 보냈어요. 한 시간 뒤에 다시 해 주세요."))
        mail.confirm_email(user, address, issue_code(work.session, user.id, Purpose.CONFIRM_EMAIL, at=work.at,
                                                     email=address))
        work.record("notifications.address_proof_asked", user)


def live_again(session, user_id: int) -> None:
    """Its owner has opened a letter there: inside the caller's transaction."""
    outbox.forgive(session, user_id)
    session.execute(sa.delete(DeadAddress).where(DeadAddress.user_id == user_id))


def choose(wanted: Mapping[tuple[NoticeKind, Channel], Frequency], *, by: User) -> None:
    """Keep what somebody chose; what is not named stays as it is. Raises Refusal for what cannot be chosen.

    What was told before stays as it was, but a kind that is wanted on the site no more counts as read.
    """
    require(by, may_read)
    for (kind, channel), frequency in wanted.items():
        if frequency not in rules.choices(kind, channel):
            raise Refusal(_("고를 수 없는 방법이에요. 목록에 있는 것에서 골라 주세요."), field=f"{channel}_{kind}")
    with use_case(by) as work:
        people.held_rows([by.id])
        before = notices.of_user(by.id)
        for (kind, channel), frequency in wanted.items():
            if frequency is not before[kind, channel]:
                work.session.merge(NoticePreference(user_id=by.id, kind=kind, channel=channel, frequency=frequency))
        silenced = [kind for (kind, channel), frequency in wanted.items()
                    if channel is Channel.SITE and frequency is Frequency.NEVER]
        work.session.execute(sa.update(Notice).where(
            Notice.user_id == by.id, Notice.kind.in_(silenced), Notice.read_at.is_(None)).values(read_at=work.at))
        work.record("notifications.chose", f"user:{by.id}")


FORGOTTEN_AT_ONCE = 5_000
"""Notices thrown away in one transaction, so that nobody waits long for it."""


def open_notice(notice_id: int, *, by: User) -> str:
    """Follow a notice: it and every other one that leads to the same page count as read. Returns the address.

    Raises NotFound, also for a notice of somebody else.
    """
    require(by, may_read)
    notice = existing(notices.one(by.id, notice_id), lambda: NotFound(_("이런 알림은 없어요. 알림 목록에서 다시 찾아보세요.")))
    url, about = notice.url, notice.about
    if notice.read_at is None:
        with use_case(by) as work:
            _read(work, by, Notice.about == about, Notice.url == url)
    return url


def read_subject(about: str, up_to: int, *, by: User) -> int:
    """Everything about one thing that its reader has seen in the list; what came meanwhile stays unread."""
    require(by, may_read)
    with use_case(by) as work:
        return _read(work, by, Notice.about == about, Notice.id <= up_to)


def read_all(up_to: int, *, by: User) -> int:
    """Everything up to the newest notice that the list showed."""
    require(by, may_read)
    with use_case(by) as work:
        return _read(work, by, Notice.id <= up_to)


def _read(work: Work, by: User, *which: sa.ColumnElement[bool]) -> int:
    """Mark notices as read. That is of no concern to anybody else: no audit entry."""
    return work.session.execute(sa.update(Notice).where(Notice.user_id == by.id, Notice.read_at.is_(None), *which)
                                .values(read_at=work.at), execution_options={"synchronize_session": False}).rowcount


def forget(days: int) -> int:
    """Throw away notices older than so many days, read or not; returns how many."""
    gone = 0
    while True:
        with use_case(None) as work:
            old = sa.select(Notice.id).where(Notice.at < work.at - timedelta(days=days)).limit(FORGOTTEN_AT_ONCE)
            ids = list(work.session.scalars(old))
            work.session.execute(sa.delete(Delivery).where(Delivery.notice_id.in_(ids)))
            work.session.execute(sa.delete(Notice).where(Notice.id.in_(ids)))
        gone += len(ids)
        if len(ids) < FORGOTTEN_AT_ONCE:
            return gone


class TooOld(Refusal):
    """It was right once."""

    status = 410


def subscription(token: str) -> Subscription:
    """Subscription that the token is about. Raises NotFound or TooOld with a sentence that says what to do."""
    subscription = links.read(token)
    if subscription is BadLink.OLD:
        raise TooOld(_("오래된 편지의 주소라서 쓸 수 없어요. 요즘 받은 편지의 주소를 열거나, 로그인하고 알림에서 받는 방법을 바꿔 주세요."))
    if subscription is BadLink.FORGED:
        raise NotFound(_("쓸 수 없는 주소예요. 편지에 적힌 주소를 끝까지 옮겼는지 확인해 주세요."))
    return subscription


def unsubscribe(token: str) -> Subscription:
    """From now on nothing of this kind leaves by this channel, what waits included. Once more changes nothing."""
    wanted = subscription(token)
    with use_case(None) as work:
        user = users.held(wanted.user_id)
        if user is None or user.left_at is not None:
            return wanted
        kinds = notices.ending(wanted)
        for kind in kinds:
            work.session.merge(NoticePreference(user_id=user.id, kind=kind, channel=wanted.channel,
                                                frequency=Frequency.NEVER))
        work.session.flush()
        _drop_what_waits(work.session, wanted, kinds)
        if kinds:
            work.record("notifications.unsubscribed", user, channel=wanted.channel, kinds=[str(kind) for kind in kinds])
    return wanted


def _drop_what_waits(session, wanted: Subscription, kinds: list[NoticeKind]) -> None:
    of_kind = sa.select(Notice.id).where(Notice.user_id == wanted.user_id, Notice.kind.in_(kinds))
    session.execute(sa.delete(Delivery).where(
        Delivery.user_id == wanted.user_id, Delivery.channel == wanted.channel, Delivery.sent_at.is_(None),
        Delivery.notice_id.in_(of_kind)).execution_options(synchronize_session=False))


# Notices on their way: at once, in the morning, and before a deadline


BATCH = 200
SLICE = 5_000
"""Ids in one statement."""


def write_at_once() -> int:
    """Write the letters of every notice that leaves at once; returns how many. The outbox sends them."""
    written = 0
    while deliveries.waits(Frequency.AT_ONCE):
        with use_case(None) as work:
            due = deliveries.at_once(BATCH)
            written += outbox.post_all(work.session, letters_of([delivery] for delivery in due if delivery.reader))
            mark(work.session, due, work.at)
        if len(due) < BATCH:
            break
    return written


def letters_of(together: Iterable[list[Due]]) -> Iterator[Letter]:
    """One for what one reader is told together by one channel, each in the language of its reader."""
    by_language: dict[Language, list[list[Due]]] = {}
    for told in together:
        by_language.setdefault(told[0].reader.language, []).append(told)
    for language, those in by_language.items():
        with speaking(language):
            for told in those:
                first, ids = told[0], tuple(delivery.delivery_id for delivery in told)
                letter = WAYS[first.channel].write(first.reader, [delivery.news for delivery in told], first.frequency)
                yield replace(letter, tells=ids)


def write_again(delivery_ids: Collection[int]) -> Letter | None:
    """A letter that waited, as things stand now: what was hidden is not named, nobody is told who is not to be any
    more. None where nothing is left of it."""
    told = [delivery for delivery in deliveries.again(delivery_ids) if delivery.reader]
    return next(letters_of([told])) if told else None


def mark(session, due: list[Due], at: datetime) -> None:
    """They are done with: written, or there is nobody who can be reached."""
    ids = [delivery.delivery_id for delivery in due]
    for start in range(0, len(ids), SLICE):
        session.execute(sa.update(Delivery).where(Delivery.id.in_(ids[start:start + SLICE])).values(sent_at=at)
                        .execution_options(synchronize_session=False))


DIGEST_BATCH = 150
"""People in one turn to write: others wait for it."""
DIGESTS = 0x64696765
"""The advisory lock under which digests are written, by one worker at a time; it says `dige`."""


def write_due() -> int:
    """Write the digests that are due now into the outbox; returns how many. Nothing is due twice.

    A batch of people is one transaction: its letters, what they told and up to when stand together or not at all.
    """
    return sum(_write(frequency) for frequency in (Frequency.DAILY, Frequency.WEEKLY))


def _write(frequency: Frequency) -> int:
    before = digest_window(frequency, local(clock.now()))
    if before is None or not deliveries.readers(frequency, before, 0, 1):
        return 0
    written = last = 0
    while True:
        with use_case(None) as work:
            if not is_sqlite():
                work.session.execute(sa.select(sa.func.pg_advisory_xact_lock(DIGESTS)))
            people = deliveries.readers(frequency, before, last, DIGEST_BATCH)
            due = deliveries.of_readers(frequency, people, before) if people else []
            written += outbox.post_all(work.session, letters_of(_together(due)))
            mark(work.session, due, work.at)
            _note(work.session, people, frequency, before)
        if len(people) < DIGEST_BATCH:
            return written
        last = people[-1]


def _together(due: list[Due]):
    """Notices to one person by one channel."""
    reached = sorted((delivery for delivery in due if delivery.reader), key=_whom)
    for _each, those in groupby(reached, key=_whom):
        yield list(those)


def _whom(delivery: Due) -> tuple[int, Channel]:
    return delivery.reader.user_id, delivery.channel


def _note(session, people: list[int], frequency: Frequency, before) -> None:
    if people:
        insert = upsert(DigestRun.__table__)
        session.execute(insert.on_conflict_do_update(index_elements=["user_id", "frequency"],
                                                     set_={"at": insert.excluded.at}),
                        [{"user_id": user_id, "frequency": frequency, "at": before} for user_id in people])


SOON_DAYS = 5
"""How many days before the last one its department hears of it."""
LATE_DAYS = 7
"""How far the job looks back, for it may not have run; what is later still stands at the desk."""
TOLD_AT_ONCE = 50


def tell_of_deadlines() -> int:
    """Tell departments of what is nearly due and late, and authors of what is late. Returns how many were looked at."""
    today = local(clock.now()).date()
    window = today - timedelta(days=LATE_DAYS), today + timedelta(days=SOON_DAYS)
    looked_at, after = 0, 0
    while deadlines := deliveries.between(*window, after=after, limit=TOLD_AT_ONCE):
        with use_case(None) as work:
            for deadline in deadlines:
                _tell(work, deadline, is_late=deadline.due_on < today)
        looked_at, after = looked_at + len(deadlines), deadlines[-1].duty_id
    return looked_at


def _tell(work, deadline: Deadline, *, is_late: bool) -> None:
    """Nobody is told whose turn has passed meanwhile: the duty is looked at again under the lock."""
    if not deliveries.still_stands(deadline):
        return
    if deadline.about is not None:
        (about, title, url), waiting = cases.owed(deadline.about)
        desk_url, kind = f"/desk/answers/duties/{deadline.duty_id}", NoticeKind.FORUM
        desk_url = f"/desk{url}" if deadline.is_follow_up else desk_url
    else:
        about, title, url = f"proposal:{deadline.proposal_id}", deadline.title, f"/proposals/{deadline.number}"
        desk_url, kind = f"/desk/answers/{deadline.number}", NoticeKind.MY_PROPOSAL
        waiting = recipients.one(deadline.author_id)
    fields = {"about": about, "title": title, "at": work.at,
              "details": {"due": deadline.due_on.isoformat()},
              "once": f"{'late' if is_late else 'soon'}:{deadline.duty_id}:{deadline.due_on}"}
    staff = (recipients.moderators() if deadline.department_id is None
             else recipients.staff(Role.OFFICIAL, department_id=deadline.department_id))
    operations.tell(work.session, staff, kind=NoticeKind.DUTY, step="duty_late" if is_late else "duty_soon",
                    url=desk_url, **fields)
    if is_late:
        operations.tell(work.session, waiting, kind=kind, step="answer_late", url=url, **fields)


def tell_who_is_silent() -> int:
    """Ask authors once more for what was asked of them, after a week. Returns how many were looked at."""
    today = local(clock.now()).date()
    window = today - timedelta(days=REMINDED_AFTER_DAYS + LATE_DAYS), today - timedelta(days=REMINDED_AFTER_DAYS)
    looked_at, after = 0, 0
    while silences := deliveries.silent(*window, after=after, limit=TOLD_AT_ONCE):
        with use_case(None) as work:
            for silence in silences:
                if deliveries.still_waits(silence):
                    operations.tell(work.session, recipients.one(silence.author_id), kind=NoticeKind.MY_PROPOSAL,
                                    about=f"proposal:{silence.proposal_id}", title=silence.title, at=work.at,
                                    step="completion_waits", url=f"/proposals/{silence.number}/completion",
                                    once=f"completion-waits:{silence.pause_id}")
        looked_at, after = looked_at + len(silences), silences[-1].pause_id
    return looked_at
