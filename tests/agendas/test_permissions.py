"""Refusals that hold whatever page leads there: each asked of the permission itself."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask_login import AnonymousUserMixin

from civic_forum.agendas import rules
from civic_forum.platform import clock, policy

MERGE = ("reply_to_merge", "object_to_merge", "opt_out")


@pytest.fixture
def author(town):
    return town.resident()


def may(actor, names, subject):
    return {name for name in names if policy.can(actor, f"agendas.{name}", subject)}


def merge(author, **facts):
    return SimpleNamespace(**{"merged": SimpleNamespace(author_id=author.id), "into": SimpleNamespace(author_id=0),
                              "at": clock.now(), "undone_at": None} | facts)


def link(author, **facts):
    return SimpleNamespace(**{"proposal": SimpleNamespace(author_id=author.id), "told_at": clock.now(),
                              "ended_at": None} | facts)


def test_a_merge_that_was_undone_takes_no_more_words(author):
    assert may(author, MERGE, merge(author)) == set(MERGE)
    assert not may(author, MERGE, merge(author, undone_at=clock.now()))


def test_a_merge_is_answered_by_its_authors_and_left_by_whoever_is_signed_in(town, author):
    for stranger in (town.user(), town.moderator(), town.official(), town.administrator()):
        assert may(stranger, MERGE, merge(author)) == {"opt_out"}
    assert not may(AnonymousUserMixin(), MERGE, merge(author))
    assert not may(town.user(blocked_at=clock.now()), MERGE, merge(author))


def test_a_merge_is_objected_to_and_left_for_some_days(author):
    for days, name in ((rules.OBJECTION_DAYS, "object_to_merge"), (rules.WITHDRAWAL_DAYS, "opt_out")):
        past = clock.now() - timedelta(days=days)
        assert name in may(author, MERGE, merge(author, at=past + timedelta(minutes=1)))
        assert name not in may(author, MERGE, merge(author, at=past - timedelta(minutes=1)))


def test_a_grouping_is_objected_to_by_the_author_while_it_lasts(town, author):
    assert may(author, ["object"], link(author))
    for other in (AnonymousUserMixin(), town.user(), town.moderator(), town.official()):
        assert not may(other, ["object"], link(author))
    assert not may(author, ["object"], link(author, ended_at=clock.now()))
    assert not may(author, ["object"], link(author, told_at=None))


def test_agendas_are_kept_by_moderators(town, author):
    cast = {"visitor": AnonymousUserMixin(), "user": author, "moderator": town.moderator(), "official": town.official(),
            "administrator": town.administrator()}

    def who(name, subject):
        return {one for one, actor in cast.items() if policy.can(actor, f"agendas.{name}", subject)}

    now, number = clock.now(), cast["moderator"].id
    draft = SimpleNamespace(published_at=None, merged_into_id=None, lead_department_id=None)
    public = SimpleNamespace(published_at=now, merged_into_id=None)
    merged = SimpleNamespace(published_at=now, merged_into_id=7)
    assert [who("change", one) for one in (draft, public, merged)] == [{"moderator"}, {"moderator"}, set()]
    assert [who("publish", one) for one in (draft, public, merged)] == [{"moderator"}, set(), set()]
    assert [who("comment", one) for one in (draft, public, merged)] == [set(), set(cast), set()]
    assert [who("undo_merge", SimpleNamespace(undone_at=at)) for at in (None, now)] == [{"moderator"}, set()]
    assert [who("merge_proposals", [SimpleNamespace(author_id=one)]) for one in (author.id, number)] == [
        {"moderator"}, set()]
    assert [who("answer_objection", SimpleNamespace(by_id=one, answered_at=at))
            for one, at in ((author.id, None), (number, None), (author.id, now))] == [{"moderator"}, set(), set()]
    assert not who("opt_out", merge(author, undone_at=now))
