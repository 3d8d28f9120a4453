"""Desk pages of calls: list, parts, questions, the announcement, a close that is moved."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from civic_forum.accounts.rules import Role
from civic_forum.blocks import question_pages
from civic_forum.blocks.pages import handle, saved
from civic_forum.blocks.process import Gap, Next
from civic_forum.blocks.process_pages import Desk
from civic_forum.platform.i18n import _, end, moment
from civic_forum.platform.policy import can, require
from civic_forum.platform.web import shown_to, visitor

from .. import labels, queries, services
from ..forms import CloseForm, NewCallForm, TimesForm
from ..models import Call
from ..policy import may_move_close, may_prepare, may_see_desk
from ..process import PROCESS, QUESTIONS
from ..rules import REASON_MOST, CallStage
from ..services import CLOSE, subject_of
from .blueprint import desk

HOME = "/desk/calls"
DESK: Desk[Call] = Desk(
    process=PROCESS, bp=desk, rule="/<slug>", home=lambda call: f"{HOME}/{call.slug}", title=lambda call: call.title,
    above=lambda: [(_("업무 화면"), "/desk"), (_("모집·공모"), HOME)], find=queries.slugged, may_see=may_see_desk,
    may_make=may_see_desk, forms={"times": TimesForm})


@desk.get("")
@shown_to(may_see_desk)
def calls() -> ResponseReturnValue:
    departments = None if visitor().has(Role.MODERATOR) else visitor().department_ids()
    return render_template("calls/desk_list.html", calls=queries.of_departments(departments), labels=labels, desk=DESK)


@desk.route("/new", methods=["GET", "POST"])
@shown_to(may_prepare)
def new() -> ResponseReturnValue:
    return DESK.begin(NewCallForm, lambda form: services.begin(*form.parts(), by=visitor()), _("새로 모집하기"))


@desk.get("/<slug>")
@shown_to(may_see_desk)
def call(slug: str) -> ResponseReturnValue:
    call = queries.slugged(slug)
    require(visitor(), may_see_desk, call)
    missing = DESK.gaps(call) if call.stage is CallStage.PREPARING else []
    return render_template("calls/desk_show.html", call=call, labels=labels, desk=DESK, missing=missing,
                           next=_next_step(call, missing), may_edit=may_prepare(visitor(), call) is None,
                           may_move=may_move_close(visitor(), call) is None)


def _next_step(call: Call, missing: list[Gap]) -> Next:
    here = DESK.home(call)
    if missing:
        return Next(_("빠진 것을 채워 주세요"), str(missing[0].sentence), _("채우러 가기"), f"{here}/{missing[0].part}")
    if call.stage is CallStage.PREPARING and not can(visitor(), "calls.announce", call):
        return Next(_("모두 채웠어요"), _("다른 담당자나 운영자가 이 화면에서 읽고 모두에게 알려요. 만들거나 고친 사람은 알리지 않아요."))
    if call.stage is CallStage.PREPARING:
        return Next(_("읽어 보고 알려 주세요"), _("알린 뒤에는 아무것도 고칠 수 없어요. 마감만 이유를 적고 두 사람이 옮겨요."), _("모두에게 알리기"),
                    url_for(".announce", slug=call.slug), posts=True)
    if call.stage is CallStage.REVIEW:
        return Next(str(labels.STAGE[call.stage]), _("신청을 살펴보고 결과를 정해요."), _("심사와 결정"),
                    url_for(".decision", slug=call.slug))
    if call.stage is CallStage.DECIDED:
        return Next(str(labels.STAGE[call.stage]), "", _("결과 보기"), f"/calls/{call.slug}/results")
    return Next(str(labels.STAGE[call.stage]), _("%(opens)s부터 %(closes)s까지 신청받는 모집이에요.", opens=moment(call.opens_at),
                                                 closes=end(call.closes_at)))


DESK.mount()
question_pages.mount(desk=DESK, asked=QUESTIONS)


@desk.route("/<slug>/close", methods=["GET", "POST"])
@shown_to(may_see_desk)
def close(slug: str) -> ResponseReturnValue:
    call = queries.slugged(slug)
    require(visitor(), may_see_desk, call)
    form = CloseForm()
    if not form.is_submitted():
        return _close(call, form)
    if form.seen.data:
        CLOSE.confirm(subject_of(call), seen=form.fingerprint, by=visitor())
        return saved(_("마감을 옮겼어요. 쓰고 있거나 신청한 사람에게 알렸어요."), DESK.home(call))
    return handle(
        form, lambda: services.propose_close(call.id, form.after.needed, form.reason.data or "", by=visitor()),
        lambda: _close(call, form), lambda made: saved(_("적었어요. 다른 담당자가 24시간 안에 확인하면 옮겨져요."), url_for(
            ".close", slug=slug)))


def _close(call: Call, form: CloseForm) -> str:
    waiting: Any = queries.proposed_close(call.id)
    return render_template(
        "calls/desk_close.html", desk=DESK, call=call, form=form, most=REASON_MOST, waiting=waiting,
        seen=waiting and CLOSE.fingerprint(waiting).hex(), why_not=may_move_close(visitor(), call))
