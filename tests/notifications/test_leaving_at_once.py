"""Notices that leave at once: each becomes one letter, in the language of its reader, with the way out."""

import threading
from datetime import timedelta

import pytest

from civic_forum.platform import clock, outbox
from civic_forum.platform.base import db
from civic_forum.notifications import services as delivering
from civic_forum.platform.outbox import Carrier
from civic_forum.notifications.models import DeadAddress
from civic_forum.notifications.rules import Channel, Frequency, NoticeKind, in_bytes
from tests import factories

from tests.common import letters
from .outgoing import reachable, still_waiting, waiting


def test_each_becomes_one_letter_and_no_second_one(town):
    reader = reachable(town)
    waiting(reader)
    waiting(reader, step="decided")
    assert delivering.write_at_once() == 2 and delivering.write_at_once() == 0
    first, second = letters()
    assert first.recipient == reader.confirmed_email and first.user_id == reader.id
    assert "부서가 답변했어요" in first.subject and "골목 가로등" in first.subject
    assert "http://127.0.0.1:8000/proposals/2030-0001" in first.body and "결정했어요" in second.body
    assert first.unsubscribe in first.body and still_waiting() == 0


def test_a_letter_speaks_the_language_of_its_reader(town):
    waiting(reachable(town))
    waiting(reachable(town, language="en"))
    delivering.write_at_once()
    korean, english = letters()
    assert korean.subject.startswith("[금천1번가]") and english.subject.startswith("[Geumcheon 1st Street]")
    assert "안녕하세요" not in english.body


def test_a_notice_that_waits_for_a_digest_is_left_alone(town):
    waiting(reachable(town), frequency=Frequency.DAILY)
    assert delivering.write_at_once() == 0 and still_waiting() == 1


@pytest.mark.parametrize("lost", ["left", "blocked", "no address", "dead"])
def test_nothing_is_written_to_whom_nothing_can_be_sent(town, lost):
    reader = reachable(town)
    waiting(reader)
    if lost == "dead":
        db.session.add(DeadAddress(user_id=reader.id, since=clock.now()))
    elif lost == "no address":
        reader.confirmed_email = None
    else:
        setattr(reader, f"{lost}_at", clock.now())
    db.session.commit()
    assert delivering.write_at_once() == 0
    assert letters() == [] and still_waiting() == 0


def test_a_blocked_user_still_hears_how_to_appeal(town):
    reader = reachable(town, blocked_at=clock.now())
    waiting(reader, kind=NoticeKind.MODERATION, step="warn", details={"rule": "욕설"})
    assert delivering.write_at_once() == 1


def test_a_user_blocked_until_now_hears_of_everything_again(town):
    waiting(reachable(town, blocked_at=clock.now() - timedelta(days=7), blocked_until=clock.now()))
    assert delivering.write_at_once() == 1


def test_a_text_hidden_since_is_not_named(town):
    reader = reachable(town)
    hidden = town.proposal(title="누군가의 이름", hidden_at=clock.now(), hidden_rule="privacy")
    waiting(reader, about=f"proposal:{hidden.id}", title=hidden.title)
    waiting(reader, about=f"proposal:{hidden.id}", title=hidden.title, kind=NoticeKind.MY_PROPOSAL)
    delivering.write_at_once()
    of_another, own = letters()
    assert "누군가의 이름" not in of_another.subject + of_another.body and "볼 수 없는 글" in of_another.body
    assert "누군가의 이름" in own.body


def test_a_failure_writes_nothing_and_marks_nothing(town, monkeypatch):
    waiting(reachable(town))
    monkeypatch.setattr(delivering, "mark", lambda *_given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        delivering.write_at_once()
    assert letters() == [] and still_waiting() == 1


def test_two_workers_write_each_letter_once(app, town, monkeypatch):
    monkeypatch.setattr(delivering, "BATCH", 7)
    for _each in range(40):
        waiting(reachable(town))
    db.session.remove()
    start, troubles = threading.Barrier(3), []

    def work():
        with app.app_context():
            start.wait()
            try:
                for _again in range(4):
                    delivering.write_at_once()
            except Exception as trouble:
                troubles.append(trouble)

    workers = [threading.Thread(target=work) for _each in range(3)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    delivering.write_at_once()
    assert troubles == [] and len({letter.recipient for letter in letters()}) == len(letters()) == 40


def test_a_short_message_is_short_and_becomes_a_file(app, town, tmp_path, monkeypatch, at):
    at(factories.MAY)
    monkeypatch.setitem(app.config, "DATA", str(tmp_path))
    reader = town.resident(mobile="010-0000-1234", confirmed_mobile="010-0000-1234")
    waiting(reader, channel=Channel.SMS, step="vote_opens", details={"opens": "2030-05-01", "closes": "2030-05-09"})
    assert delivering.write_at_once() == 1
    [message] = letters()
    assert message.carrier is Carrier.SMS and in_bytes(message.body) <= 90
    assert message.body.startswith("[금천1번가] ") and message.body.endswith("/proposals/2030-0001")
    assert outbox.deliver_due() == 1
    [path] = (tmp_path / "sms").iterdir()
    assert path.read_text().startswith("010-0000-1234\n[금천1번가]") and f"-{reader.id}-" in path.name
    outbox.forget_files(reader.id)
    assert not path.exists()


@pytest.mark.both
def test_a_number_that_is_not_proven_any_more_gets_nothing(town):
    waiting(town.resident(mobile="010-0000-1234"), channel=Channel.SMS)
    assert delivering.write_at_once() == 0 and letters() == []


def test_a_thousand_cost_a_few_statements(town, queries):
    reader = factories.saved(reachable(town))
    for n in range(30):
        waiting(reader, once=f"many:{n}")
    with queries() as seen:
        delivering.write_at_once()
    assert len(seen) <= 9
