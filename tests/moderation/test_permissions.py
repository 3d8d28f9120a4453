"""Permissions of moderators and of those whom they meet."""

from datetime import timedelta

import pytest
from flask_login import AnonymousUserMixin

from civic_forum.platform import clock, policy
from civic_forum.moderation.models import ModerationAction
from civic_forum.moderation.policy import Acted, Decided
from civic_forum.moderation.rules import ActionKind


@pytest.fixture
def cast(town):
    now = clock.now()
    return {"visitor": AnonymousUserMixin(), "user": town.user(), "moderator": town.moderator(),
            "second": town.moderator(), "administrator": town.administrator(),
            "muted": town.moderator(muted_until=now + timedelta(days=1)), "blocked": town.moderator(blocked_at=now)}


MODERATORS = {"moderator", "second", "muted"}


def who(cast, name, subject=None):
    return {one for one, actor in cast.items() if policy.can(actor, f"moderation.{name}", subject)}


def test_everybody_who_may_write_reports(cast):
    assert who(cast, "report") == cast.keys() - {"visitor", "blocked", "muted"}
    assert who(cast, "moderate") == MODERATORS


def test_nobody_acts_on_their_own(cast):
    own = cast["moderator"].id
    for author_id, may in ((own, MODERATORS - {"moderator"}), (None, MODERATORS)):
        assert who(cast, "act", Acted(ActionKind.HIDE, author_id, False)) == may
        assert who(cast, "keep", author_id) == may
    assert not who(cast, "act", Acted(ActionKind.HIDE, None, True))
    assert who(cast, "take_back", ModerationAction(user_id=own)) == MODERATORS - {"moderator"}


def test_an_appeal_is_made_by_whom_it_concerns_and_decided_by_somebody_else(cast):
    action = ModerationAction(user_id=cast["blocked"].id)
    assert who(cast, "appeal", action) == {"blocked"}
    assert "로그인" in policy.why_not(cast["visitor"], "moderation.appeal", action)
    assert who(cast, "read_action", action) == {"blocked"} | MODERATORS
    assert not who(cast, "appeal", ModerationAction(user_id=cast["blocked"].id, ended_at=clock.now()))
    own, other = cast["moderator"], cast["second"]
    for decided in (Decided((own,), other.id), Decided((), own.id, other.id), Decided((own, other), None)):
        assert who(cast, "decide", decided) == {"muted"}
    assert not who(cast, "decide", Decided((), None, is_decided=True))
