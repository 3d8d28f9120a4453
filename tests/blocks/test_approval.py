"""Approval on a small model: moves, the second person, versions, corrections, and declarations that cannot hold."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import same_person
from civic_forum.blocks.approval import declare
from civic_forum.blocks.approval_models import Stage, awaiting
from civic_forum.blocks.kinds import WrongDeclaration
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from tests.racing import all_at_once
from tests.blocks.trees import (
    ALONE, ANOTHER, LATE, OAK, PINE, RIGHTS, TREES, WHY, Base, Fact, HalfTree, Hedge, Leaf, Tree, TreeVersion, facts,
    held, locked, published, versions)


@pytest.fixture
def trees(town):
    """Two tables that the site does not have."""
    db.session.rollback()
    Base.metadata.create_all(db.engine)
    facts.clear()
    yield
    db.session.rollback()
    Base.metadata.drop_all(db.engine)


@pytest.fixture
def cast(town, trees):
    """The writer, somebody else, and another account of the writer's."""
    people = town.official(), town.official(), town.official()
    people[0].mobile = people[2].mobile = "01012345678"
    db.session.commit()
    return people


@pytest.mark.both
def test_another_person_publishes_what_was_read(cast):
    writer, second, _again = cast
    TREES.save(1, OAK, seen=0, by=writer)
    tree = TREES.submit(1, PINE, seen=1, by=writer)
    assert (tree.state, tree.version, tree.submitted_at) == (Stage.AWAITING_APPROVAL, 2, tree.written_at)
    assert db.session.scalars(sa.select(Tree.id).where(awaiting(Tree))).all() == [tree.id]
    tree = TREES.approve(1, seen=2, by=second)
    assert (tree.state, tree.version, tree.approved_by_id) == (Stage.PUBLISHED, 1, second.id)
    assert tree.published_at and PINE.text in tree.text_html
    assert [(one.version, one.text, one.by_id) for one in versions(tree)] == [(1, PINE.text, writer.id)]
    assert not db.session.scalars(sa.select(Tree.id).where(awaiting(Tree))).all()
    assert facts == [Fact("submitted", tree.id), Fact("published", tree.id)]
    assert db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action.startswith("trees."))
                              .order_by(AuditEntry.id)).all() == [
        "trees.saved", "trees.saved", "trees.submitted", "trees.published"]


@pytest.mark.both
def test_a_text_that_is_sent_back_is_a_draft_with_a_reason(cast):
    writer, second, _again = cast
    TREES.submit(1, OAK, seen=0, by=writer)
    with pytest.raises(Refusal) as refusal:
        TREES.send_back(1, seen=1, by=second)
    assert refusal.value.field == "reason"
    tree = TREES.send_back(1, seen=1, why=WHY, by=second)
    assert (tree.state, tree.version, tree.sent_back_why, tree.submitted_at) == (Stage.DRAFT, 2, WHY, None)
    TREES.submit(1, OAK, seen=2, by=writer)
    assert TREES.send_back(1, seen=3, by=writer).sent_back_why is None
    with pytest.raises(Denied, match="None waits"):
        TREES.send_back(1, seen=4, by=writer)
    TREES.submit(1, OAK, seen=4, by=writer)
    assert TREES.approve(1, seen=5, by=second).sent_back_why is None


@pytest.mark.both
def test_a_correction_waits_and_says_why(cast):
    writer, second, again = cast
    tree_id = published(TREES, writer, second).id
    tree = TREES.correct(tree_id, PINE, why=WHY, seen=1, by=second)
    assert (tree.text, tree.version) == (OAK.text, 1)
    assert (TREES.corrected(tree).planted_on, TREES.corrected(tree).leaf) == (PINE.planted_on, Leaf.NEEDLE)
    with pytest.raises(Denied):
        TREES.correct(tree_id, OAK, why=WHY, seen=1, by=writer)
    with pytest.raises(Denied, match="Somebody else"):
        TREES.approve_correction(tree_id, seen=tree.correction["at"], by=second)
    with pytest.raises(Conflict):
        TREES.approve_correction(tree_id, seen="", by=again)
    at = db.session.get_one(Tree, tree_id).correction["at"]
    tree = TREES.approve_correction(tree_id, seen=at, by=again)
    assert (tree.text, tree.leaf, tree.planted_on, tree.names) == (PINE.text, Leaf.NEEDLE, PINE.planted_on, [])
    assert (tree.version, tree.correction, tree.approved_by_id) == (2, None, again.id) and PINE.text in tree.text_html
    assert [(one.version, one.text, one.why, one.by_id, one.details["planted_on"]) for one in versions(tree)] == [
        (1, OAK.text, None, writer.id, "2027-03-01"), (2, PINE.text, WHY, second.id, "2027-04-05")]


@pytest.mark.parametrize(("why", "fits"), [("가" * 4, False), ("가" * 5, True), ("가" * 20, True), ("가" * 21, False)])
def test_a_reason_is_as_long_as_declared(cast, why, fits):
    writer, second, _again = cast
    tree_id = published(TREES, writer, second).id
    if fits:
        assert TREES.correct(tree_id, PINE, why=why, seen=1, by=writer).correction["why"] == why
    else:
        with pytest.raises(Refusal):
            TREES.correct(tree_id, PINE, why=why, seen=1, by=writer)


def test_a_correction_is_given_up(cast):
    writer, second, _again = cast
    tree_id = published(TREES, writer, second).id
    with pytest.raises(Denied):
        TREES.send_back_correction(tree_id, by=second)
    TREES.correct(tree_id, PINE, why=WHY, seen=1, by=writer)
    tree = TREES.send_back_correction(tree_id, by=second)
    assert (tree.text, tree.version, tree.correction) == (OAK.text, 1, None) and len(versions(tree)) == 1


def test_versions_may_begin_with_the_first_correction(cast):
    writer, second, _again = cast
    tree = published(LATE, writer, second)
    assert not versions(tree)
    LATE.correct(tree.id, PINE, why=WHY, seen=1, by=second)
    tree = LATE.approve_correction(tree.id, seen=tree.correction["at"], by=writer)
    assert [(one.version, one.by_id, one.at) for one in versions(tree)] == [
        (1, writer.id, tree.published_at), (2, second.id, versions(tree)[1].at)]
    assert tree.written_by_id == writer.id


def test_a_correction_leaves_alone_what_is_fixed(cast):
    writer, second, _again = cast
    fixed = replace(TREES, fixed=("leaf",))
    tree = fixed.correct(published(fixed, writer, second).id, PINE, why=WHY, seen=1, by=writer)
    assert "leaf" not in tree.correction
    tree = fixed.approve_correction(tree.id, seen=tree.correction["at"], by=second)
    assert (tree.text, tree.leaf) == (PINE.text, Leaf.WIDE)


def test_a_text_is_public_at_once_if_nobody_else_is_asked(cast):
    tree = ALONE.submit(1, OAK, seen=0, by=cast[0])
    assert (tree.state, tree.approved_by_id) == (Stage.PUBLISHED, None)
    tree = ALONE.correct(tree.id, PINE, why=WHY, seen=1, by=cast[0])
    assert (tree.text, tree.version, len(versions(tree))) == (PINE.text, 2, 2)


@pytest.mark.parametrize("act", [
    lambda by: TREES.approve(1, seen=2, by=by), lambda by: TREES.send_back(1, seen=0, why=WHY, by=by)])
def test_nothing_is_decided_that_was_not_read(cast, act):
    TREES.submit(1, OAK, seen=0, by=cast[0])
    with pytest.raises(Conflict, match="Somebody changed it"):
        act(cast[1])
    assert locked(1).tree.state is Stage.AWAITING_APPROVAL


def test_nothing_is_kept_of_what_is_not_complete_or_was_not_read(cast):
    writer, second, _again = cast
    with pytest.raises(Refusal, match="Nothing is said"):
        TREES.submit(1, replace(OAK, text=""), seen=0, by=writer)
    assert locked(1).tree is None
    TREES.save(1, OAK, seen=0, by=writer)
    with pytest.raises(Conflict):
        TREES.save(1, PINE, seen=0, by=second)
    assert locked(1).tree.text == OAK.text


ACTS = st.sampled_from(["save", "submit", "approve", "send_back", "correct", "approve_correction",
                        "send_back_correction"])


def act(name, by, place):
    """An attempt, by somebody who has read all there is."""
    tree = locked(place).tree
    tree_id, seen = (tree.id, tree.version) if tree else (0, 0)
    at = (tree.correction or {}).get("at", "") if tree else ""
    try:
        match name:
            case "save" | "submit":
                getattr(TREES, name)(place, OAK, seen=seen, by=by)
            case "approve":
                TREES.approve(place, seen=seen, by=by)
            case "send_back":
                TREES.send_back(place, seen=seen, why=WHY, by=by)
            case _ if tree is None:
                return
            case "correct":
                TREES.correct(tree_id, PINE, why=WHY, seen=seen, by=by)
            case "approve_correction":
                TREES.approve_correction(tree_id, seen=at, by=by)
            case "send_back_correction":
                TREES.send_back_correction(tree_id, by=by)
    except Refusal:
        db.session.rollback()


once = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
places = iter(range(10, 10**6))


@pytest.mark.in_turns(of=5)
@once
@given(acts=st.lists(st.tuples(ACTS, st.booleans()), max_size=8))
def test_one_person_alone_never_publishes(cast, acts):
    """Under either of two accounts."""
    place, (writer, _second, again) = next(places), cast
    for name, other_account in acts:
        act(name, again if other_account else writer, place)
        tree = locked(place).tree
        assert tree is None or tree.state is not Stage.PUBLISHED and not tree.published_at and not versions(tree)


@pytest.mark.in_turns(of=5)
@once
@given(acts=st.lists(st.tuples(ACTS, st.booleans()), max_size=8))
def test_one_person_alone_never_corrects(cast, acts):
    place, (writer, second, again) = next(places), cast
    published(TREES, second, writer, place)
    for name, other_account in acts:
        act(name, again if other_account else writer, place)
        tree = locked(place).tree
        assert (tree.text, tree.version, tree.approved_by_id) == (OAK.text, 1, writer.id)


@pytest.mark.in_turns(of=5)
@once
@given(acts=st.lists(st.tuples(ACTS, st.integers(0, 2)), min_size=2, max_size=10))
def test_somebody_else_than_its_writer_approved_all_that_is_public(cast, acts):
    place = next(places)
    for name, number in acts:
        act(name, cast[number], place)
    tree = locked(place).tree
    if tree is not None and tree.published_at:
        last = versions(tree)[-1]
        approved_by, wrote = (db.session.get_one(User, one) for one in (tree.approved_by_id, last.by_id))
        assert not same_person(approved_by, wrote)


def refused(answers):
    return [isinstance(one, Refusal) for one in answers]


@pytest.mark.parametrize("number", range(3))
def test_of_two_who_approve_and_send_back_at_once_one_is_second(app, cast, number):
    writer, *_others = cast
    TREES.submit(1, OAK, seen=0, by=writer)
    second = cast[1].id
    db.session.rollback()

    def who():
        return db.session.get_one(User, second)

    acts = [lambda: TREES.approve(1, seen=1, by=who()), lambda: TREES.send_back(1, seen=1, why=WHY, by=who()),
            lambda: TREES.approve(1, seen=1, by=who())]
    answers = all_at_once(app, *acts[number:], *acts[:number])
    assert sorted(refused(answers)) == [False, True, True]
    tree = locked(1).tree
    assert (tree.state, len(versions(tree))) in ((Stage.PUBLISHED, 1), (Stage.DRAFT, 0))


def test_of_two_who_decide_a_correction_at_once_one_is_second(app, cast):
    writer, second, _again = cast
    tree_id = published(TREES, writer, second).id
    at = TREES.correct(tree_id, PINE, why=WHY, seen=1, by=writer).correction["at"]
    second_id = second.id
    db.session.rollback()

    def who():
        return db.session.get_one(User, second_id)

    answers = all_at_once(app, lambda: TREES.approve_correction(tree_id, seen=at, by=who()),
                          lambda: TREES.send_back_correction(tree_id, by=who()),
                          lambda: TREES.approve_correction(tree_id, seen=at, by=who()))
    assert sorted(refused(answers)) == [False, True, True]
    tree = held(tree_id)[1]
    assert tree.correction is None and len(versions(tree)) == tree.version


@pytest.mark.parametrize(("given", "words"), [
    ({"model": Hedge}, "trees needs approved_by_id, which Hedge has no column for"),
    ({"kept": ("height",)}, "trees needs height, which Tree has no column for"),
    ({"rendered": ("names",)}, "trees needs names_html, which Tree"),
    ({"details": "content"}, "trees keeps content, which TreeVersion has no column for"),
    ({"kept_apart": ("leaf",)}, "trees keeps leaf, which TreeVersion"),
    ({"versions": Hedge}, "trees keeps at, which Hedge"),
    ({"fixed": ("height",)}, "trees fixes height, which is not typed"),
])
def test_a_declaration_that_cannot_hold_is_named(given, words):
    assert declare(TREES) is TREES
    with pytest.raises(WrongDeclaration, match=words):
        declare(replace(TREES, **given))


def test_a_move_to_a_stage_that_a_model_does_not_have_is_named():
    with pytest.raises(WrongDeclaration, match="trees moves to awaiting_approval, a stage that HalfTree does not have"):
        declare(replace(TREES, model=HalfTree, versions=type("HalfVersion", (), {"__table__": sa.Table(
            "half_version", sa.MetaData(), sa.Column("half_tree_id"), *(
                one._copy() for one in TreeVersion.__table__.c if one.name != "tree_id"))})))


@pytest.mark.parametrize("another", [None, replace(ANOTHER, refusal=""), replace(ANOTHER, same=None),
                                     replace(ANOTHER, is_asked=None)])
def test_a_declaration_without_another_person_is_named(another):
    with pytest.raises(WrongDeclaration, match="The approval trees does not say that another person approves"):
        replace(RIGHTS, another=another).register()
    with pytest.raises(WrongDeclaration, match="The approval trees does not say that another person approves"):
        declare(replace(TREES, rights=replace(RIGHTS, another=another)))
