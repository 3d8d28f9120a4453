"""Rights around evaluations: everybody once they are open, own points of a member, officials at the desk."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.bodies.models import Body
from civic_forum.commitments.rules import Status
from civic_forum.commitments.services import entries
from civic_forum.evaluations import services
from civic_forum.evaluations.models import Evaluation, EvaluationItem
from civic_forum.evaluations.parts import ChangeFacts, RecommendationFacts, ResultFacts
from civic_forum.evaluations.rules import ChangeKind
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import today
from tests.calls.making_judging import jury_body
from tests.factories import saved

from .form import Form
from .things import Thing

EVALUATIONS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
GET /evaluations
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /evaluations/<slug>
    eval_open eval_closed                                        200  200  200  200  200  200  200  200  200  200
    eval_prep no_eval                                            404  404  404  404  404  404  404  404  404  404
# By a seat of the body alone.
GET /evaluations/<slug>/grades
GET /evaluations/<slug>/grades/<commitment_id>
    eval_open eval_closed                                        in   403  200  403  403  403  403  403  403  403
    no_eval                                                      in   404  404  404  404  404  404  404  404  404
POST /evaluations/<slug>/grades/<commitment_id>
POST /evaluations/<slug>/grades/<commitment_id>/conflicts
    eval_open                                                    401  403  ok   403  403  403  403  403  403  403
    eval_closed                                                  401  403  403  403  403  403  403  403  403  403
    no_eval                                                      401  404  404  404  404  404  404  404  404  404
GET /desk/evaluations
GET /desk/evaluations/new
    -                                                            in   403  403  403  200  200  403  403  403  403
POST /desk/evaluations/new
    -                                                            401  403  403  403  ok   ok   403  403  403  403
GET /desk/evaluations/<slug>
GET /desk/evaluations/<slug>/facts
GET /desk/evaluations/<slug>/changes
GET /desk/evaluations/<slug>/recommendations
    eval_prep eval_open                                          in   403  403  403  200  200  403  403  403  403
    no_eval                                                      in   403  403  403  404  404  403  403  403  403
GET /desk/evaluations/<slug>/changes/<number>
    eval_open                                                    in   403  403  403  200  200  403  403  403  403
    no_eval                                                      in   403  403  403  404  404  403  403  403  403
POST /desk/evaluations/<slug>/facts
    eval_prep                                                    401  403  403  403  ok   ok   403  403  403  403
    eval_open                                                    401  403  403  403  403  403  403  403  403  403
    no_eval                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/evaluations/<slug>/openings
    eval_prep                                                    401  403  403  403  422  422  403  403  403  403
    eval_open                                                    401  403  403  403  403  403  403  403  403  403
    no_eval                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/evaluations/<slug>/releases
    eval_closed                                                  401  403  403  403  ok   ok   403  403  403  403
    eval_open                                                    401  403  403  403  403  403  403  403  403  403
    no_eval                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/evaluations/<slug>/changes
POST /desk/evaluations/<slug>/changes/<number>
POST /desk/evaluations/<slug>/recommendations
    eval_open                                                    401  403  403  403  ok   ok   403  403  403  403
    no_eval                                                      401  403  403  403  404  404  403  403  403  403
# Noted by the moderator, so another confirms it.
POST /desk/evaluations/<slug>/changes/<number>/confirmations
    eval_noted                                                   401  403  403  403  403  ok   403  403  403  403
    no_eval                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/evaluations/<slug>/recommendations/<number>/confirmations
    eval_advised                                                 401  403  403  403  403  ok   403  403  403  403
    no_eval                                                      401  403  403  403  404  404  403  403  403  403
"""
HERE, GRADE = "/desk/evaluations/<slug>", "/evaluations/<slug>/grades/<commitment_id>"
CRITERIA = [{"text": "약속대로 했는가", "points": 40}]
STOP = ChangeFacts(kind=ChangeKind.STATUS, title="폐기", before="두 곳", why="그만둬요.", status=Status.DROPPED)
VOTES = {"votes_for": "1", "votes_against": "0", "abstained": "0", "decided_on": str(today()), "text": "그렇게 해요."}


def add(scene) -> None:
    town, moderator, official = scene.town, scene.people["moderator"], scene.people["official"]
    body, department = jury_body(town, [scene.people["resident"]], slug="panel"), town.department()
    body.department_id = department.id
    db.session.commit()
    pledge = entries.begin({"title": "골목 두 곳 비우기", "goal": "", "department": min(official.department_ids()),
                            "due_on": str(today() + timedelta(days=30))}, today(), by=official)
    now = clock.now()
    for name in ("prep", "open", "closed", "noted", "advised"):
        evaluation = saved(Evaluation(
            slug=f"eval-{name}", title=f"약속 평가 {name}", body_id=body.id, department_id=department.id,
            begins_on=today(), ends_on=today(), criteria=CRITERIA, created_at=now,
            grades_until=now + timedelta(days=-1 if name == "closed" else 9),
            opened_at=None if name == "prep" else now - timedelta(days=2)))
        saved(EvaluationItem(evaluation_id=evaluation.id, commitment_id=pledge.id))
        if name != "prep":
            vote = services.ask_change(evaluation.slug, pledge.id, STOP, by=official)
        seen = {}
        if name == "noted":
            noted = services.note_result(evaluation.slug, vote.number, ResultFacts(
                votes_for=1, votes_against=0, abstained=0, decided_on=today(), text="그렇게 해요."), by=moderator)
            seen = {"seen": services.RESULT.pending(services.body_subject(noted)).fingerprint.hex()}
        if name == "advised":
            made = services.recommend(evaluation.slug, RecommendationFacts(text="그날 알릴 것", made_on=today()),
                                      department.id, [pledge.id], by=moderator)
            seen = {"seen": services.RECOMMENDING.pending(services.body_subject(made)).fingerprint.hex()}
        scene.things[f"eval_{name}"] = Thing(
            {"slug": evaluation.slug, "commitment_id": pledge.id, "number": 1},
            form=VOTES | facts(scene, None) | CHANGE | seen | {
                "version": "1", "points_0": "5", "conflict": "가족의 일이에요.", "commitment": str(pledge.id),
                "commitments": str(pledge.id), "department": str(department.id), "made_on": str(today())})
    scene.things["no_eval"] = Thing({"slug": "no-evaluation", "commitment_id": 1, "number": 1})


CHANGE = {"kind": "status", "title": "폐기", "before": "두 곳", "why": "그만둬요.", "status": "dropped"}


def facts(scene, _actor) -> dict[str, str]:
    return {"title": "약속 평가", "body_id": str(db.session.scalar(sa.select(Body.id).filter_by(slug="panel"))),
            "department_id": str(scene.town.department().id), "begins_on": "2026-01-01", "ends_on": "2026-12-31",
            "grades_until": "2031-01-01T10:00", "criteria": "약속대로 했는가 40"}


ADDRESSES = ["/evaluations/{}", "/evaluations/{}/grades", "/desk/evaluations/{}",
             "/desk/evaluations/eval-open/changes/{}"]
FACTS = "version title body_id department_id begins_on ends_on grades_until least in_steps note"
FORMS = [
    Form("/desk/evaluations/new", f"{FACTS} criteria commitments", who="official", given=facts),
    Form(f"{HERE}/facts", f"{FACTS} criteria commitments", who="official", about="eval_prep", given=facts),
    Form(f"{HERE}/openings", "meeting", who="official", about="eval_prep", given={"meeting": "0"}, refused=True),
    Form(f"{HERE}/changes", "version kind title before after why until_on milestone won status commitment",
         who="official", about="eval_open", given=CHANGE),
    Form(f"{HERE}/changes/<number>", "version votes_for votes_against abstained decided_on text", who="official",
         about="eval_open", given=VOTES),
    Form(f"{HERE}/recommendations", "version text made_on commitments department", who="official", about="eval_open",
         given=lambda scene, _actor: {"text": "그날 알릴 것", "made_on": str(today()),
                                      "department": str(scene.town.department().id)}),
    Form(GRADE, "points_0 note", who="resident", about="eval_open", given={"points_0": "5"}),
    Form(f"{GRADE}/conflicts", "conflict", who="resident", about="eval_open", given={"conflict": "가족의 일이에요."}),
    *map(Form, (f"{HERE}/releases", f"{HERE}/changes/<number>/confirmations",
                f"{HERE}/recommendations/<number>/confirmations")),
]
