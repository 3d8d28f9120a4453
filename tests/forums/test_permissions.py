"""Each permission at a forum asked by the same cast, from its preparation to its record."""

from dataclasses import replace
from datetime import timedelta

import pytest

from civic_forum.forums.floor.models import SpeakingRequest
from civic_forum.forums.minutes.models import Minutes
from civic_forum.forums.minutes.queries import MinutesState, NONE
from civic_forum.forums.pulses.models import Pulse
from civic_forum.forums.questions.models import Question
from civic_forum.forums.registration import queries as registering
from civic_forum.forums.policy import ForumContext
from civic_forum.forums.queries import NOBODY
from civic_forum.forums.registration.policy import why_not_at_window
from civic_forum.forums.registration.rules import NotNow, why_not_now
from civic_forum.forums.rules import Duty, Place, Seating
from civic_forum.forums.tables.models import ForumTable
from civic_forum.platform import clock, policy

from .scene import live_forum

RUN = {"host", "moderator"}
LEAD = RUN | {"leader"}
WRITE = LEAD | {"person", "seated", "captioner"}
TAKE_PART = WRITE | {"silenced", "muted"}
REGISTERED = {"waiting", "person", "silenced", "muted", "seated"}
ACCOUNTS = TAKE_PART | REGISTERED | {"stranger", "gone", "official", "clerk", "administrator"}
AT_TABLE = LEAD | {"seated"}
HALL = """arrive ask ask_for_floor ask_for_others ask_for_place ask_for_somebody caption chat consent decide lead
    leave_table open open_pulse order_chat order_questions project_table propose register run seat
    set_tables take_part take_seat unmute withdraw write""".split()
TABLE = """arrange_notes hand_in hear_table lead_table mark_strongest see_table take_notes_away type_note
    write_at_table""".split()
OWN = ("arrive", "consent", "register", "withdraw")
"""Asked about one's own registration."""
ALWAYS = {"consent": REGISTERED | {"gone"}, "lead": RUN}
BEFORE = ALWAYS | {"seat": RUN, "set_tables": RUN, "withdraw": REGISTERED}
LIVE = BEFORE | {
    "arrive": REGISTERED - {"waiting"}, "ask": WRITE, "ask_for_floor": WRITE, "ask_for_others": LEAD,
    "ask_for_place": ACCOUNTS, "ask_for_somebody": RUN, "caption": RUN | {"captioner"}, "chat": WRITE, "decide": RUN,
    "leave_table": {"seated"}, "open_pulse": RUN, "order_chat": RUN, "order_questions": RUN, "project_table": RUN,
    "propose": ACCOUNTS - {"muted"}, "register": ACCOUNTS, "run": RUN,
    "take_part": TAKE_PART, "unmute": RUN, "write": WRITE}
READ = {"hear_table": AT_TABLE, "see_table": AT_TABLE | {"clerk"}}
OPEN = READ | {"arrange_notes": AT_TABLE, "hand_in": LEAD, "lead_table": LEAD, "mark_strongest": LEAD,
               "take_notes_away": LEAD, "type_note": LEAD | {"clerk"}, "write_at_table": {"leader", "seated"}}


class Hall:
    """A live forum with everybody who can be there."""

    def __init__(self, town):
        self.scene = scene = live_forum(town)
        self.forum = scene.forum
        self.cast = {
            "visitor": scene.visitor, "stranger": town.resident(), "waiting": scene.person(place=Place.WAITING),
            "gone": scene.person(place=Place.WITHDRAWN), "person": scene.person(), "silenced": scene.person(),
            "muted": scene.person(muted_until=clock.now() + timedelta(days=1)), "seated": scene.person(),
            "leader": town.resident(), "host": scene.host, "captioner": scene.captioner, "moderator": scene.moderator,
            "official": town.official(), "clerk": town.clerk(), "administrator": town.administrator()}
        scene.muted(self.cast["silenced"])
        self.table = scene.table(1, self.cast["leader"], self.cast["seated"])
        self.look()

    def look(self):
        """Roles of everybody in the forum as they are now."""
        self.at = {who: self.scene.at(actor) for who, actor in self.cast.items()}
        self.own = {who: actor.id and registering.of(self.forum.id, actor.id) for who, actor in self.cast.items()}

    def now(self, **facts):
        for name, value in facts.items():
            setattr(self.forum, name, value)
        return self

    def who(self, name, thing=None, **facts):
        return {who for who, actor in self.cast.items()
                if policy.can(actor, f"forums.{name}", replace(self.at[who], thing=thing, **facts))}

    def who_about_own(self, name):
        return {who for who in self.cast if who in self.who(name, self.own[who])}

    def may(self, names, thing=None):
        """The permissions that anybody has, and who."""
        found = {name: self.who_about_own(name) if name in OWN else self.who(name, thing) for name in names}
        return {name: people for name, people in found.items() if people}


@pytest.fixture
def hall(town):
    return Hall(town)


def test_rights_before_it_begins(hall):
    hall.now(announced_at=None, opened_at=None)
    assert hall.may(HALL) == BEFORE
    assert hall.may(TABLE, hall.table) == READ
    hall.now(announced_at=clock.now())
    assert hall.may(HALL) == BEFORE | {
        "ask": WRITE | {"waiting"}, "ask_for_place": ACCOUNTS, "open": RUN, "register": ACCOUNTS}
    assert hall.may(TABLE, hall.table) == READ


def test_rights_while_it_is_live(hall):
    assert hall.may(HALL) == LIVE
    hall.now(floor_open=False, chat_open=False)
    assert hall.may(HALL) == {name: who for name, who in LIVE.items() if name not in (
        "ask_for_floor", "ask_for_others")} | {"chat": RUN}


def test_a_visitor_is_asked_to_sign_in_before_anything_else(hall):
    for name in ("take_part", "write", "ask", "ask_for_floor"):
        assert policy.why_not(hall.cast["visitor"], f"forums.{name}", hall.at["visitor"]).startswith("로그인"), name


def test_rights_when_it_is_over(hall):
    hall.now(closed_at=clock.now())
    assert hall.may(HALL) == ALWAYS | {"decide": RUN, "propose": ACCOUNTS - {"muted"}}
    assert hall.may(TABLE, hall.table) == {
        "hear_table": AT_TABLE, "see_table": hall.cast.keys(), "take_notes_away": {"moderator"}}
    hall.now(signed_version=1)
    assert not hall.who("decide")
    assert not hall.who("keep_minutes")


def test_rights_at_a_table(hall):
    """Before tables write, while they do, afterwards, and when the result is handed in."""
    now = clock.now()
    assert hall.may(TABLE, hall.table) == READ | {"lead_table": LEAD, "take_notes_away": LEAD}
    hall.now(tables_opened_at=now, seating=Seating.RANDOM)
    assert hall.may(TABLE, hall.table) == OPEN
    hall.now(tables_closed_at=now)
    closed = {name: OPEN[name] for name in ("lead_table", "take_notes_away", "type_note", "hand_in")}
    assert hall.may(TABLE, hall.table) == READ | closed
    hall.table.handed_at = now
    del closed["hand_in"]
    assert hall.may(TABLE, hall.table) == READ | closed | {"see_table": hall.cast.keys()}


def test_rights_to_seats(hall):
    now = clock.now()
    hall.now(tables_opened_at=now)
    assert hall.who("seat") == RUN
    hall.now(tables_closed_at=now)
    assert not hall.who("seat")
    hall.now(seating=Seating.RANDOM, tables_closed_at=None)
    assert not hall.who("seat")
    assert hall.who("take_seat") == {"person", "silenced", "muted"}
    hall.now(seating=Seating.CHOSEN)
    assert hall.who("take_seat") == {"person", "silenced", "muted", "seated"}
    hall.now(tables_closed_at=now)
    assert not hall.who("take_seat")


def test_a_table_whose_result_is_not_handed_in_is_not_projected(hall):
    assert not hall.who("project_table", ForumTable())
    assert hall.who("project_table", ForumTable(handed_at=clock.now())) == RUN


def test_own_things_are_ones_own(hall):
    person = hall.cast["person"].id
    for name, others in (("support_question", TAKE_PART), ("propose", set())):
        assert hall.who(name, Question(user_id=person)) == others - {"person"} | {"person"} - others
    assert hall.who("propose", Question()) == {"moderator"}
    assert not hall.who("support_question", Question(user_id=person, hidden_at=clock.now()))
    asked = SpeakingRequest(user_id=person, typed_by_id=hall.cast["stranger"].id)
    assert hall.who("withdraw_from_floor", asked) == RUN | {"person", "stranger"}
    hall.now(opened_at=None)
    assert not hall.who("withdraw_from_floor", asked)
    assert not hall.who("propose", Question(user_id=person))
    assert hall.who("support_question", Question(user_id=person)) == TAKE_PART - {"person"} | {"waiting"}


def test_rights_to_answer_and_to_count(hall):
    assert hall.who("answer_pulse", Pulse()) == TAKE_PART
    assert not hall.who("answer_pulse", Pulse(closed_at=clock.now()))
    for name in ("count_hands", "ask_for_somebody"):
        assert hall.who(name) == RUN
        assert hall.who(name, hall.table.id) == {"leader"}
    assert hall.who("mute", False) == RUN
    assert not hall.who("mute", True)


def test_moderators_take_others_out_until_it_is_over(hall):
    held, gone = (registering.of(hall.forum.id, hall.cast[who].id) for who in ("person", "gone"))
    assert hall.who("withdraw_others", held) == {"moderator"}
    assert not hall.who("withdraw_others", gone)
    hall.now(closed_at=clock.now())
    assert not hall.who("withdraw_others", held)


def test_a_forum_opens_an_hour_before_its_time(hall):
    first = hall.forum.starts_at - timedelta(hours=1)
    hall.now(opened_at=None)
    assert hall.who("open", now=first) == RUN
    assert not hall.who("open", now=first - timedelta(seconds=1))


@pytest.mark.both
def test_people_register_in_its_days(hall):
    begins, ends = clock.now() - timedelta(days=3), clock.now() - timedelta(days=1)
    hall.now(opened_at=None, registration_from=begins, registration_to=ends)
    second = timedelta(seconds=1)
    assert [why_not_now(hall.forum, at) for at in (begins - second, begins, ends - second, ends)] == [
        NotNow.NOT_YET, None, None, NotNow.OVER]
    assert not hall.who("ask_for_place")
    assert hall.who_about_own("register") == REGISTERED
    windows = [why_not_at_window(None, ForumContext(hall.forum, NOBODY, at)) for at in (begins - second, begins, ends)]
    assert windows[0] and windows[1:] == [None, None]


def test_rights_to_prepare_it(hall):
    def who(name):
        return {who for who, actor in hall.cast.items() if policy.can(actor, f"forums.{name}", hall.forum)}

    preparing = ("announce", "arrange", "edit", "prepare", "see_registrations")
    may = []
    for facts in ({"announced_at": None, "opened_at": None}, {"announced_at": clock.now()}, {"opened_at": clock.now()},
                  {"closed_at": clock.now()}):
        hall.now(**facts)
        may.append([name for name in preparing if who(name)])
        assert all(who(name) == {"moderator"} for name in may[-1])
    assert may == [[*preparing], [*preparing[1:]], [*preparing[2:]], [*preparing[3:]]]
    hall.now(announced_at=None)
    assert who("read") == {"moderator", "official", "administrator"}


@pytest.mark.both
def test_rights_to_keep_correct_and_sign_the_minutes(hall):
    """Corrections are taken for a week; signed is by the host when it is over and all are answered."""
    minutes = MinutesState(Minutes(), clock.now(), 0)
    until, before = minutes.corrections_until, minutes.corrections_until - timedelta(seconds=1)
    assert not hall.who("keep_minutes")
    hall.now(closed_at=clock.now())
    assert hall.who("keep_minutes") == RUN
    assert hall.who("correct_minutes", minutes, now=before) == TAKE_PART - {"muted"}
    assert hall.who("sign_minutes", minutes, now=until) == {"host"}
    assert not hall.who("correct_minutes", minutes, now=until)
    assert not hall.who("sign_minutes", minutes, now=before)
    assert not hall.who("sign_minutes", replace(minutes, open_corrections=1), now=until)
    assert not hall.who("correct_minutes", NONE) | hall.who("sign_minutes", NONE)
    [host] = (one for one in hall.forum.duties if one.duty is Duty.HOST)
    host.user_id, host.name = None, "김진행"
    hall.look()
    assert hall.who("sign_minutes", minutes, now=until) == {"moderator"}
    hall.now(signed_version=1)
    assert not hall.who("correct_minutes", minutes, now=before) | hall.who("sign_minutes", minutes, now=until)


def test_a_muted_user_neither_captions_nor_types(hall):
    for name in ("muted", "silenced"):
        hall.scene.with_duty(Duty.CAPTIONER, hall.cast[name])
    hall.cast["clerk"].muted_until = clock.now() + timedelta(days=1)
    hall.look()
    hall.now(tables_opened_at=clock.now())
    assert hall.who("caption") == RUN | {"captioner"}
    assert hall.who("type_note", hall.table) == LEAD
    hall.scene.muted(hall.cast["leader"])
    hall.look()
    assert hall.who("type_note", hall.table) == RUN


def test_a_refusal_says_what_it_waits_for(hall):
    def why_not(name, who="host", thing=None):
        return policy.why_not(hall.cast[who], f"forums.{name}", replace(hall.at[who], thing=thing))

    now = clock.now()
    hall.now(tables_opened_at=now, tables_closed_at=now)
    assert "모둠 시간을 마쳤어요" in why_not("write_at_table", "seated", hall.table)
    hall.now(opened_at=None)
    assert "로그인" in why_not("ask", "visitor")
    assert "아직 공론장을 시작하지" in why_not("run")
    hall.now(announced_at=None)
    assert "먼저 공론장을 모두에게" in why_not("open")
    hall.now(closed_at=now)
    assert "공론장을 마쳤어요" in why_not("run")
