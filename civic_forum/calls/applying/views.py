"""Pages on which somebody applies, finds their application again, and on which a desk types one in."""

from datetime import timedelta
from typing import Any

from flask import jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from civic_forum.attachments.prepared import PreparedFile
from civic_forum.attachments.rules import ACCEPT, MAX_BYTES_TOGETHER
from civic_forum.attachments.services import prepare_all
from civic_forum.blocks import questions
from civic_forum.blocks.pages import handle, saved
from civic_forum.forums.registration import queries as registered
from civic_forum.platform import clock
from civic_forum.platform.error_pages import wants_json
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.question_rows import Question, Reader
from civic_forum.platform.typed_codes import grouped
from civic_forum.platform.web import (accepts_files, by_address, by_saver, by_user, never_cached, shown_to, visitor)

from .. import labels
from .. import queries as calls
from ..extensions import OWN
from ..models import Call, CallApplication
from ..rules import CallKind, CallStage
from ..views.blueprint import bp, desk
from . import forms, own_data, parts, policy, queries, rules, services
from .labels import UNMET

ROOM_FOR_FILES = MAX_BYTES_TOGETHER + 1024 * 1024


def _announced(slug: str) -> Call:
    """Raises NotFound for one that is still being prepared."""
    call = calls.slugged(slug)
    if call.announced_at is None:
        raise calls.missing()
    return call


@bp.route("/<slug>/apply", methods=["GET", "POST"])
@by_address
@never_cached
def check(slug: str) -> ResponseReturnValue:
    """Conditions that somebody does not fulfil, by what they say; nothing of it is kept."""
    call = _announced(slug)
    year = local(call.closes_at or clock.now()).year
    part = parts.checked_before(call, year)
    form: Any = part.form()(version="0")

    def unmet() -> list[rules.Unmet]:
        typed = form.part()
        typed.check()
        return rules.unmet(call, vars(typed), year)

    def page(result: list[rules.Unmet] | None = None) -> str:
        mine = queries.of_owner(visitor().id, call) if current_user.is_authenticated else []
        is_full = sum(application.place > 0 for application in mine) >= call.most_each
        return _page("apply", call, form=form, result=result, asks=bool(part.fields()), labels=labels, unmet=UNMET,
                     mine=[(application, own_data.address(application)) for application in mine],
                     is_open=call.stage is CallStage.OPEN, why_not=policy.may_apply(visitor(), call) or
                     services.why_not_yet(call, visitor()) or is_full and services.no_more(call)
                     if current_user.is_authenticated else None)

    return page() if request.method != "POST" else handle(form, unmet, page, page)


@bp.post("/<slug>/applications")
@login_required
@by_user
def begin(slug: str) -> ResponseReturnValue:
    application = services.begin(_announced(slug).id, by=visitor())
    return redirect(f"/calls/{slug}/apply/{application.number}", 303)


@bp.route("/<slug>/apply/<number>", methods=["GET", "POST"])
@login_required
@by_saver
@accepts_files(ROOM_FOR_FILES)
@never_cached
def write(slug: str, number: str) -> ResponseReturnValue:
    """The form: kept, handed in, files added and taken away, all by one button or another."""
    arrived_at, call = clock.now(), _announced(slug)
    application, rows = queries.owned(call, number, visitor()), calls.questions_of(call)
    if request.method != "POST":
        if own_data.state(application) not in services.OPEN_STATES or call.kind is CallKind.PRIZE:
            return redirect(f"/calls/{slug}/mine/{number}", 303)
        return _form_page(application, rows, parts.filled(application, queries.sheet_of(application), rows))
    form: Any = parts.part_of(call, rows, draft=True).form()()
    hands_in, by_itself = request.form.get("act") == "hand_in", wants_json() or "autosave" in request.values

    def act() -> timedelta | None:
        typed = services.Typed(form.part(), form.read_version, _files(rows), request.form.getlist("without"))
        if not hands_in:
            return services.save(call, number, typed, by=visitor())
        form.refuse_personal_numbers()
        return services.hand_in(call, number, typed, arrived_at=arrived_at, by=visitor())

    def again() -> ResponseReturnValue:
        if hands_in and any(field.errors for field in form):
            form.refuse_the_rest(parts.part_of(call, rows))
        form.version.data = str(queries.sheet_of(application).version)
        return _form_page(application, rows, form)

    def done(late: timedelta | None) -> ResponseReturnValue:
        if late is not None:
            return _page("apply_late", call, application=application, arrived_at=local(arrived_at),
                         seconds=int(late.total_seconds())), Conflict.status
        if by_itself:
            return jsonify(saved=_("%(time)s에 저장했어요", time=f"{local(clock.now()):%H:%M}"),
                           version=queries.sheet_of(application).version)
        return saved(_("냈어요. 접수번호를 적어 두세요.") if hands_in else _("저장했어요. 닫아도 남아 있어요."),
                     f"/calls/{slug}/{'mine' if hands_in else 'apply'}/{number}")

    return handle(form, act, again, done, through=Refusal if by_itself else ())


def _files(rows: list[Question]) -> dict[str, list[PreparedFile]]:
    names = map(questions.name_of, filter(parts.takes_files, rows))
    sent = {name: [file for file in request.files.getlist(name) if file.filename] for name in names}
    return {name: prepare_all(files, by=visitor()) for name, files in sent.items() if files}


def _form_page(application: CallApplication, rows: list[Question], form: Any) -> str:
    files = queries.files_of(queries.sheet_of(application), rows)
    return _page("apply_form", application.call, application=application, form=form, accept=ACCEPT,
                 about=[name for name in parts.about_fields(application.call) if name in form],
                 asked=[name for row in rows if (name := questions.name_of(row)) in form],
                 files=[(row, questions.name_of(row), questions.who_reads(row), files[row.id])
                        for row in filter(parts.takes_files, rows)],
                 is_open=application.call.stage is CallStage.OPEN)


@bp.get("/<slug>/mine/<number>")
@login_required
@never_cached
def own(slug: str, number: str) -> ResponseReturnValue:
    """One's own application, with its state and reason."""
    call = calls.slugged(slug)
    return _own_page(queries.owned(call, number, visitor()))


@bp.route("/<slug>/mine", methods=["GET", "POST"])
@by_address
@never_cached
def find(slug: str) -> ResponseReturnValue:
    """The same by the number and the code on a slip."""
    call, form = _announced(slug), forms.NumberForm()

    def page() -> str:
        return _page("mine_find", call, form=form)

    return page() if request.method != "POST" else handle(
        form, lambda: services.opened_by(call, form.number.data or "", form.code.data or ""), page,
        lambda application: _own_page(application, form.code.data or ""))


def _own_page(application: CallApplication, code: str = "") -> str:
    rows = calls.questions_of(application.call)
    sheet, state = queries.sheet_of(application), own_data.state(application)
    return _page("mine", application.call, application=application, code=code, state=state, labels=labels,
                 answers=questions.answers(sheet, rows, set(Reader)), files=queries.files_of(sheet, rows),
                 is_open=application.call.stage is CallStage.OPEN and application.proposal_id is None,
                 may_withdraw=rules.may_withdraw(state), sections=OWN.ask(application),
                 places=registered.of_applied([application.submission_id] if application.call.decided_at else ()))


@bp.post("/<slug>/mine/<number>/withdrawal")
@by_address
@never_cached
def withdraw(slug: str, number: str) -> ResponseReturnValue:
    call, form = calls.slugged(slug), forms.NumberForm()
    code = form.code.data or ""
    if not code:
        require(visitor(), policy.may_apply)
    services.withdraw(call, number, by=None if code else visitor(), code=code)
    return saved(_("거뒀어요."), f"/calls/{slug}/mine" if code else f"/calls/{slug}/apply")


@desk.route("/<slug>/applications/new", methods=["GET", "POST"])
@shown_to(policy.may_type_in)
@by_user
def type_in(slug: str) -> ResponseReturnValue:
    """An application of somebody who stands there, or of a paper."""
    call = _announced(slug)
    require(visitor(), policy.may_type_in, call)
    nominates, rows = call.kind is CallKind.PRIZE, calls.questions_of(call)
    form: Any = (parts.nomination(rows) if nominates else parts.typed_in(call, rows)).form()()

    def act() -> Any:
        form.refuse_personal_numbers()
        return (services.nominate if nominates else services.type_in)(call.id, form.part(), by=visitor())

    def page() -> str:
        if not nominates and any(field.errors for field in form):
            form.refuse_the_rest(parts.part_of(call, rows))
        return _page("apply_desk", call, form=form)

    if nominates:
        return page() if request.method != "POST" else handle(form, act, page, lambda _made: saved(
            _("후보로 추천했어요. 제안한 사람에게 알려요."), request.path))
    return page() if request.method != "POST" else handle(form, act, page, lambda slip: _page(
        "apply_slip", call, number=slip.submission.number, code=grouped(slip.code or "")))


def _page(template: str, call: Call, **facts: Any) -> str:
    return render_template(f"calls/{template}.html", call=call, **facts)
