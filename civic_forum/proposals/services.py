"""Every change to proposals."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from secrets import token_hex

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people, sessions
from civic_forum.attachments import operations as attachments
from civic_forum.attachments.prepared import PreparedFile
from civic_forum.attachments.queries import KEY as FILE_KEY
from civic_forum.district.models import Audience
from civic_forum.journeys import operations as journeys
from civic_forum.platform import clock, personal_numbers, rich_text
from civic_forum.platform.base import db, upsert
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case
from civic_forum.search import queries as search

from . import operations, persons, rules
from .events import (ProposalEdited, ProposalGivenBack, ProposalHeld, ProposalLapsed, ProposalPublished,
                     ProposalSupported, ProposalThrownAway, ProposalWithdrawn, SupportTakenBack, ThresholdReached,
                     WithdrawalBegun)
from .models import Follow, Proposal, SimilarProposal, Support
from .policy import (may_approve, may_edit, may_follow, may_publish, may_support, may_withdraw, may_write,
                     may_write_draft, why_closed)
from .queries import records as queries
from .queries import drafts
from .queries.drafts import untouched_since
from .queries.records import overdue
from .rules import Basics, Body, Mover, State, Text


# Drafts: written, checked, published, and edited afterwards


def new_key() -> str:
    """Names a draft before it is there, so that two clicks make one."""
    return token_hex(16)


def save_draft(key: str, part: Basics | Body, *, version: int | None = None, by: User) -> Proposal:
    """Keep one step of the form; the first save makes the draft.

    `version` is what the page had read (0: nothing yet); None overwrites whatever is there.
    Raises Refusal for a text that is too long, Conflict when a newer text was saved meanwhile,
    NotFound for the key of somebody else.
    """
    check_lengths(part)
    changes = _changes(part)
    try:
        return _save(key, part, changes, version, by)
    except Conflict as conflict:
        if not isinstance(conflict.__cause__, IntegrityError):
            raise
        # Another click made the draft in the same moment: this one finds it now.
        return _save(key, part, changes, version, by)


def _save(key: str, part: Basics | Body, changes: dict[str, object], version: int | None, by: User) -> Proposal:
    with use_case(by) as work:
        proposal = _draft(work, key, by)
        require(by, may_write_draft, proposal)
        if proposal.version and _says(proposal, part, changes):
            return proposal
        if version is not None and version != proposal.version:
            raise Conflict(_("다른 창에서 더 새로운 글을 저장했어요. 둘을 견주어 보고 남길 글을 저장해 주세요."))
        for name, value in changes.items():
            setattr(proposal, name, value)
        if isinstance(part, Basics):
            proposal.audiences = list(work.session.scalars(
                sa.select(Audience).where(Audience.id.in_(part.audience_ids)).order_by(Audience.position)))
        proposal.version += 1
        proposal.edited_at = work.at
        return proposal


def check_lengths(part: Basics | Body | Text) -> None:
    """Raise Refusal for a text over its limit; `rich_text.render` takes no longer one."""
    for name, most in rules.LONGEST.items():
        if len(getattr(part, name, "")) > most:
            raise Refusal(_("%(most)s자 이하로 줄여 주세요.", most=f"{most:,}"), field=name)


def _changes(part: Basics | Body) -> dict[str, object]:
    """Columns of this step; the slow rendering happens here, outside the transaction."""
    if isinstance(part, Basics):
        return {"title": part.title, "category": part.category, "neighbourhood_id": part.neighbourhood_id}
    problem_html, wish_html = rich_text.render(part.problem), rich_text.render(part.wish)
    return {"problem": part.problem, "wish": part.wish, "problem_html": problem_html, "wish_html": wish_html,
            "excerpt": rich_text.excerpt(problem_html, rules.EXCERPT)}


def _says(proposal: Proposal, part: Basics | Body, changes: dict[str, object]) -> bool:
    """True if the draft says this already, as after two clicks."""
    same = all(getattr(proposal, name) == value for name, value in changes.items())
    return same and (
        isinstance(part, Body) or {audience.id for audience in proposal.audiences} == set(part.audience_ids))


def _draft(work: Work, key: str, by: User) -> Proposal:
    if not rules.DRAFT_KEY.fullmatch(key):
        raise queries.missing()
    known = work.session.scalar(sa.select(Proposal.id).filter_by(draft_key=key))
    if known is not None:
        proposal = queries.locked(known)
        if proposal.author_id != getattr(by, "id", None):
            raise queries.missing()
        return proposal
    require(by, may_write)
    proposal = Proposal(draft_key=key, state=State.DRAFT, author_id=by.id, language=by.language, version=0,
                        created_at=work.at, title="", problem="", wish="", support_count=0, comment_count=0)
    operations.begin(work.session, proposal)
    work.record("proposals.draft_begun", proposal)
    return proposal


def publish(key: str, *, by: User) -> Proposal:
    """Hand the draft in: it gets its number and is public, or held where the setting says so.

    A second click gets what the first one made. Raises Refusal with `field` for what is missing.
    """
    with use_case(by) as work:
        proposal = queries.locked(drafts.draft(key, getattr(by, "id", None)).id)
        if proposal.state is not State.DRAFT and proposal.number:
            return proposal
        require(by, may_publish, proposal)
        check_complete(proposal)
        if current_app.config["HOLD_PROPOSALS"]:
            register(work, proposal)
            operations.move(work.session, proposal, State.HELD, Mover.AUTHOR, at=work.at)
            proposal.edited_at = work.at
            work.record("proposals.handed_in", proposal)
            work.emit(ProposalHeld(proposal.id))
        else:
            open_to_all(work, proposal, Mover.AUTHOR)
            work.record("proposals.published", proposal)
        return proposal


def check_complete(text) -> None:
    """Raise Refusal for the first thing that a proposal (or `rules.Text`) still needs."""
    for name, problem in missing_in(text):
        raise Refusal(problem, field=name)


def missing_in(text) -> list[tuple[str, str]]:
    """Field and sentence for everything that is missing, too short, or never to be published."""
    wanting = []
    if len(text.title) < rules.TITLE_LEAST:
        wanting.append(("title", _("제목을 %(least)s자 이상 적어 주세요.", least=rules.TITLE_LEAST)))
    if getattr(text, "category", True) is None:
        wanting.append(("category", _("분야를 골라 주세요.")))
    if len(text.problem) < rules.BODY_LEAST:
        wanting.append(("problem", _("무엇이 문제인지 %(least)s자 이상 적어 주세요.", least=rules.BODY_LEAST)))
    if len(text.wish) < rules.BODY_LEAST:
        wanting.append(("wish", _("무엇을 바라는지 %(least)s자 이상 적어 주세요.", least=rules.BODY_LEAST)))
    for name in rules.LONGEST:
        if secret := personal_numbers.secret_in(getattr(text, name)):
            wanting.append((name, str(personal_numbers.PersonalNumber(secret))))
    return wanting


def attach(key: str, files: Sequence[tuple[PreparedFile, str]], *, by: User) -> Proposal:
    """Put files that `attachments.services.prepare` has looked at into a draft, each with its description."""
    with use_case(by) as work:
        proposal = _own(key, by)
        for prepared, description in files:
            attachments.add(work.session, proposal.attachment_set_id, prepared=prepared, description=description,
                            by=by, at=work.at)
        work.record("proposals.files_attached", proposal, files=len(files))
        return proposal


def describe(key: str, descriptions: Mapping[str, str], *, by: User) -> Proposal:
    """Say what files of a draft show: key of the file → sentence."""
    with use_case(by) as work:
        proposal = _own(key, by)
        for file_key, description in descriptions.items():
            _check_file_key(file_key)
            attachments.describe(work.session, proposal.attachment_set_id, file_key, description)
        work.record("proposals.files_described", proposal)
        return proposal


def detach(key: str, file_key: str, *, by: User) -> Proposal:
    """Take a file out of a draft."""
    with use_case(by) as work:
        proposal = _own(key, by)
        _check_file_key(file_key)
        attachments.remove(work.session, proposal.attachment_set_id, file_key)
        work.record("proposals.file_removed", proposal)
        return proposal


def _check_file_key(file_key: str) -> None:
    if not FILE_KEY.fullmatch(file_key):
        raise NotFound(_("그 파일은 이미 없어요. 화면을 새로 고쳐 주세요."))


def _own(key: str, by: User) -> Proposal:
    """The draft, locked, for its author."""
    proposal = queries.locked(drafts.draft(key, getattr(by, "id", None)).id)
    require(by, may_write_draft, proposal)
    return proposal


def throw_away_draft(key: str, *, by: User) -> None:
    """Delete a draft with its files."""
    with use_case(by) as work:
        proposal = _own(key, by)
        proposal_id = proposal.id
        operations.throw_away(work.session, proposal)
        work.record("proposals.draft_thrown_away", f"proposal:{proposal_id}")
        work.emit(ProposalThrownAway(proposal_id))


def approve(proposal_id: int, *, seen: int = 0, by: User) -> Proposal:
    """Publish a held proposal; its time to gather support begins now.

    `seen` is the version that was read, if a page says which. Raises Conflict when the author wrote another since.
    """
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        require(by, may_approve, proposal)
        if seen and seen != proposal.version:
            raise Conflict(_("그 사이에 제안한 사람이 글을 고쳤어요. 지금 글을 읽고 다시 정해 주세요."))
        open_to_all(work, proposal, Mover.MODERATOR)
        work.record("proposals.approved", proposal)
        return proposal


def give_back(proposal_id: int, *, reason: str, by: User) -> Proposal:
    """Return a held proposal to its author as a draft, saying what to change."""
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        require(by, may_approve, proposal)
        reason = reason_given(reason)
        operations.move(work.session, proposal, State.DRAFT, Mover.MODERATOR, at=work.at)
        proposal.reason = reason
        proposal.version += 1
        work.record("proposals.given_back", proposal)
        work.emit(ProposalGivenBack(proposal.id))
        return proposal


def reason_given(reason: str) -> str:
    """The reason, if it says something."""
    if not rules.REASON_LEAST <= len(reason) <= rules.REASON_MOST:
        raise Refusal(_("까닭을 %(least)s자 이상 %(most)s자 이하로 적어 주세요.", least=rules.REASON_LEAST,
                        most=rules.REASON_MOST), field="reason")
    refuse_secret(reason=reason)
    return reason


SIMILAR = 4


def register(work: Work, proposal: Proposal) -> None:
    """Give the number of this year in Seoul, the thread and the journey."""
    operations.register(work.session, proposal, year=local(work.at).year)


def open_to_all(work: Work, proposal: Proposal, mover: Mover) -> None:
    """Let everybody read it: the time to gather support begins, the first version is kept."""
    register(work, proposal)
    operations.move(work.session, proposal, State.GATHERING, mover, at=work.at)
    proposal.published_at, proposal.edited_at, proposal.reason, proposal.version = work.at, None, None, 1
    proposal.threshold = current_app.config["SUPPORT_THRESHOLD"]
    proposal.gathering_ends_at = rules.gathering_ends(work.at, current_app.config["SUPPORT_DAYS"])
    operations.keep_version(work.session, proposal, at=work.at, by_id=proposal.author_id)
    work.emit(ProposalPublished(proposal.id))
    note_similar(work.session, proposal)


def note_similar(session, proposal: Proposal) -> None:
    """Keep which proposals have much in common with this one, for its page and for theirs."""
    session.execute(sa.delete(SimilarProposal).where(
        sa.or_(SimilarProposal.proposal_id == proposal.id, SimilarProposal.other_id == proposal.id)))
    hits = search.similar(proposal.title, "proposal", SIMILAR, exclude=proposal.id)
    known = set(session.scalars(sa.select(Proposal.id).where(Proposal.id.in_([hit.ref_id for hit in hits]))))
    rows = sorted((proposal_id, other_id, place) for place, hit in enumerate(hits, 1) if hit.ref_id in known
                  for proposal_id, other_id in ((proposal.id, hit.ref_id), (hit.ref_id, proposal.id)))
    if rows:
        # In one order and without complaint, for the other one may be edited in the same moment.
        insert = upsert(SimilarProposal).on_conflict_do_nothing()
        session.execute(insert, [{"proposal_id": proposal_id, "other_id": other_id, "place": place}
                                 for proposal_id, other_id, place in rows])


def edit(proposal_id: int, text: Text, *, version: int, by: User) -> Proposal:
    """Say it anew; the text before stays readable. A text that is the same changes nothing.

    `version` is the one that the author had before them. Raises Conflict when it is not the newest,
    Refusal for a title that is locked and for what is too short or too long.
    """
    check_lengths(text)
    check_complete(text)
    problem_html, wish_html = rich_text.render(text.problem), rich_text.render(text.wish)
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        require(by, may_edit, proposal)
        if version != proposal.version:
            raise Conflict(_("그 사이에 다른 창에서 글을 고쳤어요. 지금 글을 확인한 뒤 다시 저장해 주세요."))
        changed = [name for name in rules.LONGEST if getattr(proposal, name) != getattr(text, name)]
        if not changed:
            return proposal
        if "title" in changed and rules.title_is_locked(proposal.support_count,
                                                        current_app.config["TITLE_LOCK_SUPPORTS"]):
            raise Refusal(_("공감한 사람이 많아서 제목은 바꿀 수 없어요."), field="title")
        proposal.title, proposal.problem, proposal.wish = text.title, text.problem, text.wish
        proposal.problem_html, proposal.wish_html = problem_html, wish_html
        proposal.excerpt = rich_text.excerpt(problem_html, rules.EXCERPT)
        proposal.version += 1
        proposal.edited_at = work.at
        work.record("proposals.edited", proposal, version=proposal.version, changed=changed)
        if proposal.published_at:
            operations.keep_version(work.session, proposal, at=work.at, by_id=by.id)
            journeys.add(work.session, proposal.journey_id, "edited", at=work.at,
                         link=f"/proposals/{proposal.number}/versions", details={"version": proposal.version})
            work.emit(ProposalEdited(proposal.id, proposal.version))
            if "title" in changed:
                note_similar(work.session, proposal)
        return proposal


def withdraw(proposal_id: int, *, reason: str, by: User) -> Proposal:
    """Give a proposal up before it is decided; what was public stays readable, with the reason."""
    with use_case(by) as work:
        work.emit(WithdrawalBegun(proposal_id))
        proposal = queries.locked(proposal_id)
        work.at = clock.now()
        require(by, may_withdraw, proposal)
        reason = reason_given(reason)
        operations.move(work.session, proposal, State.WITHDRAWN, Mover.AUTHOR, at=work.at, evidence=reason[:300])
        proposal.withdrawn_at, proposal.reason = work.at, reason
        work.record("proposals.withdrawn", proposal)
        work.emit(ProposalWithdrawn(proposal.id))
        return proposal


# 공감 and following, and the end of their time


def support(proposal_id: int, *, by: User) -> Proposal:
    """Add a 공감; a second one of the same user changes nothing. The one that reaches the threshold obliges the office.

    Raises NotFound, Denied where support is closed or the user is the author, and Conflict where a verified person has
    given theirs with another account.
    """
    with use_case(by) as work:
        caller = sessions.as_they_are(by.id) if by.is_authenticated else None
        proposal = queries.locked(proposal_id)
        if caller is not None and operations.stands(proposal, caller):
            return proposal
        require(caller or by, may_support, proposal)
        # Under the lock: who waited for it longest must not be earlier than who had it first.
        work.at = clock.now()
        work.session.add(Support(
            proposal_id=proposal.id, user_id=caller.id, as_resident=caller.is_resident, at=work.at,
            person_mark=caller.person and persons.mark(persons.name_of(caller.person), proposal.id)))
        operations.count_support(work.session, proposal, 1, as_resident=caller.is_resident)
        work.record("proposals.supported", proposal)
        work.emit(ProposalSupported(proposal.id, by.id))
        journeys.add(work.session, proposal.journey_id, "first_support", at=work.at, once="first_support")
        _look_at_threshold(work, proposal)
        return proposal


MARKED_AT_ONCE = 500


def mark_supports(days: int) -> int:
    """Count once those verified people whose supports have no marks, from before there were any; returns how many they
    were. `days` as of `forget_marks`."""
    total = 0
    while user_ids := queries.unmarked(MARKED_AT_ONCE, clock.now() - timedelta(days=days)):
        db.session.rollback()
        for user_id in user_ids:
            with use_case(None) as work:
                operations.count_once(work.session, people.held(user_id)[user_id])
        total += len(user_ids)
    return total


def forget_marks(days: int) -> int:
    """Delete the marks of proposals that nobody can support any more, so many days after their time; returns how many
    went."""
    with use_case(None) as work:
        over = queries.closed_for_support(clock.now() - timedelta(days=days))
        return work.session.execute(sa.update(Support).where(
            Support.person_mark.is_not(None), Support.proposal_id.in_(over)).values(person_mark=None)).rowcount


def _look_at_threshold(work: Work, proposal: Proposal) -> None:
    if not operations.reach_threshold(work.session, proposal, at=work.at):
        return
    work.record("proposals.reached_threshold", proposal, supports=proposal.support_count)
    work.emit(ThresholdReached(proposal.id))


def end_support(proposal_id: int, *, by: User) -> Proposal:
    """Take a 공감 back, as long as support is open; a threshold once reached stays reached."""
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        support = work.session.get(Support, (proposal.id, by.id)) if by.is_authenticated else None
        if support is None:
            require(by, may_support, proposal)
            return proposal
        if reason := why_closed(proposal):
            raise Conflict(reason)
        work.session.delete(support)
        operations.count_support(work.session, proposal, -1, as_resident=support.as_resident)
        work.record("proposals.support_taken_back", proposal)
        work.emit(SupportTakenBack(proposal.id, by.id))
        return proposal


def follow(proposal_id: int, *, by: User) -> Proposal:
    """Hear of what becomes of it; a second time changes nothing."""
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        require(by, may_follow, proposal)
        if work.session.get(Follow, (proposal.id, by.id)) is None:
            work.session.add(Follow(proposal_id=proposal.id, user_id=by.id, at=work.at))
            proposal.follower_count += 1
            work.record("proposals.followed", proposal)
        return proposal


def end_follow(proposal_id: int, *, by: User) -> Proposal:
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        ended = work.session.execute(sa.delete(Follow).filter_by(proposal_id=proposal.id, user_id=by.id))
        if ended.rowcount:
            proposal.follower_count -= 1
            work.record("proposals.follow_ended", proposal)
        return proposal


def lapse_due() -> int:
    """Write down what has run out of time; returns how many. Pages show it at the moment itself."""
    ids = overdue(clock.now())
    for proposal_id in ids:
        with use_case(None) as work:
            proposal = queries.locked(proposal_id)
            if not rules.is_over(proposal.state, proposal.gathering_ends_at, work.at):
                continue
            operations.move(work.session, proposal, State.LAPSED, Mover.CLOCK, at=proposal.gathering_ends_at)
            work.record("proposals.lapsed", proposal, supports=proposal.support_count)
            work.emit(ProposalLapsed(proposal.id))
    return len(ids)


def throw_away_old_drafts(days: int) -> int:
    """Delete drafts that nobody has touched for so many days; returns how many went."""
    before = clock.now() - timedelta(days=days)
    gone = 0
    while ids := untouched_since(before):
        for proposal_id in ids:
            with use_case(None) as work:
                proposal = queries.locked(proposal_id)
                if proposal.state is State.DRAFT and (proposal.edited_at or proposal.created_at) < before:
                    operations.throw_away(work.session, proposal)
                    work.record("proposals.draft_expired", f"proposal:{proposal_id}")
                    work.emit(ProposalThrownAway(proposal_id))
                    gone += 1
    return gone
