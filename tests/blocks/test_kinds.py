"""Kinds of things: references, capabilities, and declarations that cannot hold."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.blocks import kinds
from civic_forum.blocks.extensions import Extension, Page
from civic_forum.blocks.kinds import (
    Attached, Capability, Coming, Decidable, Discussed, Kind, Ref, Searched, Told, WrongDeclaration, register,
)
from civic_forum.blocks.moderated import Moderated
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.proposals.kinds import PROPOSAL
from civic_forum.proposals.models import Proposal


def tree(**given):
    """A kind of thing that is declared rightly."""
    return Kind(**{"name": "tree", "model": Proposal, "label": "나무", "title": str, "url": str,
                   "why_not_read": lambda _actor, _tree: None, "missing": NotFound} | given)


@given(st.from_regex(r"[a-z][a-z_]{0,29}", fullmatch=True), st.integers(1, 10**18 - 1))
def test_a_reference_is_read_as_it_was_written(kind, id_):
    assert Ref.read(str(Ref(kind, id_))) == Ref(kind, id_)


@given(st.text(max_size=40))
def test_of_any_text_nothing_but_a_reference_is_read(text):
    ref = Ref.read(text)
    assert ref is None or str(ref) == text


@pytest.mark.parametrize("text", ["", "poll", "poll:", ":12", "poll:0", "poll:012", "poll:-1", "Poll:1", "poll:1 ",
                                  "poll:１", "poll:1\n", "poll:1:2", f"poll:{10**18}"])
def test_other_writings_are_no_reference(text):
    assert Ref.read(text) is None


@pytest.mark.parametrize(("given", "words"), [
    ({"name": "Tree"}, "'Tree' has a name"), ({"label": ""}, "tree has no label"),
    ({"model": str}, "tree has a model without"), ({"url": None}, "tree has no function url"),
    ({"title": "나무"}, "tree has no function title"), ({"missing": None}, "tree has no function missing"),
    ({"capabilities": (Searched(None, place=1),)}, "tree is declared Searched without results"),
    ({"capabilities": (Discussed(why_not_write=str, titles="titles"),)}, "tree is declared Discussed without titles"),
    ({"capabilities": (Attached(sets="", why_not_read=str),)}, "tree is declared Attached without sets"),
    ({"capabilities": (Coming("", str),)}, "tree is declared Coming without step"),
    ({"capabilities": (Told(str), Told(str))}, "tree has one capability twice"),
])
def test_a_kind_that_cannot_hold_is_named(given, words):
    with pytest.raises(WrongDeclaration, match=words):
        register(tree(**given))
    assert kinds.find("tree") is None


def test_two_kinds_have_not_one_name():
    with pytest.raises(WrongDeclaration, match="Two kinds are called proposal"):
        register(tree(name="proposal", model=str))


def test_every_capability_of_the_site_has_all_its_functions(town):
    for kind in list(kinds._kinds.values()):
        assert kind.wrong() is None
        for one in kind.capabilities:
            for name in (field for field in type(one).__dataclass_fields__ if callable(getattr(one, field))):
                if type(one).__dataclass_fields__[name].default is None:
                    continue
                assert replace(one, **{name: None}).wrong() == name


@pytest.mark.both
def test_a_decidable_thing_has_a_name(town):
    decides = PROPOSAL.get(Decidable)
    proposal = town.proposal()
    assert decides.name(proposal) == proposal.number
    assert db.session.scalar(sa.select(decides.name_sql(sa.literal(proposal.id)))) == proposal.number


def test_kinds_are_found_by_what_they_can(town):
    class Painted(Capability):
        pass

    assert not list(kinds.having(Painted)) and PROPOSAL.get(Painted) is None
    assert {kind.name for kind, _moderated in kinds.having(Moderated)} >= {
        "comment", "proposal", "author_objection", "project", "forum_question", "chat_message"}
    with pytest.raises(NotFound):
        kinds.with_capability("proposal", Painted)
    with pytest.raises(NotFound):
        kinds.of("tree")


def test_a_thing_that_is_not_there_has_no_address(town):
    with pytest.raises(NotFound):
        kinds.url("proposal", 987654321)
    assert kinds.why_not_write("proposal", None, 987654321)


def test_a_question_is_answered_in_order_and_none_is_no_answer():
    question: Extension = Extension("trees")
    question.add(lambda number: number + 1)
    question.add(lambda _number: None)
    question.add(lambda number: number * 10)
    assert question.ask(3) == [4, 30]
    with pytest.raises(TypeError, match="trees"):
        question.add("no function")


def test_a_section_may_stand_last():
    page: Page = Page("park")
    page.add_section(lambda: "budget", last=True)
    page.add_section(lambda: "agenda")
    assert page.ask() == ["agenda", "budget"]
