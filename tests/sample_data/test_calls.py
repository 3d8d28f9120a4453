"""Python calls while a main page is made anew, against one budget for each: whoever adds to a page pays for it here.

The count is the same on every machine, which no time is. It is that of a process that has made the page before: what
is kept by then (pieces, statements, templates) is in memory, the page itself is not.
"""

import sys

import pytest

from bench import office_rows
from civic_forum.accounts.models import User
from civic_forum.kernel.base import db
from civic_forum.proposals import queries
from civic_forum.sample_data import people, scale
from tests import factories
from tests.conftest import build

MANY = 600
SHARES = {"HELD": 40, "UNSORTED": 30, "TO_WRITE": 30, "TO_APPROVE": 10, "LETTERS": 30, "OBJECTIONS": 40, "REPORTS": 30,
          "APPEALS": 10, "TAKEDOWNS": 20, "ACTIONS": 200, "OUTCOMES": 100}
"""A tenth and less of what the bench has waiting: no page shows more."""
LEAST = 0.9
"""A page that costs less than this part of its budget has a budget that holds nothing: lower it."""
LONG, GROUPED, FULLEST = "the first of the added proposals", office_rows.SLUG, "the proposal that has it all"
VISITOR, RESIDENT, MODERATOR, OFFICIAL, CLERK = None, "resident6", "moderator1", "official1", "clerk1"
BUDGETS = [
    (VISITOR, "/", 10),
]


@pytest.fixture(scope="module")
def large(sample_copy, tmp_path_factory):
    """The sample district on SQLite with MANY proposals more, and an office with much to do."""
    app = build(sample_copy(tmp_path_factory.mktemp("large")), SECRET_KEY="")
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        scale.add(MANY, people.read("proposals"), people.read("comments"))
        for name, number in SHARES.items():
            patch.setattr(office_rows, name, number)
        office_rows.Office().fill()
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


def calls(act):
    """Number of Python functions that are called, by generators too each time that they go on."""
    made = 0

    def count(_frame, event, _argument):
        nonlocal made
        made += event == "call"

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return made


def test_pages(large):
    longest = max(queries.numbers() if hasattr(queries, "numbers") else [], default=None)
    import sqlalchemy as sa
    from civic_forum.proposals.models import Proposal
    number = db.session.scalar(sa.select(Proposal.number).order_by(Proposal.comment_count.desc()).limit(1))
    full = office_rows.fullest()
    for who in (VISITOR, RESIDENT, MODERATOR, OFFICIAL, CLERK):
        client = large.test_client()
        if who:
            user = db.session.scalar(sa.select(User).filter_by(sign_in_key=who))
            secret = factories.signed_in(user)
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = secret, True
        for path in ["/", "/proposals", "/proposals?sort=supported", "/proposals?sort=discussed", "/search?q=가로등", f"/proposals/{number}", f"/proposals/{full}", f"/agendas/{GROUPED}", "/agendas", "/outcomes", "/polls", "/forums", "/budgets", "/moderation/ledger", "/me", "/desk", "/desk/answers", "/desk/reports"]:
            codes = [client.get(path).status_code for _ in range(3)]
            n = []
            for _ in range(3):
                n.append(calls(lambda: client.get(path)))
            print(who, path, codes, n)
    assert 0
