"""Registrations of forums with the rest of the site. Each subject adds its own in a module beside."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from civic_forum.agendas.queries import links
from civic_forum.agendas.queries import records as agendas
from civic_forum.agendas.queries.detail import Detail as AgendaDetail
from civic_forum.journeys import steps as journeys
from civic_forum.kernel import hooks, jobs, rich_text
from civic_forum.kernel.i18n import _, _l, day
from civic_forum.kernel.registries import (AttachmentKind, DeskEntry, DeskWork, Navigation, PersonalData, SearchResult,
                                           registries)
from civic_forum.proposals import queries as proposals
from civic_forum.search import steps as search

from . import record_reactions  # noqa: F401 (listens by being imported)
from . import moderated, registration_data, tables_data, voices_data, labels
from .events import ForumAnnounced, ForumEdited
from .models import Forum
from .policy.acting import may_read
from .queries import linked, listing, records, waiting
from .services import notes, registering
from .steps.preparing import DOCUMENTS

KIND = "forum"


@hooks.on(ForumAnnounced)
@hooks.on(ForumEdited)
def make_findable(fact, session) -> None:
    forum = session.get_one(Forum, fact.forum_id)
    if forum.announced_at is None:
        return
    session.expire(forum, ["items", "duties"])
    programme = " ".join(f"{one.title} {one.text}" for one in forum.items)
    speakers = " ".join(f"{one.called} {one.topic or ''}" for one in forum.duties)
    body = f"{forum.question} {rich_text.text_of(forum.description_html)} {programme} {speakers}"
    search.put(session, KIND, forum.id, title=forum.title, body=body, at=forum.announced_at)


@hooks.on(ForumAnnounced)
def tell_the_agenda(fact, session) -> None:
    """A public step in the life of its agenda and of every proposal that stands in it."""
    forum = session.get_one(Forum, fact.forum_id)
    if forum.agenda_id is None:
        return
    says = {"at": forum.announced_at, "evidence": forum.title, "link": f"/forums/{forum.slug}",
            "once": f"forum:{forum.id}"}
    agenda = agendas.locked(forum.agenda_id)
    for proposal_id in sorted({one.proposal_id for one in links.standing(agenda.id)}):
        journey_id = proposals.locked(proposal_id).journey_id
        if journey_id is not None:
            journeys.add(session, journey_id, "in_forum", **says)
    journeys.add(session, agenda.journey_id, "forum_announced", **says)


@dataclass(frozen=True)
class ForumSection:
    """Forums on a page of another feature."""

    template: str
    cards: list
    labels: ModuleType = labels
    days_left: Callable[[Forum], int] | None = None
    hero: str | None = None


def on_first_page() -> ForumSection | None:
    """Live ones, and the next ones to come."""
    cards = listing.standing_out()
    return ForumSection("forums/home.html", cards, days_left=listing.days_left) if cards else None


def on_agenda(found: AgendaDetail) -> ForumSection | None:
    cards = linked.linked(found.beside["forums"])
    return ForumSection("forums/of_agenda.html", cards) if cards else None


def why_not_coming(slug: str) -> str | None:
    """Reason why an agenda cannot lead to a forum: there is no such one."""
    if records.slugged(slug) is None:
        return _("이런 주소의 공론장이 없어요. 공론장 주소의 끝부분을 그대로 적어 주세요.")
    return None


def shown_in_search(forum_ids: list[int]) -> dict[int, SearchResult]:
    return {forum_id: SearchResult(url=f"/forums/{card.forum.slug}", word=str(labels.STAGE[card.stage]),
                                   about=(_("공론장"), day(card.forum.starts_at)))
            for forum_id, card in listing.of_ids(forum_ids).items()}


def _why_not_see_document(actor, forum_id: int) -> str | None:
    """Whoever may read the forum."""
    forum = listing.by_id(forum_id)
    return may_read(actor, forum) if forum else _("없는 공론장이에요.")


registries.desk["forums"] = DeskEntry("forums.prepare", _l("공론장 준비하기"), "forum_desk.forums")
registries.desk["forums.enrolments"] = DeskEntry("forums.enrol", _l("공론장 참여 신청해 주기"), "forum_desk.enrolments")
registries.work["forums.to_begin"] = DeskWork("forums.prepare", _l("공론장 시작하기"), waiting.to_begin,
                                              waiting.to_begin_lines, within=waiting.BEGINS_WITHIN)
registries.navigation[KIND] = Navigation(_l("공론장"), "forums.show_list", 30)
registries.searchable[KIND] = shown_in_search
registries.attachments[DOCUMENTS] = AttachmentKind(why_not_read=_why_not_see_document)
registries.sections.setdefault("home", []).append(on_first_page)
registries.sections.setdefault("agenda", []).append(on_agenda)
registries.beside.setdefault("agenda", {})["forums"] = linked.about_agenda
registries.coming[KIND] = why_not_coming
registries.personal_data["forum_registrations"] = PersonalData(registration_data.collect, registration_data.erase)
registries.personal_data["forum_voices"] = PersonalData(voices_data.collect, voices_data.erase)
registries.reportable |= moderated.REPORTABLE
jobs.keep_for("RETAIN_FORUM_NEEDS_DAYS", "needs of those who came to forums")(registering.forget_needs)
registries.personal_data["forum_tables"] = PersonalData(tables_data.collect, tables_data.erase)
jobs.every(60, "conversations at tables of forums that are over")(notes.forget_conversations)
