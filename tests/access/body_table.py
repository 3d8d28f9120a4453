"""Rights to bodies. The cast's author is the secretary of both, whose term goes on."""

from dataclasses import replace
from datetime import timedelta

from civic_forum.blocks.seats import MemberFunction
from civic_forum.bodies import queries, services
from civic_forum.bodies.queries import today
from tests.bodies.making import CIVIL, CLOSED, council, taking

from .form import Form
from .things import Thing

BODIES = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Bodies are public, closed ones by their name, what they do and why alone. Administrators make them, their secretary
# and administrators note who sits there, and a member alone says whether the name is shown.
GET /bodies
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /bodies/<slug>
    body_open body_closed                                        200  200  200  200  200  200  200  200  200  200
    no_body                                                      404  404  404  404  404  404  404  404  404  404
POST /bodies/<slug>/members/<membership_id>/consent
    body_open body_closed                                        401  403  403  ok   403  403  403  403  403  403
    no_body                                                      401  404  404  404  404  404  404  404  404  404
GET /desk/bodies
GET /desk/bodies/new
    -                                                            in   403  403  403  403  403  403  403  200  403
POST /desk/bodies/new
    -                                                            401  403  403  403  403  403  403  403  ok   403
GET /desk/bodies/<slug>
    body_open body_closed                                        in   403  403  200  403  403  403  403  200  403
    no_body                                                      in   404  404  404  404  404  404  404  404  404
GET /desk/bodies/<slug>/facts
GET /desk/bodies/<slug>/seats/<key>
GET /desk/bodies/<slug>/close
    body_open body_closed                                        in   403  403  403  403  403  403  403  200  403
    no_body                                                      in   403  403  403  403  403  403  403  404  403
POST /desk/bodies/<slug>/facts
POST /desk/bodies/<slug>/seats
POST /desk/bodies/<slug>/seats/<key>
POST /desk/bodies/<slug>/close
    body_open body_closed                                        401  403  403  403  403  403  403  403  ok   403
    no_body                                                      401  403  403  403  403  403  403  403  404  403
POST /desk/bodies/<slug>/members
    body_open body_closed                                        401  403  403  ok   403  403  403  403  ok   403
    no_body                                                      401  404  404  404  404  404  404  404  404  404
GET /desk/bodies/<slug>/members/<membership_id>/end
    body_open body_closed                                        in   403  403  403  403  403  403  403  200  403
    no_body                                                      in   404  404  404  404  404  404  404  404  404
POST /desk/bodies/<slug>/members/<membership_id>/end
    body_open body_closed                                        401  403  403  403  403  403  403  403  ok   403
    no_body                                                      401  404  404  404  404  404  404  404  404  404
# What the secretary proposes about members is approved by an official of the department, or an administrator.
GET /desk/bodies/<slug>/changes/<change_id>
    body_open body_closed                                        in   403  403  200  403  200  403  403  200  403
    no_body                                                      in   404  404  404  404  404  404  404  404  404
POST /desk/bodies/<slug>/changes/<change_id>
    body_open body_closed                                        401  403  403  403  403  ok   403  403  ok   403
    no_body                                                      401  404  404  404  404  404  404  404  404  404
POST /desk/bodies/<slug>/changes/<change_id>/withdrawal
    body_open body_closed                                        401  403  403  ok   403  ok   403  403  ok   403
    no_body                                                      401  404  404  404  404  404  404  404  404  404
"""
FACTS = {"name": "평가단", "kind": "evaluation", "mandate": "약속을 매겨요.", "basis": "규칙 제1조", "access": "open",
         "notice_days": "7", "minutes_days": "5", "quorum_share": "half", "quorum_of": "all", "begins": "2020-01-01",
         "version": "1"}
SEATS = {"key": "experts", "name": "전문가 위원", "number": "3", "side": "expert", "way": "draw"}
DAY = today().isoformat()


def add(scene) -> None:
    administrator, secretary = scene.people["administrator"], scene.people["author"]
    for name, facts in (("open", {}), ("closed", {"facts": CLOSED})):
        body = council(administrator, slug=f"body-{name}", department_id=scene.town.department().id,
                       seats=replace(CIVIL, number=3), **facts)
        made = services.approve(services.appoint(body.id, taking(
            secretary, function=MemberFunction.SECRETARY, until=today() + timedelta(days=4_000)),
            by=administrator).id, by=scene.people["official"])
        waits = services.appoint(body.id, taking(name="느티나무"), by=secretary)
        seen = services.CHANGES.fingerprint(services.ChangeCase(waits, queries.family(body.slug).top)).hex()
        scene.things[f"body_{name}"] = Thing(
            {"slug": body.slug, "membership_id": made.id, "key": "civil", "change_id": waits.id},
            query=lambda _actor: {"seen": "1"}, form={"seen": seen, "reason": "다른 분이 있어요."})
    scene.things["no_body"] = Thing({"slug": "no-body", "membership_id": 999_999, "key": "civil", "change_id": 999_999})


ADDRESSES = ["/bodies?access={}"]
FORMS = [
    Form("/bodies/<slug>/members/<membership_id>/consent", "named", about="body_open", given={"named": "yes"}),
    Form("/desk/bodies/new", "name kind mandate basis access notice_days minutes_days quorum_share quorum_of begins",
         who="administrator", given=FACTS),
    Form("/desk/bodies/<slug>/facts", "name kind mandate basis access quorum_share quorum_of begins", about="body_open",
         who="administrator", given=FACTS),
    Form("/desk/bodies/<slug>/seats", "key name number side way", about="body_open", who="administrator", given=SEATS),
    Form("/desk/bodies/<slug>/seats/<key>", "name number side way", about="body_open", who="administrator",
         given=SEATS),
    Form("/desk/bodies/<slug>/members", "seat sign_in_name name function way begins until", about="body_open",
         given={"seat": "civil", "name": "느티나무", "way": "call", "begins": DAY}),
    Form("/desk/bodies/<slug>/members/<membership_id>/end", "last reason", about="body_open", who="administrator",
         given={"last": DAY, "reason": "이사했어요."}),
    Form("/desk/bodies/<slug>/close"),
    Form("/desk/bodies/<slug>/changes/<change_id>", "seen", about="body_open", who="administrator",
         given=lambda scene, _actor: {"seen": scene.things["body_open"].form["seen"]}),
    Form("/desk/bodies/<slug>/changes/<change_id>/withdrawal", "reason", about="body_open", who="administrator",
         given={"reason": "다른 분이 있어요."}),
]
