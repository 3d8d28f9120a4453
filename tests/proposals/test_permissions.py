"""Each permission walked by the same cast: before it is public, while it is open, after it is decided."""

from datetime import timedelta

import pytest
from flask_login import AnonymousUserMixin

from civic_forum.platform import clock, policy
from civic_forum.proposals import policy as _policy  # noqa: F401
from civic_forum.proposals.rules import BEFORE_DECISION, PUBLIC, TAKES_COMMENTS, TAKES_SUPPORT, State
from tests.factories import MAY

CAST = ("visitor", "user", "resident", "author", "moderator", "official", "clerk", "administrator", "blocked")
ANYONE = frozenset(CAST)
MEMBERS = ANYONE - {"visitor", "blocked"}
NOT_PUBLIC = frozenset(State) - PUBLIC
NOBODY = frozenset()


def states(wanted, *, who, otherwise=NOBODY):
    return {state: who if state in wanted else otherwise for state in State}


TABLE = {
    "proposals.read": states(PUBLIC, who=ANYONE, otherwise={"author", "moderator"}),
    "proposals.support": states(TAKES_SUPPORT, who=MEMBERS - {"author"}),
    "proposals.follow": states(PUBLIC, who=MEMBERS),
    "proposals.comment": states(TAKES_COMMENTS, who=ANYONE),
    "proposals.edit": states(BEFORE_DECISION, who={"author"}),
    "proposals.withdraw": states(BEFORE_DECISION, who={"author"}),
    "proposals.write_draft": states({State.DRAFT}, who={"author"}),
    "proposals.publish": states({State.DRAFT}, who={"author"}),
    "proposals.approve": states({State.HELD}, who={"moderator"}),
    "proposals.write": states(State, who=MEMBERS),
    "proposals.check": states(State, who={"moderator"}),
}


@pytest.fixture
def cast(town):
    return {name: AnonymousUserMixin() if name == "visitor" else town.user(blocked_at=MAY) if name == "blocked"
            else town.resident() if name == "author" else getattr(town, name)() for name in CAST}


def test_the_table_names_every_permission_of_proposals():
    of_proposals = {name for name in policy.names() if name.startswith("proposals.")}
    assert of_proposals == set(TABLE) | {"proposals.read_hidden"}


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("name", TABLE)
def test_rights(name, town, cast):
    for state in State:
        proposal = town.proposal(author=cast["author"], state=state,
                                 **({"published_at": None} if state in NOT_PUBLIC else {}))
        allowed = {who for who, actor in cast.items() if policy.can(actor, name, proposal)}
        assert allowed == TABLE[name][state], state


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("name", TABLE)
def test_every_refusal_is_a_sentence(name, town, cast):
    proposal = town.proposal(author=cast["author"], state=State.DONE)
    for actor in cast.values():
        reason = policy.why_not(actor, name, proposal)
        assert reason is None or reason.rstrip().endswith(("요.", "어요. 이웃에게 알려 주세요.")), reason


@pytest.mark.parametrize("name", ["proposals.support", "proposals.follow", "proposals.comment", "proposals.edit"])
def test_a_hidden_proposal_is_closed_to_all(name, town, cast):
    proposal = town.proposal(author=cast["author"], hidden_at=MAY, hidden_rule="spam")
    assert not [who for who, actor in cast.items() if policy.can(actor, name, proposal)]


def test_the_text_of_a_hidden_proposal_is_read_by_author_and_moderators(town, cast):
    proposal = town.proposal(author=cast["author"], hidden_at=MAY, hidden_rule="spam")
    readers = {who for who, actor in cast.items() if policy.can(actor, "proposals.read_hidden", proposal)}
    assert readers == {"author", "moderator"}


def test_a_draft_is_published_only_by_who_may_propose(town, app, monkeypatch):
    draft = town.proposal(author=town.user(), state=State.DRAFT, published_at=None)
    assert policy.can(draft.author, "proposals.publish", draft)
    monkeypatch.setitem(app.config, "WHO_MAY_PROPOSE", "residents")
    assert policy.can(draft.author, "proposals.write_draft", draft)
    assert not policy.can(draft.author, "proposals.publish", draft)


def test_a_muted_user_writes_nothing_but_may_withdraw(town):
    until = clock.now() + timedelta(days=1)
    for author in (town.resident(muted_until=until), town.moderator(muted_until=until)):
        draft = town.proposal(author=author, state=State.DRAFT, published_at=None)
        for name, proposal, may in (("write", None, False), ("write_draft", draft, False), ("publish", draft, False),
                                    ("edit", town.proposal(author=author), False),
                                    ("withdraw", town.proposal(author=author), True)):
            assert policy.can(author, f"proposals.{name}", proposal) is may, name
