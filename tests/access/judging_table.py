"""Rights around applications of a call: its department, its jury, those who applied."""

from civic_forum.calls.judging import services
from civic_forum.calls.judging.rules import Proposed
from civic_forum.calls.models import ApplicationStep
from civic_forum.calls.rules import CallKind, Step
from civic_forum.platform.base import db
from civic_forum.platform.i18n import today
from tests.calls.making_judging import REASON, Judged
from tests.forums.scene import announced_forum
from tests.picking import chosen

from .form import Form
from .things import Thing

JUDGING = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# The department that holds a call looks at what was handed in and decides by two; its jury, of which the resident is
# one, scores; everybody reads the results.
GET /desk/calls/<slug>/applications
    judged_closed judged_scoring judged_decided                        in   403  403  403  403  200  403  403  403  403
    no_call                                                      in   403  403  403  404  404  403  403  403  403
POST /desk/calls/<slug>/applications
    judged_closed                                                  401  403  403  403  403  ok   403  403  403  403
    judged_decided                                                 401  403  403  403  403  403  403  403  403  403
    no_call                                                      401  403  403  403  409  409  403  403  403  403
GET /desk/calls/<slug>/applications/<number>
    judged_closed judged_scoring judged_decided                        in   403  403  403  403  200  403  403  403  403
    no_call                                                      in   403  403  403  404  404  403  403  403  403
POST /desk/calls/<slug>/applications/<number>/steps
    judged_closed judged_scoring                                     401  403  403  403  403  ok   403  403  403  403
    judged_decided                                                 401  403  403  403  403  403  403  403  403  403
    no_call                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/calls/<slug>/applications/<number>/result
    judged_closed judged_scoring judged_decided                        401  403  403  403  403  403  403  403  403  403
    judged_unscored                                                401  403  403  403  403  ok   403  403  403  403
    no_call                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/calls/<slug>/applications/<number>/sealed
    judged_closed judged_scoring judged_decided                        401  403  403  403  403  200* 403  403  403  403
    no_call                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/calls/<slug>/applications/<number>/withdrawal
    judged_closed judged_scoring                                     401  403  403  403  403  409  403  403  403  403
    judged_decided                                                 401  403  403  403  403  ok   403  403  403  403
    no_call                                                      401  403  403  403  404  404  403  403  403  403
GET /desk/calls/<slug>/decision
    judged_closed judged_scoring judged_decided                        in   403  403  403  403  200  403  403  403  403
    no_call                                                      in   403  403  403  404  404  403  403  403  403
POST /desk/calls/<slug>/decision
    judged_closed judged_unscored                                    401  403  403  403  403  ok   403  403  403  403
    judged_scoring                                                 401  403  403  403  403  403  403  403  403  403
    judged_decided                                                 401  403  403  403  403  ok   403  403  403  403
    no_call                                                      401  403  403  403  404  404  403  403  403  403
GET /desk/calls/<slug>/following
    judged_places                                                  in   403  403  403  403  200  403  403  403  403
    judged_closed judged_decided                                     in   403  403  403  403  403  403  403  403  403
    no_call                                                      in   403  403  403  404  404  403  403  403  403
POST /desk/calls/<slug>/following
    judged_places                                                  401  403  403  403  403  ok   403  403  403  403
    judged_closed judged_decided                                     401  403  403  403  403  403  403  403  403  403
    no_call                                                      401  403  403  403  404  404  403  403  403  403
# Another department answers what it was sent, and reads nothing else.
GET /desk/calls/<slug>/reviews
    judged_closed judged_decided                                     in   403  403  403  403  200  403  403  403  403
    judged_elsewhere                                               in   403  403  403  403  403  403  403  403  403
    no_call                                                      in   403  403  403  404  404  403  403  403  403
POST /desk/calls/<slug>/reviews
    judged_closed                                                  401  403  403  403  403  ok   403  403  403  403
    judged_decided judged_elsewhere                                  401  403  403  403  403  403  403  403  403  403
    no_call                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/calls/<slug>/reviews/withdrawal
    judged_closed                                                  401  403  403  403  403  ok   403  403  403  403
    judged_decided judged_elsewhere                                  401  403  403  403  403  403  403  403  403  403
    no_call                                                      401  403  403  403  404  404  403  403  403  403
GET /desk/calls/<slug>/reviews/<number>
    judged_elsewhere                                               in   403  403  403  403  200  403  403  403  403
    judged_closed no_call                                          in   403  403  403  403  404  403  403  403  403
POST /desk/calls/<slug>/reviews/<number>
    judged_elsewhere                                               401  403  403  403  403  ok   403  403  403  403
    judged_closed no_call                                          401  403  403  403  403  404  403  403  403  403
GET /desk/calls/<slug>/scores
    judged_closed judged_unscored                                    in   403  403  403  403  403  403  403  403  403
    judged_scoring                                                 in   403  200  403  403  403  403  403  403  403
    no_call                                                      in   404  404  404  404  404  404  404  404  404
POST /desk/calls/<slug>/scores
    judged_closed judged_unscored                                    401  403  403  403  403  403  403  403  403  403
    judged_scoring                                                 401  403  ok   403  403  403  403  403  403  403
    no_call                                                      401  404  404  404  404  404  404  404  404  404
GET /desk/calls/<slug>/scores/<number>
    judged_closed                                                  in   403  403  403  403  403  403  403  403  403
    judged_scoring                                                 in   403  200  403  403  403  403  403  403  403
    no_call                                                      in   404  404  404  404  404  404  404  404  404
POST /desk/calls/<slug>/scores/<number>
    judged_closed                                                  401  403  403  403  403  403  403  403  403  403
    judged_scoring                                                 401  403  ok   403  403  403  403  403  403  403
    no_call                                                      401  404  404  404  404  404  404  404  404  404
POST /desk/calls/<slug>/scores/<number>/conflicts
    judged_closed                                                  401  403  403  403  403  403  403  403  403  403
    judged_scoring                                                 401  403  ok   403  403  403  403  403  403  403
    no_call                                                      401  404  404  404  404  404  404  404  404  404
GET /calls/<slug>/results
    judged_decided                                                 200  200  200  200  200  200  200  200  200  200
    judged_closed judged_scoring no_call                             404  404  404  404  404  404  404  404  404  404
"""
STEP = {"step": Step.COMPLETE.value, "passed": "passed", "reason": "할 수 있어요."}
RESULT = {"result": "chosen", "won": "1000", "reserve_place": "", "why_not": "", "result_reason": REASON}
ACTS = {"closed": "pass_complete", "unscored": "pass_complete", "scoring": "release", "decided": "promise",
        "places": "promise", "elsewhere": "pass_complete"}
WITH = {"closed": {"has_review": True}, "places": {"kind": CallKind.PARTICIPANTS}, "elsewhere": {"has_review": True}}


SENT = {"theme": "", "due_on": "2099-12-31", "department": "0"}


def add(scene) -> None:
    official, resident = scene.people["official"], scene.people["resident"]
    department = scene.town.department()
    forum = announced_forum(scene.town, department_id=department.id)
    for name, act in ACTS.items():
        made = Judged(scene.town, jury=2 if name in ("closed", "scoring") else 0, slug=f"judged-{name}",
                      jurors=[resident] if name == "scoring" else (), **WITH.get(name, {}))
        number = made.apply("경로당 손잡이", owner=scene.people["author"])
        if name == "scoring":
            made.scoring()
        if name == "elsewhere":
            services.pass_rest(made.call.slug, Step.REVIEW, by=official)
            step = db.session.query(ApplicationStep).order_by(ApplicationStep.id.desc()).first()
            step.passed, step.due_on = None, today()
            made.call.department_id = scene.town.department("문화과").id
            db.session.commit()
        if name in ("decided", "places"):
            services.propose(made.call.slug, number, Proposed(won=1000), REASON, by=official)
            made.decide()
        scene.things[f"judged_{name}"] = Thing({"slug": made.call.slug, "number": number}, form={
            "chosen": number, "act": act, "points_0": "50", "points_1": "30", "conflict": "같은 모임이에요.",
            "departments": str(department.id)} | chosen("forum", forum.slug) | STEP | RESULT | SENT)
    scene.things["no_call"] = Thing({"slug": "no-call", "number": "2611-123456-1"}, form={
        "chosen": "2611-123456-1", "act": "promise", "points_0": "1", "points_1": "1", "conflict": "없어요.",
        "departments": "0"} | chosen("forum", forum.slug) | STEP | RESULT | SENT)


ADDRESSES = [f"/desk/calls/judged-closed/applications?{key}={{}}"
             for key in ("result", "step", "channel", "q", "after")]
ADDRESSES += [f"/desk/calls/judged-scoring/scores?{key}={{}}" for key in ("mine", "after")]
ADDRESSES += ["/desk/calls/judged-closed/reviews?number={}"]
FORMS = [
    Form("/desk/calls/<slug>/applications", "step passed reason chosen", about="judged_closed", who="official"),
    Form("/desk/calls/<slug>/applications/<number>/steps", "step passed reason", about="judged_closed",
         who="official"),
    Form("/desk/calls/<slug>/applications/<number>/result", " ".join(RESULT), about="judged_unscored",
         who="official"),
    Form("/desk/calls/<slug>/following", "forum forum-asked forum-choice", about="judged_places", who="official"),
    Form("/desk/calls/<slug>/reviews", "number departments due_on", about="judged_closed", who="official"),
    Form("/desk/calls/<slug>/reviews/<number>", "passed reason", about="judged_elsewhere", who="official"),
    Form("/desk/calls/<slug>/decision", "act seen", about="judged_closed", who="official"),
    Form("/desk/calls/<slug>/scores/<number>", "points_0 points_1 note", about="judged_scoring", who="resident"),
    Form("/desk/calls/<slug>/scores/<number>/conflicts", "conflict", about="judged_scoring", who="resident"),
    *map(Form, (f"/desk/calls/<slug>/{end}" for end in (
        "applications/<number>/sealed", "applications/<number>/withdrawal", "reviews/withdrawal", "scores"))),
]
