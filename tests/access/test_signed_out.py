"""Every permission asked by somebody who is not signed in: they are told to sign in, whatever it is about."""

import pytest
from flask_login import AnonymousUserMixin

from civic_forum.platform import clock, policy

ABOUT_THE_THING = set("""
    agendas.comment agendas.read answers.see_note attachments.read bodies.read budgets.ask_second_look budgets.comment
    budgets.decide budgets.hand_in budgets.read budgets.read_hidden_project budgets.read_project budgets.read_trial
    budgets.recommend budgets.see_own_marks calls.read comments.edit comments.read comments.reply comments.support
    comments.write evaluations.read
    forums.ask forums.hear_table forums.read forums.see_table forums.support_question moderation.appeal
    moderation.read_action opinions.answer opinions.read opinions.write polls.read proposals.comment proposals.read
    plans.read proposals.read_hidden proposals.support series.read surveys.answer surveys.read
""".split())
"""Permissions that look at the thing first, or only at that."""
OTHERWISE = {"accounts.create": "관리자만", "accounts.remove_second_factor": "관리자만",
             "accounts.issue_desk_code": "동 담당자와 관리자만",
             "ballots.object": "참관인이 해요"}
"""In which words others refuse."""
ROLES = ("moderator", "official", "clerk", "administrator")


def not_told(actor):
    asked = (name for name in policy.names() if name not in ABOUT_THE_THING)
    return {name: reason for name in asked
            if OTHERWISE.get(name, "로그인") not in ((reason := policy.why_not(actor, name)) or "")}


def test_a_visitor_is_told_to_sign_in(town):
    assert not_told(AnonymousUserMixin()) == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_of_a_blocked_account_counts_for_nothing(town, role):
    told = not_told(getattr(town, role)(blocked_at=clock.now()))
    assert told.keys() == {"moderation.report"} and "이용이 제한된" in told["moderation.report"]
