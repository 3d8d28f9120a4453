"""Paper at the desk: look up, hand out, note what came back, print."""

from flask import flash, redirect, render_template, request, url_for

from civic_forum.kernel import clock
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import by_address, visitor

from ..forms.desk import AccountForm, ChangeForm, IssueForm, SheetForm, VoterForm
from ..models import BallotBox
from ..policy.desk import may_issue_paper
from ..queries import boxes
from ..queries import papers as queries
from ..rules.boxes import SheetState
from ..services import desk, papers
from ..steps.papers import why_not_issued
from .blueprint import bp
from .desk import account_looked_up, groups, looked_up, neighbourhoods_of, of_page, options, question, shown_to

HERE = "/desk/votes/<box>/papers"


@bp.get(HERE, endpoint="papers")
@shown_to(may_issue_paper)
def show(box: BallotBox):
    return _page(box)


@bp.post(f"{HERE}/look-ups", endpoint="look_up_voter")
@shown_to(may_issue_paper)
@by_address
def look_up(box: BallotBox):
    return looked_up(box, _page)


@bp.post(f"{HERE}/account-look-ups", endpoint="look_up_account")
@shown_to(may_issue_paper)
@by_address
def look_up_account(box: BallotBox):
    return account_looked_up(box, _page)


@bp.post(HERE, endpoint="issue_paper")
@shown_to(may_issue_paper)
def issue(box: BallotBox):
    form = IssueForm()
    try:
        if not form.validate():
            raise Refusal(" ".join(form.number.errors), field="number")
        issued = papers.issue(box.id, form.visit.data or "", number=form.number.number, by_post=form.by_post.data,
                              by=visitor())
    except Refusal as refusal:
        return _page(box, trouble=str(refusal)), refusal.status
    done = _("%(number)s번 종이를 내줬어요.", number=issued.number)
    withdrew = _("온라인으로 낸 표는 거뒀어요. 이제 종이만 세요.")
    flash(f"{done} {withdrew}" if issued.withdrew else done, "success")
    return redirect(url_for(".papers", box=box.id.hex(), number=issued.number, _anchor="issued"))


@bp.post(f"{HERE}/returns", endpoint="return_paper")
@shown_to(may_issue_paper)
def mark_returned(box: BallotBox):
    form = SheetForm(prefix="return")
    if not form.validate():
        return _page(box, returned=form), 422
    try:
        papers.mark_returned(box.id, form.number.number, by=visitor())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(box, returned=form), refusal.status
    flash(_("%(number)s번 종이가 돌아왔어요.", number=form.number.number), "success")
    return redirect(url_for(".papers", box=box.id.hex(), _anchor="returns"))


@bp.post(f"{HERE}/changes", endpoint="change_paper")
@shown_to(may_issue_paper)
def change(box: BallotBox):
    form = ChangeForm(prefix="change")
    if not form.validate():
        return _page(box, changed=form), 422
    number = form.number.number
    try:
        told = _changed(box, form.what.data, number)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(box, changed=form), refusal.status
    flash(told, "success")
    return redirect(url_for(".papers", box=box.id.hex(), _anchor="changes"))


def _changed(box: BallotBox, what: str, number: int) -> str:
    """Carry it out; the sentence that says what the clerk hands over now."""
    if what == "undone":
        papers.undo_return(box.id, number, by=visitor())
        return _("%(number)s번 종이를 아직 돌아오지 않은 것으로 고쳤어요.", number=number)
    if what == "spoiled":
        new = papers.replace(box.id, number, by=visitor())
        return _("%(number)s번은 못 쓰게 됐어요. %(new)s번 종이를 드리세요.", number=number, new=new)
    new = papers.take_back(box.id, number, by=visitor())
    if new is None:
        return _("%(number)s번 종이를 돌려받았어요. 이제 온라인으로 투표할 수 있어요.", number=number)
    return _("%(number)s번 종이를 돌려받았어요. 온라인으로 낸 표를 이미 거둔 분이라 종이로만 투표할 수 있어요. %(new)s번 종이를 "
             "드리세요.", number=number, new=new)


@bp.get(f"{HERE}/ballot", endpoint="print_ballot")
@shown_to(may_issue_paper)
def print_ballot(box: BallotBox):
    """The ballot sheet, and for a number the slip of its outer envelope."""
    asked = request.args.get("number", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 6 else None
    sheet = queries.sheet(box.id, number) if number else None
    return render_template("ballots/papers_print.html", sheet=sheet, options=options(box), question=question(box),
                           groups=groups(box), rule=boxes.rule_of(box), **of_page(box, "papers"))


def _page(box: BallotBox, *, look_up=None, account=None, returned=None, changed=None, found=None, trouble=None):
    here = neighbourhoods_of(visitor())
    asked = request.args.get("number", "")
    return render_template(
        "ballots/papers.html", look_up=look_up or VoterForm(formdata=None), issue=IssueForm(formdata=None),
        account=(account or AccountForm(formdata=None)) if desk.takes_declared(box) else None,
        returned=returned or SheetForm(formdata=None, prefix="return"),
        changed=changed or ChangeForm(formdata=None, prefix="change"), found=found, trouble=trouble,
        counts=queries.counts(box.id, here), out=queries.sheets(box.id, SheetState.ISSUED, here),
        just_issued=asked if asked.isdecimal() and len(asked) <= 6 else None, state=SheetState,
        why_not_issued=why_not_issued(box, clock.now()), whole_district=here is None, **of_page(box, "papers"))
