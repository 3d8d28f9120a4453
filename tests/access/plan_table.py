"""Rights to plans: pages for everybody, and their desk."""

import sqlalchemy as sa

from civic_forum.bodies.models import Body
from civic_forum.plans import services
from civic_forum.plans.rules import VersionState
from civic_forum.platform.base import db
from tests.plans.making import many, plan

from .form import Form
from .things import Thing

PLANS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Everybody reads a version from the day on which it was asked; its department and administrators prepare it, that of a
# neighbourhood its clerks too, and that of a body its secretary, who is the author here.
GET /plans
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /plans/<slug>
GET /plans/<slug>/<number>
GET /plans/<slug>/changes
    plan_shown                                                   200  200  200  200  200  200  200  200  200  200
    plan_draft no_plan                                           404  404  404  404  404  404  404  404  404  404
GET /plans/<slug>/<number>.csv
    plan_shown                                                   200  200  200  200  200  200  200  200  200  200
    plan_draft                                                   404  404  404  404  404  200  404  404  200  404
    no_plan                                                      404  404  404  404  404  404  404  404  404  404
GET /desk/plans
GET /desk/plans/new
    -                                                            in   403  403  200  403  200  200  200  200  403
POST /desk/plans/new
    plan_draft                                                   401  403  403  403  403  ok   403  403  ok   403
    plan_of_place                                                401  403  403  403  403  ok   ok   403  ok   403
    plan_of_body                                                 401  403  403  ok   403  ok   403  403  ok   403
GET /desk/plans/<slug>/<number>
GET /desk/plans/<slug>/<number>/table
    plan_shown plan_draft                                        in   403  403  403  403  200  403  403  200  403
    no_plan                                                      in   403  403  404  403  404  404  404  404  403
POST /desk/plans/<slug>/<number>
    plan_shown plan_draft                                        401  403  403  403  403  ok   403  403  ok   403
    no_plan                                                      401  403  403  404  403  404  404  404  404  403
POST /desk/plans/<slug>/<number>/table
    plan_draft                                                   401  403  403  403  403  200  403  403  200  403
    no_plan                                                      401  403  403  404  403  404  404  404  404  403
"""


def add(scene) -> None:
    official = scene.people["official"]
    facts = {"kind": "other", "title": "2032년 계획", "year": "2032", "unit": "won", "pasted": many(2),
             "department_id": str(min(official.department_ids()))}
    for name, act in (("draft", "ask"), ("shown", "next")):
        made = plan(official, text=many(2), title=f"2031년 {name}")
        scene.things[f"plan_{name}"] = Thing({"slug": made.slug, "number": 1}, form=facts | {"act": act})
    [place] = scene.people["clerk"].neighbourhood_ids()
    for name, own in (("place", {"neighbourhood_id": str(place)}), ("body", {
            "body_id": str(db.session.scalar(sa.select(Body.id).filter_by(slug="body-open")))})):
        scene.things[f"plan_of_{name}"] = Thing({}, form=facts | {"kind": "neighbourhood"} | own)
    services.ask(made.slug, 1, by=official)
    services.next_version(made.slug, "", by=official)
    for version, state in zip(made.versions, (VersionState.REPLACED, VersionState.SENT), strict=True):
        version.state = state
    db.session.commit()
    scene.things["no_plan"] = Thing({"slug": "no-plan", "number": 1}, form={"act": "ask"})


ADDRESSES = ["/plans/{}", "/plans/2031nyeon-shown/changes?from={}"]
FORMS = [
    Form("/desk/plans/new", "kind title year department_id unit", who="official", about="plan_draft"),
    Form("/desk/plans/<slug>/<number>", "act label about on document", about="plan_draft", who="official"),
    Form("/desk/plans/<slug>/<number>/table", "pasted seen act", about="plan_draft", who="official", given={"act": ""}),
]
