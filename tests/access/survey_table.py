"""Rights around surveys."""

from datetime import timedelta

from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.surveys import queries, services
from tests.surveys.making import ASKED, FINDINGS, survey

from .consultation_desk_table import times
from .form import Form
from .things import Thing

SURVEYS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
GET /surveys
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /surveys/<slug>
    survey_soon survey_open survey_over survey_told              200  200  200  200  200  200  200  200  200  200
    survey_prep                                                  404  404  404  404  200  200  404  404  404  404
    survey_never                                                 404  404  404  404  404  404  404  404  404  404
POST /surveys/<slug>
    survey_open                                                  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
    survey_soon survey_over survey_told                          403  403  403  403  403  403  403  403  403  403
    survey_prep                                                  404  404  404  404  403  403  404  404  404  404
GET /surveys/<slug>/results.<kind>
    survey_told                                                  200  200  200  200  200  200  200  200  200  200
    survey_prep survey_open survey_over survey_never             404  404  404  404  404  404  404  404  404  404
GET /desk/surveys
    -                                                            in   403  403  403  200  200  200  200  403  403
GET /desk/surveys/new
    -                                                            in   403  403  403  200  200  403  403  403  403
POST /desk/surveys/new
    -                                                            401  403  403  403  ok   ok   403  403  403  403
GET /desk/surveys/<slug>
    survey_prep survey_soon survey_open survey_over survey_told  in   403  403  403  200  200  200  200  403  403
    survey_never                                                 in   403  403  403  404  404  404  404  403  403
GET /desk/surveys/<slug>/<part>
GET /desk/surveys/<slug>/questions
GET /desk/surveys/<slug>/questions/<number>
    survey_prep survey_open survey_over                          in   403  403  403  200  200  403  403  403  403
    survey_other                                                 in   403  403  403  200  403  403  403  403  403
    survey_never                                                 in   403  403  403  404  404  403  403  403  403
POST /desk/surveys/<slug>/<part>
POST /desk/surveys/<slug>/announcements
POST /desk/surveys/<slug>/questions
POST /desk/surveys/<slug>/questions/<number>
POST /desk/surveys/<slug>/questions/<number>/moves
POST /desk/surveys/<slug>/questions/<number>/removals
    survey_prep                                                  401  403  403  403  ok   ok   403  403  403  403
    survey_other                                                 401  403  403  403  ok   403  403  403  403  403
    survey_soon survey_open survey_over                          401  403  403  403  403  403  403  403  403  403
    survey_never                                                 401  403  403  403  404  404  403  403  403  403
# Clerks type paper; letters and results are of those who prepare.
POST /desk/surveys/<slug>/letters
    survey_soon survey_open                                      401  403  403  403  200  200  403  403  403  403
    survey_prep survey_over                                      401  403  403  403  403  403  403  403  403  403
GET /desk/surveys/<slug>/paper
    survey_open survey_over                                      in   403  403  403  200  200  200  200  403  403
    survey_prep survey_soon survey_told                          in   403  403  403  403  403  403  403  403  403
POST /desk/surveys/<slug>/paper
    survey_open                                                  401  403  403  403  ok   ok   ok   ok   403  403
    survey_prep survey_soon survey_told                          401  403  403  403  403  403  403  403  403  403
GET /desk/surveys/<slug>/results
    survey_over                                                  in   403  403  403  200  200  403  403  403  403
    survey_prep survey_open survey_told                          in   403  403  403  403  403  403  403  403  403
POST /desk/surveys/<slug>/results
POST /desk/surveys/<slug>/results/confirmations
    survey_over                                                  401  403  403  403  ok   ok   403  403  403  403
    survey_open survey_told                                      401  403  403  403  403  403  403  403  403  403
"""
DAYS = {"prep": 2, "other": 2, "soon": 2, "open": -1, "over": -20, "told": -20}
HERE = "/desk/surveys/<slug>"
QUESTION = {"version": "1", "label": "무엇인가요?", "type": "choice", "options": "가\n나", "reader": "public"}


def add(scene) -> None:
    for name, days in DAYS.items():
        town, opens = scene.town, clock.now() + timedelta(days=days)
        holder = town.department("다른 과") if name == "other" else town.department()
        made = survey(scene.people["administrator"], ASKED[1:4], slug=f"survey-{name}", title=f"공간 설문({name})",
                      department_id=holder.id, opens_at=opens, closes_at=opens + timedelta(days=9),
                      announced_at=None if name in ("prep", "other") else clock.now())
        asked = queries.questions_of(made)
        form = {"version": "1"} | {f"q{question.id}": "1" for question in asked[1:]}
        if name in ("over", "told"):
            services.propose(made.id, FINDINGS, by=town.moderator())
            form["seen"] = services.PUBLISHING.fingerprint(made).hex()
        if name == "told":
            services.PUBLISHING.confirm(services.subject_of(made), by=town.moderator())
        if name == "open":
            scene.survey_question = asked[2].id
        db.session.rollback()
        path = {"slug": made.slug, "part": "times", "number": 2, "kind": "csv"}
        scene.things[f"survey_{name}"] = Thing(path, form=form)
    scene.things["survey_never"] = Thing({"slug": "survey-never", "part": "times", "number": 1, "kind": "csv"})


def begun(scene, actor: str) -> dict:
    return {"department_id": str(scene.town.department().id), "title": "골목 설문", "text": "고치려고 물어요."} | times(
        scene, actor)


def answered(scene, _actor: str) -> dict:
    return {f"q{scene.survey_question}": "4", "sheet": "12"}


ADDRESSES = ["/surveys?after={}", "/surveys/{}", "/desk/surveys?after={}",
             "/desk/surveys/{}", "/desk/surveys/survey-prep/{}", "/desk/surveys/survey-prep/questions/{}"]
FORMS = [
    Form("/surveys/<slug>", "version code q{scene.survey_question}", about="survey_open",
         given=lambda scene, actor: answered(scene, actor) | {"code": ""}),
    Form("/desk/surveys/new", "department_id title text opens_at closes_at", who="official", given=begun),
    Form(f"{HERE}/<part>", "version opens_at closes_at", who="official", about="survey_prep", given=times),
    Form(f"{HERE}/questions", "version label help type needed options most reader keep_days", who="official",
         about="survey_prep", given=QUESTION),
    Form(f"{HERE}/questions/<number>", "version label help type needed options most reader keep_days", who="official",
         about="survey_prep", given=QUESTION),
    Form(f"{HERE}/questions/<number>/moves", "version to", who="official", about="survey_prep",
         given={"version": "1", "to": "1"}),
    Form(f"{HERE}/letters", "count", who="official", about="survey_open", given={"count": "2"}),
    Form(f"{HERE}/paper", "version sheet q{scene.survey_question}", who="clerk", about="survey_open", given=answered),
    Form(f"{HERE}/results", "version summary missing", who="official", about="survey_over", given=vars(FINDINGS)),
    *map(Form, (f"{HERE}/announcements", f"{HERE}/questions/<number>/removals", f"{HERE}/results/confirmations")),
]
