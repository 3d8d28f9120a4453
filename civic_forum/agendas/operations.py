"""Operations inside one transaction of this feature: turns, locks, counts."""

from datetime import datetime

import sqlalchemy as sa

from civic_forum.blocks import slugs
from civic_forum.comments import operations as comments
from civic_forum.journeys import operations as journeys
from civic_forum.platform import clock
from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.work import Work
from civic_forum.proposals import operations as proposal_steps
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries import records as proposals

from . import labels
from .events import MergeUndone
from .models import Agenda, AgendaLink, AgendaVersion, MergeOptOut, ProposalMerge
from .queries import merges, records, union
from .rules import AgendaState, Relation

MERGES = 0x6D657267
"""The advisory lock under which merges are made, undone and opted out of, one after the other; it says `merg`."""
RESERVED = frozenset(("new",))
"""Addresses of the desk that no agenda is proposed."""


def take_turn(session) -> datetime:
    """Wait for every other change of a merge; returns the moment at which it is ours.

    On SQLite whoever writes is alone already.
    """
    if not is_sqlite():
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(MERGES)))
    return clock.now()


def locked(proposal_ids) -> dict[int, Proposal]:
    """These proposals, locked in one order so that two who want the same ones never wait for each other.

    One statement however many they are. Raises NotFound.
    """
    wanted = set(proposal_ids)
    statement = (sa.select(Proposal).where(Proposal.id.in_(wanted)).order_by(Proposal.id)
                 .with_for_update(key_share=True, of=Proposal).execution_options(populate_existing=True))
    held = {proposal.id: proposal for proposal in db.session.scalars(statement)}
    if len(held) != len(wanted):
        raise proposals.missing()
    return held


def open_agenda(work: Work, slug: str | None, question: str) -> Agenda:
    """The row with its journey and its thread."""
    if slug is None:
        slug = slugs.proposed(question, lambda end: records.slugged(end) is not None, on=local(work.at).date(),
                              reserved=RESERVED)
    if work.session.scalar(sa.select(Agenda.id).filter_by(slug=slug)):
        raise Refusal(_("이미 쓰는 주소예요. 다른 주소를 적어 주세요."), field="slug")
    agenda = work.store(Agenda(slug=slug, question=question, summary="", summary_html="", state=AgendaState.PREPARING,
                               created_by_id=work.actor.id, created_at=work.at, version=1,
                               journey_id=journeys.start(work.session).id))
    agenda.thread_id = comments.open_thread(work.session, "agenda", agenda.id).id
    keep_version(work, agenda)
    work.record("agendas.begun", agenda)
    return agenda


def add_link(work: Work, agenda: Agenda, proposal: Proposal, relation: Relation, why: str, place: int) -> AgendaLink:
    """A new link, flushed. A link that stands already breaks a unique constraint: `use_case` makes it a Conflict."""
    return work.store(AgendaLink(agenda=agenda, proposal=proposal, relation=relation, why=why, position=place,
                                 at=work.at, by_id=work.actor.id))


def keep_version(work: Work, agenda: Agenda) -> None:
    """Keep the words of the agenda as they are now under its version; said again, they replace what stood there."""
    work.session.flush()
    work.session.merge(AgendaVersion(agenda_id=agenda.id, version=agenda.version, question=agenda.question,
                                     summary=agenda.summary, edited_by_id=work.actor.id, at=work.at))
    work.session.flush()


def move(session, agenda: Agenda, state: AgendaState, *, at: datetime, evidence: str | None = None,
         link: str | None = None) -> None:
    """Bring an agenda into another state and write the public step. The caller holds its lock and tells AgendaMoved."""
    agenda.state = state
    journeys.add(session, agenda.journey_id, labels.JOURNEY_STEP[state], at=at, evidence=evidence, link=link)


def hold_carried(session, proposal_id: int) -> None:
    """Our turn, then the proposal with everything merged into it and the counts of states: what must be held before
    it can be withdrawn (0013)."""
    take_turn(session)
    carried = merges.carried(proposal_id)
    if carried:
        locked([proposal_id, *(merge.merged_id for merge in carried)])
        proposal_steps.hold_tallies(session)


def let_go_of_carried(work: Work, proposal: Proposal) -> None:
    """It was withdrawn: whatever was merged into it stands by itself again, the last one first, as if each merge was
    undone. The caller holds what `hold_carried` takes."""
    carried = merges.carried(proposal.id)
    for merge in carried:
        merge.undone_at, merge.undone_by_id = work.at, work.actor.id
        proposal_steps.move_back(work.session, merge.merged, at=work.at, step="carrier_withdrawn",
                                 evidence=proposal.number, link=f"/proposals/{proposal.number}")
        note_parting(work, merge)
    if carried:
        count_again(work.session, proposal)
    for merge in carried:
        work.emit(MergeUndone(merge.id, merge.merged_id, merge.into_id))


def note_parting(work: Work, merge: ProposalMerge) -> None:
    """On the way of the proposal that carried another one on, and on record."""
    journeys.add(work.session, merge.into.journey_id, "let_go", at=work.at, evidence=merge.merged.number,
                 link=f"/proposals/{merge.merged.number}")
    work.record("agendas.merge_undone", merge, merged=merge.merged.number, into=merge.into.number)


def count_again(session, proposal: Proposal) -> None:
    """Note how many people support this one or what was merged into it. The caller holds its lock."""
    session.flush()
    proposal_steps.note_supporters(proposal, union.counted(proposal.id))


def opt_out_doubles(session, merge: ProposalMerge, *, at: datetime) -> None:
    """Let supports of the merged proposal stay there where the same person supports the other one with another account:
    the earlier account is gone, and left its mark. The caller has the turn, and counts afterwards."""
    there = union.known_as(merge.into_id)
    doubles = {user_id for name, user_id in union.known_as(merge.merged_id).items()
               if there.get(name, user_id) != user_id} if there else set()
    session.add_all([MergeOptOut(merge_id=merge.id, user_id=user_id, at=at) for user_id in sorted(doubles)])
    session.flush()


def lead_back(session, proposal: Proposal, *, merged: datetime, at: datetime, evidence: str | None) -> bool:
    """Count again after a merge made at `merged` was undone; whether it fell below its threshold by that."""
    count_again(session, proposal)
    return proposal_steps.lose_threshold(session, proposal, merged=merged, at=at, evidence=evidence)
