"""Rights to commitments: the pages for everybody, and the desk of the department that keeps them."""

from io import BytesIO

from civic_forum.commitments import days, money_views
from civic_forum.commitments.importing import Known, compare
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.rules import EntryKind, Line, Source, Unit
from civic_forum.platform.base import db
from civic_forum.platform.spreadsheets import as_csv
from tests.commitments.making import accepted, planned, told

from tests.common import today
from .form import Form
from .things import Thing

COMMITMENTS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Everybody reads them. Officials of the department write entries, and another one approves them: a second official
# wrote what waits here; one is handed to this department by another, which keeps it until then.
GET /commitments
GET /commitments/calendar.ics
GET /feeds/commitments.atom
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /commitments/<commitment_id>
    commitment_kept commitment_waiting commitment_elsewhere      200  200  200  200  200  200  200  200  200  200
    no_commitment                                                404  404  404  404  404  404  404  404  404  404
GET /me/commitments
    -                                                            in   200  200  200  200  200  200  200  200  200
GET /desk/commitments
GET /desk/commitments/people
GET /desk/commitments/new
GET /desk/commitments/money
GET /desk/commitments/money.xlsx
GET /desk/commitments/sheet
GET /desk/commitments/quarters
    -                                                            in   403  403  403  403  200  403  403  403  403
POST /desk/commitments/new
POST /desk/commitments/money/confirmations
    -                                                            401  403  403  403  403  ok   403  403  403  403
POST /desk/commitments/money
POST /desk/commitments/sheet
    -                                                            401  403  403  403  403  200  403  403  403  403
POST /desk/commitments/quarters
    -                                                            401  403  403  403  403  ok   403  403  403  403
GET /desk/commitments/<commitment_id>
    commitment_kept commitment_waiting commitment_handed         in   403  403  403  403  200  403  403  403  403
    commitment_elsewhere                                         in   403  403  403  403  403  403  403  403  403
    no_commitment                                                in   403  403  403  403  404  403  403  403  403
GET /desk/commitments/<commitment_id>/<act>
    commitment_kept commitment_waiting                           in   403  403  403  403  200  403  403  403  403
    commitment_elsewhere commitment_handed                       in   403  403  403  403  403  403  403  403  403
    no_commitment                                                in   403  403  403  403  404  403  403  403  403
POST /desk/commitments/<commitment_id>/<act>
POST /desk/commitments/<commitment_id>/person
    commitment_kept commitment_waiting                           401  403  403  403  403  ok   403  403  403  403
    commitment_elsewhere commitment_handed                       401  403  403  403  403  403  403  403  403  403
    no_commitment                                                401  403  403  403  403  404  403  403  403  403
POST /desk/commitments/<commitment_id>/entries/<number>/approvals
POST /desk/commitments/<commitment_id>/entries/<number>/returns
    commitment_waiting commitment_handed                         401  403  403  403  403  ok   403  403  403  403
    commitment_kept commitment_elsewhere                         401  403  403  403  403  403  403  403  403  403
    no_commitment                                                401  403  403  403  403  404  403  403  403  403
"""


def add(scene) -> None:
    town, official = scene.town, scene.people["official"]
    second, cleaner = town.official(), town.official(department=town.department("청소과"))
    another = town.official(department=town.department("청소과"))
    [scene.keeps] = official.department_ids()
    kept = planned(accepted(town, official, second), official, second)
    db.session.get_one(Commitment, kept.id).code = "복지-7"
    db.session.commit()
    waiting = told(accepted(town, official, second), EntryKind.LOG, {"text": "의자를 주문했어요."}, second)
    elsewhere = accepted(town, cleaner, another)
    given = accepted(town, cleaner, another)
    handed = told(given, EntryKind.FACTS, {"title": given.title, "department": scene.keeps, "due_on": None}, cleaner)
    for name, one, number in (("kept", kept, 1), ("waiting", waiting, 4), ("elsewhere", elsewhere, 1),
                              ("handed", handed, 4)):
        scene.things[f"commitment_{name}"] = Thing({"commitment_id": one.id, "number": number, "act": "log"},
                                                   form={"seen": str(one.version)})
    scene.things["no_commitment"] = Thing({"commitment_id": 999_999, "number": 1, "act": "log"})


def log(_scene, _actor: str) -> dict:
    return {"text": "의자를 주문했어요.", "on": today().isoformat()}


def in_charge(scene, _actor: str) -> dict:
    return {"person": str(scene.people["official"].id)}


def begun(scene, _actor: str) -> dict:
    return {"title": "동 주민센터를 복지의 중심으로", "department": str(scene.keeps), "unit_of_money": "million",
            "on": today().isoformat()}


def table(scene, _actor: str) -> dict:
    text = as_csv(("약속", "해", "재원", "계획", "확보", "집행"), [(_kept(scene)[0], 2030, "시비", "7,000", "", "")])
    return {"file": (BytesIO(text.encode()), "money.csv")}


def quarters(scene, _actor: str) -> dict:
    commitment_id, version = _kept(scene)
    return {"commitment": str(commitment_id), "seen_version": str(version), "text": "이번 분기에 두 번 모였어요."}


def sheet(scene, _actor: str) -> dict:
    text = as_csv(("관리번호", "공약", "추진실적"), [("복지-7", "", "이번 분기에 두 번 모였어요.")])
    return {"file": (BytesIO(text.encode()), "sheet.csv"), "quarter": days.quarter_before(today())}


def looked_at(scene, _actor: str) -> dict:
    commitment_id, version = _kept(scene)
    known = Known(commitment_id, "", version, Unit.THOUSAND)
    rows = money_views.packed([compare(known, (Line(2030, Source.CITY, "", 7_000_000, None, None),), None)])
    return {"rows": rows, "seal": money_views.seal_of(rows, scene.people["official"].id)}


def _kept(scene) -> tuple[int, int]:
    thing = scene.things["commitment_kept"]
    return thing.path["commitment_id"], int(thing.form["seen"])


ADDRESSES = [*(f"/commitments?{key}={{}}" for key in ("standing", "field", "department", "neighbourhood", "status", "q",
                                                      "sort", "after")),
             *(f"/desk/commitments?{key}={{}}" for key in ("work", "person", "department", "after")),
             "/commitments/{}", "/data/commitments.csv?standing={}", "/desk/commitments/{}",
             "/desk/commitments/1/{}", "/desk/commitments/1/log?corrects={}", "/desk/commitments/1/slip?milestone={}"]
FORMS = [
    Form("/desk/commitments/new", "seen on title goal field code department cooperating with_all kinds "
         "neighbourhoods begins_on ends_on due_on unit_of_money corrected_why corrects", who="official", given=begun),
    Form("/desk/commitments/<commitment_id>/<act>", "seen on text corrects corrected_why", who="official",
         about="commitment_kept", given=log),
    Form("/desk/commitments/<commitment_id>/person", "seen person", who="official", about="commitment_kept",
         given=in_charge),
    Form("/desk/commitments/<commitment_id>/entries/<number>/returns", "seen why", who="official",
         about="commitment_waiting", given={"why": "날을 다시 적어 주세요."}),
    Form("/desk/commitments/money", "file", who="official", given=table),
    Form("/desk/commitments/quarters", "commitment seen_version text unchanged", who="official", given=quarters),
    Form("/desk/commitments/sheet", "file pasted quarter", who="official", given=sheet),
    Form("/desk/commitments/money/confirmations", "rows seal confirmed", who="official", given=looked_at),
    *map(Form, ("/desk/commitments/<commitment_id>/entries/<number>/approvals",)),
]
