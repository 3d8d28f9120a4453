"""A whole forum of 120 people over the network: prepared, registered for, held and closed on the real server by forms.

Its minutes have every decision, question and note once.
"""

import json
import re
from collections import Counter
from datetime import timedelta
from secrets import token_hex
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from civic_forum.accounts.rules import Role
from civic_forum.forums.floor.models import SpeakingRequest, Turn
from civic_forum.forums.minutes.rules import drafting
from civic_forum.forums.minutes.models import Minutes
from civic_forum.forums.models import Forum, ForumEvent, ProgrammeItem
from civic_forum.forums.pulses.models import Pulse
from civic_forum.forums.questions.models import Question
from civic_forum.forums.record.models import Caption, Decision
from civic_forum.forums.rules import ForumEventKind, RequestState
from civic_forum.forums.tables.models import ForumTable, Note, Seat
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from tests import factories
from tests.faults import towns
from tests.faults.people import GONE, Somebody

pytestmark = [pytest.mark.servers, pytest.mark.thorough, pytest.mark.in_turns(of=10, together="a whole forum")]
PEOPLE, TURNS, QUESTIONS, PULSES, TABLES, NOTES, DECISIONS = 120, 30, 60, 4, 15, 300, 5
SLUG = "whole"
HERE, DESK = f"/forums/{SLUG}", f"/desk/forums/{SLUG}"
PROGRAMME = (("안내", 5), ("발제", 15), ("논의", 40), ("모둠 테이블", 40), ("마무리", 10))


class Person(Somebody):
    """Somebody who sends forms; every answer has to be what a page gives when all is well."""

    def __init__(self, session, url):
        super().__init__(session, seconds=60)
        self.url = url
        self.arrive(url)
        self.read_form("/me")

    def ask(self, *request, **headers):
        try:
            return super().ask(*request, **headers)
        except GONE:  # the server hung up on who said nothing for a while; the key of a form is applied once
            self.arrive(self.url)
            return super().ask(*request, **headers)

    def send(self, path, *, key=None, back="", **fields) -> str:
        """The address to which the answer leads."""
        given = {"key": key or token_hex(16), "back": back} | fields
        status, headers, text = self.post(path, **given)
        assert status == 303, (path, fields, status, re.findall(r'(?:class="err[^>]*|class="lead"|<h1)>([^<]+)', text))
        return headers["Location"]

    def page(self, path) -> str:
        status, _headers, text = self.get(path)
        assert status == 200, (path, status)
        return text


class Town:
    """The people, their sessions, and what the database of the site says."""

    def __init__(self, data):
        self.data, self.given = data, {"LIMIT_ADDRESS": 10**6, "LIMIT_POSTS_USER": 10**6, "STAFF_TOTP": "optional"}
        self.app = towns.newest_application(data, **self.given)
        with self.app.app_context():
            town = factories.Town()
            town.department("도로과")
            self.people = [self.seated(town.resident(sign_in_name=f"person{n:03d}", sign_in_key=f"person{n:03d}"))
                           for n in range(PEOPLE)]
            self.host = self.seated(town.resident(sign_in_name="hosting", sign_in_key="hosting"))
            self.captioner = self.seated(town.resident(sign_in_name="captioning", sign_in_key="captioning"))
            self.moderator = self.seated(town.staff(Role.MODERATOR))
        towns.leave(self.app)

    def seated(self, user) -> SimpleNamespace:
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        return SimpleNamespace(id=user.id, name=user.sign_in_name,
                               session=serializer.dumps({"_user_id": factories.signed_in(user), "_fresh": True}))

    def read(self, *statements) -> list:
        """The rows of each statement, as the site has them now."""
        with self.app.app_context():
            found = [db.session.execute(one).all() for one in statements]
        towns.leave(self.app)
        return found if len(found) > 1 else found[0]


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """The forum after its close, and what was counted while it went on."""
    town = Town(tmp_path_factory.mktemp("whole") / "data")
    with towns.running(town) as site:
        forum = Whole(town, site.url)
        try:
            for part in (forum.prepare, forum.register, forum.begin, forum.speak, forum.ask, forum.feel,
                         forum.write_notes, forum.decide_and_close):
                part()
            yield forum
        finally:
            forum.leave()


class Whole:
    """One after the other what a forum consists of."""

    def __init__(self, town, url):
        self.town, self.url = town, url
        self.host, self.captioner, self.moderator = (Person(one.session, url) for one in (
            town.host, town.captioner, town.moderator))
        self.people = [Person(one.session, url) for one in town.people]

    def leave(self):
        for one in (self.host, self.captioner, self.moderator, *self.people):
            one.leave()

    def version(self) -> int:
        return self.town.read(sa.select(Forum.version).filter_by(slug=SLUG))[0][0]

    def prepare(self):
        """At the desk: text, times, programme, who does what; then everybody is told."""
        now = local(clock.now())
        starts, ends = (f"{now + timedelta(minutes=one):%Y-%m-%dT%H:%M}" for one in (20, 140))
        desk = self.moderator
        desk.send("/desk/forums/new", form="forum", title="밤에도 걷기 좋은 골목 공론장", question="무엇부터 밝힐까요?", slug=SLUG,
                  place="구청 대강당과 온라인", starts_at=starts, ends_at=ends)
        desk.send(f"{DESK}/times", place="구청 대강당과 온라인", starts_at=starts, ends_at=ends, on_site_places=40,
                  online_places=200, version=self.version())
        desk.send(f"{DESK}/access", accessibility="실시간 자막", recording_note="동의한 분만 녹화해요.", version=self.version())
        for title, minutes in PROGRAMME:
            desk.send(f"{DESK}/items", title=title, minutes=minutes, version=self.version())
        for duty, one in (("host", self.town.host), ("captioner", self.town.captioner)):
            desk.send(f"{DESK}/duties", duty=duty, sign_in_name=one.name, version=self.version())
        desk.send(f"{DESK}/announcements")

    def register(self):
        for number, person in enumerate(self.people):
            person.send(f"{HERE}/registration", way="on_site" if number % 4 == 0 else "online", consents="y")

    def begin(self):
        self.moderator.send(f"{DESK}/openings")
        for person in self.people:
            person.send(f"{HERE}/arrivals")
        self.host.send(f"{HERE}/floor/settings", open="yes", back="/host")
        self.items = [one for (one,) in self.town.read(sa.select(ProgrammeItem.id).order_by(ProgrammeItem.number))]
        self.go_to(0)

    def go_to(self, place):
        self.host.send(f"{HERE}/programme/starts", item=self.items[place], back="/host",
                       seen=self.items[place - 1] if place else "")

    def speak(self):
        """Thirty turns out of the queue, with captions."""
        self.go_to(1)
        for number in range(TURNS):
            self.people[number].send(f"{HERE}/floor/requests", topic=f"말할 것 {number}")
        turn = ""
        for number in range(TURNS):
            self.host.send(f"{HERE}/floor/calls", seen=turn, back="/host")
            turn = self.town.read(sa.select(Turn.id).where(Turn.ended_at.is_(None)))[0][0]
            self.captioner.send(f"{HERE}/captions", text=f"{number}번째 말이에요.", back="/captioner")
        self.host.send(f"{HERE}/floor/turns/ends", turn=turn, back="/host")

    def ask(self):
        """Sixty questions, half of them supported by three, a third answered."""
        self.go_to(2)
        for number in range(QUESTIONS):
            self.people[number % PEOPLE].send(f"{HERE}/questions", text=f"질문 {number}: 언제 고치나요?")
        ids = [one for (one,) in self.town.read(sa.select(Question.id).order_by(Question.id))]
        for place, question in enumerate(ids[::2]):
            for person in self.people[place + 60:place + 63]:
                person.send(f"{HERE}/questions/{question}/supports")
        for question in ids[::3]:
            self.host.send(f"{HERE}/questions/{question}/answer", answered_by="도로과", answer=f"{question}번은 올해 고쳐요.",
                           back="/host")

    def feel(self):
        """Four pulses, answered by everybody."""
        for number in range(PULSES):
            self.host.send(f"{HERE}/pulses", text=f"지금 어떤가요? {number}", kind="yes_no_unsure", back="/host")
            pulse = self.town.read(sa.select(Pulse.id).where(Pulse.closed_at.is_(None)))[0][0]
            for place, person in enumerate(self.people):
                person.send(f"{HERE}/pulses/{pulse}/answers", value=("yes", "no", "unsure")[place % 3])
            self.host.send(f"{HERE}/pulses/{pulse}/end", back="/host")

    def write_notes(self):
        """Fifteen tables of eight; everybody writes, the host types some from paper; each table hands in."""
        self.go_to(3)
        self.host.send(f"{HERE}/tables/question", question="꼭 하나만 바꾼다면요?", back="/host")
        self.host.send(f"{HERE}/tables/making", size=8, back="/host")
        self.host.send(f"{HERE}/tables/seating", how="random", who="came", back="/host")
        self.host.send(f"{HERE}/tables/opening", minutes=40, back="/host")
        number_of = dict(self.town.read(
            sa.select(Seat.user_id, ForumTable.number).join(ForumTable, ForumTable.id == Seat.table_id)))
        assert (len(number_of), set(number_of.values())) == (PEOPLE, set(range(1, TABLES + 1)))
        for place, person in enumerate(self.people):
            for one in (1, 2):
                person.send(f"{HERE}/tables/{number_of[self.town.people[place].id]}/notes", text=f"쪽지 {place}의 {one}")
        for number in range(NOTES - 2 * PEOPLE):
            self.host.send(f"{HERE}/tables/{number % TABLES + 1}/paper-notes", text=f"종이 쪽지 {number}", back="/host")
        for number in range(1, TABLES + 1):
            self.host.send(f"{HERE}/tables/{number}/result", result=f"{number}번 테이블은 등부터예요.", back="/host")

    def decide_and_close(self):
        self.go_to(4)
        for number in range(DECISIONS):
            self.host.send(f"{HERE}/decisions", text=f"정한 것 {number}", department="1", due_on="2030-12-31",
                           back="/host")
        self.host.send(f"{HERE}/closing")


def count(held, table) -> int:
    return held.town.read(sa.select(sa.func.count()).select_from(table))[0][0]


def test_everything_that_was_done_is_there_once(held):
    assert {table.__name__: count(held, table)
            for table in (Turn, Caption, Question, Pulse, ForumTable, Note, Decision)} == {
        "Turn": TURNS, "Caption": TURNS, "Question": QUESTIONS, "Pulse": PULSES, "ForumTable": TABLES, "Note": NOTES,
        "Decision": DECISIONS}
    waiting = held.town.read(sa.select(SpeakingRequest.id).filter_by(state=RequestState.WAITING))
    assert waiting == []
    counts = [sum(one.values()) for (one,) in held.town.read(sa.select(Pulse.counts))]
    assert counts == [PEOPLE] * PULSES


def test_the_list_has_every_number_from_one_to_the_last(held):
    numbers, last = held.town.read(sa.select(ForumEvent.number).order_by(ForumEvent.number),
                                   sa.select(Forum.last_number))
    assert [one for (one,) in numbers] == list(range(1, last[0][0] + 1))
    kinds = Counter(one for (one,) in held.town.read(sa.select(ForumEvent.kind)))
    assert (kinds[ForumEventKind.TURN_STARTED], kinds[ForumEventKind.QUESTION_ASKED],
            kinds[ForumEventKind.NOTE_WRITTEN]) == (
        TURNS, QUESTIONS, NOTES)
    assert kinds[ForumEventKind.PERSON_CAME] == PEOPLE


def test_its_minutes_have_every_decision_question_and_note_once(held):
    held.host.send(f"{HERE}/minutes", back="/minutes")
    sections = held.town.read(sa.select(Minutes.sections))[0][0]
    refs = Counter(row["ref"] for row in drafting.rows_of(sections))
    assert set(refs.values()) == {1}
    for what, table in (("decision", Decision), ("question", Question), ("note", Note), ("caption", Caption),
                        ("turn", Turn),
                        ("pulse", Pulse), ("table", ForumTable)):
        ids = {f"{what}:{one}" for (one,) in held.town.read(sa.select(table.id))}
        assert {ref for ref in refs if ref.startswith(f"{what}:")} == ids
    page = held.people[0].page(f"{HERE}/minutes")
    shown = page.split('id="corrections"')[0]
    said = Counter(" ".join(re.sub(r"<[^>]+>", " ", one).split())
                   for one in re.findall(r'<p lang="ko">(.*?)</p>', shown))
    wanted = [*(f"질문 {n}: 언제 고치나요?" for n in range(QUESTIONS)), *(f"정한 것 {n}" for n in range(DECISIONS)),
              *(f"종이 쪽지 {n} 종이 쪽지" for n in range(NOTES - 2 * PEOPLE))]
    assert {text: said[text] for text in wanted} == dict.fromkeys(wanted, 1)
    own = [f"쪽지 {n}의 {one}" for n in range(PEOPLE) for one in (1, 2)]
    assert {text: sum(count for said_text, count in said.items() if said_text.startswith(f"{text} "))
            for text in own} == (
        dict.fromkeys(own, 1))


def test_the_record_is_read_and_played_by_a_visitor(held):
    visitor = Somebody()
    visitor.arrive(held.url)
    status, _headers, text = visitor.get(f"{HERE}/record")
    assert (status, "29번째 말이에요." in text) == (200, True)
    status, _headers, frames = visitor.get(f"{HERE}/record/frames.json")
    assert status == 200 and "29번째 말이에요." in [one.get("caption") for one in json.loads(frames)["frames"]]
    status, _headers, vtt = visitor.get(f"{HERE}/captions.vtt")
    assert status == 200 and vtt.count(" --> ") == TURNS
    visitor.leave()
