"""A letter that waited for the mail server, or for the morning, says what holds when it leaves; duties follow
rights."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant
from civic_forum.accounts.rules import Role
from civic_forum.platform import carriers, clock, outbox
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL
from civic_forum.notifications import services as delivering
from civic_forum.platform.outbox import Carrier, OutgoingMail
from civic_forum.platform.work import use_case
from civic_forum.notifications import links
from civic_forum.notifications import operations as notifications
from civic_forum.notifications.links import Subscription
from civic_forum.notifications.models import Notice
from civic_forum.notifications.queries import recipients
from civic_forum.notifications.rules import Channel, Frequency, NoticeKind

from tests.common import commit, letters
from .outgoing import reachable, waiting
from .told import wants

MORNING = datetime(2030, 5, 2, 9, tzinfo=SEOUL)
TITLE = "누군가의 이름이 든 제목"


@pytest.fixture
def morning(at):
    at(MORNING)


@pytest.fixture
def away(monkeypatch):
    """A mail server that answers only after `.undo()`."""
    def nobody(*_message):
        raise ConnectionError

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(carriers.Carriers, "mail", nobody)
        patched.setattr(carriers.Carriers, "short_message", nobody)
        yield patched


@pytest.fixture
def left(away, monkeypatch):
    """The letters that leave once the server is back."""
    seen = []

    def back() -> list[str]:
        away.undo()
        monkeypatch.setattr(carriers.Carriers, "mail", lambda _self, message, user_id: seen.append(
            f"{message['To']} {message['Subject']} {message.get_content()}"))
        monkeypatch.setattr(carriers.Carriers, "short_message", lambda _self, number, text, *_more: seen.append(
            f"{number} {text}"))
        outbox.deliver_due()
        return seen

    return back


def written(frequency: Frequency) -> None:
    assert (delivering.write_due() if frequency is Frequency.DAILY else delivering.write_at_once()) == 1
    assert outbox.deliver_due() == 0


def about(town, **facts):
    proposal = town.proposal(title=TITLE, **facts)
    return proposal, {"about": f"proposal:{proposal.id}", "url": f"/proposals/{proposal.number}", "title": ""}


@pytest.mark.parametrize("frequency", [Frequency.AT_ONCE, Frequency.DAILY])
def test_a_text_hidden_on_the_way_is_not_named(town, at, morning, left, frequency):
    proposal, said = about(town)
    waiting(reachable(town), frequency=frequency, before=timedelta(hours=5), **said)
    written(frequency)
    assert TITLE in letters()[0].body
    proposal.hidden_at, proposal.hidden_rule = clock.now(), "privacy"
    db.session.commit()
    at(MORNING + timedelta(hours=2))
    [letter] = left()
    assert TITLE not in letter and "볼 수 없는 글" in letter


def test_a_text_that_still_stands_is_named_under_its_title_of_now(town, at, morning, left):
    proposal, said = about(town)
    waiting(reachable(town), **said)
    written(Frequency.AT_ONCE)
    proposal.title = "고친 제목"
    db.session.commit()
    at(MORNING + timedelta(hours=2))
    [letter] = left()
    assert "고친 제목" in letter and TITLE not in letter
    assert letters()[0].tells is None and letters()[0].sent_at


def test_a_fresh_letter_leaves_as_it_was_written(town, at, morning, left):
    waiting(reachable(town), **about(town)[1])
    written(Frequency.AT_ONCE)
    [letter] = letters()
    letter.due_at = clock.now()
    db.session.commit()
    assert TITLE in left()[0]


@pytest.mark.parametrize("what", ["left", "blocked", "no address", "unsubscribed"])
def test_nothing_leaves_to_whom_nothing_is_to_be_sent_any_more(town, at, morning, left, what):
    reader = reachable(town)
    waiting(reader, **about(town)[1])
    written(Frequency.AT_ONCE)
    if what == "unsubscribed":
        token = links.address(Subscription(reader.id, Channel.MAIL, NoticeKind.SUPPORTED)).rsplit("/", 1)[1]
        delivering.unsubscribe(token)
    elif what == "no address":
        reader.confirmed_email = None
    else:
        setattr(reader, f"{what}_at", clock.now())
    db.session.commit()
    at(MORNING + timedelta(hours=2))
    assert left() == [] and letters() == []


@pytest.mark.both
def test_no_header_is_smuggled_in_by_what_a_title_or_a_nickname_became(town, at, morning, left):
    proposal, said = about(town)
    reader = reachable(town)
    waiting(reader, **said)
    written(Frequency.AT_ONCE)
    proposal.title, reader.nickname = "새 제목\r\nBcc: thief@example.org", "이웃\nX-Priority: 1"
    db.session.commit()
    at(MORNING + timedelta(hours=2))
    outbox_lines = left()[0].partition("안녕하세요")[0]
    [letter] = letters()
    assert "\n" not in letter.subject and "\r" not in letter.subject
    assert "Bcc" not in outbox_lines.partition(letter.subject)[0]


@pytest.mark.both
def test_a_letter_goes_to_the_address_of_now(town, at, morning, left):
    reader = reachable(town)
    waiting(reader, **about(town)[1])
    written(Frequency.AT_ONCE)
    reader.confirmed_email = "moved@example.org"
    db.session.commit()
    at(MORNING + timedelta(hours=2))
    assert left()[0].startswith("moved@example.org ")


def test_short_messages_of_the_night_are_written_again_in_the_morning(town, at, left):
    at(MORNING - timedelta(hours=10))
    reader = town.resident(mobile="010-0000-1234", confirmed_mobile="010-0000-1234")
    waiting(reader, channel=Channel.SMS, **about(town)[1])
    assert delivering.write_at_once() == 1 and letters()[0].carrier is Carrier.SMS
    reader.blocked_at = clock.now()
    db.session.commit()
    at(MORNING)
    assert left() == [] and letters() == []


def test_letters_without_news_stay_as_they_are(town, at, morning, left):
    with use_case(None):
        outbox.post(to="reader@example.org", subject="비밀번호", body="링크", kind="reset_password")
    outbox.deliver_due()
    at(MORNING + timedelta(hours=2))
    assert "비밀번호" in left()[0]


def duty(people, **said) -> None:
    with use_case(None) as work:
        notifications.tell(work.session, people, kind=NoticeKind.DUTY, about="report:1", step="duty_report", title="",
                           url="/desk/reports", once="duty", at=clock.now(), **said)


def withdraw(user, role: Role) -> None:
    commit(sa.update(RoleGrant).where(RoleGrant.user_id == user.id, RoleGrant.role == role)
           .values(withdrawn_at=clock.now()))


@pytest.fixture
def moderator(town):
    staff = reachable(town)
    db.session.add(RoleGrant(user_id=staff.id, role=Role.MODERATOR, granted_at=clock.now()))
    db.session.commit()
    wants(staff, Channel.MAIL, Frequency.AT_ONCE, NoticeKind.DUTY)
    return staff


@pytest.mark.both
@pytest.mark.parametrize("then", ["before it is written", "on its way"])
def test_a_duty_does_not_leave_to_whom_it_is_none_any_more(town, at, morning, left, moderator, then):
    duty(recipients.but(recipients.moderators(), 0))
    if then == "on its way":
        written(Frequency.AT_ONCE)
    withdraw(moderator, Role.MODERATOR)
    delivering.write_at_once()
    at(MORNING + timedelta(hours=2))
    assert left() == [] and letters() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 1


def test_another_right_of_theirs_does_not_count(town, at, morning, left, moderator):
    db.session.add(RoleGrant(user_id=moderator.id, role=Role.OFFICIAL, department_id=town.department().id,
                             granted_at=clock.now()))
    db.session.commit()
    duty(recipients.moderators())
    withdraw(moderator, Role.MODERATOR)
    delivering.write_at_once()
    assert left() == []


@pytest.mark.both
def test_a_duty_of_one_department_does_not_leave_to_another(town, at, morning, left):
    one, other = town.department(), town.department("청소행정과")
    officials = [reachable(town) for _each in range(2)]
    for official in officials:
        db.session.add(RoleGrant(user_id=official.id, role=Role.OFFICIAL, department_id=one.id, granted_at=clock.now()))
    db.session.commit()
    for official in officials:
        wants(official, Channel.MAIL, Frequency.AT_ONCE, NoticeKind.DUTY)
    duty(recipients.staff(Role.OFFICIAL, department_id=one.id))
    commit(sa.update(RoleGrant).where(RoleGrant.user_id == officials[0].id) .values(department_id=other.id))
    assert delivering.write_at_once() == 1
    [letter] = left()
    assert letter.startswith(officials[1].confirmed_email)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingMail)) == 1
