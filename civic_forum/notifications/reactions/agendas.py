"""Grouping and merging: authors hear how to object, supporters how to take their name back."""

from datetime import datetime

from civic_forum.agendas.events import (AgendaPublished, AuthorObjected, MergeUndone, ObjectionAnswered,
                                        ProposalGrouped, ProposalMerged)
from civic_forum.agendas.models import Agenda, AgendaLink, AuthorObjection, ProposalMerge
from civic_forum.agendas.queries import links
from civic_forum.agendas.rules import OBJECTION_PERIOD, WITHDRAWAL_PERIOD
from civic_forum.kernel import clock, hooks
from civic_forum.kernel.i18n import local
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from .. import steps
from ..queries import recipients
from ..rules import NoticeKind


def _last_day(moment: datetime) -> dict[str, object]:
    return {"until": local(moment).date().isoformat()}


def _about(proposal: Proposal) -> dict[str, object]:
    return {"about": f"proposal:{proposal.id}", "title": proposal.title}


def _on_page(proposal: Proposal) -> dict[str, object]:
    return _about(proposal) | {"url": f"/proposals/{proposal.number}#lineage"}


@hooks.on(AgendaPublished)
def tell_supporters_of_all(fact: AgendaPublished, session) -> None:
    """However many proposals become public together with their agenda, everybody is told at once."""
    _tell_supporters(session, session.get_one(Agenda, fact.agenda_id), links.proposals_in(fact.agenda_id))


@hooks.on(ProposalGrouped)
def tell_of_grouping(fact: ProposalGrouped, session) -> None:
    """Also of what comes along when agendas are merged or parted: the days to object begin anew (`told_at`)."""
    link, agenda = session.get_one(AgendaLink, fact.link_id), session.get_one(Agenda, fact.agenda_id)
    proposal, at = link.proposal, link.told_at or clock.now()
    steps.tell(session, recipients.one(proposal.author_id), kind=NoticeKind.MY_PROPOSAL, **_about(proposal),
               step="grouped_mine", details=_last_day(at + OBJECTION_PERIOD),
               url=f"/proposals/{proposal.number}#of-agendas",
               once=f"grouped:{link.id}:{agenda.id}:{at:%Y%m%d%H%M%S}", at=at)
    if link.told_at != agenda.published_at:
        _tell_supporters(session, agenda, [proposal.id])


def _tell_supporters(session, agenda: Agenda, proposals) -> None:
    """Tell supporters, once a day who supports several proposals of one agenda, though they come into it one after the
    other."""
    now = clock.now()
    steps.tell(session, recipients.concerned(proposals), kind=NoticeKind.SUPPORTED, about=f"agenda:{agenda.id}",
               step="grouped_supported", title=agenda.question, url=f"/agendas/{agenda.slug}",
               once=f"grouped:{agenda.id}:{local(now).date()}", at=now)


@hooks.on(ProposalMerged)
def tell_of_merge(fact: ProposalMerged, session) -> None:
    """Both authors are asked; who supports both proposals is told once, of the one that is carried on elsewhere."""
    merge = session.get_one(ProposalMerge, fact.merge_id)
    merged, into = session.get_one(Proposal, fact.merged_id), session.get_one(Proposal, fact.into_id)
    authors, days = (merged.author_id, into.author_id), _last_day(merge.at + OBJECTION_PERIOD)
    said = {"once": f"merge:{merge.id}", "at": merge.at}
    for proposal, step in ((merged, "merged_mine"), (into, "took_up_mine")):
        steps.tell(session, recipients.one(proposal.author_id), kind=NoticeKind.MY_PROPOSAL, **_on_page(proposal),
                   step=step, details=days, **said)
    steps.tell(session, recipients.but(recipients.concerned([merged.id]), *authors), kind=NoticeKind.SUPPORTED,
               **_on_page(merged), step="merged_supported", details=_last_day(merge.at + WITHDRAWAL_PERIOD), **said)
    steps.tell(session, recipients.but(recipients.concerned([into.id]), *authors), kind=NoticeKind.SUPPORTED,
               **_on_page(into), step="took_up_supported", **said)


@hooks.on(MergeUndone)
def tell_of_parting(fact: MergeUndone, session) -> None:
    """Tell of a parting; who withdrew the one that carried the other on has told those concerned there why."""
    merge = session.get_one(ProposalMerge, fact.merge_id)
    merged, into = session.get_one(Proposal, fact.merged_id), session.get_one(Proposal, fact.into_id)
    is_withdrawn = into.state is State.WITHDRAWN
    for proposal in (merged,) if is_withdrawn else (merged, into):
        for kind, people in ((NoticeKind.MY_PROPOSAL, recipients.one(proposal.author_id)),
                             (NoticeKind.SUPPORTED, recipients.concerned([proposal.id]))):
            steps.tell(session, people, kind=kind, **_on_page(proposal), at=merge.undone_at,
                       step="carrier_withdrawn" if is_withdrawn else "merge_undone", once=f"parted:{merge.id}")
    if is_withdrawn:
        steps.tell(session, recipients.moderators(), kind=NoticeKind.DUTY, **_on_page(into), step="duty_parted",
                   once=f"carrier-withdrawn:{into.id}", at=merge.undone_at)


@hooks.on(ObjectionAnswered)
def tell_of_reply(fact: ObjectionAnswered, session) -> None:
    objection = session.get_one(AuthorObjection, fact.objection_id)
    about = _of_objection(session, objection)
    steps.tell(session, recipients.one(objection.by_id), kind=NoticeKind.MY_PROPOSAL, **about,
               step="objection_answered_mine", once=f"objection-answer:{objection.id}", at=objection.answered_at)


def _of_objection(session, objection: AuthorObjection) -> dict[str, object]:
    """The agenda, or that one of two merged proposals whose author objected: titles of others are not kept for them."""
    if objection.link_id is not None:
        agenda = session.get_one(AgendaLink, objection.link_id).agenda
        return {"about": f"agenda:{agenda.id}", "title": agenda.question, "url": f"/agendas/{agenda.slug}"}
    merge = session.get_one(ProposalMerge, objection.merge_id)
    merged, into = session.get_one(Proposal, merge.merged_id), session.get_one(Proposal, merge.into_id)
    return _on_page(into if into.author_id == objection.by_id != merged.author_id else merged)


@hooks.on(AuthorObjected)
def tell_moderators(fact: AuthorObjected, session) -> None:
    objection = session.get_one(AuthorObjection, fact.objection_id)
    steps.tell(session, recipients.moderators(), kind=NoticeKind.DUTY, about=f"objection:{objection.id}",
               step="duty_objection", title="", url=f"/desk/author-objections/{objection.id}",
               once=f"objection:{objection.id}", at=objection.at)
