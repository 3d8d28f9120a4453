"""Calls, a survey and a draw with a word or a number of its own in each thing that not everybody reads."""

import json
from datetime import timedelta

from civic_forum.blocks import questions
from civic_forum.blocks.submissions import seal_contact
from civic_forum.calls.following import services as following
from civic_forum.calls.judging import services
from civic_forum.calls.judging.rules import Proposed
from civic_forum.calls.models import CallConflict, CallScore
from civic_forum.calls.reviewing import services as reviewing
from civic_forum.calls.rules import ApplicationState, CallKind, ScoresShown, Step, WhyNot
from civic_forum.platform import clock, keys
from civic_forum.platform.base import db
from civic_forum.platform.i18n import today
from civic_forum.platform.question_rows import AnswerSheet
from civic_forum.surveys import services as surveys
from civic_forum.surveys.parts import Findings
from civic_forum.surveys.rules import Way
from tests.calls.making_judging import REASON, Judged
from tests.draws.making import Drawn
from tests.factories import signed_in
from tests.forums.scene import announced_forum
from tests.surveys import making

from .picker_table import NAMES
from .things import Thing

BOTH = "title group public office sealed contact points note conflict review".split()
"""Before the decision, and behind `lost_` of what was decided against."""
KINDS = [*BOTH, *(f"lost_{kind}" for kind in BOTH), *(
    "draft proposed lost_reason won_office lot_title text findings nickname".split())]
WORD = {kind: f"kq{kind.replace('_', '')}" for kind in KINDS}
"""Secret → word that stands nowhere else; each stands behind the word `zq`, by which it is searched for."""
SOUGHT = "zq"
POINTS = {"points": (7_301_977, 4_137_719), "lost_points": (6_203_887, 3_049_921)}
CAST = ("applicant", "juror", "other_juror", "reviewer", "second")
"""More actors: who applied, both jurors, an official of a department that reviews, the other one of that which holds
the calls."""


def secret(kind: str) -> str:
    return f"{SOUGHT} {WORD[kind]}"


def add(scene) -> None:
    town, people = scene.town, scene.people
    elsewhere = town.department("문화과")
    people |= {"applicant": town.resident(nickname=WORD["nickname"]), "juror": town.resident(),
               "other_juror": town.resident(), "reviewer": town.official(department=elsewhere),
               "second": town.official()}
    scene.secrets |= {name: signed_in(people[name]) for name in CAST}
    for prefix, slug in (("", "secret-before"), ("lost_", "secret-after")):
        made = Judged(town, slug=slug, jurors=[people["juror"], people["other_juror"]], has_review=True,
                      scores_shown=ScoresShown.MEAN, title="비밀이 있는 모집")
        number = _judged(scene, made, prefix, elsewhere)
        scene.things |= _things(made, "decided" if prefix else "judged", number)
    scene.things |= _things(made, "draft", _draft(scene, made))
    _course(scene)
    _drawn(scene)
    _asked(scene)
    for name in ("", *NAMES):
        scene.things[f"secret_sought_{name}"] = Thing({"name": name}, query=lambda _actor: {"q": SOUGHT})
    db.session.commit()


def _things(made, name: str, number: str) -> dict[str, Thing]:
    path = {"slug": made.call.slug, "number": number, "part": "amounts"}
    table = {"name": f"applications-{made.call.id}"}
    return {f"secret_calls_{name}": Thing(path), f"secret_tables_{name}": Thing(table, form={
        "format": "csv", "reason": "심사표를 만들어요"})}


def _judged(scene, made, prefix: str, elsewhere) -> str:
    """Reviewed, scored and proposed; with a prefix released and decided against it too. Its number."""
    people, is_over = scene.people, bool(prefix)
    texts = {kind: secret(f"{prefix}{kind}") for kind in BOTH}
    number = made.apply(texts["title"], group=texts["group"], owner=people["applicant"])
    other = made.apply("남는 신청", group="모임")
    record, application = made.state(number), made.state(other)
    sheet = db.session.get(AnswerSheet, record.submission_id)
    public, office, sealed = (questions.name_of(row) for row in made.questions)
    sheet.answers = {public: texts["public"], office: texts["office"]}
    sheet.sealed = keys.seal(questions._SEAL, json.dumps({sealed: texts["sealed"]}))
    seal_contact(record.submission, texts["contact"], today() + timedelta(days=90))
    db.session.commit()
    services.pass_rest(made.call.slug, Step.COMPLETE, by=made.official)
    reviewing.send(made.call.slug, [elsewhere.id], today(), by=made.official)
    for each, reason in ((number, texts["review"]), (other, REASON)):
        reviewing.note(made.call.slug, each, True, reason, by=people["reviewer"])
    services.begin_scoring(made.call.slug, by=made.official)
    for juror in made.jury:
        services.open_applications(made.call.slug, by=juror)
    db.session.add_all([
        CallScore(application_id=record.id, juror_id=made.jury[0].id, call_id=made.call.id, at=clock.now(),
                  points=list(POINTS[f"{prefix}points"]), note=texts["note"]),
        CallConflict(application_id=record.id, juror_id=made.jury[1].id, call_id=made.call.id, at=clock.now(),
                     reason=texts["conflict"], is_late=False)])
    if not is_over:
        made.call.released_at, record.won, record.reason = None, 7_000_000, secret("proposed")
        return number
    made.call.released_at = clock.now()
    record.state, record.reason, record.why_not = ApplicationState.RECEIVED, secret("lost_reason"), WhyNot.NO_MONEY
    record.mean_top, record.mean_bottom = sum(POINTS["lost_points"]), 1
    application.won, application.reason = 10_000_000, REASON
    db.session.commit()
    made.decide()
    return number


def _draft(scene, made) -> str:
    return made.apply(secret("draft"), group=secret("draft"), owner=scene.people["applicant"],
                      state=ApplicationState.DRAFT)


def _course(scene) -> None:
    """Somebody who was chosen has a place in a forum, and answered the office something."""
    made = Judged(scene.town, slug="secret-course", jury=0, kind=CallKind.COURSE, budget=None)
    number = made.apply("배우고 싶어요", owner=scene.people["resident"])
    db.session.get(AnswerSheet, made.state(number).submission_id).answers = {
        questions.name_of(made.questions[1]): secret("won_office")}
    db.session.commit()
    services.propose(made.call.slug, number, Proposed(won=0), REASON, by=made.official)
    made.decide()
    forum = announced_forum(scene.town, department_id=made.call.department_id)
    following.register(made.call.slug, forum.slug, by=made.official)
    scene.things |= _things(made, "chosen", number)


def _drawn(scene) -> None:
    made = Drawn(scene.town, slug="secret-draw", first=2, again=2, lots="").committed()
    for number in made.numbers:
        made.state(number).title = secret("lot_title")
        db.session.commit()
    scene.things |= _things(made, "drawn", made.numbers[0]) | {
        "secret_draws": Thing({"slug": made.call.slug, "number": made.numbers[0], "attempt": 1})}


def _asked(scene) -> None:
    """A survey that is over: its results wait for a second person."""
    made = making.survey(scene.people["administrator"], slug="secret-survey", department_id=scene.town.department().id)
    typed = making.part(made, 3, [1], 2, 4, secret("text"))
    surveys.keep(db.session, made, typed, Way.FREE, [b"m" * 32])
    making.over(made)
    surveys.propose(made.id, Findings(summary=secret("findings"), missing=REASON), by=scene.people["second"])
    scene.things["secret_surveys"] = Thing({"slug": made.slug, "part": "times", "number": 1, "kind": "csv"})
