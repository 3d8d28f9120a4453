"""Forums at every stage, with something of every kind at each. The author is their host, the resident takes part and
sits at the first table; nobody else is registered."""

from datetime import timedelta
from io import BytesIO

from werkzeug.datastructures import FileStorage

from civic_forum.attachments import services as attachments
from civic_forum.attachments import operations as attachment_steps
from civic_forum.forums.chat.models import ChatMessage
from civic_forum.forums.minutes.models import Correction, Minutes
from civic_forum.forums.models import ForumCall, ForumDuty
from civic_forum.forums.pulses.models import Pulse
from civic_forum.forums.questions.models import Question
from civic_forum.forums.record.models import Caption, Decision
from civic_forum.forums.rules import CorrectionState, Duty, Form, MinutesKind, PulseKind
from civic_forum.forums.tables.models import Note
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.attachments import making
from tests.factories import saved
from tests.forums.scene import Scene as Hall
from tests.forums.scene import announced_forum, live_forum, registration

from .things import Thing

STAGES = ("forum_preparing", "forum_announced", "forum_live", "forum_finished", "no_forum")
NOTHING = 999_999
NOWHERE = {"slug": "no-such-forum", "number": 99, "key": "nothing", "part": "wording", "code": "999999",
           "kind": "question"} | dict.fromkeys(
    ("duty_id", "registration_id", "caption_id", "message_id", "decision_id", "correction_id", "mute_id", "pulse_id",
     "question_id", "row_id", "call_id"), NOTHING)


def add(scene) -> None:
    scene.things["no_forum"] = Thing(NOWHERE)
    _thing(scene, "forum_preparing", Hall(scene.town, announced_forum(
        scene.town, slug="forum-preparing", announced_at=None)))
    _thing(scene, "forum_announced", Hall(scene.town, announced_forum(scene.town, slug="forum-announced")))
    _thing(scene, "forum_live", live_forum(scene.town, slug="forum-live", **_tables()))
    over = _thing(scene, "forum_finished", live_forum(scene.town, slug="forum-finished", closed_at=clock.now(),
                                                      **_tables()))
    _minutes(scene, over)
    _thing(scene, "forum_due", Hall(scene.town, announced_forum(
        scene.town, slug="forum-due", starts_at=clock.now() + timedelta(minutes=30))))
    calm = _thing(scene, "forum_calm", live_forum(scene.town, slug="forum-calm", **_tables()))
    db.session.query(Pulse).filter_by(forum_id=calm.forum.id).update({"closed_at": clock.now(), "counts": {}})
    scene.things["forum_called"] = Thing({"call_id": saved(ForumCall(
        proposal_id=scene.town.proposal().id, step=100, due_on=clock.now().date())).id})
    office = next(iter(scene.people["official"].department_ids()))
    _thing(scene, "forum_held", Hall(scene.town, announced_forum(
        scene.town, slug="forum-held", announced_at=None, form=Form.SESSION, department_id=office)))
    _thing(scene, "forum_visit", Hall(scene.town, announced_forum(
        scene.town, slug="forum-visit", announced_at=None, form=Form.VISIT,
        neighbourhood_id=scene.town.neighbourhood().id)))
    for name in STAGES:
        scene.things[f"{name}_from_0"] = Thing(scene.things[name].path, lambda _actor: {"after": 0})


def _tables() -> dict[str, object]:
    now = clock.now()
    return {"table_question": "무엇부터 바꿀까요?", "seated_at": now, "tables_opened_at": now, "tables_minutes": 30}


def _thing(scene, name: str, hall: Hall) -> Hall:
    """The things that hang on the forum, and the words of a form about it."""
    forum, people, now = hall.forum, scene.people, clock.now()
    duty = saved(ForumDuty(forum_id=forum.id, duty=Duty.HOST, user_id=people["author"].id))
    registered = people["resident"] if forum.announced_at else scene.town.user()
    held = registration(forum, registered, asked_at=now, came_at=now)
    other = hall.person()
    table = hall.table(1, other, people["resident"])
    path = NOWHERE | {
        "slug": forum.slug, "number": 1, "code": forum.code, "duty_id": duty.id, "registration_id": held.id,
        "key": _document(scene, forum).key, "mute_id": hall.muted(hall.person()).id,
        "caption_id": saved(Caption(forum_id=forum.id, text="들리시나요?", at=now)).id,
        "message_id": saved(ChatMessage(forum_id=forum.id, user_id=other.id, text="잘 들려요.", at=now)).id,
        "decision_id": saved(Decision(forum_id=forum.id, text="가려진 등부터 고쳐요.", at=now)).id,
        "question_id": saved(Question(forum_id=forum.id, user_id=other.id, text="언제 고치나요?", asked_at=now)).id,
        "pulse_id": saved(Pulse(forum_id=forum.id, kind=PulseKind.YES_NO_UNSURE, text="괜찮은가요?", opened_at=now)).id}
    path["row_id"] = saved(Question(forum_id=forum.id, user_id=people["resident"].id, text="의자를 놓아 주세요.",
                                    asked_at=now)).id
    head = saved(Question(forum_id=forum.id, user_id=other.id, text="어디부터 하나요?", asked_at=now))
    note = saved(Note(table_id=table.id, user_id=people["resident"].id, text="앉을 곳을 놓아요.", at=now))
    waiting = hall.asking(people["resident"])
    turn = hall.turn(other, seconds=None, ago=30)
    running = forum.items[1]
    form = {"version": str(forum.version), "request": str(waiting.id), "turn": str(turn.id), "seen": str(turn.id),
            "item": str(running.id), "head": str(head.id), "note": str(note.id), "person": str(other.id)}
    scene.things[name] = Thing(path, form=form)
    return hall


def _document(scene, forum):
    db.session.commit()
    prepared = attachments.prepare(FileStorage(BytesIO(making.jpeg()), "발제.jpg"))
    opened = attachment_steps.open_set(db.session, "forum", forum.id)
    forum.documents_id = opened.id
    return attachment_steps.add(db.session, opened.id, prepared=prepared, description="밤 골목 사진",
                                by=scene.people["moderator"], at=clock.now())


def _minutes(scene, hall: Hall) -> None:
    """A draft that everybody reads, and somebody who wants it corrected."""
    now = clock.now() - timedelta(minutes=1)
    saved(Minutes(forum_id=hall.forum.id, version=1, kind=MinutesKind.DRAFT, sections=[], made_at=now,
                  published_at=now))
    correction = saved(Correction(
        forum_id=hall.forum.id, version=1, user_id=scene.people["resident"].id, place="정한 것",
        was="가려진 등부터", becomes="가려진 등과 꺼진 등부터", at=now, state=CorrectionState.OPEN))
    scene.things["forum_finished"].path["correction_id"] = correction.id
