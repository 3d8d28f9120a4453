"""Operations on a proposal for other features, inside their own transaction. They hold its lock."""

from collections.abc import Collection, Sequence
from dataclasses import astuple
from datetime import datetime
from functools import partial
from secrets import token_hex

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries.sessions import Caller
from civic_forum.accounts.rules import SERVICE_KEY, SERVICE_NAME
from civic_forum.attachments import operations as attachments
from civic_forum.comments import operations as comments
from civic_forum.district import queries as district
from civic_forum.journeys import operations as journeys
from civic_forum.platform import rich_text, settings
from civic_forum.platform.base import store, upsert
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _, local
from civic_forum.platform.work import Work
from civic_forum.search import queries as search

from . import checks, extensions, persons, rules
from .events import (ProposalPublished, ProposalsHidden, ProposalsShown, ProposalSupported, ProposalWithdrawn,
                     StepReached, ThresholdReached)
from .models import Proposal, ProposalSerial, ProposalTally, ProposalVersion, SimilarProposal, Support
from .queries.listing import MOST_SIMILAR
from .rules import Body, Channel, Mover, State, Text

ONCE = {State.ANSWER_DUE: "threshold", State.GATHERING: "registered"}


def move(session, proposal: Proposal, after: State, mover: Mover, *, at: datetime, evidence: str | None = None,
         link: str | None = None) -> None:
    """Bring a proposal into its next state and write the public step. Raises Conflict for a way that is in no table."""
    if not rules.allowed(proposal.state, mover, after):
        raise Conflict(_("그 사이에 단계가 바뀌었어요. 새로 고친 뒤 다시 확인해 주세요."))
    if after is State.IN_AGENDA:
        proposal.state_before = proposal.state
    elif after is State.MERGED:
        proposal.state_before_merge = proposal.state
    _put_into(session, proposal, after)
    if after not in rules.PUBLIC:
        return
    step = "formal" if (after, mover) == (State.ANSWER_DUE, Mover.AUTHOR) else ONCE.get(after, after.value)
    journeys.add(session, proposal.journey_id, step, at=at, evidence=evidence, link=link,
                 once=step if after in ONCE else None)


def merge(session, proposal: Proposal, into: Proposal, *, at: datetime, evidence: str | None = None) -> None:
    """Point a proposal to the one that carries both on; its own supports stay its own."""
    if into.id == proposal.id or into.state not in rules.TAKES_MERGED or proposal.state not in rules.TAKES_MERGED:
        raise Conflict(_("이 제안과는 합칠 수 없어요. 다른 제안을 골라 주세요."))
    proposal.merged_into_id = into.id
    move(session, proposal, State.MERGED, Mover.MODERATOR, at=at, evidence=evidence, link=f"/proposals/{into.number}")


def move_back(session, proposal: Proposal, *, at: datetime, step: str = "returned", evidence: str | None = None,
              link: str | None = None) -> None:
    """Undo a merge, or take a proposal out of its agenda: back to the state before."""
    merged = proposal.state is State.MERGED
    before = proposal.state_before_merge if merged else proposal.state_before
    if before is None or not rules.may_return(proposal.state, before):
        raise Conflict(_("되돌릴 앞 단계가 없어요."))
    if merged:
        proposal.state_before_merge = proposal.merged_into_id = None
    else:
        proposal.state_before = None
    _put_into(session, proposal, before)
    journeys.add(session, proposal.journey_id, step, at=at, evidence=evidence, link=link)


def leave_agenda(session, proposal: Proposal, *, at: datetime, evidence: str | None = None) -> None:
    """It belongs to no agenda any more: back to the state before, at once or when its merge is undone."""
    if proposal.state is State.IN_AGENDA and proposal.state_before is not None:
        move_back(session, proposal, at=at, evidence=evidence)
    elif proposal.state is State.MERGED and proposal.state_before_merge is State.IN_AGENDA:
        proposal.state_before_merge, proposal.state_before = proposal.state_before, None


def end_answered(session, proposal: Proposal, before: State) -> None:
    """It was answered by passing it on, and is not any more: back to `before`, also beneath an agenda. One that has
    left its agenda meanwhile is there already. The caller writes the public step."""
    if not rules.allowed(before, Mover.OFFICIAL, State.ANSWERED):
        raise Conflict(_("되돌릴 앞 단계가 없어요."))
    if proposal.state is State.ANSWERED:
        _put_into(session, proposal, before)
    elif proposal.state is State.IN_AGENDA and proposal.state_before is State.ANSWERED:
        proposal.state_before = before


def count_support(session, proposal: Proposal, change: int, *, as_resident: bool) -> None:
    """Count a support that was just given (1) or taken back (-1). Where others were merged into the proposal, people
    who support several of them count once: the feature that merges says how many they are. The caller holds its lock.
    """
    session.flush()
    union = extensions.UNION.ask(proposal.id)
    note_supporters(proposal, union[0] if union else rules.Supporters(
        proposal.support_count + change, proposal.resident_support_count + change * as_resident,
        proposal.own_support_count + change))


def add_support(work: Work, proposal: Proposal, caller: Caller, *, at_desk: bool = False) -> None:
    """Add the support of a held account that may give it and has not. The caller holds the lock of the proposal."""
    work.session.add(Support(
        proposal_id=proposal.id, user_id=caller.id, as_resident=caller.is_resident, at=work.at, at_desk=at_desk,
        person_mark=caller.person and persons.mark(persons.name_of(caller.person), proposal.id)))
    count_support(work.session, proposal, 1, as_resident=caller.is_resident)
    work.emit(ProposalSupported(proposal.id, caller.id))
    journeys.add(work.session, proposal.journey_id, "first_support", at=work.at, once="first_support")
    look_at_threshold(work, proposal)


def stands(proposal: Proposal, caller: Caller) -> bool:
    """True if this account supports the proposal. Raises Conflict where the person behind it supports it, or one that
    counts with it, with another account. The caller holds its lock."""
    standing = persons.standing(caller.id, caller.person, [proposal.id])
    if standing.own:
        return True
    if caller.person is not None and proposal.merged_support_count:
        standing = persons.standing(caller.id, caller.person, _families([proposal.id])[proposal.id])
    if standing.other:
        raise Conflict(_("이미 공감하셨어요. 한 사람의 공감은 한 번만 세요."))
    if standing.namesake:
        raise Conflict(_("이름과 생년월일이 같은 분이 공감하고 탈퇴해서, 같은 분인지 알 수 없어요. 이 제안에는 공감할 수 없어요."))
    return False


def count_once(session, user: User) -> None:
    """Mark the supports of somebody who was verified just now; one that this person, or a namesake who has left, has
    given already is taken away. The caller holds the row of the user."""
    given_to = session.scalars(sa.select(Support.proposal_id).filter_by(user_id=user.id)).all()
    if user.person is None:
        return
    held, families = {}, _families(given_to)
    while missing := set().union(*families.values()) - held.keys():  # merged by somebody while we waited
        held |= locked(session, missing)
        families = _families(given_to)
    for proposal_id in sorted(given_to):
        support = session.get(Support, (proposal_id, user.id))
        if support is None or held[proposal_id].state not in rules.COUNTED_STILL:  # taken back while we waited
            continue
        known = persons.standing(user.id, user.person, families[proposal_id])
        if not known.other and not known.namesake:
            support.person_mark = persons.mark(persons.name_of(user.person), proposal_id)
            continue
        session.delete(support)
        count_support(session, held[proposal_id], -1, as_resident=support.as_resident)
        for carrier_id in (extensions.CARRIERS.ask(proposal_id) or [[]])[0]:
            count_support(session, held[carrier_id], 0, as_resident=False)


def _families(proposal_ids: Collection[int]) -> dict[int, list[int]]:
    """By proposal: those whose supports count with its own, itself included."""
    return {proposal_id: (extensions.FAMILY.ask(proposal_id) or [[proposal_id]])[0] for proposal_id in proposal_ids}


def note_supporters(proposal: Proposal, supporters: rules.Supporters) -> None:
    """Write how many they are, wherever one of them came or went. The caller holds the lock of the proposal."""
    proposal.support_count, proposal.resident_support_count = supporters.people, supporters.residents
    proposal.merged_support_count = supporters.people - supporters.own


def look_at_threshold(work: Work, proposal: Proposal) -> None:
    """Oblige the office if the supports, with those of merged proposals, just became enough for an answer, or for a
    step above it. The caller holds the lock of the proposal."""
    by_itself = rules.reached(proposal.own_support_count, proposal.threshold)
    if by_itself:
        proposal.threshold_merged_at = None
    if proposal.state is State.GATHERING and rules.reached(proposal.support_count, proposal.threshold):
        _reach_threshold(work, proposal)
        proposal.threshold_merged_at = None if by_itself else work.at
    takes = proposal.state in rules.TAKES_FURTHER
    for step in rules.steps_reached(proposal.steps, proposal.step_reached, proposal.support_count * takes):
        proposal.step_reached = step.supports
        journeys.add(work.session, proposal.journey_id, f"step_{step.owing}", at=work.at,
                     once=f"step:{step.supports}", details={"supports": step.supports})
        work.record("proposals.reached_step", proposal, supports=step.supports)
        work.emit(StepReached(proposal.id, *astuple(step)))


def _reach_threshold(work: Work, proposal: Proposal, *, evidence: str | None = None) -> None:
    move(work.session, proposal, State.ANSWER_DUE, Mover.SUPPORT, at=work.at, evidence=evidence)
    proposal.threshold_reached_at = work.at
    work.record("proposals.reached_threshold", proposal, supports=proposal.support_count)
    work.emit(ThresholdReached(proposal.id))


def reach_with_paper(work: Work, proposal: Proposal) -> None:
    """Oblige the office by supports and names on paper together, as somebody who looked at the paper says in public.
    The caller holds its lock. Raises Conflict where they are not enough, or it gathers no support."""
    if not rules.reached_with_paper(proposal.support_count, proposal.paper_count, proposal.threshold):
        raise Conflict(_("온라인과 종이를 더해도 아직 목표에 닿지 않았어요."))
    _reach_threshold(work, proposal, evidence=_(
        "온라인 공감 %(supports)s명, 종이에 이름을 적은 사람 %(names)s명. 서로 겹칠 수 있고, 종이의 이름은 확인하지 않았어요.",
        supports=f"{proposal.support_count:,}", names=f"{proposal.paper_count:,}"))


def lose_threshold(session, proposal: Proposal, *, merged: datetime, at: datetime, evidence: str | None = None) -> bool:
    """After undoing a merge made at `merged`: whether the proposal gathers support again, because merged supports had
    carried it over the threshold and what is left does not. An answer that was given stays given."""
    if proposal.threshold_merged_at is None or merged > proposal.threshold_merged_at:
        return False
    if rules.reached(proposal.support_count, proposal.threshold):
        proposal.threshold_merged_at = at
        return False
    if proposal.state is State.ANSWER_DUE:
        _put_into(session, proposal, State.GATHERING)
        journeys.add(session, proposal.journey_id, "returned", at=at, evidence=evidence)
    elif proposal.state_before_merge is State.ANSWER_DUE:
        proposal.state_before_merge = State.GATHERING
    elif State.IN_AGENDA in (proposal.state, proposal.state_before_merge) and proposal.state_before is State.ANSWER_DUE:
        proposal.state_before = State.GATHERING
    else:
        return False
    proposal.threshold_merged_at = proposal.threshold_reached_at = None
    return True


def begin(session, proposal: Proposal) -> None:
    """Count a fresh draft and give it a place for files."""
    store(session, proposal)
    proposal.attachment_set_id = attachments.open_set(session, "proposal", proposal.id).id
    tally(session, proposal.state, 1)


def begin_with(session, title: str, problem: str, *, by: User, at: datetime) -> Proposal:
    """A fresh draft of somebody with these words in it, cut to the longest title."""
    html = rich_text.render(problem)
    draft = Proposal(
        draft_key=token_hex(16), state=State.DRAFT, author_id=by.id, language=by.language, version=1, created_at=at,
        edited_at=at, title=title[:rules.LONGEST["title"]], problem=problem, problem_html=html,
        excerpt=rich_text.excerpt(html, rules.EXCERPT), wish="", support_count=0, comment_count=0)
    begin(session, draft)
    return draft


def write(proposal: Proposal, text: Text, html: Sequence[str]) -> None:
    """Put a text in the place of the one before; `html`: problem and wish, rendered."""
    proposal.title, proposal.problem, proposal.wish = text.title, text.problem, text.wish
    proposal.problem_html, proposal.wish_html = html
    proposal.excerpt = rich_text.excerpt(proposal.problem_html, rules.EXCERPT)
    proposal.version += 1


def nobody(session, *, at: datetime) -> User:
    """Account of nobody, as whose what was handed in without one is written. Nobody signs in to it, and no page of
    staff finds it, as with one that was left."""
    session.execute(upsert(User).values(sign_in_key=SERVICE_KEY, nickname=SERVICE_NAME, language="ko", created_at=at,
                                        left_at=at).on_conflict_do_nothing())
    return session.scalars(sa.select(User).filter_by(sign_in_key=SERVICE_KEY)).one()


def render(text: Text | Body) -> tuple[str, str]:
    """Problem and wish as pages show them: slow, so outside a transaction."""
    return rich_text.render(text.problem), rich_text.render(text.wish)


def register(session, proposal: Proposal, *, year: int) -> None:
    """Give a proposal its number, its thread and its journey, unless it has them already."""
    if proposal.number is None:
        proposal.year, proposal.serial = year, _next_serial(session, year)
        proposal.number = rules.number(year, proposal.serial)
    if proposal.thread_id is None:
        proposal.thread_id = comments.open_thread(session, "proposal", proposal.id).id
    if proposal.journey_id is None:
        proposal.journey_id = journeys.start(session).id
    session.flush()


def open_to_all(work: Work, proposal: Proposal, mover: Mover) -> None:
    """Let everybody read it: the time to gather support begins, the first version is kept."""
    register(work.session, proposal, year=local(work.at).year)
    move(work.session, proposal, State.GATHERING, mover, at=work.at)
    proposal.published_at, proposal.edited_at, proposal.reason, proposal.version = work.at, None, None, 1
    category = district.category(proposal.category)
    proposal.category, proposal.neighbourhood_id = category.key, district.place_at(proposal.neighbourhood_id)
    proposal.threshold = category.support_threshold or settings.value("SUPPORT_THRESHOLD")
    proposal.steps = [[*astuple(step)] for step in rules.steps_above(
        settings.now().values.get("SUPPORT_STEPS", ()), proposal.threshold)]
    proposal.gathering_ends_at = rules.gathering_ends(
        work.at, category.support_days or settings.value("SUPPORT_DAYS"))
    keep_version(work.session, proposal, at=work.at, by_id=proposal.author_id)
    work.emit(ProposalPublished(proposal.id))
    note_similar(work.session, proposal)


def note_similar(session, proposal: Proposal) -> None:
    """Keep which proposals have much in common with this one, for its page and for theirs."""
    session.execute(sa.delete(SimilarProposal).where(
        sa.or_(SimilarProposal.proposal_id == proposal.id, SimilarProposal.other_id == proposal.id)))
    hits = search.similar(proposal.title, ("proposal",), MOST_SIMILAR, exclude=proposal.id)
    known = set(session.scalars(sa.select(Proposal.id).where(Proposal.id.in_([hit.ref_id for hit in hits]))))
    rows = sorted((own, other, place) for place, hit in enumerate(hits, 1) if hit.ref_id in known
                  for own, other in ((proposal.id, hit.ref_id), (hit.ref_id, proposal.id)))
    if rows:
        # In one order and without complaint, for the other one may be edited in the same moment.
        insert = upsert(SimilarProposal).on_conflict_do_nothing()
        session.execute(insert, [{"proposal_id": own, "other_id": other, "place": place} for own, other, place in rows])


def take_in(work: Work, text: Text, *, category: str, neighbourhood_id: int | None, channel: Channel,
            author: User, language: str) -> Proposal:
    """A proposal that was handed in outside the browser and read by a second person, open to all. Raises
    Refusal with `field`."""
    checks.check_lengths(text)
    checks.check_complete(text)
    proposal = begin_with(work.session, text.title, text.problem, by=author, at=work.at)
    proposal.wish, proposal.wish_html, proposal.category = text.wish, rich_text.render(text.wish), category
    proposal.neighbourhood_id, proposal.channel, proposal.language = neighbourhood_id, channel, language
    open_to_all(work, proposal, Mover.AUTHOR)
    work.record("proposals.taken_in", proposal)
    return proposal


def hand_to(work: Work, proposal_id: int, author_id: int) -> None:
    """Somebody who handed it in outside the browser is its author; a support of theirs goes, as authors give none."""
    proposal = locked(work.session, [proposal_id])[proposal_id]
    proposal.author_id = author_id
    if (support := work.session.get(Support, (proposal_id, author_id))) is not None:
        work.session.delete(support)
        count_support(work.session, proposal, -1, as_resident=support.as_resident)


def give_up(work: Work, proposal: Proposal, reason: str) -> None:
    """Take it back before it is decided; what was public stays readable, with the reason. Raises Conflict."""
    move(work.session, proposal, State.WITHDRAWN, Mover.AUTHOR, at=work.at, evidence=reason[:300])
    proposal.withdrawn_at, proposal.reason = work.at, reason
    work.record("proposals.withdrawn", proposal)
    work.emit(ProposalWithdrawn(proposal.id))


def keep_version(session, proposal: Proposal, *, at: datetime, by_id: int) -> None:
    """Keep the text as it stands now."""
    session.merge(ProposalVersion(proposal_id=proposal.id, version=proposal.version, title=proposal.title,
                                  problem=proposal.problem, wish=proposal.wish, edited_by_id=by_id, at=at))


def tally(session, state: State, change: int) -> None:
    insert = upsert(ProposalTally).values(state=state, total=max(change, 0))
    session.execute(insert.on_conflict_do_update(
        index_elements=[ProposalTally.state], set_={"total": ProposalTally.total + change}))


def hold_tallies(session) -> None:
    """Lock the counts of all public states in one order: for whoever brings several proposals into states of their own
    in one transaction, while others bring one from state to state. The proposals are locked by then."""
    rows = [{"state": state, "total": 0} for state in sorted(State) if state is not State.DRAFT]
    insert = upsert(ProposalTally).values(rows)
    session.execute(insert.on_conflict_do_update(index_elements=[ProposalTally.state],
                                                 set_={"total": ProposalTally.total}))


def tally_again(session) -> None:
    """Count all proposals anew, after rows were added past `begin` (loading data in bulk)."""
    session.execute(sa.delete(ProposalTally))
    counted = sa.select(Proposal.state, sa.func.count()).group_by(Proposal.state)
    session.execute(sa.insert(ProposalTally).from_select(["state", "total"], counted))


def locked(session, proposal_ids: Collection[int]) -> dict[int, Proposal]:
    """These proposals by id, read again and locked in one order."""
    rows = session.scalars(sa.select(Proposal).where(Proposal.id.in_(proposal_ids)).order_by(Proposal.id)
                           .with_for_update(key_share=True, of=Proposal).execution_options(populate_existing=True))
    return {proposal.id: proposal for proposal in rows}


put_hidden = partial(journeys.put_hidden, facts=(ProposalsHidden, ProposalsShown))


def throw_away(session, proposal: Proposal) -> None:
    """Delete a draft with everything that hangs on it."""
    tally(session, proposal.state, -1)
    for table in (ProposalVersion.__table__, Proposal.audiences.property.secondary):
        session.execute(table.delete().where(table.c.proposal_id == proposal.id))
    thread_id, journey_id, set_id = proposal.thread_id, proposal.journey_id, proposal.attachment_set_id
    session.execute(sa.delete(Proposal).filter_by(id=proposal.id))
    session.expunge(proposal)
    if thread_id:
        comments.throw_away(session, thread_id)
    if journey_id:
        journeys.end(session, journey_id)
    if set_id:
        attachments.throw_away(session, set_id)


def _put_into(session, proposal: Proposal, after: State) -> None:
    for state, change in sorted(((proposal.state, -1), (after, 1))):
        tally(session, state, change)
    proposal.state = after


def _next_serial(session, year: int) -> int:
    """Count on; the row of the year stays locked until the transaction ends."""
    insert = upsert(ProposalSerial).values(year=year, last=1)
    return session.scalar(insert.on_conflict_do_update(
        index_elements=[ProposalSerial.year], set_={"last": ProposalSerial.last + 1}).returning(ProposalSerial.last))
