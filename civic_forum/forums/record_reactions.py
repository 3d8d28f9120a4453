"""Consequences of a forum: steps of journeys, work that waits, the proposals that began there, personal data."""

from dataclasses import dataclass
from datetime import datetime

from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.kernel import hooks
from civic_forum.kernel.i18n import _l
from civic_forum.kernel.waiting import WORK, DeskWork
from civic_forum.proposals import queries as proposals
from civic_forum.proposals.extensions import ASIDE

from . import record_data
from .events import ForumClosed, MinutesPublished
from .models import Forum
from .queries import becoming, minutes_waiting
from .steps.journeys import add_step


@hooks.on(ForumClosed)
def say_that_it_was_held(fact: ForumClosed, session) -> None:
    forum = session.get_one(Forum, fact.forum_id)
    _step(session, forum, "forum_held", forum.closed_at, f"/forums/{forum.slug}/record")


@hooks.on(MinutesPublished)
def say_that_there_are_minutes(fact: MinutesPublished, session) -> None:
    """Of the signed ones alone: until then they may still change."""
    forum = session.get_one(Forum, fact.forum_id)
    if fact.signed_at is not None:
        _step(session, forum, "forum_minutes", fact.signed_at, f"/forums/{forum.slug}/minutes")


def _step(session, forum: Forum, step: str, at: datetime, link: str) -> None:
    """Once."""
    add_step(session, forum, step, at=at, evidence=forum.title, link=link, once=f"{step}:{forum.id}")


@dataclass(frozen=True)
class Began:
    """Forum in which a proposal began."""

    template: str
    forums: list


def on_proposal(found: proposals.Detail) -> Began | None:
    rows = found.beside["forum_seeds"]
    return Began("forums/of_proposal.html", rows) if rows else None


WORK["forums.to_draft"] = DeskWork("forums.prepare", _l("회의록 초안 만들기"), minutes_waiting.to_draft,
                                              minutes_waiting.draft_lines, within=minutes_waiting.DRAFTED_WITHIN)
WORK["forums.to_sign"] = DeskWork("forums.prepare", _l("회의록 마무리하기"), minutes_waiting.to_sign,
                                             minutes_waiting.sign_lines, within=minutes_waiting.SIGNED_WITHIN)
PERSONAL_DATA["forum_record"] = PersonalData(record_data.collect, record_data.erase)
ASIDE.add_section(on_proposal, forum_seeds=becoming.about_proposal)
