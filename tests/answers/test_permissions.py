"""Each permission about a case asked by the same cast, from the first supports to the answer."""

import pytest
from flask_login import AnonymousUserMixin

from civic_forum.answers.queries import records as queries
from civic_forum.answers.services import cases, texts
from civic_forum.platform import policy
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import publication as proposals
from tests.factories import MAY

from .making import declined, on_the_table, owed, published, text

CASE = ("approve", "ask_completion", "ask_department", "ask_review", "assign", "carry_on", "file", "refer", "reply",
        "return", "see_case", "see_contact", "see_desk", "see_drafts", "see_replies", "send_back", "take",
        "undo_referral", "write")
AUTHOR, MODERATOR = {"author"}, {"moderator"}
DEPARTMENT = {"official", "second"}
OFFICIALS = DEPARTMENT | {"other"}
LOOKED_AT = {"see_desk": MODERATOR | OFFICIALS, "see_case": MODERATOR | OFFICIALS, "see_replies": MODERATOR}
"""By whom before any department has it."""
OF_DEPARTMENT = {"see_desk": MODERATOR | OFFICIALS, "see_case": MODERATOR | DEPARTMENT, "see_drafts": DEPARTMENT,
                 "see_replies": MODERATOR | DEPARTMENT}
TAKEN = OF_DEPARTMENT | {"assign": MODERATOR, "ask_completion": DEPARTMENT, "ask_department": DEPARTMENT,
                         "refer": MODERATOR | DEPARTMENT, "return": DEPARTMENT, "write": DEPARTMENT}


@pytest.fixture
def cast(town):
    """`official` and `second` are of the department that has it, `other` of another one."""
    department, another = town.department(), town.department("공원녹지과")
    return {"visitor": AnonymousUserMixin(), "user": town.user(), "author": town.resident(),
            "moderator": town.moderator(), "official": town.official(department=department),
            "second": town.official(department=department), "other": town.official(department=another),
            "clerk": town.clerk(), "administrator": town.administrator()}


def who(cast, name, subject):
    return {one for one, actor in cast.items() if policy.can(actor, f"answers.{name}", subject)}


def who_may(cast, proposal):
    """The permissions that anybody has, and who."""
    case = queries.case(proposal)
    may = {name: who(cast, name, case) for name in CASE}
    return {name: people for name, people in may.items() if people}


def test_rights_before_a_department_has_it(town, cast):
    gathering = town.proposal(author=cast["author"])
    triage = {"assign": MODERATOR, "refer": MODERATOR, "take": OFFICIALS}
    assert who_may(cast, gathering) == LOOKED_AT | triage | {"file": AUTHOR}
    assert who_may(cast, owed(town, author=cast["author"])) == LOOKED_AT | triage
    hidden = town.proposal(author=cast["author"], hidden_at=MAY, hidden_rule="spam")
    assert "file" not in who_may(cast, hidden)
    assert who_may(cast, town.proposal(author=cast["author"], state=State.HELD, published_at=None)) == LOOKED_AT


def test_rights_while_a_department_works(town, cast):
    proposal = on_the_table(town, cast["official"], author=cast["author"])
    assert who_may(cast, proposal) == TAKEN
    case = queries.case(proposal)
    assert who(cast, "see_note", (case, case.lead)) == MODERATOR | DEPARTMENT
    cases.ask_completion(proposal.id, asked="의자를 놓을 곳을 적어 주세요. 약도면 돼요.", by=cast["official"])
    asked = {name: who for name, who in TAKEN.items() if name != "ask_completion"}
    assert who_may(cast, proposal) == asked | {"reply": AUTHOR}


def test_rights_after_the_answer(town, cast):
    proposal = on_the_table(town, cast["official"], author=cast["author"])
    published(proposal, cast["official"], cast["second"], declined())
    after = OF_DEPARTMENT | {"assign": MODERATOR, "ask_department": DEPARTMENT, "return": DEPARTMENT}
    assert who_may(cast, proposal) == after | {"ask_review": AUTHOR}


def test_nobody_does_anything_more_with_what_was_withdrawn_or_merged(town, cast):
    """The departments that had a merged one have it again when the merge is undone."""
    withdrawn, merged = (on_the_table(town, cast["official"], author=cast["author"]) for _ in range(2))
    proposals.withdraw(withdrawn.id, reason="더 나은 안을 찾았어요.", by=cast["author"])
    merged.state = State.MERGED
    for proposal in (withdrawn, merged):
        assert who_may(cast, proposal).keys() <= {"see_desk", "see_case", "see_drafts", "see_replies"}


def test_a_decided_proposal_is_neither_passed_on_nor_brought_back(town, cast):
    """The same whether there was an answer here or not."""
    decided = town.proposal(author=cast["author"], state=State.DECIDED)
    assert who_may(cast, decided) == LOOKED_AT | {"assign": MODERATOR, "take": OFFICIALS}
    cases.take(decided.id, by=cast["official"])
    assert "write" not in who_may(cast, decided)
    referred = owed(town, author=cast["author"])
    cases.refer(referred.id, to="서울교통공사", note="지하철 출입구라서 교통공사가 답해요.", as_complaint=False, by=cast["moderator"])
    assert who_may(cast, referred)["undo_referral"] == MODERATOR
    for state in (State.DECIDED, State.WITHDRAWN, State.MERGED):
        referred.state = state
        assert "undo_referral" not in who_may(cast, referred)


def test_an_answer_is_corrected_by_the_department_that_gave_it(town, cast):
    proposal = on_the_table(town, cast["official"], author=cast["author"])
    written = texts.submit(proposal.id, text(), seen=0, by=cast["official"])
    assert not who(cast, "correct", written)
    assert not who(cast, "judge", written)
    assert who_may(cast, proposal)["send_back"] == DEPARTMENT
    texts.send_back(proposal.id, why="숫자를 다시 봐 주세요.", seen=written.version, by=cast["second"])
    assert "send_back" not in who_may(cast, proposal)
    answer = published(on_the_table(town, cast["official"]), cast["official"], cast["second"])
    assert who(cast, "correct", answer) == DEPARTMENT
    assert who(cast, "judge", answer) == cast.keys() - {"visitor"}
    assert not who(cast, "send_back_correction", answer)
    answer.correction = {"by_id": cast["official"].id}
    assert not who(cast, "correct", answer)
    assert who(cast, "send_back_correction", answer) == DEPARTMENT
    assert who(cast, "approve_correction", answer) == {"second"}
