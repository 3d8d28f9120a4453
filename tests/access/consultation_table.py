"""Rights to a consultation: reading, answering, where one stands, a statement of one's own."""

from datetime import timedelta

from civic_forum.opinions.rules import Audience
from tests.opinions.making import consultation
from tests.opinions.published import result

from .form import Form
from .things import Thing

CONSULTATIONS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# What was announced is for everybody; who may answer is said by the consultation, and only while it is open.
GET /consultations
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /consultations/<slug>
    asked_open asked_members asked_soon asked_over               200  200  200  200  200  200  200  200  200  200
    asked_in_secret                                              404  404  404  404  200  200  404  404  200  404
    asked_never                                                  404  404  404  404  404  404  404  404  404  404
GET /consultations/<slug>/answer
    asked_open                                                   200  200  200  200  200  200  200  200  200  200
    asked_members                                                in   200  200  200  200  200  200  200  200  200
    asked_soon asked_over                                        ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
    asked_in_secret                                              404  404  404  404  ok   ok   404  404  ok   404
    asked_never                                                  404  404  404  404  404  404  404  404  404  404
POST /consultations/<slug>/responses
POST /consultations/<slug>/mine/removal
    asked_open                                                   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
    asked_members                                                401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    asked_soon asked_over                                        403  403  403  403  403  403  403  403  403  403
    asked_in_secret                                              404  404  404  404  403  403  404  404  403  404
    asked_never                                                  404  404  404  404  404  404  404  404  404  404
GET /consultations/<slug>/mine
    asked_open asked_over                                        200  200  200  200  200  200  200  200  200  200
    asked_members                                                in   200  200  200  200  200  200  200  200  200
    asked_soon                                                   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
    asked_in_secret                                              404  404  404  404  ok   ok   404  404  ok   404
    asked_never                                                  404  404  404  404  404  404  404  404  404  404
GET /consultations/<slug>/mine/removal
    asked_open                                                   200  200  200  200  200  200  200  200  200  200
    asked_members                                                in   200  200  200  200  200  200  200  200  200
    asked_soon asked_over                                        403  403  403  403  403  403  403  403  403  403
    asked_in_secret                                              404  404  404  404  403  403  404  404  403  404
    asked_never                                                  404  404  404  404  404  404  404  404  404  404
POST /consultations/<slug>/mine/age
    asked_open                                                   409  409  409  409  409  409  409  409  409  409
    asked_members                                                401  409  409  409  409  409  409  409  409  409
    asked_soon asked_over                                        403  403  403  403  403  403  403  403  403  403
    asked_in_secret                                              404  404  404  404  403  403  404  404  403  404
    asked_never                                                  404  404  404  404  404  404  404  404  404  404
# A letter is for whoever has it, and is of no use where the consultation does not say so; a kiosk is a device.
GET /consultations/<slug>/letter
GET /consultations/<slug>/letter/<code>
GET /consultations/<slug>/result
    asked_open asked_members asked_soon asked_over               200  200  200  200  200  200  200  200  200  200
    asked_in_secret                                              404  404  404  404  200  200  404  404  200  404
    asked_never                                                  404  404  404  404  404  404  404  404  404  404
POST /consultations/<slug>/letter
GET /consultations/<slug>/kiosk
POST /consultations/<slug>/kiosk/end
    asked_open asked_members asked_soon asked_over               403  403  403  403  403  403  403  403  403  403
    asked_in_secret                                              404  404  404  404  403  403  404  404  403  404
    asked_never                                                  404  404  404  404  404  404  404  404  404  404
GET /consultations/<slug>/result.json
    asked_open asked_members asked_soon asked_in_secret
    asked_never                                                  404  404  404  404  404  404  404  404  404  404
    asked_over                                                   200  200  200  200  200  200  200  200  200  200
GET /consultations/<slug>/statements
    asked_open asked_members                                     in   200  200  200  200  200  200  200  200  200
    asked_soon asked_over                                        in   403  403  403  403  403  403  403  403  403
    asked_in_secret                                              in   404  404  404  403  403  404  404  403  404
    asked_never                                                  in   404  404  404  404  404  404  404  404  404
POST /consultations/<slug>/statements
    asked_open asked_members                                     401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    asked_soon asked_over                                        401  403  403  403  403  403  403  403  403  403
    asked_in_secret                                              401  404  404  404  403  403  404  404  403  404
    asked_never                                                  401  404  404  404  404  404  404  404  404  404
GET /consultations/<slug>/statements/<number>
    asked_open asked_members asked_over                          200  200  200  200  200  200  200  200  200  200
    asked_soon asked_in_secret asked_never                       404  404  404  404  404  404  404  404  404  404
POST /consultations/<slug>/statements/<number>/proposal
    asked_open asked_members asked_over                          401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    asked_soon                                                   401  403  403  403  403  403  403  403  403  403
    asked_in_secret                                              401  404  404  404  403  403  404  404  403  404
    asked_never                                                  401  404  404  404  404  404  404  404  404  404
"""
STATES = {
    "open": {}, "members": {"audience": Audience.MEMBERS}, "soon": {"open_since": timedelta(days=-2)},
    "over": {"open_since": timedelta(days=20)}, "in_secret": {"announced_at": None},
}
FORMS = [
    Form("/consultations/<slug>/responses", "statement value then next", about="asked_open",
         given={"statement": "1", "value": "1"}),
    Form("/consultations/<slug>/letter", "code", about="asked_open", given={"code": "A" * 16}, refused=True),
    Form("/consultations/<slug>/mine/age", "age", about="asked_open", given={"age": "65+"}, refused=True),
    *map(Form, ("/consultations/<slug>/mine/removal", "/consultations/<slug>/kiosk/end",
                "/consultations/<slug>/statements/<number>/proposal")),
    Form("/consultations/<slug>/statements", "text", about="asked_open",
         given={"text": "해가 지면 다리마다 불을 밝혀 주세요."}),
]
ADDRESSES = ["/consultations?stage={}", "/consultations?after={}", "/consultations/{}",
             "/consultations/asked-open/answer?statement={}", "/consultations/asked-open/answer?last={}",
             "/consultations/asked-open/answer?then={}", "/consultations/asked-open/letter/{}",
             "/consultations/asked-open/statements/{}"]


def add(scene) -> None:
    for name, facts in STATES.items():
        made = consultation(slug=f"asked-{name.replace('_', '-')}", **facts)
        if name == "over":
            result(made)
        scene.things[f"asked_{name}"] = Thing({"slug": made.slug, "code": "A" * 16, "number": 1})
    scene.things["asked_never"] = Thing({"slug": "asked-never", "code": "A" * 16, "number": 1})
