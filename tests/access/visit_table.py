"""Rights around requests for a visit."""

from civic_forum.visits import services
from civic_forum.visits.parts import Asking

from .form import Form
from .things import Thing

VISITS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Everybody with an account asks; the office answers where it holds visits, or in its neighbourhood.
GET /visits
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /visits/ask
    -                                                            in   200  200  200  200  200  200  200  200  200
POST /visits/ask
    visit_asking                                                 401  ok   ok   ok   ok   ok   ok   ok   ok   ok
GET /desk/visits/<request_id>
    visit_asked visit_declined                                   in   403  403  403  200  403  200  403  403  403
    no_visit                                                     in   403  403  403  404  404  404  404  403  403
POST /desk/visits/<request_id>
    visit_asked                                                  401  403  403  403  ok   403  ok   403  403  403
    visit_declined                                               401  403  403  403  409  403  409  403  403  403
    no_visit                                                     401  403  403  403  404  404  404  404  403  403
"""


def add(scene) -> None:
    here = scene.town.neighbourhood().id
    fields = {"place": "뒷문 앞", "why": "차와 아이들이 섞여요."}
    answer = {"verdict": "decline", "why": "수질 검사가 먼저예요."}
    scene.things["visit_asking"] = Thing({}, form=fields | {"neighbourhood_id": here, "names": 9})
    for name in ("asked", "declined"):
        request = services.ask(Asking(neighbourhood_id=here, names=9, **fields), by=scene.town.resident())
        if name == "declined":
            services.decline(request.id, answer["why"], shows=True, by=scene.people["moderator"])
        scene.things[f"visit_{name}"] = Thing({"request_id": request.id}, form=answer)
    scene.things["no_visit"] = Thing({"request_id": 999_999}, form=answer)


FORMS = [
    Form("/visits/ask", "neighbourhood_id place why names", about="visit_asking"),
    Form("/desk/visits/<request_id>", "verdict starts_at ends_at why again_on shows", about="visit_asked"),
]
