"""Workshops: gatherings with a table for each of some much-supported proposals, whose results become agendas."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from textwrap import shorten

from civic_forum.accounts.models import User
from civic_forum.agendas import operations as agendas
from civic_forum.agendas.models import Agenda
from civic_forum.agendas.policy import may_moderate
from civic_forum.agendas.queries.links import core_elsewhere
from civic_forum.agendas.rules import Relation
from civic_forum.journeys import operations as journeys
from civic_forum.platform import plain_text, rich_text
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case
from civic_forum.proposals.models import Proposal

from .. import labels, operations
from ..models import Forum, ForumDuty, ProgrammeItem
from ..record.decisions import LONGEST_DECISION, DecisionText, write
from ..record.policy import may_decide
from ..rules import Duty
from ..tables import rules as tables
from ..tables.models import ForumTable
from ..tables.queries import about_proposals
from .listing import TALKED_ABOUT
from .parts import Access, Holder, Times, Wording
from .process import new

MOST = 20
"""Proposals of one workshop."""
TALKING, SHARING = 10, 20
"""Minutes before and after the tables."""


def first_words() -> dict[str, str]:
    """Words of a workshop with which its form begins."""
    return {"title": _("공감을 많이 받은 제안을 함께 이야기해요"), "question": _("무엇을, 어떻게 하면 좋을까요?"),
            "recording_note": _("영상을 찍지 않아요. 모둠의 쪽지와 결과만 글로 남겨요.")}


def make(chosen: Sequence[str], holder: Holder, wording: Wording, times: Times, access: Access, *, by: User) -> Forum:
    """A gathering in preparation with a table about each of these proposals, led by whoever makes it. `chosen`: their
    ids. Raises Refusal for too many, NotFound, Conflict for one that is not open any more, and as `create`."""
    if len(chosen) > MOST:
        raise Refusal(_("한 자리에서 제안 %(most)s개까지 이야기할 수 있어요.", most=MOST))
    ids = [plain_text.number(text, digits=18) or 0 for text in chosen]
    with use_case(by) as work:
        forum = new(work, None, holder, wording, replace(times, on_site_places=tables.MOST_SEATED * len(ids)))
        access.write(forum)
        held = agendas.locked(ids)
        for proposal in held.values():
            if proposal.state not in TALKED_ABOUT or proposal.hidden_at:
                raise Conflict(_("지금은 함께 이야기할 수 없는 제안이에요: %(title)s", title=proposal.title))
        forum.table_question = forum.question
        minutes = int((forum.ends_at - forum.starts_at).total_seconds()) // 60 - TALKING - SHARING
        for number, (title, length) in enumerate((
                (_("안내"), TALKING), (_("모둠 이야기"), max(minutes, TALKING)), (_("결과 나누기"), SHARING)), 1):
            work.session.add(ProgrammeItem(forum_id=forum.id, number=number, title=title, minutes=length))
        work.session.add(ForumDuty(forum_id=forum.id, duty=Duty.HOST, user_id=by.id))
        work.session.add_all(
            ForumTable(forum_id=forum.id, number=number, places=tables.MOST_SEATED, proposal_id=proposal_id,
                       name=plain_text.beginning(held[proposal_id].title, tables.LONGEST_NAME))
            for number, proposal_id in enumerate(ids, 1))
        work.record("forums.workshop_made", forum, proposals=[held[number].number for number in ids])
        return forum


def carry_on(forum_id: int, results: Mapping[int, str], *, by: User) -> list[Agenda]:
    """Turn the results of tables into agendas in preparation, each with its proposal and the decision of the hall that
    it came from. `results`: by number of the table; one without is left out, one that is an agenda already stays.
    Raises Denied, and Refusal where there is no result."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_decide)
        require(by, may_moderate)
        waiting = [table for table in about_proposals(forum_id)
                   if table.agenda_id is None and results.get(table.number, "").strip()]
        if not waiting:
            raise Refusal(_("모둠의 결과를 하나 이상 적어 주세요."))
        agendas.locked({table.proposal_id for table in waiting})
        made = [_agenda(work, at.forum, table, operations.checked_text(
            results[table.number], tables.LONGEST_RESULT, f"result-{table.number}", lines=True)) for table in waiting]
        work.record("forums.workshop_carried_on", at.forum, agendas=[agenda.id for agenda in made])
        return made


def _agenda(work: Work, forum: Forum, table: ForumTable, result: str) -> Agenda:
    proposal: Proposal = table.proposal
    if table.handed_at is None:
        table.result, table.handed_at = result, work.at
    decision = write(work, forum, DecisionText(shorten(f"「{proposal.title}」 {result}", LONGEST_DECISION)))
    agenda = agendas.open_agenda(work, None, proposal.title)
    origin = _("%(gathering)s 「%(title)s」의 %(number)s번 모둠에서 정했어요.", gathering=labels.named(forum.form),
               title=forum.title, number=table.number)
    agenda.summary = f"{origin}\n\n{result}"
    agenda.summary_html = rich_text.render(agenda.summary)
    agenda.neighbourhoods = [proposal.neighbourhood] if proposal.neighbourhood else []
    agendas.keep_version(work, agenda)
    relation = Relation.RELATED if core_elsewhere([proposal.id]) else Relation.CORE
    agendas.add_link(work, agenda, proposal, relation, origin, 1)
    journeys.add(work.session, agenda.journey_id, "noted", at=work.at, evidence=origin,
                 link=f"/forums/{forum.slug}#decision-{decision.id}")
    table.agenda_id = agenda.id
    return agenda
