"""A desk at which ten thousand things wait: what its pages count, ask of the database, weigh and take."""

import gzip
from datetime import timedelta
from time import perf_counter

import pytest
import sqlalchemy as sa

from civic_forum.answers.models import Duty
from civic_forum.answers.rules import DutyKind
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.moderation.models import Report
from civic_forum.moderation.rules import Rule
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from .test_desk_work import counts, held, links

HELD, OWED, REPORTED = 4_000, 3_000, 3_000
MOST_KB = 60


def copies(template: Proposal, how_many: int) -> list[int]:
    """So many rows like this one, with numbers of their own."""
    facts = dict(db.session.execute(sa.select(Proposal.__table__).filter_by(id=template.id)).one()._mapping)
    first = template.id * 100_000
    alone = {"thread_id": None, "journey_id": None, "attachment_set_id": None}
    rows = [facts | alone | {"id": n, "serial": n, "number": f"{facts['year']}-{n}"}
            for n in range(first, first + how_many)]
    db.session.execute(sa.insert(Proposal.__table__), rows)
    return [row["id"] for row in rows]


@pytest.fixture
def busy(town):
    """Held proposals, duties that nobody has sorted, and reports: ten thousand for any moderator."""
    now = clock.now()
    copies(held(town), HELD - 1)
    owed = copies(town.proposal(state=State.ANSWER_DUE), OWED)
    db.session.execute(sa.insert(Duty), [
        {"proposal_id": one, "kind": DutyKind.THRESHOLD, "started_at": now, "days": 30, "working_days": False,
         "due_on": local(now).date() + timedelta(days=n % 40 - 10)} for n, one in enumerate(owed)])
    reader = town.resident().id
    db.session.execute(sa.insert(Report), [
        {"subject_kind": "proposal", "subject_id": one, "rule": Rule.ABUSE.value, "sentence": "욕설이 있어요.",
         "by_id": reader, "at": now - timedelta(minutes=n)} for n, one in enumerate(owed[:REPORTED])])
    db.session.commit()
    db.session.execute(sa.text("ANALYZE"))  # as autovacuum does within a minute
    db.session.commit()


@pytest.mark.both
def test_ten_thousand_things_cost_no_more_statements_and_no_heavier_page(town, browse, queries, busy):
    browser = browse(town.moderator())
    everything = counts(browser.get("/desk").text)
    assert everything == {"모든 일": HELD + OWED + REPORTED, "제안 확인": HELD, "분류": OWED, "신고 살펴보기": REPORTED}
    for address in ("/desk", "/desk?due=late", "/desk?due=week", "/desk/answers", "/desk/reports", "/desk/held"):
        took = []
        for _once in range(3):
            begun = perf_counter()
            with queries() as sent:
                page = browser.get(address)
            took.append(perf_counter() - begun)
        assert page.status_code == 200 and len(sent) <= 9, (address, len(sent))
        assert min(took) < 1, (address, took)
        assert len(gzip.compress(page.data)) <= MOST_KB * 1000, address
    assert links(browser.get("/desk").text)
