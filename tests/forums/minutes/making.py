"""A finished forum with something of everything in its record, put in directly."""

from datetime import timedelta

from civic_forum.forums.pulses.models import Pulse
from civic_forum.forums.questions.models import Question
from civic_forum.forums.record.models import Caption, Decision
from civic_forum.forums.rules import PulseKind
from civic_forum.forums.tables.models import Note, NoteGroup
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.factories import saved
from tests.forums.scene import live_forum


def finished_forum(town, **facts):
    """A scene that is over: `questions`, `notes`, `decisions` and `speaker` are what is in its record."""
    scene = live_forum(town)
    now, forum = clock.now(), scene.forum
    scene.speaker = scene.person(nickname=facts.pop("nickname", None) or f"말한이 {forum.id}")
    turn = scene.turn(scene.speaker, ago=120, item_id=forum.items[1].id, about="독산1동")
    scene.captions = [saved(Caption(forum_id=forum.id, text=text, at=now - timedelta(seconds=ago), turn_id=turn_id,
                                    user_id=turn_id and scene.speaker.id, speaker=None if turn_id else "별밤지기"))
                      for text, ago, turn_id in (("시작할게요.", 550, None), ("등이 열아홉 군데 어두워요.", 110, turn.id))]
    scene.questions = [saved(Question(forum_id=forum.id, user_id=scene.speaker.id, text=text, asked_at=now,
                                      answer=answer, answered_by=answer and "도로과", answered_at=answer and now))
                       for text, answer in (("언제 고치나요?", "올해 안에 고쳐요."), ("누가 고치나요?", None))]
    saved(Pulse(forum_id=forum.id, kind=PulseKind.YES_NO_UNSURE, text="밤길이 편안한가요?", opened_at=now, closed_at=now,
                counts={"yes": 3, "no": 5, "unsure": 1}))
    scene.first_table = scene.table(1, None, scene.speaker, name="가로등 테이블", handed_at=now, result="등부터 밝혀요.")
    group = saved(NoteGroup(table_id=scene.first_table.id, number=1, title="빛을 가리는 것"))
    scene.notes = [saved(Note(table_id=scene.first_table.id, user_id=scene.speaker.id, text="가지를 쳐요", at=now,
                              group_id=group.id, strongest=True)),
                   saved(Note(table_id=scene.first_table.id, on_paper=True, text="의자 노아주세요", at=now))]
    scene.decisions = [saved(Decision(forum_id=forum.id, text="가려진 등을 먼저 고쳐요.", at=now,
                                      department_id=town.department("도로과").id, earlier=[]))]
    forum.closed_at = now
    for name, value in facts.items():
        setattr(forum, name, value)
    db.session.commit()
    return scene
