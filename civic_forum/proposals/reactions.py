"""Registrations of proposals with the rest of the site, and reactions to changes of others."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.comments.events import CommentChanged, CommentRemoved, CommentsHidden, CommentsShown, CommentWritten
from civic_forum.comments.models import Thread
from civic_forum.kernel import hooks, jobs, rich_text
from civic_forum.kernel.base import db
from civic_forum.kernel.i18n import _, _l, day
from civic_forum.kernel.registries import (AttachmentKind, DeskEntry, DeskLine, DeskWork, Navigation, PersonalData,
                                           Reportable, SearchResult, ThreadKind, Waiting, registries)
from civic_forum.search import steps as search

from . import personal_data, policy, queries, services
from .events import ProposalEdited, ProposalPublished, ProposalsHidden, ProposalsShown
from .models import Proposal
from .queries.drafts import held_due
from .queries.listing import of_ids, titles
from .queries.records import readable

KIND = "proposal"
CHECKED_WITHIN = timedelta(days=2)
"""How long a proposal may be held for a check."""


@hooks.on(ProposalPublished)
@hooks.on(ProposalEdited)
def make_findable(fact, session) -> None:
    proposal = session.get_one(Proposal, fact.proposal_id)
    body = rich_text.text_of(f"{proposal.problem_html} {proposal.wish_html}")
    search.put(session, KIND, proposal.id, title=proposal.title, body=body, at=proposal.published_at)


@hooks.on(ProposalsHidden)
def forget_texts(fact: ProposalsHidden, session) -> None:
    search.remove_all(session, KIND, fact.proposal_ids)


@hooks.on(ProposalsShown)
def make_findable_again(fact: ProposalsShown, session) -> None:
    search.put_all(session, [(KIND, one.id, one.title, rich_text.text_of(f"{one.problem_html} {one.wish_html}"),
                              one.published_at) for one in readable(fact.proposal_ids)])


@hooks.on(CommentWritten)
@hooks.on(CommentChanged)
@hooks.on(CommentRemoved)
def count_comments(fact, session) -> None:
    _count_comments(session, Proposal.thread_id == fact.thread_id)


@hooks.on(CommentsHidden)
@hooks.on(CommentsShown)
def count_comments_again(fact, session) -> None:
    _count_comments(session, Proposal.thread_id.in_(fact.thread_ids))


def _count_comments(session, which) -> None:
    """Keep the number of comments beside the proposal, where lists sort by it."""
    counted = sa.select(Thread.comment_count).where(Thread.id == Proposal.thread_id).scalar_subquery()
    session.execute(sa.update(Proposal).where(which).values(comment_count=counted))


def shown_in_search(proposal_ids: list[int]) -> dict[int, SearchResult]:
    """Proposals for the search page; those that not everybody may read any more are left out."""
    return {proposal_id: SearchResult(
        url=f"/proposals/{card.number}", state=card.state,
        about=(card.neighbourhood_name or _("구 전체"), card.category_label, day(card.published_at),
               _("공감 %(count)s", count=f"{card.support_count:,}")))
        for proposal_id, card in of_ids(proposal_ids).items()}


def _asks(predicate):
    """A predicate on the record, for those who know only its id."""

    def ask(actor, proposal_id: int) -> str | None:
        proposal = db.session.get(Proposal, proposal_id)
        return str(queries.missing()) if proposal is None else predicate(actor, proposal)

    return ask


def _why_not_read(actor, proposal: Proposal) -> str | None:
    return policy.may_read(actor, proposal) or policy.may_read_hidden(actor, proposal)


def _url(proposal_id: int) -> str:
    return f"/proposals/{db.session.get_one(Proposal, proposal_id).number}"


def _find(actor, proposal_id: int) -> Proposal | None:
    proposal = db.session.get(Proposal, proposal_id)
    if proposal is None or not policy.is_public(proposal) or proposal.hidden_at:
        return None
    return proposal


def own_drafts(user) -> dict | None:
    count = queries.draft_count(user)
    return {"label": _("쓰던 글"), "url": "/proposals/drafts", "total": count} if count else None


def own_proposals(_user) -> dict:
    return {"label": _("내 제안과 소식 받는 제안"), "url": "/proposals/mine"}


@jobs.every(minutes=5, name="proposals.lapse")
def lapse() -> int:
    return services.lapse_due()


@jobs.keep_for("RETAIN_DRAFTS_DAYS", "drafts")
def forget_drafts(days: int) -> int:
    return services.throw_away_old_drafts(days)


def held_lines(found: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/held?number={one.ref}", one.title, (one.ref,)) for one in found]


registries.navigation["proposals"] = Navigation(_l("제안"), "proposals.index", 10)
registries.desk["proposals.held"] = DeskEntry("proposals.check", _l("확인을 기다리는 제안"), "proposals.held")
registries.work["proposals.held"] = DeskWork("proposals.check", _l("제안 확인"), held_due, held_lines,
                                             within=CHECKED_WITHIN)
registries.threads[KIND] = ThreadKind(why_not_read=_asks(_why_not_read), why_not_write=_asks(policy.may_comment),
                                      url=_url, titles=titles)
registries.attachments[KIND] = AttachmentKind(why_not_read=_asks(_why_not_read))
registries.reportable[KIND] = Reportable(label=lambda proposal: proposal.title,
                                         url=lambda proposal: f"/proposals/{proposal.number}", find=_find)
registries.searchable[KIND] = shown_in_search
registries.personal_data["proposals"] = PersonalData(collect=personal_data.collect, erase=personal_data.erase)
registries.sections.setdefault("me", []).extend((own_drafts, own_proposals))
