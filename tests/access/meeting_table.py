"""Rights to meetings of bodies. The cast's author is the secretary of both bodies of `body_table`."""

from datetime import timedelta
from io import BytesIO

from werkzeug.datastructures import FileStorage

from civic_forum.attachments import services as attachments
from civic_forum.bodies import queries as bodies
from civic_forum.meetings import services
from civic_forum.meetings.records import ItemRecord, MeetingRecord
from civic_forum.meetings.results import services as results
from civic_forum.meetings.rules import ItemKind, ItemResult
from civic_forum.meetings.signing import services as signing
from civic_forum.platform import clock
from civic_forum.platform.base import db

from tests.attachments import making

from .form import Form
from .things import Thing

MEETINGS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Of a closed body nobody but those who sit there, and administrators, learns that it met. Its secretary and
# administrators write down what became of items and pass them on; moderators as well put something on its next meeting.
GET /bodies/<slug>/meetings
    body_open body_closed                                        200  200  200  200  200  200  200  200  200  200
    no_body                                                      404  404  404  404  404  404  404  404  404  404
GET /me/meetings
    -                                                            in   200  200  200  200  200  200  200  200  200
GET /forums/<slug>
    meeting_open                                                 200  200  200  200  200  200  200  200  200  200
    meeting_closed                                               404  404  404  200  404  404  404  404  200  404
GET /desk/bodies/<slug>/meetings/<what>
    kept_open kept_closed                                        in   403  403  200  403  403  403  403  200  403
    no_meeting                                                   in   404  404  404  404  404  404  404  404  404
POST /desk/bodies/<slug>/meetings/<what>
    kept_open kept_closed                                        401  403  403  ok   403  403  403  403  ok   403
    no_meeting                                                   401  404  404  404  404  404  404  404  404  404
GET /desk/bodies/meetings/matters
    kept_open                                                    in   403  403  403  200  403  403  403  200  403
POST /desk/bodies/meetings/matters
    kept_open kept_closed                                        401  403  403  ok   ok   403  403  403  ok   403
POST /desk/bodies/meetings/<meeting_id>/minutes
    kept_open                                                    401  403  403  403  403  ok   403  403  ok   403
    kept_closed no_meeting                                       401  404  404  404  404  404  404  404  404  404
GET /desk/bodies/meetings/<meeting_id>/minutes/return
    kept_open                                                    in   403  403  200  403  200  403  403  200  403
    kept_closed returned no_meeting                              in   404  404  404  404  404  404  404  404  404
POST /desk/bodies/meetings/<meeting_id>/minutes/return
    kept_open                                                    401  403  403  ok   403  ok   403  403  ok   403
    kept_closed returned no_meeting                              401  404  404  404  404  404  404  404  404  404
GET /desk/bodies/meetings/<meeting_id>/minutes/text
    returned                                                     in   403  403  200  403  403  403  403  200  403
    kept_open kept_closed no_meeting                             in   404  404  404  404  404  404  404  404  404
POST /desk/bodies/meetings/<meeting_id>/minutes/text
    returned                                                     401  403  403  ok   403  403  403  403  ok   403
    kept_open kept_closed no_meeting                             401  404  404  404  404  404  404  404  404  404
GET /desk/bodies/meetings/<meeting_id>/cancellation
    coming_open coming_closed                                    in   403  403  200  403  403  403  403  200  403
    no_meeting                                                   in   404  404  404  404  404  404  404  404  404
POST /desk/bodies/meetings/<meeting_id>/cancellation
    coming_open coming_closed                                    401  403  403  ok   403  403  403  403  ok   403
    kept_open                                                    401  403  403  409  403  403  403  403  409  403
    no_meeting                                                   401  404  404  404  404  404  404  404  404  404
GET /desk/bodies/meetings/items/<item_id>/papers
    kept_open kept_closed                                        in   403  403  200  403  403  403  403  200  403
    no_meeting                                                   in   404  404  404  404  404  404  404  404  404
GET /desk/bodies/meetings/items/<item_id>/result
GET /desk/bodies/meetings/items/<item_id>/correction
    running signed_open                                          in   403  403  200  403  403  403  403  200  403
    no_meeting                                                   in   404  404  404  404  404  404  404  404  404
POST /desk/bodies/meetings/items/<item_id>/correction
    signed_open                                                  401  403  403  ok   403  403  403  403  ok   403
    running kept_open                                            401  403  403  409  403  403  403  403  409  403
    no_meeting                                                   401  404  404  404  404  404  404  404  404  404
POST /desk/bodies/meetings/items/<item_id>/corrections
    signed_open                                                  401  403  403  403  403  ok   403  403  ok   403
    no_meeting                                                   401  404  404  404  404  404  404  404  404  404
POST /desk/bodies/meetings/items/<item_id>/result
    running                                                      401  403  403  ok   403  403  403  403  ok   403
    kept_open kept_closed                                        401  403  403  409  403  403  403  403  409  403
    no_meeting                                                   401  404  404  404  404  404  404  404  404  404
POST /desk/bodies/meetings/items/<item_id>/papers
POST /desk/bodies/meetings/items/<item_id>/papers/<key>/removals
    kept_open kept_closed                                        401  403  403  ok   403  403  403  403  ok   403
    no_meeting                                                   401  404  404  404  404  404  404  404  404  404
GET /attachments/<key>
    kept_open                                                    200  200  200  200  200  200  200  200  200  200
    kept_closed                                                  404  404  404  200  404  404  404  404  200  404
POST /desk/bodies/meetings/items/<item_id>/forward
    kept_open kept_closed                                        401  403  403  ok   403  403  403  403  ok   403
    no_meeting                                                   401  404  404  404  404  404  404  404  404  404
"""
WRITTEN = {"title": "2026년 2차 회의", "place": "소회의실", "starts_at": "2020-08-20T15:00", "ends_at": "2020-08-20T17:00",
           "items-0-title": "밤길 함께 걷기", "items-0-kind": "decision", "items-0-result": "carried"}
OTHER = {"open": "closed", "closed": "open"}


def add(scene) -> None:
    secretary = scene.people["author"]
    ends_at = clock.now() - timedelta(days=2)
    item = ItemRecord(kind=ItemKind.DECISION, title="돌봄 의자 놓기", result=ItemResult.CARRIED)
    found = {name: bodies.family(f"body-{name}").top.body for name in OTHER}
    for name, body in found.items():
        meeting = services.keep(body.id, MeetingRecord(
            title=f"{name} 1차 회의", place="소회의실", starts_at=ends_at - timedelta(hours=1), ends_at=ends_at,
            items=[item]), by=secretary)
        paper = services.add_paper(meeting.items[0].id, attachments.prepare(
            FileStorage(BytesIO(making.jpeg()), "의자.jpg")), "의자 놓을 곳", by=secretary)
        scene.things[f"meeting_{name}"] = Thing({"slug": meeting.forum.slug})
        scene.things[f"kept_{name}"] = Thing(
            {"slug": body.slug, "item_id": meeting.items[0].id, "what": "record", "meeting_id": meeting.id,
             "key": paper.key},
            query=lambda _actor: {"subject": f"agenda:{scene.things['agenda_open'].path['slug']}"},
            form={"body": found[OTHER[name]].id, "seen": _seen(meeting), "reason": "눈이 와요."})
        starts_at = clock.now() + timedelta(days=20)
        coming = services.give_notice(body.id, MeetingRecord(
            title=f"{name} 3차 회의", place="소회의실", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
            items=[item]), by=secretary)
        scene.things[f"coming_{name}"] = Thing({"meeting_id": coming.id}, form={"reason": "눈이 와요."})
    running = services.give_notice(found["open"].id, MeetingRecord(
        title="open 4차 회의", place="소회의실", starts_at=starts_at + timedelta(days=1), items=[item],
        ends_at=starts_at + timedelta(days=2)), by=secretary)
    running.forum.starts_at = ends_at
    db.session.commit()
    scene.things["running"] = Thing({"item_id": running.items[0].id}, form={"result": "carried"})
    returned = services.keep(found["open"].id, MeetingRecord(
        title="open 2차 회의", place="소회의실", starts_at=ends_at - timedelta(days=9), ends_at=ends_at - timedelta(days=8),
        items=[item]), by=secretary)
    signing.send_back(returned.id, "둘째 줄이 틀려요.", seen=bytes.fromhex(_seen(returned)), by=scene.people["administrator"])
    scene.things["returned"] = Thing({"meeting_id": returned.id}, form={"items-0-opinions": "고친 말"})
    wrong = services.keep(found["open"].id, MeetingRecord(
        title="open 5차 회의", place="소회의실", starts_at=ends_at - timedelta(days=19), ends_at=ends_at - timedelta(days=18),
        items=[item]), by=secretary)
    services.MINUTES.confirm(services.signed_as(wrong.id), by=scene.people["administrator"])
    number = results.correct(wrong.items[0].id, ItemResult.REJECTED, None, None, by=secretary).id
    seen = results.CORRECTIONS.pending(results.corrected_as(number)).fingerprint.hex()
    scene.things["signed_open"] = Thing({"item_id": number}, form={"result": "deferred", "seen": seen})
    scene.things["no_meeting"] = Thing(
        {"slug": "no-body", "item_id": 999_999, "what": "record", "meeting_id": 999_999, "key": "x"})


def _seen(meeting) -> str:
    """Fingerprint of the minutes that wait."""
    act = services.MINUTES.pending(services.signed_as(meeting.id))
    return act.fingerprint.hex() if act else ""


FORMS = [
    Form("/desk/bodies/<slug>/meetings/<what>", "title place starts_at ends_at video_url noticed_on officials report"
         " left_over items-0-title items-0-kind items-0-opinions items-0-result items-0-yes items-0-reported"
         " items-0-closed_by items-0-about items-0-undoes items-0-page items-0-source items-0-target items-0-whole"
         " items-0-moved items-0-present items-0-department items-0-due_on items-0-was items-0-others",
         about="kept_open", given=WRITTEN),
    Form("/desk/bodies/meetings/matters", "subject", about="kept_open",
         given=lambda scene, _actor: {"subject": f"agenda:{scene.things['agenda_open'].path['slug']}"}),
    Form("/desk/bodies/meetings/<meeting_id>/minutes", about="kept_open", who="administrator"),
    Form("/desk/bodies/meetings/<meeting_id>/minutes/return", "reason", about="kept_open", who="administrator",
         given={"reason": "둘째 줄이 틀려요."}),
    Form("/desk/bodies/meetings/<meeting_id>/minutes/text", "items-0-reported items-0-opinions", about="returned",
         given={"items-0-opinions": "고친 말"}),
    Form("/desk/bodies/meetings/<meeting_id>/cancellation", "reason", about="coming_open",
         given={"reason": "눈이 와요."}),
    Form("/desk/bodies/meetings/items/<item_id>/forward", about="kept_open"),
    Form("/desk/bodies/meetings/items/<item_id>/result", "result yes no abstained present", about="running",
         given={"result": "carried"}),
    Form("/desk/bodies/meetings/items/<item_id>/correction", "result yes no abstained present", about="signed_open",
         given={"result": "deferred"}),
    Form("/desk/bodies/meetings/items/<item_id>/corrections", about="signed_open", who="administrator"),
    Form("/desk/bodies/meetings/items/<item_id>/papers", "description", about="kept_open",
         given=lambda _scene, _actor: {"file": (BytesIO(making.jpeg()), "의자.jpg"), "description": "의자 놓을 곳"}),
    Form("/desk/bodies/meetings/items/<item_id>/papers/<key>/removals", about="kept_open"),
]
