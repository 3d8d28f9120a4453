"""The electoral roll of a vote at the desk: fixing it, taking over a list, answering objections, corrections.

The features whose votes they are have the routes, each with the permission to make its votes; rights are asked again
by the services.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request

from civic_forum.accounts.queries import users
from civic_forum.kernel.errors import NotFound, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import visitor

from .. import identities, vote_words
from ..models import ElectoralRoll
from ..queries import rolls
from ..services import rolls as services
from ..services.rolls import NotImported
from ..words import WRONG_LINE
from .forms import AnswerForm, RollCorrectionForm

MOST_BYTES = 20 * 1024 * 1024
"""Of a list; the route says so with `accepts_files`."""


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
    """Why the vote cannot be edited any more."""


def page(vote: DeskRoll, *, form=None, problem: str | None = None, problems=(), status: int = 200):
    return render_template(
        "ballots/desk_roll.html", vote=vote, roll=vote.roll, form=form or RollCorrectionForm(formdata=None),
        problem=problem, problems=problems, wrong_line=WRONG_LINE, objections=rolls.objections(vote.roll.id),
        size=rolls.size(vote.roll.id), words=vote_words), status


def fixed(vote: DeskRoll):
    done = services.fix(vote.roll.id, by=visitor())
    flash(_("명부를 확정했어요. 모두 %(count)s명이에요.", count=f"{done.entries:,}"), "success")
    return redirect(vote.here, 303)


def imported(vote: DeskRoll):
    file = request.files.get("list")
    if file is None or not file.filename:
        return page(vote, problem=_("명부 파일을 골라 주세요."), status=422)
    try:
        made = services.import_list(file.stream.read(MOST_BYTES), roll_id=vote.roll.id, by=visitor())
    except NotImported as refused:
        return page(vote, problem=str(refused), problems=refused.problems, status=refused.status)
    flash(_("명부를 들여왔어요. 모두 %(count)s명이에요.", count=f"{made.entries:,}"), "success")
    return redirect(vote.here, 303)


def answered(vote: DeskRoll, objection_id: int):
    form = AnswerForm()
    if objection_id not in {one.id for one in rolls.objections(vote.roll.id)}:
        raise NotFound(_("그런 이의가 없어요. 낸 사람이 거두었을 수 있어요."))
    try:
        services.answer(objection_id, form.text.data or "", by=visitor())
    except Refusal as refusal:
        return page(vote, problem=str(refusal), status=refusal.status)
    flash(_("답변했어요."), "success")
    return redirect(vote.here, 303)


def corrected(vote: DeskRoll):
    """Put somebody with an account in, or take them out; the reason is told to them."""
    form = RollCorrectionForm()
    try:
        _correct(vote.roll.id, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return page(vote, form=form, status=refusal.status)
    flash(_("명부를 고쳤어요."), "success")
    return redirect(vote.here, 303)


def _correct(roll_id: int, form: RollCorrectionForm) -> None:
    user = users.by_name(form.name.data or "")
    if user is None:
        raise Refusal(_("%(name)s라는 로그인 이름이 없어요.", name=form.name.data or ""), field="name")
    persons, reason = identities.candidates(user), form.reason.data or ""
    if form.what.data == "add":
        services.add(roll_id, persons[0], reason, neighbourhood_id=user.neighbourhood_id, by=visitor())
    elif form.what.data == "strike":
        known = [person for person in persons if rolls.entry(roll_id, person) is not None]
        services.strike(roll_id, (known or persons)[0], reason, by=visitor())
    else:
        raise Refusal(_("하나를 골라 주세요."), field="what")
