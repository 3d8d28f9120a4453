"""Mail: written with its reason, sent once, tried again, never misled by what people type."""

import email
import email.policy
import stat
import threading
from datetime import timedelta
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from civic_forum.platform import carriers, clock, mail_server, outbox, plain_text, site_version
from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.outbox import OutgoingMail
from civic_forum.platform.work import use_case
from tests.servers import processes, smtp

READER = "reader@example.org"


@pytest.fixture
def folder(app, town, tmp_path, monkeypatch):
    """The file to which letters go without a mail server."""
    monkeypatch.setitem(app.config, "DATA", str(tmp_path))
    monkeypatch.setitem(app.config, "SMTP_URL", "")
    return tmp_path / "mail"


@pytest.fixture
def by_smtp(app, town, postbox, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_URL", postbox.url)
    return postbox


def post(to=READER, subject="답변이 올라왔어요", body="처리 과정을 확인해 주세요.", user_id=None):
    with use_case(None):
        outbox.post(to=to, subject=subject, body=body, kind="notice", user_id=user_id)


def letters(folder):
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in sorted(folder.glob("*.eml"))]


def rows():
    db.session.rollback()
    return list(db.session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id)))


def later(**time):
    clock.shift(clock.offset_seconds() + int(timedelta(**time).total_seconds()))


def test_without_a_mail_server_a_letter_becomes_a_file_of_its_own(folder):
    post(user_id=7)
    assert outbox.deliver_due() == 1 and outbox.deliver_due() == 0
    [letter] = letters(folder)
    assert (letter["To"], letter["Subject"]) == (READER, "답변이 올라왔어요") and "처리 과정" in letter.get_content()
    [path] = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and "-7-" in path.name
    [row] = rows()
    assert row.sent_at and (row.body, row.recipient, row.due_at) == ("", "", None)


def test_while_letters_leave_the_pages_that_are_kept_stay(folder):
    post()
    before = site_version.current()
    assert outbox.deliver_due() == 1
    assert site_version.current() == before or not is_sqlite()


def test_a_letter_leaves_only_if_its_reason_came_to_be(folder):
    with pytest.raises(ZeroDivisionError), use_case(None):
        outbox.post(to=READER, subject="a", body="b", kind="notice")
        raise ZeroDivisionError
    assert outbox.deliver_due() == 0 and rows() == []


INJECTED = "Bcc: evil@example.org"


@pytest.mark.parametrize("line", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\0"])
def test_no_header_is_smuggled_in_by_a_subject(folder, line):
    post(subject=f"제안{line}{INJECTED}{line}{line}<b>body</b>")
    assert outbox.deliver_due() == 1
    [path] = folder.iterdir()
    [letter] = letters(folder)
    assert letter["Bcc"] is None and letter["To"] == READER and "처리 과정" in letter.get_content()
    assert not [row for row in path.read_bytes().splitlines() if row.lower().startswith(b"bcc")]


@pytest.mark.parametrize("address", [f"a@example.org\r\n{INJECTED}", "a@example.org, b@example.org", "a b@example.org",
                                     "<a@example.org>", "", "a@", "@b", "a@example.org\0", "a@@b", "\ud800@b.org"])
def test_a_broken_address_holds_up_nobody_else(folder, address, monkeypatch):
    db.session.add(OutgoingMail(kind="notice", recipient=READER, subject="a", body="b", created_at=clock.now(),
                                due_at=clock.now(), tries=0))
    db.session.commit()
    message = outbox.message_of
    taken = iter([address])

    def first_is_broken(mail):
        db.session.expunge(mail)
        mail.recipient = next(taken, mail.recipient)
        return message(mail)

    monkeypatch.setattr(outbox, "message_of", first_is_broken)
    post()
    outbox.deliver_due()
    sent = letters(folder)
    assert READER in [letter["To"] for letter in sent]
    for letter in sent:
        assert letter["Bcc"] is None and len(letter["To"].addresses) == 1
        assert "evil" not in letter.as_string() and "b@example.org" not in str(letter["To"])


def test_no_words_of_a_subject_are_decoded(folder):
    post(subject="[Site] =?utf-8?q?x=0D=0AReply-To:_x@example.org?=")
    assert outbox.deliver_due() == 1
    [letter] = letters(folder)
    assert letter["Reply-To"] is None and "= ?utf-8?q?x=0D=0AReply-To" in letter["Subject"]


def test_a_long_subject_fits_its_column(folder):
    post(subject="가" * 500)
    outbox.deliver_due()
    assert letters(folder)[0]["Subject"] == "가" * 200


def decoded(**headers) -> EmailMessage:
    """A letter with these headers, as readers of mail decode it; all read the same."""
    message = EmailMessage(policy=mail_server.Policy())
    for name, text in headers.items():
        message[name] = text
    sent = message.as_bytes()
    letter, older = email.message_from_bytes(sent, policy=email.policy.default), email.message_from_bytes(sent)
    assert all(len(line) <= 78 for line in sent.splitlines())
    assert str(make_header(decode_header(older["Subject"] or ""))) == (letter["Subject"] or "")
    return letter


@given(st.text("가나다 ab,.·", min_size=1, max_size=200).map(plain_text.clean).filter(bool))
@example("가 " * 99 + "나")
@example("골목 " + "a" * 70 + " 봤습니다")
def test_every_subject_arrives_as_it_was(subject):
    assert decoded(Subject=subject)["Subject"] == subject


@given(st.text("가나다 ab,.\"<>@·", min_size=1, max_size=80).map(plain_text.clean).filter(bool))
def test_every_name_of_a_sender_arrives_as_it_was(name):
    """Read as RFC 2047 says: the newer parser of Python keeps spaces between encoded words of a name."""
    message = EmailMessage(policy=mail_server.Policy())
    message["From"] = Address(name, addr_spec="no-reply@example.org")
    sender, address = parseaddr(email.message_from_bytes(message.as_bytes())["From"].replace("\n", ""))
    assert (str(make_header(decode_header(sender))), address) == (name, "no-reply@example.org")


def test_a_full_disk_is_tried_again_and_leaves_no_half_letter(folder, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    post()
    with monkeypatch.context() as broken:
        broken.setattr(carriers.os, "replace", full)
        assert outbox.deliver_due() == 0
    assert list(folder.iterdir()) == []
    later(minutes=6)
    assert outbox.deliver_due() == 1


def test_while_the_mail_server_is_away_letters_wait_longer_each_time_and_then_leave(app, town, monkeypatch):
    port = processes.free_port()
    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{port}")
    post()
    waited = timedelta()
    for tries in range(1, 5):
        assert outbox.deliver_due() == 0
        [row] = rows()
        assert row.tries == tries and row.sent_at is None and row.body
        assert row.due_at - clock.now() > waited
        waited = row.due_at - clock.now()
        assert outbox.deliver_due() == 0 and rows()[0].tries == tries
        later(seconds=int(waited.total_seconds()) + 1)
    with smtp.running() as postbox:
        monkeypatch.setitem(app.config, "SMTP_URL", postbox.url)
        assert outbox.deliver_due() == 1
        assert len(postbox.letters_to(READER)) == 1
    later(days=9)
    assert outbox.deliver_due() == 0


@pytest.mark.in_turns(of=5)
def test_a_letter_is_given_up_after_days_and_not_before(app, town, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{processes.free_port()}")
    began = clock.now()
    post()
    while rows()[0].due_at:
        outbox.deliver_due()
        if due := rows()[0].due_at:
            later(seconds=int((due - clock.now()).total_seconds()) + 1)
    assert clock.now() - began > timedelta(days=3) and rows()[0].tries == outbox.TRIES


def test_a_letter_that_is_refused_holds_up_no_other(app, by_smtp, monkeypatch):
    async def refuse(self, server, session, envelope, address, options):
        if address == "full@example.org":
            return "552 Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    monkeypatch.setattr(smtp.Postbox, "handle_RCPT", refuse, raising=False)
    post(to="full@example.org")
    post()
    assert outbox.deliver_due() == 1
    assert len(by_smtp.letters_to(READER)) == 1
    assert [row.sent_at is None for row in rows()] == [True, False]


@pytest.mark.in_turns(of=5)
def test_two_workers_send_each_letter_once(app, by_smtp, monkeypatch):
    monkeypatch.setattr(outbox, "BATCH", 7)
    for n in range(60):
        post(to=f"reader{n}@example.org")
    db.session.remove()
    sent, start = [], threading.Barrier(3)

    def work():
        with app.app_context():
            start.wait()
            while count := outbox.deliver_due():
                sent.append(count)

    workers = [threading.Thread(target=work) for _ in range(3)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    assert sum(sent) == 60
    assert sorted(letter.recipients[0] for letter in by_smtp.letters) == sorted(
        f"reader{n}@example.org" for n in range(60))


def test_a_worker_that_dies_after_taking_letters_loses_none(app, by_smtp, monkeypatch):
    class Killed(BaseException):
        """As kill -9 in the middle."""

    def die(*_given):
        raise Killed

    post()
    with monkeypatch.context() as dying:
        dying.setattr(carriers.Carriers, "mail", die)
        with pytest.raises(Killed):
            outbox.deliver_due()
    db.session.rollback()
    assert outbox.deliver_due() == 0  # another may still be sending it
    later(minutes=6)
    assert outbox.deliver_due() == 1 and len(by_smtp.letters) == 1


def test_a_letter_sent_twice_is_known_by_its_number(app, by_smtp):
    post()
    outbox.deliver_due()
    [row] = rows()
    row.sent_at, row.due_at, row.recipient = None, clock.now(), READER
    db.session.commit()
    outbox.deliver_due()
    first, second = by_smtp.letters_to(READER, 2)
    assert first["Message-ID"] == second["Message-ID"]


def test_letters_of_somebody_who_leaves_are_gone_with_their_files(folder):
    post(user_id=7)
    post(user_id=8)
    outbox.deliver_due()
    post(to="seven@example.org")
    post(user_id=7)
    with use_case(None) as work:
        outbox.forget(work.session, 7, {"seven@example.org"})
    outbox.forget_files(7)
    assert [row.user_id for row in rows()] == [8] and len(letters(folder)) == 1


def test_old_letters_are_thrown_away_and_waiting_ones_kept(folder):
    post()
    outbox.deliver_due()
    [path] = Path(folder).iterdir()
    later(days=91)
    post(to="new@example.org")
    assert outbox.throw_away(90) == 1
    assert [row.recipient for row in rows()] == ["new@example.org"] and path.exists()
