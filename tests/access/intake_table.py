"""Rights to what is handed in outside the browser."""

from datetime import timedelta

from civic_forum.forums.rules import Form as ForumForm
from civic_forum.intake import services
from civic_forum.intake.claims.models import Claim
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.passes import services as passes
from civic_forum.intake.passes.models import IntakePass
from civic_forum.intake.replies import services as replies
from civic_forum.intake.rules import Became, ItemForm, ItemRecord, SheetForm
from civic_forum.intake.sorting.services import Sorting, sort
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.factories import saved
from tests.forums.scene import announced_forum

from .form import Form
from .things import Thing

INTAKE = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# A number opens what everybody reads, the code on its slip the rest, whoever has it. Who types items never checks them.
GET /intake
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /intake/<number>
    item_waiting item_checked item_printed                       200  200  200  200  200  200  200  200  200  200
    no_item                                                      404  404  404  404  404  404  404  404  404  404
    wrong_number                                                 422  422  422  422  422  422  422  422  422  422
POST /intake/<number>
    item_waiting item_checked                                    200  200  200  200  200  200  200  200  200  200
    no_item                                                      404  404  404  404  404  404  404  404  404  404
POST /intake/<number>/withdrawal
    item_waiting item_checked                                    ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
    no_item                                                      404  404  404  404  404  404  404  404  404  404
# The shell of the typing page has nothing of anybody.
GET /desk/intake/offline
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /desk/intake
GET /desk/intake/batches
GET /desk/intake/checks
GET /desk/intake/sheets
    -                                                            in   403  403  403  200  200  200  200  403  403
POST /desk/intake
    item_waiting                                                 401  403  403  403  200  200  200  200  403  403
POST /desk/intake/sheets
    -                                                            401  403  403  403  200  200  200  200  403  403
# A form sends no batch, and none here a picture.
POST /desk/intake/batches
POST /desk/intake/photographs
    -                                                            401  403  403  403  422  422  422  422  403  403
GET /desk/intake/items/<item_id>/check
    item_waiting                                                 in   403  403  403  200  200  200  200  403  403
    no_item                                                      in   404  404  404  404  404  404  404  404  404
POST /desk/intake/checks
POST /desk/intake/items/<item_id>/check
    item_waiting                                                 401  403  403  403  403  ok   ok   ok   403  403
    item_checked                                                 401  403  403  403  409  409  409  409  403  403
GET /desk/intake/items/<item_id>/text
    item_waiting                                                 in   403  403  403  200  200  200  200  403  403
POST /desk/intake/items/<item_id>/text
    item_waiting                                                 401  403  403  403  ok   403  403  403  403  403
    item_checked                                                 401  403  403  403  409  403  403  403  403  403
POST /intake/<number>/claim
    item_waiting item_checked                                    401  403  403  403  403  403  403  403  403  403
    no_item                                                      401  404  404  404  404  404  404  404  404  404
GET /desk/intake/sorting
    -                                                            in   403  403  403  200  403  403  403  403  403
POST /desk/intake/sorting
    item_checked                                                 401  403  403  403  ok   403  403  403  403  403
    item_waiting                                                 401  403  403  403  409  403  403  403  403  403
    no_item                                                      401  403  403  403  404  403  403  403  403  403
POST /desk/intake/items/<item_id>/undo
    item_answered                                                401  403  403  403  ok   ok   403  403  403  403
    item_checked                                                 401  403  403  403  409  403  403  403  403  403
    no_item                                                      401  404  404  404  404  404  404  404  404  404
# A pass opens typing on one device, whoever is signed in there; no other has any of it.
GET /intake/helper
    -                                                            200  200  200  200  200  200  200  200  200  200
POST /intake/helper
    no_item                                                      404  404  404  404  404  404  404  404  404  404
    pass_new                                                     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
GET /intake/helper/batches
POST /intake/helper/batches
    -                                                            404  404  404  404  404  404  404  404  404  404
GET /desk/intake/passes
    -                                                            in   403  403  403  200  200  200  200  403  403
POST /desk/intake/passes
    pass_new                                                     401  403  403  403  200  403  200  403  403  403
POST /desk/intake/passes/<pass_id>/end
    pass_new                                                     401  403  403  403  ok   403  ok   403  403  403
    no_item                                                      401  404  404  404  404  404  404  404  404  404
GET /desk/intake/replies
    -                                                            in   403  403  403  200  200  403  403  403  403
POST /desk/intake/replies
    item_checked                                                 401  403  403  403  409  403  403  403  403  403
    item_answered                                                401  403  403  403  ok   ok   403  403  403  403
    no_item                                                      401  403  403  403  404  404  403  403  403  403
GET /desk/intake/claims
    -                                                            in   403  403  403  200  403  200  200  403  403
POST /desk/intake/claims
    item_waiting                                                 401  403  403  403  200  403  200  200  403  403
POST /desk/intake/claims/<claim_id>
    item_claimed                                                 401  403  403  403  ok   403  ok   ok   403  403
    no_item                                                      401  403  403  403  404  403  404  404  403  403
"""
TEXT = "시장 뒷길 가로등이 꺼져 있어요."


def add(scene) -> None:
    moderator, clerk = scene.people["moderator"], scene.people["clerk"]
    for name in ("waiting", "answered", "checked"):
        taken, = services.take([ItemRecord(form=ItemForm.SPOKEN, text=TEXT, key=f"row-{name}")], by=moderator)
        item = db.session.query(IntakeItem).filter_by(row_key=f"row-{name}").one()
        if name != "waiting":
            services.check(item.id, TEXT, by=clerk)
        if name == "answered":
            sort([item.id], Sorting(became=Became.ANSWERED, reply="내일 고쳐요.", replied_by="과장",
                                    department_id=min(scene.people["official"].department_ids())),
                 by=scene.town.moderator())
        scene.things[f"item_{name}"] = Thing(
            {"number": taken.number, "item_id": item.id},
            form={"code": taken.code, "item": str(item.id), "text": TEXT, "form": "spoken", "key": "another row",
                  "chosen": f"{item.id}:{replies.shown(item)}" if item.typed_reply else str(item.id), "end": "kept",
                  "name": "김금천", "reason": "번호를 잃어버리셨어요."})
    now = clock.now()
    visit = announced_forum(scene.town, form=ForumForm.VISIT, starts_at=now, ends_at=now + timedelta(hours=1),
                            neighbourhood_id=min(clerk.neighbourhood_ids()), department_id=None)
    code = passes.make(visit.id, by=moderator)
    scene.things["pass_new"] = Thing({"pass_id": db.session.query(IntakePass).one().id},
                                     form={"code": code, "visit": str(visit.id)})
    slip, = services.print_sheets({SheetForm.SUPPORTS: 1}, by=moderator)[SheetForm.SUPPORTS]
    scene.things["item_printed"] = Thing({"number": slip.submission.number})
    waits = saved(Claim(item=item, user_id=scene.people["author"].id, at=clock.now(), is_granted=False))
    scene.things["item_claimed"] = Thing({"claim_id": waits.id}, form={"act": "propose"})
    scene.things["no_item"] = Thing(
        {"number": "2001-0009-6", "item_id": 999_999, "claim_id": 999_999, "pass_id": 999_999},
        form={"code": "0" * 13, "chosen": "999999", "end": "kept", "act": "propose"})
    scene.things["wrong_number"] = Thing({"number": "2001-0009-0"})


FORMS = [
    Form("/intake/<number>/claim", "code", about="item_checked", who="resident", refused=True),
    Form("/desk/intake/sorting", "title problem wish category about_kind agenda_slug number department days reply"
         " replied_by answering", about="item_checked", who="moderator"),
    Form("/desk/intake/items/<item_id>/undo", "", about="item_answered", who="official"),
    Form("/intake/helper", "code", about="pass_new"),
    Form("/intake/helper/batches", "rows", refused=True),
    Form("/desk/intake/passes", "visit", about="pass_new", who="moderator"),
    Form("/desk/intake/passes/<pass_id>/end", "", about="pass_new", who="moderator"),
    Form("/desk/intake/replies", "", about="item_answered", who="official"),
    Form("/desk/intake/claims", "name reason", about="item_waiting", who="clerk"),
    Form("/desk/intake/claims/<claim_id>", about="item_claimed", who="clerk"),
    Form("/intake/<number>", "code", about="item_checked"),
    Form("/intake/<number>/withdrawal", "code", about="item_checked"),
    Form("/desk/intake", "text form number visit neighbourhood category key became", about="item_waiting",
         who="moderator"),
    Form("/desk/intake/sheets", "proposal notes supports", who="moderator", given={"notes": "1"}),
    Form("/desk/intake/batches", "rows", who="moderator", refused=True),
    Form("/desk/intake/photographs", "key", who="moderator", refused=True),
    Form("/desk/intake/items/<item_id>/check", "text reason", about="item_waiting", who="clerk"),
    Form("/desk/intake/checks", "item text", about="item_waiting", who="clerk"),
    Form("/desk/intake/items/<item_id>/text", "text", about="item_waiting", who="moderator"),
]
