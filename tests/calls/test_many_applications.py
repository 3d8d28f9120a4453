"""Pages of a call with very many applications ask as little as with few."""

from secrets import token_bytes

import pytest
import sqlalchemy as sa

from civic_forum.calls.judging import services
from civic_forum.calls.judging.rules import Proposed
from civic_forum.calls.models import CallApplication
from civic_forum.calls.rules import ApplicationState, Channel, Step, WhyNot
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.submission_rows import Submission

from .making_judging import REASON, Judged


def many(made, count):
    """So many applications more."""
    now = clock.now()
    ids = db.session.scalars(sa.insert(Submission).returning(Submission.id), [
        {"kind": "call_application", "number": f"2611-{number:06d}-0", "made_at": now, "handed_in_at": now}
        for number in range(count)]).all()
    db.session.execute(sa.insert(CallApplication), [
        {"call_id": made.call.id, "submission_id": number, "mark": token_bytes(32), "place": 1, "title": f"신청 {number}",
         "theme": None, "group_name": "모임", "group_folded": f"모임{number % 900}", "people": 5, "asked": 1_000,
         "channel": Channel.ONLINE, "state": ApplicationState.RECEIVED} for number in ids])
    db.session.commit()


@pytest.mark.in_turns(of=4)
def test_pages_ask_as_little_about_two_thousand_as_about_one(town, browse, queries):
    made = Judged(town)
    slug, number = made.call.slug, made.apply("경로당 손잡이")
    made.scoring()
    desk, juror = browse(made.official), browse(made.jury[0])
    pages = [(desk, f"/desk/calls/{slug}/applications"), (desk, f"/desk/calls/{slug}/applications/{number}"),
             (desk, f"/desk/calls/{slug}/decision"), (juror, f"/desk/calls/{slug}/scores"),
             (juror, f"/desk/calls/{slug}/scores/{number}")]

    def asked(pages):
        numbers = []
        for browser, page in pages:
            browser.get(page)
            with queries() as sent:
                answer = browser.get(page)
            assert answer.status_code == 200 and len(answer.data) < 200_000, page
            numbers.append(len(sent))
        return numbers

    few = asked(pages)
    many(made, 2_000)
    assert asked(pages) == few and max(few) < 30
    services.pass_rest(slug, Step.COMPLETE, by=made.official)
    made.release()
    services.propose(slug, number, Proposed(won=1), REASON, by=made.official)
    db.session.execute(sa.update(CallApplication).where(CallApplication.won.is_(None)).values(why_not=WhyNot.NO_MONEY))
    db.session.commit()
    made.decide()
    assert "2,001건 가운데 1건을 뽑았어요" in browse().get(f"/calls/{slug}/results").text
    assert asked([(browse(), f"/calls/{slug}/results")])[0] < 20
