"""Consequences of a forum: steps of journeys, work that waits, the proposals that began there, personal data."""

from dataclasses import dataclass
from datetime import datetime

from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.platform import hooks
from civic_forum.platform.i18n import _l
from civic_forum.platform.waiting import DeskWork, WORK
from civic_forum.proposals.extensions import ASIDE
from civic_forum.proposals.queries import detail as proposals

from ..events import ForumClosed, MinutesPublished
from ..journeys import add_step, end_calls
from ..models import Forum
from ..questions import becoming
from . import own_data, queries
from . import sheets  # noqa: F401 (it registers itself)


@hooks.on(ForumClosed)
def say_that_it_was_held(fact: ForumClosed, session) -> None:
    forum = session.get_one(Forum, fact.forum_id)
    held = _step(session, forum, "forum_held", forum.closed_at, f"/forums/{forum.slug}/record")
    if forum.recorded_at is not None:
        end_calls(session, held, forum.recorded_at)


@hooks.on(MinutesPublished)
def say_that_there_are_minutes(fact: MinutesPublished, session) -> None:
    """Of the signed ones alone: until then they may still change."""
    forum = session.get_one(Forum, fact.forum_id)
    if fact.signed_at is not None:
        _step(session, forum, "forum_minutes", fact.signed_at, f"/forums/{forum.slug}/minutes")


def _step(session, forum: Forum, step: str, at: datetime, link: str) -> set[int]:
    """Once."""
    return add_step(session, forum, step, at=at, evidence=forum.title, link=link, once=f"{step}:{forum.id}")


@dataclass(frozen=True)
class Began:
    """Forum in which a proposal began."""

    template: str
    forums: list


def on_proposal(detail: proposals.Detail) -> Began | None:
    forums = becoming.begun_at(detail.proposal.id)
    return Began("forums/of_proposal.html", forums) if forums else None


WORK["forums.to_draft"] = DeskWork("forums.oversee", _l("회의록 초안 만들기"), queries.to_draft,
                                              queries.draft_lines, within=queries.DRAFTED_WITHIN)
WORK["forums.to_sign"] = DeskWork("forums.oversee", _l("회의록 마무리하기"), queries.to_sign,
                                             queries.sign_lines, within=queries.SIGNED_WITHIN)
PERSONAL_DATA["forum_record"] = PersonalData(own_data.collect, own_data.erase)
ASIDE.add_section(on_proposal)
