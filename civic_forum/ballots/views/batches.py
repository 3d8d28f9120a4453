"""Typing paper in, one sheet after another, blind; and settling what two people read differently."""

from flask import flash, redirect, render_template, request, url_for

from civic_forum.kernel import clock, plain_text
from civic_forum.kernel.errors import NotFound, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import visitor

from ..forms.desk import BatchForm, SheetTypedForm
from ..models import BallotBox, PaperBatch
from ..policy.desk import may_settle, may_type
from ..queries import boxes
from ..queries import papers as queries
from ..rules.batches import INVALID, written
from ..rules.choices import BoxRule
from ..services import batches
from ..services.batches import Decision, Outcome
from .blueprint import bp
from .desk import of_page, options, shown_to

HERE = "/desk/votes/<box>/batches"
ONE = f"{HERE}/<id:number>"


@bp.get(HERE, endpoint="batches")
@shown_to(may_type)
def show(box: BallotBox):
    return _list(box)


@bp.post(HERE, endpoint="open_batch")
@shown_to(may_type)
def open_batch(box: BallotBox):
    form = BatchForm()
    if not form.validate():
        return _list(box, form), 422
    try:
        number = batches.open_batch(box.id, form.sheets.number, by=visitor())
    except Refusal as refusal:
        form.refuse(refusal)
        return _list(box, form), refusal.status
    flash(_("%(number)s번 묶음을 만들었어요. 종이 묶음에 번호를 적어 두세요.", number=number), "success")
    return redirect(url_for(".batches", box=box.id.hex()))


@bp.post(f"{ONE}/dissolution", endpoint="dissolve_batch")
@shown_to(may_type)
def dissolve(box: BallotBox, number: int):
    batches.dissolve(box.id, number, by=visitor())
    flash(_("%(number)s번 묶음을 풀었어요. 입력한 것도 지워졌어요.", number=number), "success")
    return redirect(url_for(".batches", box=box.id.hex()))


@bp.get(f"{ONE}/dissolution/new", endpoint="confirm_dissolution")
@shown_to(may_type)
def confirm_dissolution(box: BallotBox, number: int):
    return render_template("ballots/batches_dissolution.html", batch=_found(box, number), **of_page(box, "batches"))


@bp.get(ONE, endpoint="type_batch")
@shown_to(may_type)
def type_batch(box: BallotBox, number: int):
    batch = _found(box, number)
    require(visitor(), may_type, queries.typing(batch))
    return _typing(box, batch, SheetTypedForm(formdata=None), plain_text.number(request.args.get("sheet")))


@bp.post(f"{ONE}/sheets/<id:sheet>", endpoint="type_sheet")
@shown_to(may_type)
def type_sheet(box: BallotBox, number: int, sheet: int):
    form = SheetTypedForm()
    form.validate()
    try:
        batches.type_sheet(box.id, number, sheet, form.sheet.data or "", by=visitor())
    except Refusal as refusal:
        if refusal.field is None:
            raise
        form.refuse(refusal)
        return _typing(box, _found(box, number), form, sheet), refusal.status
    return redirect(url_for(".type_batch", box=box.id.hex(), number=number))


@bp.post(f"{ONE}/typings", endpoint="finish_batch")
@shown_to(may_type)
def finish(box: BallotBox, number: int):
    outcome = batches.finish_typing(box.id, number, by=visitor())
    flash({
        Outcome.WAITS: _("%(number)s번 묶음을 다 입력했어요. 이제 다른 사람이 한 번 더 입력해요.", number=number),
        Outcome.SETTLED: _("%(number)s번 묶음은 두 사람의 입력이 같아서 정해졌어요.", number=number),
        Outcome.DIFFERS: _("%(number)s번 묶음에서 다르게 읽은 종이가 있어요. 세 번째 사람이 정해요.", number=number),
    }[outcome], "success")
    return redirect(url_for(".batches", box=box.id.hex()))


@bp.post(f"{ONE}/typings/own/end", endpoint="give_batch_up")
@shown_to(may_type)
def give_up(box: BallotBox, number: int):
    batches.give_up(box.id, number, by=visitor())
    flash(_("%(number)s번 묶음의 내 입력을 지웠어요.", number=number), "success")
    return redirect(url_for(".batches", box=box.id.hex()))


@bp.get(f"{ONE}/differences", endpoint="differences")
@shown_to(may_settle)
def differences(box: BallotBox, number: int):
    return _differences(box, _found(box, number), {}, {})


@bp.post(f"{ONE}/differences", endpoint="settle_batch")
@shown_to(may_settle)
def settle(box: BallotBox, number: int):
    batch = _found(box, number)
    given = {one.sheet: Decision(_line(f"sheet-{one.sheet}"), _line(f"note-{one.sheet}"))
             for one in queries.differences(batch)}
    try:
        batches.settle(box.id, number, given, by=visitor())
    except Refusal as refusal:
        if refusal.field is None:
            raise
        return _differences(box, batch, given, {refusal.field: str(refusal)}), refusal.status
    flash(_("%(number)s번 묶음을 정했어요.", number=number), "success")
    return redirect(url_for(".batches", box=box.id.hex()))


def _line(name: str) -> str:
    return plain_text.clean(request.form.get(name, "")[:400])


def _found(box: BallotBox, number: int) -> PaperBatch:
    batch = queries.batch(box.id, number)
    if batch is None:
        raise NotFound(_("그런 묶음이 없어요. 묶음 목록을 새로 열어 확인해 주세요."))
    return batch


def _list(box: BallotBox, form: BatchForm | None = None):
    found = queries.batches(box.id)
    typings = queries.typings(box.id)
    user, figures = visitor(), queries.reconciliation(box.id)
    rows = [(batch, typings[batch.number], may_type(user, typings[batch.number]),
             may_settle(user, typings[batch.number])) for batch in found]
    return render_template(
        "ballots/batches.html", form=form or BatchForm(formdata=None), figures=figures, batches=rows,
        left=bool(figures.unbatched) or any(_is_theirs(*row) for row in rows),
        why_not=batches.why_not_typed(box, clock.now()),
        why_not_finished=None if box.finished_at else queries.why_not_finished(box, clock.now()),
        **of_page(box, "batches"))


def _is_theirs(batch: PaperBatch, typing, why_not_type: str | None, why_not_settle: str | None) -> bool:
    """Whether this batch still wants something of who looks at the list."""
    return not batch.settled_at and not (why_not_settle if len(typing.finished_by) == 2 else why_not_type)


def _typing(box: BallotBox, batch: PaperBatch, form: SheetTypedForm, sheet: int | None):
    """One sheet to type, and beneath it what this person alone has typed so far."""
    rule = boxes.rule_of(box)
    entry = queries.own_entry(box.id, batch.number, visitor().id)
    typed = queries.sheets_of(entry) if entry else []
    following = min(len(typed) + 1, batch.sheets)
    now = sheet if sheet and 1 <= sheet <= following else following
    done = len(typed) == batch.sheets and sheet is None and not form.errors and not form.form_errors
    return render_template(
        "ballots/batches_typing.html", batch=batch, form=form, sheet=now, done=done, rule=rule,
        typed=[_in_words(choice, rule) for choice in typed], options=options(box), **of_page(box, "batches"))


def _differences(box: BallotBox, batch: PaperBatch, given: dict[int, Decision], errors: dict[str, str]):
    require(visitor(), may_settle, queries.typing(batch))
    rule = boxes.rule_of(box)
    found = [(one.sheet, [_in_words(reading, rule) for reading in one.readings], given.get(one.sheet, Decision("", "")))
             for one in queries.differences(batch)]
    if not found:
        raise NotFound(_("두 사람이 다르게 읽은 종이가 없어요. 묶음 목록을 새로 열어 확인해 주세요."))
    return render_template("ballots/batches_differences.html", batch=batch, differences=found, errors=errors, rule=rule,
                           options=options(box), **of_page(box, "batches"))


def _in_words(choice: bytes, rule: BoxRule) -> str:
    """As it was typed, with words where there is no number."""
    if choice == INVALID:
        return _("무효")
    return _("기권") if rule.is_blank(choice) else written(choice, rule)
