"""Paper at the desk: hand out, note what came back, print; typing it in blind, settling what two read differently."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for

from civic_forum.accounts.rules import Role
from civic_forum.blocks.pages import attempt, handle
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import NotFound, Refusal
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_address, visitor

from .. import queries as boxes
from ..desk.views import get, look_ups, looked_up, of_page, post, told
from ..forms import BatchForm, CorrectionForm, IssueForm, SheetForm, SheetTypedForm
from ..models import BallotBox
from .models import PaperBatch
from ..policy import may_issue_paper, may_settle, may_type
from ..rules.boxes import SheetState
from . import batches, queries, services
from .batches import Decision, Outcome
from .rules import INVALID, written


@get("/papers", "papers", may_issue_paper)
def show(box: BallotBox, *, returned=None, corrected=None, trouble=None, again=None, **looked):
    user = visitor()
    here = None if user.has(Role.MODERATOR) else user.neighbourhood_ids()
    return render_template(
        "ballots/papers.html", issue=IssueForm(formdata=None), trouble=trouble, again=again,
        returned=returned or SheetForm(formdata=None, prefix="return"),
        corrected=corrected or CorrectionForm(formdata=None, prefix="correct"),
        counts=queries.counts(box.id, here), out=queries.sheets(box.id, SheetState.ISSUED, here),
        just_issued=_number(), state=SheetState, why_not_issued=services.why_not_issued(box, clock.now()),
        whole_district=here is None, **look_ups(box, **looked), **of_page(box, "papers"))


@post("/papers/look-ups", "look_up_voter", may_issue_paper)
@post("/papers/account-look-ups", "look_up_account", may_issue_paper)
@by_address
def look_up(box: BallotBox):
    return looked_up(box, show)


@post("/papers", "issue_paper", may_issue_paper)
def issue(box: BallotBox):
    form = IssueForm()

    def done(issued):
        if issued is None:
            return told(box, "papers", _("내 몫은 끝났어요. 낸 표는 아직 그대로예요. 다른 동 담당자나 운영자가 24시간 안에 신분증을 보고, "
                                         "이 화면에서 같은 분을 찾아 종이를 내줘요."))
        sentence = _("%(number)s번 종이를 내줬어요.", number=issued.number)
        withdrew = _("온라인으로 낸 표는 거뒀어요. 이제 종이만 세요.")
        return told(box, "papers", f"{sentence} {withdrew}" if issued.withdrew else sentence, number=issued.number,
                    _anchor="issued")

    return attempt(lambda: services.issue(box.id, form.visit.data or "", number=form.number.number,
                                          by_post=form.by_post.data, reason=form.reason.data or "", by=visitor()),
                   lambda refusal: show(box, trouble=str(refusal), again=form if refusal.field == "reason" else None),
                   done)


@post("/papers/returns", "return_paper", may_issue_paper)
def mark_returned(box: BallotBox):
    form = SheetForm(prefix="return")

    def returned():
        number = form.number.number or 0
        services.mark_returned(box.id, number, by=visitor())
        return told(box, "papers", _("%(number)s번 종이가 돌아왔어요.", number=number), _anchor="returns")

    return handle(form, returned, lambda: show(box, returned=form), checks=True)


@post("/papers/returns/corrections", "correct_return", may_issue_paper)
def correct_return(box: BallotBox):
    form = CorrectionForm(prefix="correct")
    number = form.number.number or 0
    return handle(
        form, lambda: services.undo_return(box.id, number, form.reason.data or "", by=visitor()),
        lambda: show(box, corrected=form), lambda undone: told(
            box, "papers", _("%(number)s번 종이를 아직 돌아오지 않은 것으로 고쳤어요.", number=number) if undone else
            _("내 몫은 끝났어요. 다른 동 담당자나 운영자가 24시간 안에 이 화면에서 같은 번호를 적으면 고쳐져요.")), checks=True)


@post("/papers/replacements", "replace_paper", may_issue_paper)
def replace(box: BallotBox):
    return _changed(box, services.replace, _l("못 쓰게 된 종이를 돌려받았어요. %(number)s번 종이를 드리세요."))


@post("/papers/take-backs", "take_paper_back", may_issue_paper)
def take_back(box: BallotBox):
    return _changed(box, services.take_back, _l("%(number)s번 종이를 돌려받았어요. 이제 온라인으로 투표할 수 있어요."))


def _changed(box: BallotBox, act: Callable, sentence: str):
    """The sheet of whom the clerk has just looked up is changed; what the clerk does now, with its number."""
    form = IssueForm()
    return attempt(lambda: act(box.id, form.visit.data or "", form.number.number or 0, by=visitor()),
                   lambda refusal: show(box, trouble=str(refusal)),
                   lambda number: told(box, "papers", str(sentence) % {"number": number}))


@get("/papers/ballot", "print_ballot", may_issue_paper)
def print_ballot(box: BallotBox):
    """The ballot sheet, and for a number the slip of its outer envelope."""
    number, ballot = _number(), boxes.asked(box)
    return render_template("ballots/papers_print.html", sheet=queries.sheet(box.id, number) if number else None,
                           options=ballot["options"], question=ballot["question"], groups=ballot.get("groups", []),
                           rule=boxes.rule_of(box), **of_page(box, "papers"))


def _number() -> int | None:
    return plain_text.number(request.args.get("number"), digits=6)


@get("/batches", "batches", may_type)
def show_batches(box: BallotBox, form: BatchForm | None = None):
    typings, figures = queries.typings(box.id), queries.reconciliation(box.id)
    rows = [(batch, typing := typings[batch.number], may_type(visitor(), typing), may_settle(visitor(), typing))
            for batch in queries.batches(box.id)]
    return render_template(
        "ballots/batches.html", form=form or BatchForm(formdata=None), figures=figures, batches=rows,
        left=bool(figures.unbatched) or any(  # whether a batch still wants something of who looks at the list
            not batch.settled_at and not (why_not_settle if len(typing.finished_by) == 2 else why_not_type)
            for batch, typing, why_not_type, why_not_settle in rows),
        why_not=batches.why_not_typed(box, clock.now()),
        why_not_finished=None if box.finished_at else queries.why_not_finished(box, clock.now()),
        **of_page(box, "batches"))


@post("/batches", "open_batch", may_type)
def open_batch(box: BallotBox):
    form = BatchForm()

    def made():
        number = batches.open_batch(box.id, form.sheets.number or 0, by=visitor())
        return told(box, "batches", _("%(number)s번 묶음을 만들었어요. 종이 묶음에 번호를 적어 두세요.", number=number))

    return handle(form, made, lambda: show_batches(box, form), checks=True)


@post("/batches/<id:number>/dissolution", "dissolve_batch", may_type)
def dissolve(box: BallotBox, number: int):
    batches.dissolve(box.id, number, by=visitor())
    return told(box, "batches", _("%(number)s번 묶음을 풀었어요. 입력한 것도 지워졌어요.", number=number))


@get("/batches/<id:number>/dissolution/new", "confirm_dissolution", may_type)
def confirm_dissolution(box: BallotBox, number: int):
    batch = queries.batch(box.id, number)
    return render_template("ballots/batches_dissolution.html", batch=batch, **of_page(box, "batches"))


@get("/batches/<id:number>", "type_batch", may_type)
def type_batch(box: BallotBox, number: int):
    batch = queries.batch(box.id, number)
    require(visitor(), may_type, queries.typing(batch))
    return _typing(box, batch, SheetTypedForm(formdata=None), plain_text.number(request.args.get("sheet")))


@post("/batches/<id:number>/sheets/<id:sheet>", "type_sheet", may_type)
def type_sheet(box: BallotBox, number: int, sheet: int):
    form = SheetTypedForm()
    form.validate()
    return handle(form, lambda: batches.type_sheet(box.id, number, sheet, form.sheet.data or "", by=visitor()),
                  lambda: _typing(box, queries.batch(box.id, number), form, sheet),
                  lambda _typed: redirect(url_for(".type_batch", box=box.id.hex(), number=number)), at_fields=True)


@post("/batches/<id:number>/typings", "finish_batch", may_type)
def finish(box: BallotBox, number: int):
    outcome = batches.finish_typing(box.id, number, by=visitor())
    return told(box, "batches", {
        Outcome.WAITS: _("%(number)s번 묶음을 다 입력했어요. 이제 다른 사람이 한 번 더 입력해요.", number=number),
        Outcome.SETTLED: _("%(number)s번 묶음은 두 사람의 입력이 같아서 정해졌어요.", number=number),
        Outcome.DIFFERS: _("%(number)s번 묶음에서 다르게 읽은 종이가 있어요. 세 번째 사람이 정해요.", number=number),
    }[outcome])


@post("/batches/<id:number>/typings/own/end", "give_batch_up", may_type)
def give_up(box: BallotBox, number: int):
    batches.give_up(box.id, number, by=visitor())
    return told(box, "batches", _("%(number)s번 묶음의 내 입력을 지웠어요.", number=number))


@get("/batches/<id:number>/differences", "differences", may_settle)
def differences(box: BallotBox, number: int):
    return _differences(box, queries.batch(box.id, number), {}, {})


@post("/batches/<id:number>/differences", "settle_batch", may_settle)
def settle(box: BallotBox, number: int):
    batch = queries.batch(box.id, number)
    decisions = {difference.sheet: Decision(_line(f"sheet-{difference.sheet}"), _line(f"note-{difference.sheet}"))
                 for difference in queries.differences(batch)}

    def again(refusal: Refusal):
        if refusal.field is None:
            raise refusal
        return _differences(box, batch, decisions, {refusal.field: str(refusal)})

    return attempt(lambda: batches.settle(box.id, number, decisions, by=visitor()), again,
                   lambda _settled: told(box, "batches", _("%(number)s번 묶음을 정했어요.", number=number)))


def _line(name: str) -> str:
    return plain_text.clean(request.form.get(name, "")[:400])


def _typing(box: BallotBox, batch: PaperBatch, form: SheetTypedForm, sheet: int | None):
    """One sheet to type, and beneath it what this person alone has typed so far."""
    entry = queries.own_entry(box.id, batch.number, visitor().id)
    typed = queries.sheets_of(entry) if entry else []
    following = min(len(typed) + 1, batch.sheets)
    done = len(typed) == batch.sheets and sheet is None and not form.errors and not form.form_errors
    return _sheets(box, "typing", batch=batch, form=form, typed=[_in_words(box, choice) for choice in typed], done=done,
                   sheet=sheet if sheet and 1 <= sheet <= following else following)


def _differences(box: BallotBox, batch: PaperBatch, decisions: dict[int, Decision], errors: dict[str, str]):
    require(visitor(), may_settle, queries.typing(batch))
    differences = [(difference.sheet, [_in_words(box, reading) for reading in difference.readings],
                    decisions.get(difference.sheet, Decision("", ""))) for difference in queries.differences(batch)]
    if not differences:
        raise NotFound(_("두 사람이 다르게 읽은 종이가 없어요. 묶음 목록을 새로 열어 확인해 주세요."))
    return _sheets(box, "differences", batch=batch, differences=differences, errors=errors)


def _sheets(box: BallotBox, page: str, **shown):
    """A page on which sheets are typed."""
    return render_template(f"ballots/batches_{page}.html", rule=boxes.rule_of(box), options=boxes.asked(box)["options"],
                           **shown, **of_page(box, "batches"))


def _in_words(box: BallotBox, choice: bytes) -> str:
    """As it was typed, with words where there is no number."""
    if choice == INVALID:
        return _("무효")
    rule = boxes.rule_of(box)
    return _("기권") if rule.is_blank(choice) else written(choice, rule)
