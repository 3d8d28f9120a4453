"""The electoral roll of a vote. One's own entry: in it or why not, what to do, whether one is marked as having voted.
At the desk: fixing it, taking over a list, answering objections, corrections.

The features whose votes they are mount them, those of the desk with the permission to make their votes.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, render_template, request
from flask_login import login_required

from civic_forum.accounts.queries import users
from civic_forum.blocks.pages import handle, saved
from civic_forum.district.queries import neighbourhood_names
from civic_forum.platform import clock
from civic_forum.platform.errors import Conflict, NotFound, Refusal, Unavailable, existing
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.policy import Predicate
from civic_forum.platform.web import accepts_files, by_address, by_user, shown_to, unlogged, visitor

from .. import identities, labels
from ..box import voters
from ..box.closing import DAMAGED, MISSING
from ..box.sealing import Channel, roll_leaf
from ..box.voters import Participation
from ..counting import closing
from ..forms import RollAnswerForm, RollCorrectionForm, RollObjectionForm
from ..models import BallotBox, ElectoralRoll
from ..policy import WHY_NOT
from ..rules.boxes import BoxStage, close_is_due, stage_of
from ..voting.pages import Voting
from ..voting.receipts import grouped
from ..voting.standing import ADMITTED, not_listed, roll_of, why_bound
from . import queries, services
from .queries import OwnEntry
from .rules import EntryState, MOST_TEXT
from .services import NotImported

MOST_BYTES = 20 * 1024 * 1024
"""Of a list."""
TAKING_PART = {
    None: _l("없어요"),
    Channel.ONLINE: _l("있어요 · 온라인"),
    Channel.ASSISTED: _l("있어요 · 창구에서 도움 받아"),
    Channel.PAPER_ISSUED: _l("종이 투표지를 받았어요"),
    Channel.PAPER_RETURNED: _l("있어요 · 종이 투표지"),
    DAMAGED: _l("있어요 · 표를 열 수 없었어요"),
    MISSING: _l("있어요 · 표가 없어졌어요"),
}


@dataclass(frozen=True)
class OwnRoll(Voting):
    """A vote as the page of one's own entry tells it; its box may still be None."""

    title: str
    roll: ElectoralRoll | None
    eligibility: str
    fixed_on: date
    check_to: datetime | None
    why_not_object: str | None


def mount_own(bp: Blueprint, rule: str, own: Callable[..., OwnRoll]) -> None:
    """Give a blueprint the page of one's own entry, below the address of its votes."""
    bp.add_url_rule(f"{rule}/roll", "own_entry", login_required(unlogged(lambda **place: own_page(own(**place)))))
    bp.add_url_rule(f"{rule}/roll/objections", "object_to_roll", login_required(by_address(by_user(
        lambda **place: objected(own(**place))))), methods=["POST"])


def mount_desk(bp: Blueprint, rule: str, at_desk: Callable[..., "DeskRoll"], may_make: Predicate) -> None:
    """Give a blueprint the pages of a roll at the desk, at this address and below it."""
    def add(name: str, end: str, act, method: str = "POST", marked=lambda view: view) -> None:
        bp.add_url_rule(rule + end, name, marked(shown_to(may_make)(act)), methods=[method])

    add("roll", "", lambda **place: desk_page(at_desk(**place)), "GET")
    add("fix_roll", "/fixings", lambda **place: fixed(at_desk(**place)))
    add("import_roll", "/imports", lambda **place: imported(at_desk(**place)), marked=accepts_files(MOST_BYTES))
    add("answer_objection", "/answers/<id:objection_id>",
        lambda objection_id, **place: answered(at_desk(**place), objection_id))
    add("correct_roll", "/corrections", lambda **place: corrected(at_desk(**place)))


def own_page(vote: OwnRoll, form: RollObjectionForm | None = None) -> str:
    """The page; `form` is what was refused."""
    box = vote.box
    if box is not None and close_is_due(box, clock.now()):
        closing.close_if_due(box.id)
    roll = roll_of(box, vote.roll)
    entry = queries.own_entry(roll, visitor()) if roll else OwnEntry(EntryState.NOT_FIXED)
    may_object = roll is not None and (vote.why_not_object is None or entry.state is EntryState.STRUCK
                                       and queries.is_struck_meanwhile(roll, visitor()))
    opened = box is not None and box.opened_at is not None
    too_late = not may_object and (opened or entry.state is EntryState.NOT_ON_LIST)  # nobody is told to object then
    standing, stage = _standing(box, entry), stage_of(box, clock.now()) if box is not None else None
    return render_template(
        "ballots/own_roll.html", vote=vote, entry=entry, standing=standing, kept=_kept(box, entry),
        taking_part=standing and TAKING_PART.get(standing.channel, TAKING_PART[DAMAGED]), Channel=Channel,
        why_not=not_listed(entry.state, queries.rule_of(roll) if roll else None, box and box.closes_at)
        if too_late and entry.state in WHY_NOT else str(WHY_NOT.get(entry.state, "")),
        form=form or RollObjectionForm(formdata=None), may_object=may_object, limit=MOST_TEXT, opened=opened,
        objections=queries.own_objections(roll.id, visitor().id) if roll else [],
        grows=roll is not None and queries.rule_of(roll).grows,
        is_open=stage is BoxStage.OPEN, over=stage is not None and stage.reached(BoxStage.CLOSED),
        bound=why_bound(box, entry.person, visitor()) if entry.state in ADMITTED else None)


def objected(vote: OwnRoll):
    """Take over an objection: back to the page, or the page with what is wrong. Raises Conflict outside the days."""
    roll = roll_of(vote.box, vote.roll)
    if vote.why_not_object and not (roll is not None and queries.is_struck_meanwhile(roll, visitor())):
        raise Conflict(vote.why_not_object)
    if roll is None:
        raise Conflict(_("투표인 명부를 아직 만들지 않았어요. 명부를 확인하는 기간에 다시 와 주세요."))
    form = RollObjectionForm()

    def taken():
        services.object_to(roll.id, form.text.data, by=visitor())
        return saved(_("이의를 냈어요. 답변은 이 화면에서 볼 수 있어요."), vote.ways.roll)

    return handle(form, taken, lambda: own_page(vote, form), checks=True)


def _kept(box: BallotBox | None, entry: OwnEntry) -> dict[str, str] | None:
    """One's own line of the published roll, and the file that finds it again: its salt is told to nobody else."""
    if box is None or entry.person is None or entry.salt is None:
        return None
    leaf = roll_leaf(box.id, entry.salt, entry.person).hex()
    told = {"format": 2, "box": box.id.hex(), "salt": entry.salt.hex(), "person": entry.person.hex(), "leaf": leaf}
    return {"leaf": grouped(leaf), "file": json.dumps(told, indent=1) + "\n"}


def _standing(box: BallotBox | None, entry: OwnEntry) -> Participation | None:
    """None where nobody can tell: before the opening, and while the key of the box is lost."""
    if box is None or box.opened_at is None or entry.person is None:
        return None
    try:
        return voters.standing(box.id, entry.person)
    except Unavailable:
        return None


@dataclass(frozen=True)
class DeskRoll:
    """A roll as its page at the desk tells it."""

    title: str
    way: Sequence[tuple[str, str | None]]
    """The crumbs above the page."""
    here: str
    """Its address; below it are fixings, imports, answers/<number> and corrections."""
    roll: ElectoralRoll
    opened: bool
    why_not: str | None
    """Reason why the vote cannot be edited any more."""


def desk_page(vote: DeskRoll, *, form=None, problem: str | None = None, problems=(), seen: str = "",
              listed: Iterable[int] = ()) -> str:
    """`listed`: neighbourhoods of everybody in a list that was read and waits to be fixed, under its hash `seen`."""
    counts = Counter(listed)
    return render_template(
        "ballots/desk_roll.html", vote=vote, seen=seen, count=counts.total(), places=" · ".join(
            f"{name} {counts[number]:,}" for number, name in neighbourhood_names().items() if counts[number]),
        roll=vote.roll, form=form or RollCorrectionForm(formdata=None),
        problem=problem, problems=problems, wrong_line=labels.WRONG_LINE, objections=queries.objections(vote.roll.id),
        size=queries.size(vote.roll.id), labels=labels, opened=next((
            box.id.hex() for box in queries.boxes_of(vote.roll.id) if box.opened_at and not box.rehearsal), None))


def fixed(vote: DeskRoll):
    done = services.fix(vote.roll.id, least=1, by=visitor())
    return _told(vote, _("명부를 확정했어요. 모두 %(count)s명이에요.", count=f"{done.entries:,}"))


def imported(vote: DeskRoll):
    """Show the people of a file in numbers; the same file once more fixes the roll."""
    file = request.files.get("list")
    if file is None or not file.filename:
        return desk_page(vote, problem=_("명부 파일을 골라 주세요.")), Refusal.status
    data = file.stream.read(MOST_BYTES)
    try:
        if vote.roll.fixed_at is None and request.form.get("seen") != (seen := hashlib.sha256(data).hexdigest()):
            return desk_page(vote, seen=seen, listed=services.listed(data, vote.roll).values())
        made = services.import_list(data, vote.roll.id, by=visitor())
    except NotImported as refused:
        return desk_page(vote, problem=str(refused), problems=refused.problems), refused.status
    return _told(vote, _("명부를 들여왔어요. 모두 %(count)s명이에요.", count=f"{made.entries:,}"))


def answered(vote: DeskRoll, objection_id: int):
    if objection_id not in {objection.id for objection in queries.objections(vote.roll.id)}:
        raise NotFound(_("그런 이의가 없어요. 낸 사람이 거두었을 수 있어요."))
    try:
        services.answer(objection_id, RollAnswerForm().text.data or "", by=visitor())
    except Refusal as refusal:
        return desk_page(vote, problem=str(refusal)), refusal.status
    return _told(vote, _("답변했어요."))


def corrected(vote: DeskRoll):
    """Put somebody with an account in, or take them out; the reason is told to them."""
    form = RollCorrectionForm()

    def done():
        _correct(vote.roll.id, form)
        return _told(vote, _("명부를 고쳤어요."))

    return handle(form, done, lambda: desk_page(vote, form=form), checks=True)


def _told(vote: DeskRoll, message: str):
    return saved(message, vote.here)


def _correct(roll_id: int, form: RollCorrectionForm) -> None:
    user = existing(users.by_name(form.name.data or ""),
                    lambda: Refusal(_("%(name)s라는 로그인 이름이 없어요.", name=form.name.data or ""), field="name"))
    roll = queries.roll(roll_id)
    if queries.is_listed_together(roll, user.person):
        raise Refusal(_("이름과 생년월일이 같은 분이 명부에 둘 이상 있어요. 누구인지 알 수 없어서 여기에서 고칠 수 없어요."), field="name")
    reason = form.reason.data or ""
    if form.what.data == "add":
        services.add(roll_id, user, reason, by=visitor())
    elif form.what.data == "strike":
        persons = identities.candidates(user, roll.key_id)
        known = [person for person in persons if queries.entry(roll_id, person) is not None]
        services.strike(roll_id, (known or persons)[0], reason, by=visitor())
    else:
        raise Refusal(_("하나를 골라 주세요."), field="what")
