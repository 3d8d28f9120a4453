"""Rights around draws: everybody, those in the list, and the department that holds the call."""

from tests.draws.making import Drawn

from .form import Form
from .things import Thing

DRAWS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Everybody reads a draw from its commit on, and its members; a number and its salt are read by whose they are alone.
GET /draws
GET /draws/check
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /draws/<slug>
GET /draws/<slug>/<attempt>
GET /draws/<slug>/<attempt>/check
GET /draws/<slug>/<attempt>/list.txt
GET /draws/<slug>/<attempt>/definition.json
    draw_committed                                               200  200  200  200  200  200  200  200  200  200
    draw_listed no_draw                                          404  404  404  404  404  404  404  404  404  404
GET /draws/<slug>/<attempt>/record.zip
    draw_committed draw_listed no_draw                           404  404  404  404  404  404  404  404  404  404
GET /draws/<slug>/mine/<number>
    draw_committed draw_listed no_draw                           in   404  404  404  404  404  404  404  404  404
POST /draws/<slug>/mine/<number>/agreement
    draw_committed draw_listed no_draw                           401  404  404  404  404  404  404  404  404  404
POST /draws/<slug>/observations
    draw_committed                                               422  422  422  422  422  422  422  422  422  422
    draw_listed no_draw                                          404  404  404  404  404  404  404  404  404  404
GET /desk/draws/<slug>
    draw_committed draw_listed                                   in   403  403  403  403  200  403  403  403  403
    no_draw                                                      in   403  403  403  404  404  403  403  403  403
POST /desk/draws/<slug>
    draw_listed                                                  401  403  403  403  403  ok   403  403  403  403
    draw_committed                                               401  403  403  403  403  409  403  403  403  403
    no_draw                                                      401  403  403  403  404  404  403  403  403  403
POST /desk/draws/<slug>/observers
    draw_committed draw_listed                                   401  403  403  403  403  409  403  403  403  403
    no_draw                                                      401  403  403  403  404  404  403  403  403  403
GET /desk/draws/<slug>/letters/<number>
    draw_committed                                               in   403  403  403  403  200* 403  403  403  403
    draw_listed                                                  in   403  403  403  403  409  403  403  403  403
    no_draw                                                      in   403  403  403  404  404  403  403  403  403
"""


def add(scene) -> None:
    for name in ("listed", "committed"):
        made = getattr(Drawn(scene.town, slug=f"draw-{name}", first=3, again=3, lots=""), name)()
        scene.things[f"draw_{name}"] = Thing({"slug": made.call.slug, "number": made.numbers[0], "attempt": 1}, form={
            "act": "list", "key": "0" * 64, "agrees": "1"})
    scene.things["no_draw"] = Thing({"slug": "no-draw", "number": "2611-123456-1", "attempt": 1}, form={"act": "list"})


FORMS = [
    Form("/desk/draws/<slug>", "act seen observers balls signature number leaving reason decision", about="draw_listed",
         who="official", given={"act": "list"}),
    Form("/draws/<slug>/observations", "key agrees text signature", about="draw_committed", refused=True),
    Form("/draws/<slug>/mine/<number>/agreement"),
    Form("/desk/draws/<slug>/observers", about="draw_committed", who="official", refused=True),
]
