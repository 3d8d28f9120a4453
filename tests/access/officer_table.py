"""Rights to officers of votes: granted by administrators, named by officials before the opening, listed for all."""

from .form import Form
from .scene import PASSWORD

OFFICERS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Everybody reads who may run votes; administrators alone decide it, two at a time.
GET /votes/officers
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /votes/<box>/people
    officered                                                    200  200  200  200  200  200  200  200  200  200
    unofficered no_officers                                      404  404  404  404  404  404  404  404  404  404
GET /desk/officers
    -                                                            in   403  403  403  403  403  403  403  200  403
POST /desk/officers
    -                                                            401  403  403  403  403  403  403  403  ok   403
POST /desk/officers/<officer>/confirmation
    officer_proposed                                             401  403  403  403  403  403  403  403  ok   403
    officer_granted                                              401  403  403  403  403  403  403  403  409  403
    no_officers                                                  401  403  403  403  403  403  403  403  404  403
POST /desk/officers/<officer>/end
    officer_proposed officer_granted                             401  403  403  403  403  403  403  403  ok   403
    no_officers                                                  401  403  403  403  403  403  403  403  404  403
GET /desk/votes/<box>/officers
    officered unofficered                                        in   403  403  403  200  200  403  403  200  403
    no_officers                                                  in   403  403  403  404  404  403  403  404  403
POST /desk/votes/<box>/officers
    unofficered                                                  401  403  403  403  ok   ok   403  403  ok   403
    officered                                                    401  403  403  403  409  409  403  403  409  403
    no_officers                                                  401  403  403  403  404  404  403  403  404  403
POST /desk/votes/<box>/officers/changes
    officered                                                    401  403  403  403  403  403  403  403  409  403
    unofficered                                                  401  403  403  403  403  403  403  403  422  403
    no_officers                                                  401  403  403  403  403  403  403  403  404  403
POST /desk/votes/<box>/officers/changes/confirmation
POST /desk/votes/<box>/officers/changes/withdrawal
    officered                                                    401  403  403  403  403  403  403  403  ok   403
    unofficered                                                  401  403  403  403  403  403  403  403  409  403
    no_officers                                                  401  403  403  403  403  403  403  403  404  403
"""


def change(scene, _actor: str) -> dict:
    return {"password": PASSWORD, "leaves": scene.officers[1], "comes": scene.newcomer.id}


def candidate(scene, _actor: str) -> dict:
    return {"sign_in_name": scene.candidate.sign_in_name, "position": "주민참여과 주무관", "password": PASSWORD}


ADDRESSES = ["/votes/{}/people", "/desk/votes/{}/officers", "/desk/officers/{}/end"]
FORMS = [
    Form("/desk/officers", "sign_in_name position password code", who="administrator", given=candidate),
    Form("/desk/officers/<officer>/confirmation", "password code", who="administrator", about="officer_proposed",
         given={"password": PASSWORD}),
    Form("/desk/votes/<box>/officers", "officers", who="moderator", about="unofficered",
         given=lambda scene, _actor: {"officers": scene.officers}),
    Form("/desk/votes/<box>/officers/changes", "leaves comes password code", who="administrator", about="officered",
         given=change, refused=True),
    Form("/desk/votes/<box>/officers/changes/confirmation", "password code", who="administrator", about="officered",
         given={"password": PASSWORD}),
    *map(Form, ("/desk/officers/<officer>/end", "/desk/votes/<box>/officers/changes/withdrawal")),
]
