"""The page on which officials work on one proposal."""

from flask import current_app, flash, redirect, render_template, url_for

from civic_forum.blocks.approval_pages import ApprovalPages, Said, SendBackForm
from civic_forum.blocks.pages import handle
from civic_forum.platform import clock, rich_text
from civic_forum.platform.errors import Denied
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.policy import can
from civic_forum.platform.web import visitor

from .. import queries, services, labels
from ..forms import AnswerForm, CorrectionForm, WhyForm, filled
from ..models import Answer
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
    back = back or SendBackForm.empty()
    back.seen.data = str(draft.version if draft else 0)
    return render_template(
        "answers/case.html", case=found, p=found.proposal, form=form, preview=preview, contact=contact, labels=labels,
        why=why or WhyForm(formdata=None, prefix="why"), draft=draft,
        rendered=rich_text.preview(unpublished.text) if unpublished else "",
        anew=back, sees_drafts=sees_drafts, today=local(clock.now()).date(),
        pauses=cases.pauses_of(found.duty.id) if found.duty else [],
        reminded_after=REMINDED_AFTER_DAYS, needs_approval=current_app.config["ANSWERS_NEED_APPROVAL"])


@desk.post("/<number>/takings")
@for_staff
def take(number: str):
    services.take(seen_case(number).proposal.id, by=visitor())
    flash(_("우리 부서가 맡았어요."), "success")
    return _back(number)


@desk.post("/<number>/contact")
@for_staff
def contact(number: str):
    found, why = seen_case(number), WhyForm(prefix="why")
    return handle(why, lambda: services.see_contact(found.proposal.id, reason=why.reason.data or "", by=visitor()),
                  lambda: _page(seen_case(number), why=why),
                  lambda seen: _page(seen_case(number), contact=seen), through=Denied)


def _back(number: str):
    return redirect(url_for(".case", number=number), 303)


APPROVAL = ApprovalPages(
    approval=services.APPROVAL, find=seen_case, key=lambda found: found.proposal.id, page=_page, form=AnswerForm,
    preview=services.preview, public=queries.answer, correction_form=CorrectionForm, filled=filled,
    correction_page=lambda answer, form: render_template("answers/correction.html", answer=answer, p=answer.proposal,
                                                         form=form),
    desk_url=lambda answer: f"/desk/answers/{answer.proposal.number}",
    published_url=lambda answer: f"/desk/answers/{answer.proposal.number}",
    said=Said(published=_l("답변을 공개했어요."), approved=_l("답변을 공개했어요."),
              correction_written=_l("고친 답변을 저장했어요."), corrected_at_once=_l("고친 답변을 저장했어요."),
              corrected=_l("고친 답변을 공개했어요."), gave_up=_l("고치던 답변을 지웠어요. 공개한 답변은 그대로예요.")))
APPROVAL.mount(desk, "/<number>", "/corrections/<id:answer_id>", for_staff)
