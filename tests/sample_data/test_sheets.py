"""Sheets of the sample district: offices and teams stand on them, and no person of an account."""

import re

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks import sheets
from civic_forum.budgets.models import BudgetRound
from civic_forum.calls.models import Call
from civic_forum.commitments.models import Commitment
from civic_forum.district.models import Department
from civic_forum.forums.models import Forum
from civic_forum.plans.models import Plan
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.polls.models import Poll
from civic_forum.sheets import parts

KEYS = {"round": BudgetRound.slug, "poll": Poll.slug, "minutes": Forum.slug, "meeting": Forum.slug, "plan": Plan.slug,
        "plan-items": Plan.slug, "call": Call.slug, "commitment": Commitment.id, "commitments": Department.id,
        "pledges": ("district",), "figures": ("month",), "meetings": (), "plan-item": ()}
"""Keys of each kind; what the last two name stands on sheets of another kind, too."""
A_NUMBER = re.compile(r"\b0\d{1,2}-\d{3,4}-\d{4}\b|내선")
PLACES = {"박미고개"}
"""Places after which somebody calls themselves."""
LEAST = 3
"""Letters of a name that is looked for."""


def texts():
    """Kind, key and all words of each sheet that the sample has."""
    for name in sheets.names():
        keys = KEYS[name] if isinstance(KEYS[name], tuple) else db.session.scalars(
            sa.select(KEYS[name]).order_by(KEYS[name]).limit(60)).all()
        for key in map(str, keys):
            try:
                book = sheets.kind_of(name).load(key, {})
            except Refusal:
                continue
            for paper in parts.papers(book) if book else ():
                boxes = [box.text for part in paper.parts if isinstance(part, parts.Grid) for row in part.rows
                         for box in row]
                lines = [part.text for part in paper.parts if isinstance(part, parts.Line)]
                yield name, key, " ".join((paper.left, paper.right, *lines, *boxes))


@pytest.mark.in_turns(of=10)
def test_no_person_of_an_account_stands_on_a_sheet(district):
    with district.test_request_context():
        known = {name for row in db.session.execute(sa.select(
            User.sign_in_name, User.nickname, User.mobile, User.email)) for name in row
            if name and len(name) >= LEAST} - PLACES
        found, seen = [], set()
        for kind, key, text in texts():
            seen.add(kind)
            found += [(kind, key, name) for name in known if name in text]
            found += [(kind, key, number) for number in A_NUMBER.findall(text)]
        assert found == []
        assert seen >= {name for name in sheets.names() if KEYS[name] != ()}
