"""The electoral roll of a poll: fixing it, taking over a list, answering objections, corrections."""

from flask import flash, redirect, render_template, request, url_for

from civic_forum.accounts.queries import users
from civic_forum.ballots import identities
from civic_forum.ballots.queries import rolls
from civic_forum.ballots.services import rolls as services
from civic_forum.ballots.services.rolls import NotImported
from civic_forum.ballots.words import WRONG_LINE
from civic_forum.kernel.errors import NotFound, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import accepts_files, visitor

from .. import policy, words
from ..forms.notes import AnswerForm, RollCorrectionForm
from ..models import Poll
from ..policy import may_make
from ..queries import records
from .blueprint import desk
from .gate import shown_to

MOST_BYTES = 20 * 1024 * 1024


@desk.get("/polls/<slug>/roll")
@shown_to(may_make)
def roll(slug: str):
    return _page(_with_roll(slug))


@desk.post("/polls/<slug>/roll/fixings")
@shown_to(may_make)
def fix_roll(slug: str):
    fixed = services.fix(_with_roll(slug).roll_id, by=visitor())
    flash(_("명부를 확정했어요. 모두 %(count)s명이에요.", count=f"{fixed.entries:,}"), "success")
    return redirect(url_for(".roll", slug=slug), 303)


@desk.post("/polls/<slug>/roll/imports")
@accepts_files(MOST_BYTES)
@shown_to(may_make)
def import_roll(slug: str):
    poll, file = _with_roll(slug), request.files.get("list")
    if file is None or not file.filename:
        return _page(poll, problem=_("명부 파일을 골라 주세요."), status=422)
    try:
        made = services.import_list(file.stream.read(MOST_BYTES), roll_id=poll.roll_id, by=visitor())
    except NotImported as refused:
        return _page(poll, problem=str(refused), problems=refused.problems, status=refused.status)
    flash(_("명부를 들여왔어요. 모두 %(count)s명이에요.", count=f"{made.entries:,}"), "success")
    return redirect(url_for(".roll", slug=slug), 303)


@desk.post("/polls/<slug>/roll/answers/<id:objection_id>")
@shown_to(may_make)
def answer_objection(slug: str, objection_id: int):
    poll, form = _with_roll(slug), AnswerForm()
    if objection_id not in {one.id for one in rolls.objections(poll.roll_id)}:
        raise NotFound(_("그런 이의가 없어요. 낸 사람이 거두었을 수 있어요."))
    try:
        services.answer(objection_id, form.text.data or "", by=visitor())
    except Refusal as refusal:
        return _page(poll, problem=str(refusal), status=refusal.status)
    flash(_("답변했어요."), "success")
    return redirect(url_for(".roll", slug=slug), 303)


@desk.post("/polls/<slug>/roll/corrections")
@shown_to(may_make)
def correct_roll(slug: str):
    """Put somebody with an account in, or take them out; the reason is told to them."""
    poll, form = _with_roll(slug), RollCorrectionForm()
    try:
        _correct(poll, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(poll, form=form, status=refusal.status)
    flash(_("명부를 고쳤어요."), "success")
    return redirect(url_for(".roll", slug=slug), 303)


def _correct(poll: Poll, form: RollCorrectionForm) -> None:
    user = users.by_name(form.name.data or "")
    if user is None:
        raise Refusal(_("%(name)s라는 로그인 이름이 없어요.", name=form.name.data or ""), field="name")
    persons, reason = identities.candidates(user), form.reason.data or ""
    if form.what.data == "add":
        services.add(poll.roll_id, persons[0], reason, neighbourhood_id=user.neighbourhood_id, by=visitor())
    elif form.what.data == "strike":
        known = [person for person in persons if rolls.entry(poll.roll_id, person) is not None]
        services.strike(poll.roll_id, (known or persons)[0], reason, by=visitor())
    else:
        raise Refusal(_("하나를 골라 주세요."), field="what")


def _with_roll(slug: str) -> Poll:
    poll = records.whole(slug)
    if poll.roll is None:
        raise NotFound(_("아직 명부가 없어요. 누가 투표할 수 있는지 먼저 적어 주세요."))
    return poll


def _page(poll: Poll, *, form=None, problem: str | None = None, problems=(), status: int = 200):
    return render_template(
        "polls/desk/roll.html", poll=poll, roll=poll.roll, form=form or RollCorrectionForm(formdata=None),
        problem=problem, problems=problems, wrong_line=WRONG_LINE, objections=rolls.objections(poll.roll_id),
        size=rolls.size(poll.roll_id), words=words, opened=poll.box is not None and poll.box.opened_at is not None,
        why_not=policy.may_edit(visitor(), poll)), status
