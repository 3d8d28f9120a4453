"""Acts of people at a window: the thing that each is about, the reasons against it, its end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from civic_forum.accounts.models import User
from civic_forum.blocks.kinds import Ref
from civic_forum.budgets import queries as budgets
from civic_forum.budgets.projects import operations as projects
from civic_forum.budgets.projects.policy import may_hand_in, why_not_change, why_not_nobody
from civic_forum.budgets.projects.rules import Belonging, ProjectText, won_of
from civic_forum.comments import operations as comments
from civic_forum.comments.policy import may_write, why_closed
from civic_forum.comments.queries import records as threads
from civic_forum.comments.rules import Stance
from civic_forum.forums import labels as forum_labels
from civic_forum.forums import queries as forums
from civic_forum.forums.policy import ForumContext
from civic_forum.forums.registration import operations as registrations
from civic_forum.forums.registration import queries as registered
from civic_forum.forums.registration.policy import why_not_at_window
from civic_forum.forums.registration.rules import RegistrationRequest
from civic_forum.forums.rules import Place, Stage, Way
from civic_forum.opinions import queries as consultations
from civic_forum.opinions.paper import operations as paper
from civic_forum.platform import plain_text, rich_text
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work
from civic_forum.proposals import checks
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.queries import records as proposal_records
from civic_forum.proposals.rules import Channel, Text

from .. import queries as items
from ..models import IntakeItem
from ..operations import check_choices
from ..rules import Became, WindowAct
from . import queries

Facts = Mapping[str, str]
"""Words by the names of their fields."""
Chosen = TypeVar("Chosen", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Ready:
    """An act whose words are whole, made before the transaction begins."""

    title: str
    """Name of the thing that it is about."""
    carry_out: Callable[[Work, IntakeItem, User | None], Ref | None]
    """For this account, or for nobody; the thing that came of it, None where a second person makes it. Raises Refusal,
    Denied, Conflict."""
    refuse: Callable[[Work, User | None], object] = lambda _work, _owner: None
    """Raises what `carry_out` would, as far as it is known before."""
    key: str = ""
    """Of its row, where the same comes once."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something that somebody does by way of a clerk."""

    ready: Callable[[Facts], Ready]
    at_once: bool = False
    """No second clerk reads it."""
    became: Became = Became.DONE
    needs_contact: bool = False
    """Of somebody without an account."""
    take_back: Callable[[Work, IntakeItem], object] = lambda _work, _item: None
    """Raises Conflict where it is too late."""


def _member(kind: type[Chosen], facts: Facts, name: str) -> Chosen:
    try:
        return kind(facts.get(name, ""))
    except ValueError as unknown:
        raise Refusal(_("하나를 골라 주세요."), field=name) from unknown


def _require(owner: User | None, permission: Any, thing: Any, why_not: str | None) -> None:
    """An account as on its own page; nobody wherever the thing takes more."""
    if owner is not None:
        require(owner, permission, thing)
    elif why_not is not None:
        raise Denied(why_not)


def _placed(facts: Facts) -> tuple[str, int | None]:
    """Category and neighbourhood. Raises Refusal."""
    category, place = facts.get("category") or None, plain_text.number(facts.get("neighbourhood"))
    check_choices(category, place)
    if category is None:
        raise Refusal(_("분야를 골라 주세요."), field="category")
    return category, place


def _proposal(facts: Facts) -> Ready:
    text = Text(facts.get("title", ""), facts.get("problem", ""), facts.get("wish", ""))
    checks.check_lengths(text)
    checks.check_complete(text)
    category, place = _placed(facts)

    def carry_out(work: Work, _item: IntakeItem, owner: User | None) -> Ref:
        made = proposals.take_in(work, text, category=category, neighbourhood_id=place, channel=Channel.DESK,
                                 author=owner or proposals.nobody(work.session, at=work.at), language="ko")
        return Ref("proposal", made.id)

    return Ready(title=text.title, carry_out=carry_out)


def _comment(facts: Facts) -> Ready:
    source, html = comments.rendered(facts.get("text", ""))
    stance = _member(Stance, facts, "stance")
    if not facts.get("proposal"):
        raise Refusal(_("제안을 골라 주세요."), field="proposal")
    proposal = proposal_records.by_number(facts["proposal"])

    def refuse(work: Work, owner: User | None) -> Any:
        author = owner or proposals.nobody(work.session, at=work.at)
        thread = threads.locked_thread(proposal.thread_id or 0, author)
        _require(owner, may_write, thread, why_closed(author, thread))
        return author, thread

    def carry_out(work: Work, _item: IntakeItem, owner: User | None) -> Ref:
        author, thread = refuse(work, owner)
        made = comments.write(work, thread, author=author, stance=stance, source=source, html=html, at=work.at,
                              at_desk=True)
        return Ref("comment", made.id)

    return Ready(title=proposal.title, refuse=refuse, carry_out=carry_out)


def _remove_comment(work: Work, item: IntakeItem) -> None:
    for comment in comments.locked(work.session, [item.about_id or 0]).values():
        if comment.deleted_at is None:
            comments.remove(work, comment.thread, comment)


def _project(facts: Facts) -> Ready:
    text = ProjectText(title=facts.get("title", ""), text=facts.get("text", ""), place=facts.get("where", ""),
                       cost=won_of(facts.get("cost", "")) or 0)
    projects.check(text)
    html = rich_text.render(text.text)
    envelope = queries.envelope(plain_text.number(facts.get("envelope", "")) or 0)
    category, place = _placed(facts)
    belonging, round_id = Belonging(envelope.id, place, category), envelope.round_id

    def refuse(work: Work, owner: User | None) -> Any:
        budget_round = budgets.locked(round_id)
        _require(owner, may_hand_in, budget_round, why_not_nobody(budget_round))
        return budget_round, projects.envelope_for(work, budget_round, belonging, text.cost)

    def carry_out(work: Work, item: IntakeItem, owner: User | None) -> Ref:
        made = projects.add(work, *refuse(work, owner), text, belonging, html=html,
                            author_id=item.submission.owner_id)
        return Ref(projects.KIND, made.id)

    return Ready(title=envelope.round.title, refuse=refuse, carry_out=carry_out)


def _withdraw_project(work: Work, item: IntakeItem) -> None:
    _round, project = projects.held(item.about_id or 0)
    if reason := why_not_change(project):
        raise Conflict(reason)
    projects.withdraw(work, project, _("낸 사람이 거뒀어요."))


def _registration(facts: Facts) -> Ready:
    forum, way = forums.by_slug(facts.get("forum", "")), _member(Way, facts, "way")
    forum_id, wanted = forum.id, RegistrationRequest(way, words=facts.get("needs", ""))

    def carry_out(work: Work, item: IntakeItem, owner: User | None) -> Ref:
        held = forums.locked(forum_id)
        at = ForumContext(held, forums.NOBODY, work.at, owner and registered.of(forum_id, owner.id))
        if reason := why_not_at_window(owner, at):
            raise Denied(reason)
        registrations.put(work, held, at.thing, owner and owner.id, wanted, submission=item.submission)
        return Ref("forum", forum_id)

    return Ready(title=forum.title, carry_out=carry_out)


def _give_place_back(work: Work, item: IntakeItem) -> None:
    forum, place = forums.locked(item.about_id or 0), registered.of_submission(item.submission_id)
    if place and place.place is not Place.WITHDRAWN and forum.stage is not Stage.FINISHED:
        registrations.withdraw(work, forum, place)


def standing(item: IntakeItem) -> str:
    """State of the place for which somebody asked; empty for another item."""
    place = registered.of_submission(item.submission_id) if item.act is WindowAct.REGISTRATION else None
    return str(forum_labels.PLACE[place.place]) if place else ""


def _answer(facts: Facts) -> Ready:
    consultation = consultations.by_slug(facts.get("consultation", ""))
    consultation_id, sheet = consultation.id, plain_text.number(facts.get("sheet", ""), digits=6) or 0

    def carry_out(work: Work, _item: IntakeItem, _owner: User | None) -> None:
        paper.write(work, consultation_id, sheet, facts.get("typed", ""))

    return Ready(title=consultation.title, carry_out=carry_out, key=answer_key(consultation_id, sheet))


def answer_key(consultation_id: int, sheet: int) -> str:
    """Key of the row of a sheet: it comes once."""
    return f"answer:{consultation_id}:{sheet}"


ACTS: Mapping[WindowAct, Act] = {
    WindowAct.PROPOSAL: Act(ready=_proposal, became=Became.PROPOSAL),
    WindowAct.COMMENT: Act(ready=_comment, take_back=_remove_comment),
    WindowAct.PROJECT: Act(ready=_project, take_back=_withdraw_project),
    WindowAct.REGISTRATION: Act(ready=_registration, at_once=True, needs_contact=True, take_back=_give_place_back),
    WindowAct.ANSWER: Act(ready=_answer, at_once=True),
}


def take_back(work: Work, item_id: int) -> None:
    """End what came of an act whose item was taken back. Raises Conflict where it is too late."""
    item = items.locked(item_id)
    if item.act is not None and item.became is Became.DONE:
        ACTS[item.act].take_back(work, item)
        item.about = None
