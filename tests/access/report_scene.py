"""Texts that were reported, acts on them, waves. What was done was done by another moderator than the one of the
cast."""

from datetime import timedelta

from civic_forum.comments.models import Comment
from civic_forum.comments.rules import Stance
from civic_forum.platform import clock
from civic_forum.moderation.services import cases, reports, waves
from civic_forum.moderation.rules import ActionKind, Decision, Rule
from civic_forum.opinions.models import Statement
from civic_forum.opinions.rules import Origin, StatementState
from tests.factories import saved
from tests.opinions.making import consultation

from .things import Thing

WHY = "같은 광고를 되풀이했어요."
HIDE = Decision(hide=True, account=None, rule=Rule.ADVERTISING, reason=WHY)


def add(scene) -> None:
    people, other, reader = scene.people, scene.town.moderator(), scene.town.user()
    thread_id = scene.things["gathering"].path["thread_id"]

    def reported(name: str, author) -> Comment:
        made = saved(Comment(thread_id=thread_id, author_id=author.id, stance=Stance.NOTE, at=clock.now(),
                             source="우리 가게로 오세요.", html="<p>우리 가게로 오세요.</p>"))
        report = reports.report("comment", made.id, rule=Rule.ADVERTISING, by=reader)
        scene.things[name] = Thing({"kind": "comment", "subject_id": made.id}, form={"seen": str(report.id)})
        return made

    reported("reported", people["author"])
    reported("reported_own", people["moderator"])
    reported("reported_administrator", people["administrator"])
    handled = reported("reported_handled", people["author"])
    act, = cases.decide("comment", handled.id, HIDE, seen=10**9, by=other)
    ended, = cases.decide("comment", reported("reported_again", people["author"]).id, HIDE, seen=10**9, by=other)
    cases.take_back(ended.id, by=other)
    mine, = cases.decide("comment", reported("reported_mine", people["moderator"]).id, HIDE, seen=10**9, by=other)
    for name, made in (("hiding", act), ("hiding_ended", ended), ("hiding_mine", mine)):
        scene.things[name] = Thing({"action_id": made.id})
    scene.things["reported_proposal"] = Thing({"kind": "proposal", "subject_id": scene.town.proposal().id})
    _lines(scene, reader)
    scene.things["no_report"] = Thing({"kind": "user", "subject_id": 1})
    scene.things["no_action"] = Thing({"action_id": 999_999})
    for name in ("wave", "wave_undone"):
        texts = [("comment", reported(f"{name}_text", people["author"]).id)]
        bulk = waves.act_on_wave(texts, HIDE, by=other)
        if name == "wave_undone":
            waves.undo(bulk.id, by=other)
        scene.things[name] = Thing({"bulk_id": bulk.id})
    scene.things["no_wave"] = Thing({"bulk_id": 999_999})
    scene.wave_me = reported("wave_me", scene.town.user()).id
    assert act.kind is ActionKind.HIDE


def _lines(scene, reader) -> None:
    """Statements of a consultation that is over: one that was reported, one that was not."""
    asked = consultation(slug="reported-lines", open_since=timedelta(days=20))
    for number, name in ((10, "reported_line"), (11, "unreported_line")):
        made = saved(Statement(
            consultation_id=asked.id, number=number, text=f"우리 가게로 오세요 {number}.", texts={}, origin=Origin.RESIDENT,
            state=StatementState.PUBLISHED, author_id=scene.people["author"].id, published_at=asked.opens_at))
        scene.things[name] = Thing({"kind": "statement", "subject_id": made.id})
    report = reports.report("statement", scene.things["reported_line"].path["subject_id"], rule=Rule.ADVERTISING,
                            by=reader)
    scene.things["reported_line"].form["seen"] = str(report.id)
