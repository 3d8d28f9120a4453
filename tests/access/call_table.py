"""Rights to calls: pages for everybody, and their desk."""

from datetime import timedelta

from civic_forum.calls import services
from tests.calls.making import call
from tests.polls.test_desk import stamp

from .form import Form
from .things import Thing

CALLS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Everybody reads a call from its announcement on; the department that holds it and moderators prepare it, and another
# person than who made or last edited it announces it. Two people move its close.
GET /calls
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /calls/<slug>
    call_announced call_open call_review call_decided            200  200  200  200  200  200  200  200  200  200
    call_preparing                                               404  404  404  404  200  200  404  404  404  404
    call_never                                                   404  404  404  404  404  404  404  404  404  404
GET /awards
GET /awards/<number>
GET /desk/awards
GET /desk/awards/<number>
GET /desk/awards/<number>/publication
GET /desk/awards/nominees/<number>
GET /award-nominees/<number>/declining
    award_moved                                                  301  301  301  301  301  301  301  301  301  301
GET /desk/calls
GET /desk/calls/new
    -                                                            in   403  403  403  200  200  403  403  403  403
POST /desk/calls/new
    call_new                                                     401  403  403  403  ok   ok   403  403  403  403
GET /desk/calls/<slug>
GET /desk/calls/<slug>/<part>
GET /desk/calls/<slug>/questions
GET /desk/calls/<slug>/questions/<number>
GET /desk/calls/<slug>/close
    call_preparing call_open call_review                         in   403  403  403  200  200  403  403  403  403
    call_elsewhere                                               in   403  403  403  200  403  403  403  403  403
    call_never                                                   in   403  403  403  404  404  403  403  403  403
POST /desk/calls/<slug>/<part>
POST /desk/calls/<slug>/questions
POST /desk/calls/<slug>/questions/<number>
POST /desk/calls/<slug>/questions/<number>/removals
POST /desk/calls/<slug>/questions/<number>/moves
    call_preparing                                               401  403  403  403  ok   ok   403  403  403  403
    call_elsewhere                                               401  403  403  403  ok   403  403  403  403  403
    call_open call_review                                        401  403  403  403  403  403  403  403  403  403
    call_never                                                   401  403  403  403  404  404  403  403  403  403
POST /desk/calls/<slug>/announcements
    call_preparing                                               401  403  403  403  ok   ok   403  403  403  403
    call_own                                                     401  403  403  403  ok   403  403  403  403  403
    call_open                                                    401  403  403  403  403  403  403  403  403  403
    call_never                                                   401  403  403  403  404  404  403  403  403  403
POST /desk/calls/<slug>/close
    call_open call_announced                                     401  403  403  403  ok   ok   403  403  403  403
    call_moving                                                  401  403  403  403  ok   403  403  403  403  403
    call_preparing call_review                                   401  403  403  403  403  403  403  403  403  403
    call_never                                                   401  403  403  403  404  404  403  403  403  403
"""
TYPED = {"version": "1", "label": "무엇을 하나요?", "type": "line", "reader": "public", "to": "1", "places": "5",
         "reason": "설이 끼어 있어요."}


def add(scene) -> None:
    official = scene.people["official"]
    stages = {"announced": {}, "open": {}, "review": {}, "decided": {}, "preparing": {}, "own": {"by": official},
              "elsewhere": {"department_id": scene.town.department("다른 과").id}, "moving": {}}
    for name, facts in stages.items():
        stage = {"own": "preparing", "elsewhere": "preparing", "moving": "open"}.get(name, name)
        made = call(scene.town, stage, slug=f"call-{name}", questions=2, **facts)
        typed = TYPED | {"after": stamp(made.closes_at + timedelta(days=7))}
        if name == "moving":
            time = services.propose_close(made.id, made.closes_at + timedelta(days=7), TYPED["reason"], by=official)
            typed = {"seen": services.CLOSE.fingerprint(time).hex()}
        scene.things[f"call_{name}"] = Thing({"slug": made.slug, "part": "amounts", "number": 1}, form=typed)
    scene.things["call_never"] = Thing({"slug": "call-never", "part": "amounts", "number": 1}, form=TYPED)
    scene.things["award_moved"] = Thing({"number": 1})
    scene.things["call_new"] = Thing({}, form={"title": "골목 실험실", "kind": "lab", "applicants": "both",
                                               "department_id": str(scene.town.department().id)})


HERE = "/desk/calls/<slug>"
QUESTION = "version label help type needed options most reader keep_days"
FORMS = [
    Form("/desk/calls/new", "title kind department_id applicants", who="official", about="call_new"),
    Form(f"{HERE}/<part>", "version places reserves budget most_won", who="official", about="call_preparing"),
    Form(f"{HERE}/questions", QUESTION, who="official", about="call_preparing"),
    Form(f"{HERE}/questions/<number>", QUESTION, who="official", about="call_preparing"),
    Form(f"{HERE}/questions/<number>/moves", "version to", who="official", about="call_preparing"),
    Form(f"{HERE}/close", "after reason seen", who="official", about="call_open"),
    *map(Form, (f"{HERE}/announcements", f"{HERE}/questions/<number>/removals")),
]
ADDRESSES = ["/calls/{}", "/calls?kind={}", "/calls?after={}"]
