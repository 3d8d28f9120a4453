"""Rights to awards, in every state of a round. The cast's official, clerk and observer are its jury."""

from datetime import timedelta

from civic_forum.awards import queries, services
from civic_forum.platform import clock
from civic_forum.platform.i18n import local
from tests.awards.making import CRITERIA, REASON, WHY, answered
from tests.picking import chosen

from .form import Form
from .things import Thing

AWARDS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Rounds are public once they are published. Everybody with a role sees the desk of awards; moderators prepare and
# publish, officials nominate as well, and only the jury gives points, while it is time.
GET /awards
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /awards/<round_id>
    award_nominating award_scoring award_scored no_award         404  404  404  404  404  404  404  404  404  404
    award_published                                              200  200  200  200  200  200  200  200  200  200
GET /award-nominees/<nominee_id>/declining
    award_nominating award_scoring award_scored                  in   403  403  200  403  403  403  403  403  403
    award_published                                              in   403  403  403  403  403  403  403  403  403
    no_award                                                     in   404  404  404  404  404  404  404  404  404
POST /award-nominees/<nominee_id>/declinations
    award_nominating award_scoring award_scored                  401  403  403  ok   403  403  403  403  403  403
    award_published                                              401  403  403  403  403  403  403  403  403  403
    no_award                                                     401  404  404  404  404  404  404  404  404  404
GET /desk/awards
    -                                                            in   403  403  403  200  200  200  200  200  200
POST /desk/awards
    -                                                            401  403  403  403  ok   403  403  403  403  403
GET /desk/awards/<round_id>
    award_nominating award_scoring award_scored award_published  in   403  403  403  200  200  200  200  200  200
    no_award                                                     in   403  403  403  404  404  404  404  404  404
POST /desk/awards/<round_id>/nominees
    award_nominating                                             401  403  403  403  ok   ok   403  403  403  403
    award_scoring award_scored award_published                   401  403  403  403  403  403  403  403  403  403
    no_award                                                     401  403  403  403  404  404  404  404  404  404
POST /desk/awards/<round_id>/jurors
    award_nominating                                             401  403  403  403  ok   403  403  403  403  403
    award_scoring award_scored award_published                   401  403  403  403  403  403  403  403  403  403
    no_award                                                     401  403  403  403  404  403  403  403  403  403
POST /desk/awards/<round_id>/scoring
    award_nominating                                             401  403  403  403  ok   403  403  403  403  403
    award_scoring award_scored award_published                   401  403  403  403  403  403  403  403  403  403
    no_award                                                     401  403  403  403  404  404  404  404  404  404
GET /desk/awards/<round_id>/publication
    award_scored                                                 in   403  403  403  200  403  403  403  403  403
    award_nominating award_scoring award_published               in   403  403  403  403  403  403  403  403  403
    no_award                                                     in   403  403  403  404  404  404  404  404  404
POST /desk/awards/<round_id>/publication
    award_scored                                                 401  403  403  403  ok   403  403  403  403  403
    award_nominating award_scoring award_published               401  403  403  403  403  403  403  403  403  403
    no_award                                                     401  403  403  403  404  404  404  404  404  404
GET /desk/awards/nominees/<nominee_id>
    award_scoring                                                in   403  403  403  403  200  200  403  403  200
    award_nominating award_scored award_published                in   403  403  403  403  403  403  403  403  403
    no_award                                                     in   403  403  403  404  404  404  404  404  404
POST /desk/awards/nominees/<nominee_id>
    award_scoring                                                401  403  403  403  403  ok   ok   403  403  ok
    award_nominating award_scored award_published                401  403  403  403  403  403  403  403  403  403
    no_award                                                     401  403  403  403  404  404  404  404  404  404
"""


def add(scene) -> None:
    town, people = scene.town, scene.people
    moderator, jury = town.moderator(), [people[name] for name in ("official", "clerk", "observer")]
    proposal = answered(town, author=people["author"])
    scene.nominate_me = answered(town).number
    today = local(clock.now()).date()
    for state in ("nominating", "scoring", "scored", "published"):
        round_id = services.begin(2029, state, CRITERIA, 1, today + timedelta(days=9), by=moderator).id
        nominee_id = services.nominate(round_id, proposal.number, WHY, by=moderator).id
        for juror in jury:
            services.choose_juror(round_id, juror.id, by=moderator)
        if state != "nominating":
            services.begin_scoring(round_id, by=moderator)
        if state in ("scored", "published"):
            for juror in jury:
                services.score(nominee_id, (7, 8), by=juror)
        if state == "published":
            services.publish(round_id, dict.fromkeys(queries.panel(round_id).awarded_ids, REASON), by=moderator)
        scene.things[f"award_{state}"] = Thing({"round_id": round_id, "nominee_id": nominee_id},
                                               form={f"reason_{nominee_id}": REASON} if state == "scored" else {})
    scene.things["no_award"] = Thing({"round_id": 999_999, "nominee_id": 999_999})


ADDRESSES = [f"/desk/awards/1?{key}={{}}" for key in ("sheet", "q", "sort")]
FORMS = [
    Form("/desk/awards", "year name criteria winners scores_until", who="moderator",
         given={"year": "2030", "name": "올해의 제안", "criteria": "새로움", "winners": "1", "scores_until": "2090-05-01"}),
    Form("/desk/awards/<round_id>/jurors", "juror", who="moderator", about="award_nominating",
         given=lambda scene, _actor: {"juror": str(scene.people["administrator"].id)}),
    Form("/desk/awards/<round_id>/nominees", "number why", who="moderator", about="award_nominating",
         given=lambda scene, _actor: chosen("number", scene.nominate_me) | {"why": WHY}),
    Form("/desk/awards/<round_id>/publication", "reason_{scene.things[award_scored].path[nominee_id]}", who="moderator",
         about="award_scored"),
    Form("/desk/awards/nominees/<nominee_id>", "points_0 points_1", who="official", about="award_scoring",
         given={"points_0": "7", "points_1": "8"}),
    *map(Form, ("/award-nominees/<nominee_id>/declinations", "/desk/awards/<round_id>/scoring")),
]
