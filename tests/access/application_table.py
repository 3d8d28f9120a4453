"""Rights to applications: of their owner, and of whoever has number and code."""

from civic_forum.calls.applying import services
from civic_forum.calls.rules import CallKind
from tests.calls.making_applying import answered, open_call, typed_in
from tests.calls.making_prizes import worth
from tests.picking import chosen

from .form import Form
from .things import Thing

APPLICATIONS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Who holds the call never applies. A clerk or an official types in for somebody, who has number and code from then on.
GET /calls/<slug>/apply
GET /calls/<slug>/mine
    apply_open apply_closed                                      200  200  200  200  200  200  200  200  200  200
    apply_preparing                                              404  404  404  404  404  404  404  404  404  404
POST /calls/<slug>/apply
    apply_open apply_closed                                      200  200  200  200  200  200  200  200  200  200
    apply_preparing                                              404  404  404  404  404  404  404  404  404  404
POST /calls/<slug>/applications
    apply_open                                                   401  ok   ok   ok   ok   403  ok   ok   ok   ok
    apply_closed                                                 401  409  409  409  409  403  409  409  409  409
    apply_preparing                                              401  404  404  404  404  404  404  404  404  404
GET /calls/<slug>/apply/<number>
GET /calls/<slug>/mine/<number>
    application_draft application_in                             in   404  404  200  404  404  404  404  404  404
    no_application                                               in   404  404  404  404  404  404  404  404  404
POST /calls/<slug>/apply/<number>
    application_draft                                            401  404  404  ok   404  404  404  404  404  404
    application_in                                               401  404  404  409  404  404  404  404  404  404
POST /calls/<slug>/mine
    application_paper                                            200  200  200  200  200  200  200  200  200  200
    application_in                                               422  422  422  422  422  422  422  422  422  422
POST /calls/<slug>/mine/<number>/withdrawal
    application_paper                                            ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
    application_draft application_in                             403  404  404  ok   404  404  404  404  404  404
GET /desk/calls/<slug>/applications/new
    apply_open                                                   in   403  403  403  403  200  200  200  403  403
    apply_preparing                                              in   403  403  403  404  404  404  404  403  403
    prize_open                                                   in   403  403  403  200  200  403  403  403  403
POST /desk/calls/<slug>/applications/new
    apply_open                                                   401  403  403  403  403  200  200  200  403  403
    apply_closed                                                 401  403  403  403  403  409  409  409  403  403
    prize_open                                                   401  403  403  403  ok   ok   403  403  403  403
"""


def add(scene) -> None:
    town, author, clerk = scene.town, scene.people["author"], scene.people["clerk"]
    calls = {name: open_call(town, slug=f"apply-{name}", most_each=3, asked=(), **facts) for name, facts in {
        "open": {"residents_only": True, "least_age": 19}, "closed": {"days": -0.5},
        "preparing": {"announced_at": None}}.items()}
    call = calls["open"]
    draft, handed = (services.begin(call.id, by=author).number for _n in range(2))
    services.hand_in(call, handed, services.Typed(answered(call)), arrived_at=call.opens_at, by=author)
    number, code = typed_in(call, by=clerk)
    typed = {"title": "골목 정거장", "version": "1", "act": "save", "by_way": "0"}
    paper = {"number": number, "code": code}
    scene.things |= {f"apply_{name}": Thing({"slug": made.slug}, form=typed | {"resident": "1", "born": "2000"})
                     for name, made in calls.items()}
    scene.things |= {f"application_{name}": Thing({"slug": call.slug, "number": its_number}, form=form)
                     for name, its_number, form in (("draft", draft, typed), ("in", handed, typed | {
                         "number": handed, "code": ""}), ("paper", number, paper))}
    prize = open_call(town, slug="prize", asked=(), kind=CallKind.PRIZE, prizes=[])
    scene.things["prize_open"] = Thing({"slug": prize.slug}, form=chosen("proposal", worth(town).number))
    scene.things["no_application"] = Thing({"slug": call.slug, "number": "2611-000000-0"})


FORMS = [
    Form("/calls/<slug>/apply", "resident born", about="apply_open"),
    Form("/calls/<slug>/applications", about="apply_open"),
    Form("/calls/<slug>/apply/<number>", "title group_name people version", about="application_draft"),
    Form("/calls/<slug>/mine", "number code", about="application_paper"),
    Form("/calls/<slug>/mine/<number>/withdrawal", "code", about="application_paper"),
    Form("/desk/calls/<slug>/applications/new", "by_way contact title group_name people", about="apply_open",
         who="clerk"),
    Form("/desk/calls/<slug>/applications/new", "proposal", about="prize_open", who="moderator"),
]
