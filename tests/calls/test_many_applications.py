"""Pages of a call with very many applications ask as little as with few."""

from collections import defaultdict
from fractions import Fraction
from itertools import product
from random import Random
from secrets import token_bytes

import pytest
import sqlalchemy as sa

from civic_forum.calls.judging import services
from civic_forum.calls.models import CallApplication, CallConflict, CallScore
from civic_forum.calls.rules import ApplicationState, Channel, Step, WhyNot
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.submission_rows import Submission

from .making_judging import Judged


def many(made, count, *, first=0):
    """So many applications more, numbered from the first on."""
    now = clock.now()
    ids = db.session.scalars(sa.insert(Submission).returning(Submission.id), [
        {"kind": "call_application", "number": f"2611-{number:06d}-0", "made_at": now, "handed_in_at": now}
        for number in range(first, first + count)]).all()
    db.session.execute(sa.insert(CallApplication), [
        {"call_id": made.call.id, "submission_id": number, "mark": token_bytes(32), "place": 1, "title": f"신청 {number}",
         "theme": None, "group_name": "모임", "group_folded": f"모임{number % 900}", "people": 5, "asked": 1_000,
         "channel": Channel.ONLINE, "state": ApplicationState.RECEIVED} for number in ids])
    db.session.commit()


def score_by_rows(made, ids, chance):
    """Points and conflicts as they come; application → exact mean of what counts, of those that have one."""
    scores, conflicts = [], []
    for number, juror in product(ids, made.jury):
        row = {"application_id": number, "juror_id": juror.id, "call_id": made.call.id, "at": clock.now()}
        if chance.random() < 0.8:
            scores.append(row | {"points": [chance.randint(0, 60), chance.randint(0, 40)], "note": ""})
        if chance.random() < 0.2:
            conflicts.append(row | {"reason": "이웃이에요.", "is_late": chance.random() < 0.2})
    db.session.execute(sa.insert(CallScore), scores)
    db.session.execute(sa.insert(CallConflict), conflicts)
    db.session.commit()
    out = {(each["application_id"], each["juror_id"]) for each in conflicts}
    late = {each["application_id"] for each in conflicts if each["is_late"]}
    counted = defaultdict(list)
    for each in scores:
        if each["application_id"] not in late and (each["application_id"], each["juror_id"]) not in out:
            counted[each["application_id"]].append(sum(each["points"]))
    assert late and len(counted) < len(ids), "both rules are seen"
    return {number: Fraction(sum(sums), len(sums)) for number, sums in counted.items()}


@pytest.mark.both
@pytest.mark.in_turns(of=4)
def test_pages_take_as_little_about_two_thousand_as_about_two_hundred(app, town, browse, queries):
    made = Judged(town, jury=5, budget=None, most_won=None)
    slug, number = made.call.slug, made.apply("경로당 손잡이")
    many(made, 200)
    made.scoring()
    desk, juror, here = browse(made.official), browse(made.jury[0]), f"/desk/calls/{made.call.slug}"
    pages = [(desk, f"{here}/applications"), (desk, f"{here}/applications?q=2611-0000"), (desk, f"{here}/decision"),
             (desk, f"{here}/applications/{number}"), (juror, f"{here}/scores"), (juror, f"{here}/scores?mine=owed"),
             (juror, f"{here}/scores/{number}")]

    def taken(pages):
        """Statements and rows of each, made anew."""
        numbers = []
        for browser, page in pages:
            browser.get(page)
            app.extensions["sections"].clear()
            with queries() as sent:
                answer = browser.get(page)
            assert answer.status_code == 200 and len(answer.data) < 50_000, page
            numbers.append((len(sent), answer.text.count('class="card')))
        return numbers

    few = taken(pages)
    many(made, 2_000, first=200)
    assert taken(pages) == few and max(few)[0] < 20
    ids = db.session.scalars(sa.select(CallApplication.id).order_by(CallApplication.id)).all()
    means = score_by_rows(made, ids[:100], Random(1))
    services.pass_rest(slug, Step.COMPLETE, by=made.official)
    made.release()
    rows = db.session.execute(sa.select(CallApplication.id, CallApplication.mean_top, CallApplication.mean_bottom)
                              .where(CallApplication.mean_bottom.is_not(None)))
    assert {number: Fraction(top, bottom) for number, top, bottom in rows} == means
    db.session.execute(sa.update(CallApplication).values(
        why_not=sa.case((CallApplication.id > ids[59], sa.literal(WhyNot.NO_MONEY, CallApplication.why_not.type))),
        won=sa.case((CallApplication.id <= ids[59], 1))))
    made.reasons().decide()
    results = f"/calls/{slug}/results"
    pages = [(browse(), results), (browse(), f"{results}?from=20"), (desk, f"{here}/decision")]
    assert "2,201건 가운데 60건을 뽑았어요" in browse().get(results).text
    few = taken(pages)
    db.session.execute(sa.update(CallApplication).values(state=ApplicationState.CHOSEN, why_not=None))
    db.session.commit()
    assert taken(pages) == few and max(few)[0] < 12
    assert "2,201건 가운데 2,201건을 뽑았어요" in browse().get(results).text
