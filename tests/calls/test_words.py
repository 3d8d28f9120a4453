"""Scores, conflicts, sealed answers and who was not chosen: in no answer to whom they do not belong."""

from urllib.parse import quote, unquote

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.blocks import pickers, questions
from civic_forum.calls.judging import queries, services
from civic_forum.calls.judging.rules import Proposed
from civic_forum.calls.models import CallScore
from civic_forum.calls.rules import Step, WhyNot
from civic_forum.exports.rules import Format
from civic_forum.exports.tables import TABLES
from civic_forum.platform import clock
from civic_forum.platform.base import db

from ..answered_words import text_of
from .making_judging import REASON, Judged

WORDS = {"title": "뷁달팽이정원", "group": "뷁구름계단모임", "public": "뷁여우비답", "office": "뷁반딧불답", "sealed": "뷁너와집답",
         "note": "뷁조약돌이유", "conflict": "뷁느티나무사이", "why": "뷁소나기이유"}
ENDS = ("/kiosk/over", "/kiosk/ballot")
"""They end the session of whoever opens them."""
APPLICATION = {"title", "group", "public", "office"}


class Scene(Judged):
    """An application with a word in each part, scored by one juror, out of which another stays."""

    def __init__(self, town):
        super().__init__(town, jury=3)
        self.owner = town.resident()
        self.number = self.apply(WORDS["title"], owner=self.owner, group=WORDS["group"])
        self.best = self.apply("경로당 손잡이")
        sheet, part = queries.sheet_of(queries.application(self.call, self.number)), questions.part_of(self.questions)
        questions.save(sheet, self.questions, part(**{
            questions.name_of(row): WORDS[row.reader.value] for row in self.questions}), at=clock.now())
        db.session.commit()
        services.pass_rest(self.call.slug, Step.COMPLETE, by=self.official)
        services.begin_scoring(self.call.slug, by=self.official)
        services.note_conflict(self.call.slug, self.number, WORDS["conflict"], by=self.jury[2])
        for juror in self.jury:
            services.open_applications(self.call.slug, by=juror)
        for juror in self.jury[:2]:
            services.score(self.call.slug, self.number, (10, 7), WORDS["note"] if juror is self.jury[0] else "",
                           by=juror)
            services.score(self.call.slug, self.best, (50, 37), "", by=juror)

    def decided(self):
        self.release()
        services.propose(self.call.slug, self.best, Proposed(won=1), REASON, by=self.official)
        services.propose(self.call.slug, self.number, Proposed(why_not=WhyNot.OTHER), WORDS["why"], by=self.official)
        return self.decide()


def addresses(app, scene, *, whole):
    """Routes about the call that answer GET, searches, the table of its applications; `whole`: those without a thing,
    tables and fields too."""
    parts = {"slug": scene.call.slug, "number": scene.number}
    for rule in app.url_map.iter_rules():
        is_read = whole and not rule.arguments or "calls/" in rule.rule and "/questions/" not in rule.rule and set(
            rule.arguments) <= set(parts)
        if "GET" in rule.methods and rule.endpoint != "static" and rule.rule not in ENDS and is_read:
            yield rule.build({name: parts[name] for name in rule.arguments})[1]
    for word in WORDS.values():
        yield f"/search?q={quote(word)}"
    yield f"/search?q={scene.number}"
    yield f"/data/applications-{scene.call.id}.csv"
    for kind in Format:
        yield f"/desk/exports/applications-{scene.call.id}", {"format": kind.value, "reason": REASON}
    if not whole:
        return
    yield from (f"/pick/{name}?q={quote(WORDS['title'])}" for name in pickers.known)
    yield from (f"/data/{name}.json" for name in TABLES)


def said_at(browser, paths):
    """Names of the words in answers, that were not in their addresses; a path with fields is posted."""
    words = set()
    for path in paths:
        path, fields = path if isinstance(path, tuple) else (path, None)
        with browser.get(path) if fields is None else browser.post(path, data=fields, buffered=True) as answer:
            text = text_of(answer)
            words |= {name for name, word in WORDS.items() if word in text and word not in unquote(path)}
    return words


def main_of(answer):
    return " ".join(html.fromstring(answer.text).find(".//main").itertext())


@pytest.mark.in_turns(of=10)
def test_everybody_reads_their_own_words_alone(app, town, browse):
    scene = Scene(town)
    readers = {"visitor": None, "administrator": town.administrator(), "official": scene.official, "owner": scene.owner,
               "elsewhere": town.official(department=town.department("문화과")), "scored": scene.jury[0],
               "out": scene.jury[2]}
    paths, every = (list(addresses(app, scene, whole=whole)) for whole in (False, True))
    nobody, own = {who: set() for who in readers}, {"group", "office", "public", "sealed", "title"}
    before = {"owner": own, "official": APPLICATION, "scored": APPLICATION - {"group"} | {"note"}}
    assert {who: said_at(browse(user), paths if who == "official" else every)
            for who, user in readers.items()} == nobody | before
    official, decision = browse(scene.official), f"/desk/calls/{scene.call.slug}/decision"
    seen = main_of(official.get(decision))
    db.session.execute(sa.update(CallScore).values(points=[1, 2]))
    db.session.commit()
    assert main_of(official.get(decision)) == seen, "whatever the jury gave"
    scene.decided()
    after = {name: said_at(browse(readers[name]), every) for name in ("visitor", "elsewhere", "owner", "out")}
    assert after == {who: set() for who in after} | {"owner": own | {"note", "why"}}

