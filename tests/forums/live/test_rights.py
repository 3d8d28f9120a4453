"""Rights to hear: over the socket and over the page that is asked instead, on both databases."""

import json

import pytest

from civic_forum.forums.live.subscribers import Subscriber, Subscribers, View
from civic_forum.forums.live.sockets import asked_for, of_this_application
from civic_forum.forums.live.messages import Batches, Batch
from civic_forum.forums.live.redis_wakeup import RedisWakeup
from civic_forum.forums import operations
from civic_forum.forums import queries as forums
from civic_forum.forums.chat import services as chat
from civic_forum.forums.live import queries
from civic_forum.forums.models import ForumDuty, ForumEvent
from civic_forum.forums.registration import services as registering
from civic_forum.forums.registration.models import Registration
from civic_forum.forums.rules import ForumEventKind, Place
from civic_forum.forums.tables.models import ForumTable, Seat
from civic_forum.forums.live import presence
from civic_forum.accounts.models import RoleGrant, UserSession
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import Language
from civic_forum.platform.work import use_case
from tests import factories
from tests.common import commit
from tests.forums.scene import announced_forum


def happened(scene, count=1, table=None, kind=ForumEventKind.TABLE_SAID):
    """Write events by the hand of their step, as services do."""
    for _number in range(count):
        with use_case(scene.host) as work:
            operations.add_event(work, forums.locked(scene.forum.id), kind, 10**9, table_id=table and table.id, size=3)


def told(page, scene, after=0):
    answer = page.get(f"/forums/{scene.forum.slug}/events?after={after}")
    assert answer.status_code == 200
    return json.loads(answer.data)


@pytest.mark.both
def test_anybody_who_asks_gets_the_events_after_a_number(scene, browse):
    happened(scene, 3)
    news = told(browse(), scene, 1)
    assert [event["number"] for event in news["events"]] == [2, 3]
    assert news["last"] == 3 and news["more"] is False
    assert news["events"][0] | {"at": ""} == {"number": 2, "at": "", "kind": "table.said", "about": "table",
                                              "subject": 10**9, "table": None, "details": {"size": 3}}
    assert told(browse(), scene, 3)["events"] == []
    assert told(browse(), scene, 4)["old"] is True


@pytest.mark.parametrize("after", ["", "-1", "x", "1" * 16, "１x"])
def test_a_text_that_is_no_number_is_refused(scene, browse, after):
    assert browse().get(f"/forums/{scene.forum.slug}/events?after={after}").status_code == 400


def test_of_a_table_others_hear_number_and_kind_alone(scene, browse):
    seated, other, host_of_table = scene.person(), scene.person(), scene.person()
    table = scene.table(1, host_of_table, seated)
    happened(scene, 2, table)
    for user in (None, other, scene.captioner):
        assert told(browse(user), scene)["events"] == [{"number": number, "kind": "table.said"} for number in (1, 2)]
    for user in (seated, host_of_table, scene.host, scene.moderator):
        assert [event["table"] for event in told(browse(user), scene)["events"]] == [table.id] * 2


@pytest.mark.in_turns(of=5)
def test_more_than_fit_are_told_in_stretches(scene, browse, queries):
    happened(scene, 3)
    with queries() as few:
        told(browse(), scene)
    happened(scene, 510)
    with queries() as many:
        news = told(browse(), scene)
    assert len(news["events"]) == 500 and news["more"] is True and news["last"] == 500
    assert [event["number"] for event in told(browse(), scene, 500)["events"]] == list(range(501, 514))
    assert len(many) == len(few) <= 6


def test_a_drawer_that_fails_silences_nobody(scene, browse, monkeypatch, caplog):
    from civic_forum.forums import fragments

    def broken(_forum, _events):
        raise RuntimeError("this piece cannot be drawn")

    monkeypatch.setitem(fragments._drawers, "table", broken)
    happened(scene)
    news = told(browse(), scene)
    assert [event["number"] for event in news["events"]] == [1] and news["puts"] == []
    assert "pieces about table were not drawn" in caplog.text


class Listening:
    """An subscriber of somebody with a session, as a socket has it."""

    def __init__(self, scene, user, **view):
        factories.signed_in(user)
        session = db.session.scalar(db.select(UserSession).filter_by(user_id=user.id).order_by(UserSession.id.desc()))
        self.subscribers, self.session = Subscribers(), session
        self.subscriber = Subscriber(f"sid of {user.id}", None, None, scene.forum.id, View(Language.KO, **view),
                                     user.id, session.id)
        self.subscribers.add(self.subscriber)

    def looked(self):
        db.session.expire_all()
        over, moved = presence.changed(self.subscribers)
        return over, [(subscriber, view) for subscriber, view in moved]


def test_somebody_who_keeps_their_rights_is_left_alone(scene):
    somebody = Listening(scene, scene.person())
    assert somebody.looked() == ([], [])
    assert Listening(scene, scene.host, runs=True).looked() == ([], [])
    assert Listening(scene, scene.moderator, runs=True).looked() == ([], [])


@pytest.mark.both
@pytest.mark.parametrize("lost", ["session", "blocked", "left", "old session"])
def test_a_session_that_is_over_ends_the_socket(scene, lost):
    user = scene.person()
    listening = Listening(scene, user)
    if lost == "session":
        db.session.delete(listening.session)
    elif lost == "blocked":
        user.blocked_at = clock.now()
    elif lost == "left":
        user.left_at = clock.now()
    else:
        listening.session.created_at = clock.now().replace(year=2000)
    db.session.commit()
    over, moved = listening.looked()
    assert over == [listening.subscriber] and moved == []


def test_a_block_that_is_over_is_none(scene):
    user = scene.person()
    user.blocked_at, user.blocked_until = clock.now().replace(year=2000), clock.now().replace(year=2001)
    db.session.commit()
    assert Listening(scene, user).looked() == ([], [])


def test_a_seat_and_a_duty_are_felt_when_they_come_and_go(scene):
    user = scene.person()
    listening = Listening(scene, user)
    table = scene.table(1, None, user)
    [(subscriber, view)] = listening.looked()[1]
    assert view == View(Language.KO, False, frozenset((table.id,)))
    db.session.execute(db.delete(Seat).where(Seat.user_id == user.id))
    commit(db.update(ForumTable).where(ForumTable.id == table.id).values(host_id=user.id))
    assert listening.looked()[1][0][1] == View(Language.KO, False, frozenset((table.id,)))
    leading = Listening(scene, scene.host, runs=True)
    commit(db.delete(ForumDuty).where(ForumDuty.user_id == scene.host.id))
    assert leading.looked()[1][0][1] == View(Language.KO)


def test_a_seat_without_a_place_hears_nothing_of_the_table(scene, browse):
    user = scene.person()
    table = scene.table(1, None, user)
    listening = Listening(scene, user, tables=frozenset((table.id,)))
    assert listening.looked() == ([], [])
    commit(db.update(Registration).where(Registration.user_id == user.id).values(place=Place.WITHDRAWN))
    assert listening.looked()[1][0][1] == View(Language.KO)
    happened(scene, 4, table)
    assert told(browse(user), scene)["events"] == [{"number": number, "kind": "table.said"} for number in range(1, 5)]


def test_somebody_who_gives_their_place_back_leaves_the_table(scene):
    user = scene.person()
    table = scene.table(1, None, user)
    registering.withdraw(scene.forum.id, by=user)
    assert db.session.scalar(db.select(Seat).filter_by(user_id=user.id)) is None
    [event] = db.session.scalars(db.select(ForumEvent).filter_by(forum_id=scene.forum.id))
    assert (event.kind, event.subject_id, event.table_id) == (ForumEventKind.TABLE_MOVED, table.id, None)
    assert event.details == {"was": 1, "to": None, "by_oneself": True}


def test_a_role_that_was_taken_away_is_felt(scene, app, monkeypatch):
    leading = Listening(scene, scene.moderator, runs=True)
    monkeypatch.setitem(app.config, "STAFF_TOTP", "required")
    assert leading.looked()[1][0][1] == View(Language.KO)
    monkeypatch.setitem(app.config, "STAFF_TOTP", "auto")
    commit(db.update(RoleGrant).values(withdrawn_at=clock.now()))
    assert leading.looked()[1][0][1] == View(Language.KO)


def test_rights_of_all_are_read_in_two_statements(scene, queries):
    subscribers = Subscribers()
    for user in scene.people(12):
        listening = Listening(scene, user)
        subscribers.add(listening.subscriber)
    db.session.expire_all()
    with queries() as seen:
        assert presence.changed(subscribers) == ([], [])
    assert len(seen) == 2


def test_a_view_hears_what_is_its_own():
    hall, table, host = View(), View(tables=frozenset((7,))), View(runs=True)
    assert [view.hears(None) for view in (hall, table, host)] == [True] * 3
    assert [view.hears(7) for view in (hall, table, host)] == [False, True, True]
    assert [view.hears(8) for view in (hall, table, host)] == [False, False, True]
    assert len({hall, table, host, View(Language.EN)}) == 4


@pytest.mark.parametrize("auth", [
    None, [], "x", {}, {"forum": 3, "after": 0}, {"forum": "a", "after": "0"}, {"forum": "a", "after": -1},
    {"forum": "a", "after": True}, {"forum": "a", "after": 2**60}])
def test_words_of_a_client_are_believed_only_in_their_form(auth):
    assert asked_for(auth)[0] is None


def test_everybody_who_listens_is_counted(scene):
    sockets = of_this_application()
    subscriber = Subscriber("one", None, None, scene.forum.id, View(), None, None)
    sockets.subscribers.add(subscriber)
    try:
        assert sockets.broadcaster.present(scene.forum.id) == 1
    finally:
        sockets.subscribers.remove("one")
    assert sockets.broadcaster.present(scene.forum.id) == 0 and sockets.subscribers.by_forum == {}


@pytest.mark.both
def test_latest_numbers_are_read_for_all_forums_at_once(scene, town):
    happened(scene, 2)
    other = announced_forum(town)
    assert queries.latest([scene.forum.id, other.id]) == {scene.forum.id: 2, other.id: 0}


def test_a_question_while_the_database_was_away_is_answered_afterwards(scene, monkeypatch):
    broadcaster = of_this_application().broadcaster
    subscriber = Subscriber("one", None, None, scene.forum.id, View(), None, None)
    answered = []
    monkeypatch.setattr(broadcaster, "_tell_new", lambda: 1 / 0)
    monkeypatch.setattr(broadcaster, "_answer", answered.append)
    broadcaster.asking.append(subscriber)
    with pytest.raises(ZeroDivisionError):
        broadcaster.turn()
    assert answered == []
    monkeypatch.setattr(broadcaster, "_tell_new", lambda: None)
    broadcaster.turn()
    assert answered == [subscriber] and not broadcaster.asking


def test_a_text_hidden_since_is_in_no_earlier_stretch(scene, browse, monkeypatch):
    monkeypatch.setattr("civic_forum.forums.live.views.MOST", 3)
    said = chat.say(scene.forum.id, "가려질 말이에요", by=scene.person())
    happened(scene, 5)
    before = [put["html"] for put in told(browse(), scene)["puts"]]
    assert "가려질 말이에요" in "".join(before)
    chat.hide(scene.forum.id, said.id, "욕설", by=scene.host)
    monkeypatch.setattr("civic_forum.forums.live.messages.KEPT_S", 0)
    assert "가려질 말이에요" not in "".join(put["html"] for put in told(browse(), scene)["puts"])


def test_a_story_that_another_thread_pushes_out_is_told_all_the_same(app, monkeypatch):
    batches = Batches(app)
    monkeypatch.setattr("civic_forum.forums.live.messages.KEPT", 0)
    assert batches.between(1, 7, 7, Language.KO) == Batch((), (), 7)
    assert not batches.kept


def test_each_of_several_tables_is_told_its_own_news():
    news = [{"number": table, "kind": "table_said", "table": table, "at": "12:00"} for table in (1, 2)]
    batch = Batch(tuple(news), (), 2)
    for table in (1, 2):
        _news, message = json.loads(batch.said(View(tables=frozenset({table})))[1:])
        assert [one["number"] for one in message["events"] if "at" in one] == [table]
        assert [set(one) for one in message["events"] if "at" not in one] == [{"number", "kind"}]


@pytest.mark.parametrize("said", [b"", b"\xff", b"[]", b"[" * 100_000, b'{"from": "x", "present": {"1": Infinity}}',
                                  b'{"from": "x", "present": 3}', b'{"present": {}}'])
def test_nonsense_from_redis_ends_nothing(said):
    woken = []
    wakeup = RedisWakeup("redis://nowhere", "me", lambda: woken.append(True))
    wakeup._take(said)
    assert not woken and not wakeup.others
