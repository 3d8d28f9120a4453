"""The page on which officials work on one proposal."""

from collections.abc import Callable

from flask import current_app, flash, redirect, render_template, request, url_for

from civic_forum.blocks.pages import handle, saved
from civic_forum.kernel import clock, plain_text, rich_text
from civic_forum.kernel.errors import Denied
from civic_forum.kernel.forms import CHOICE
from civic_forum.kernel.i18n import _, local
from civic_forum.kernel.policy import can, require
from civic_forum.kernel.web import by_user, visitor

from .. import queries, services, labels
from ..forms import AnswerForm, SendBackForm, WhyForm, filled
from ..models import Answer
from ..policy.writing import may_write
from ..queries import cases
from ..rules import REMINDED_AFTER_DAYS
from .blueprint import desk
from .gate import for_staff, seen_case


@desk.get("/<number>")
@for_staff
def case(number: str):
    return _page(seen_case(number))


def _page(found: queries.AnswerCase, form: AnswerForm | None = None, preview: Answer | None = None,
          contact: tuple[str, str] | None = None, why: WhyForm | None = None, back: SendBackForm | None = None):
    viewer = visitor()
    sees_drafts = can(viewer, "answers.see_drafts", found)
    if form is None and can(viewer, "answers.write", found):
        form = AnswerForm(formdata=None, data=filled(found.draft))
    draft = found.draft if sees_drafts else None
    unpublished = preview or draft
    back = back or SendBackForm(formdata=None, prefix="back")
    back.seen.data = str(draft.version if draft else 0)
    return render_template(
        "answers/case.html", case=found, p=found.proposal, form=form, preview=preview, contact=contact, labels=labels,
        why=why or WhyForm(formdata=None, prefix="why"), draft=draft,
        rendered=rich_text.preview(unpublished.text) if unpublished else "",
        anew=back, sees_drafts=sees_drafts, today=local(clock.now()).date(),
        pauses=cases.pauses_of(found.duty.id) if found.duty else [],
        reminded_after=REMINDED_AFTER_DAYS, needs_approval=current_app.config["ANSWERS_NEED_APPROVAL"])


@desk.post("/<number>")
@for_staff
@by_user
def write(number: str):
    found, form = seen_case(number), AnswerForm()
    require(visitor(), may_write, found)
    # The buttons about numbers stand only where it was about to be submitted.
    act = request.form.get("do") or ("submit" if CHOICE in request.form else None)

    def keep() -> Answer | None:
        """The preview, where that was asked for."""
        text = form.part()
        if act == "submit":
            form.refuse_personal_numbers()
        if act == "preview":
            return services.preview(found, text)
        change = services.submit if act == "submit" else services.save
        change(found.proposal.id, text, seen=form.read_version, by=visitor())
        return None

    def done(preview: Answer | None):
        if preview is not None:
            return _page(found, form, preview=preview)
        if act != "submit":
            flash(_("저장했어요. 우리 부서만 볼 수 있어요."), "success")
        elif current_app.config["ANSWERS_NEED_APPROVAL"]:
            flash(_("승인을 요청했어요. 다른 담당자가 승인하면 공개돼요."), "success")
        else:
            flash(_("답변을 공개했어요."), "success")
        return _back(number)

    return handle(form, keep, lambda: _page(seen_case(number), form), done, through=Denied)


@desk.post("/<number>/takings")
@for_staff
def take(number: str):
    services.take(seen_case(number).proposal.id, by=visitor())
    flash(_("우리 부서가 맡았어요."), "success")
    return _back(number)


@desk.post("/<number>/approvals")
@for_staff
def approve(number: str):
    found, seen = seen_case(number), plain_text.version(request.form.get("seen"))
    return _second(number, SendBackForm(formdata=None, prefix="back"), _("답변을 공개했어요."),
                   lambda: services.approve(found.proposal.id, seen=seen, by=visitor()))


@desk.post("/<number>/send-backs")
@for_staff
def send_back(number: str):
    found, back = seen_case(number), SendBackForm(prefix="back")
    return _second(number, back, _("다시 쓰는 중으로 되돌렸어요."), lambda: services.send_back(
        found.proposal.id, seen=back.read_version, why=back.reason.data or "", by=visitor()))


def _second(number: str, back: SendBackForm, done: str, change: Callable):
    """Act of a second official on what they read; refused, they read what stands there now."""
    return handle(back, change, lambda: _page(seen_case(number), back=back),
                  lambda made: saved(done, url_for(".case", number=number)), through=Denied)


@desk.post("/<number>/contact")
@for_staff
def contact(number: str):
    found, why = seen_case(number), WhyForm(prefix="why")
    return handle(why, lambda: services.see_contact(found.proposal.id, reason=why.reason.data or "", by=visitor()),
                  lambda: _page(seen_case(number), why=why),
                  lambda seen: _page(seen_case(number), contact=seen), through=Denied)


def _back(number: str):
    return redirect(url_for(".case", number=number), 303)
