"""Secrets of calls, surveys and draws: a program looks through every address as everybody, for what is not theirs."""

import re
from itertools import product

import pytest
import sqlalchemy as sa

from civic_forum.platform.base import db
from tests.running.turns import LONG, landings

from . import scene as scenes
from . import secret_scene
from .asking import rule_of
from .scene import ACTORS
from .secret_scene import CAST, POINTS, WORD
from .snapshots import _text
from .stage import staged
from .table import ROWS, Row

ALL_AT_ONCE = pytest.mark.in_turns(of=10, together="secrets")
PARTS = 7
ABOUT = {"calls": "/calls/", "draws": "/draws/", "surveys": "/surveys/", "tables": "/data/<name> /desk/exports/<name>",
         "sought": "/pick/<name> /search"}
"""Addresses, by their parts, that the things of the scene which begin with this word can be about."""
SECRET = {word: kind for kind, word in WORD.items()} | {
    str(number): kind for kind, points in POINTS.items() for number in (*points, sum(points))}
HEARD = re.compile("|".join(SECRET))
APPLICATION = "group lost_group lost_title title"
ANSWERS = f"{APPLICATION} lost_office lost_public office public"
MAY = {f"{address}, {actor}: {kind}" for line in f"""
GET /me, applicant: draft lost_title title
GET /calls/<slug>/apply, applicant: draft lost_title title
GET /calls/<slug>/apply/<number>, applicant: draft group office public sealed title
GET /calls/<slug>/mine/<number>, applicant: {ANSWERS} draft lost_reason lost_sealed sealed
GET /calls/<slug>/mine/<number>, resident: won_office
GET /calls/<slug>/results, applicant: lost_note lost_points lost_reason
GET /desk/calls/<slug>/applications, official second: {APPLICATION} lost_points lot_title
GET /desk/calls/<slug>/applications/<number>, official second: {ANSWERS} lost_points lost_review review
GET /desk/calls/<slug>/applications/<number>, official second: lot_title won_office
GET /desk/calls/<slug>/decision, official second: proposed title
GET /desk/calls/<slug>/reviews/<number>, reviewer: group office public review title
GET /desk/calls/<slug>/scores, juror: title
GET /desk/calls/<slug>/scores/<number>, juror: note office points public review title
GET /desk/surveys/<slug>/results, moderator official second: findings text
POST /desk/exports/<name>, official second: {ANSWERS} lost_points lost_reason lot_title proposed won_office
""".strip().splitlines() for address, actors, kinds in [re.split(", |: ", line)]
    for actor in actors.split() for kind in kinds.split()}
"""Those to whom each belongs, and where."""


@pytest.fixture(scope="module")
def stage(sqlite_app):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scenes, "SCENES", (*(scenes.SCENES if LONG else ()), secret_scene))
        yield from staged(sqlite_app)


def heard(*texts: str) -> set[str]:
    """Secrets that these name, however their numbers are grouped."""
    return {SECRET[word] for text in texts for word in HEARD.findall(text.replace(",", ""))}


def rows(stage) -> dict[tuple[str, str], list[str]]:
    """Every address that is read, with one thing of the table and all that is secret; last that of tables."""
    things, asked = stage.scene.things, {}
    ours = [name for name in things if name.startswith("secret_")]
    for rule in stage.app.url_map.iter_rules():
        if "GET" in rule.methods:
            address = rule_of(rule)
            known = [row.things[0] for row in ROWS if (row.method, row.rule) == ("GET", address)]
            asked["GET", address] = [thing for thing in known if thing in things] + [
                name for name in ours if rule.arguments <= set(things[name].path) and any(
                    part in address for part in ABOUT[name.split("_")[1]].split())]
    return asked | {("POST", "/desk/exports/<name>"): [name for name in ours if "_tables_" in name]}


@ALL_AT_ONCE
@pytest.mark.parametrize("part", range(PARTS) if LONG else [landings() % PARTS])
def test_nobody_reads_what_is_not_theirs(stage, part):
    """A part of the addresses in a run, all of them in `bin/test long`: each secret is seen where it belongs."""
    seen, asked = set(), dict(list(rows(stage).items())[part::PARTS])
    for (method, address), things in asked.items():
        for thing, actor in product(things, (*ACTORS, *CAST)):
            answer, _changed = stage.request(Row(method, address, (), {}), thing, actor)
            seen |= {f"{method} {address}, {actor}: {kind}"
                     for kind in heard(str(answer.headers), _text(answer.mimetype, answer.data))}
    seen = {each for each in seen if not each.endswith("applicant: nickname")}
    assert seen == {each for each in MAY if tuple(each.partition(",")[0].split(" ", 1)) in asked}


@ALL_AT_ONCE
def test_sockets_logs_notices_and_the_index_hold_no_secret(stage):
    """Texts stand in the tables of what they are about alone: sockets tell rows of forums, which lie below calls."""
    holds = {}
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            holds[table.name] = heard(*(str(tuple(row)) for row in connection.execute(sa.select(table))))
    assert {name for name, kinds in holds.items() if kinds} == {
        "answer_sheet", "call_application", "call_application_step", "call_conflict", "call_score", "survey", "user"}
