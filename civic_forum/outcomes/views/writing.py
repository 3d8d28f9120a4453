"""Pages of outcomes for officials: what can be decided, and the page on which one is written."""

from flask import current_app, redirect, render_template, request, url_for

from civic_forum.blocks.approval_pages import ApprovalPages, Said, SendBackForm
from civic_forum.blocks.kinds import Ref
from civic_forum.platform import clock, plain_text, rich_text
from civic_forum.platform.i18n import _l, local
from civic_forum.platform.policy import can, require
from civic_forum.platform.web import visitor
from civic_forum.proposals import queries as proposals

from .. import policy, services, labels
from ..forms import CorrectionForm, OutcomeForm, filled
from ..models import Outcome
from ..queries import desk as queries
from ..queries import records, subjects
from ..queries.detail import promise_of
from ..queries.subjects import OutcomeCase
from .blueprint import desk
from .gate import for_officials

PLACES = [decides.place for _kind, decides in subjects.decidable()]
WHERE = f"/<any({','.join(PLACES)}):kind>/<name>"


@desk.get("")
@for_officials
def overview():
    number = plain_text.clean(request.args.get("number", "")[:40])
    if proposals.numbered(number):
        return redirect(url_for(".case", kind="proposals", name=number), 303)
    return render_template("outcomes/desk.html", own=queries.of_departments(visitor()), number=number,
                           decidable=queries.decidable(visitor()), labels=labels, today=local(clock.now()).date(),
                           promise_of=promise_of)


def _seen(kind: str, name: str) -> OutcomeCase:
    """Raises NotFound, also for what this official may not read, and Denied."""
    found = subjects.at(kind, name)
    if found.decidable.why_not_read(visitor(), found.record):
        raise found.kind.missing()
    require(visitor(), policy.may_see_case, found)
    return found


@desk.get(WHERE)
@for_officials
def case(kind: str, name: str):
    return _page(_seen(kind, name))


def _page(found: OutcomeCase, form: OutcomeForm | None = None, preview: Outcome | None = None,
          back: SendBackForm | None = None) -> str:
    viewer = visitor()
    if form is None and can(viewer, "outcomes.write", found):
        form = OutcomeForm(formdata=None, data=filled(found.outcome))
    unpublished = preview or (found.outcome if found.outcome and not found.outcome.published_at else None)
    back = back or SendBackForm.empty()
    back.seen.data = str(found.outcome.version if found.outcome else 0)
    return render_template(
        "outcomes/case.html", anew=back, case=found, outcome=found.outcome, form=form, preview=preview, labels=labels,
        rendered={"reasons": rich_text.preview(unpublished.reasons),
                  "what_follows": rich_text.preview(unpublished.what_follows)} if unpublished else {},
        reason=policy.may_write(viewer, found), people=queries.how_many_are_told(found),
        needs_approval=current_app.config["ANSWERS_NEED_APPROVAL"])


APPROVAL = ApprovalPages(
    approval=services.APPROVAL, find=_seen, key=lambda found: Ref(found.subject, found.record.id), page=_page,
    form=OutcomeForm, preview=lambda found, text: services.preview(found, text, by=visitor()), public=records.public,
    correction_form=CorrectionForm, filled=filled,
    correction_page=lambda outcome, form: render_template("outcomes/correction.html", outcome=outcome, form=form),
    desk_url=lambda outcome: subjects.about(outcome).desk_url,
    published_url=lambda outcome: url_for("outcomes.show", outcome_id=outcome.id),
    said=Said(published=_l("결과를 공개했어요."), approved=_l("결과를 공개했어요. 참여한 사람들에게 알려요."),
              correction_written=_l("고친 결과를 저장했어요. 다른 담당자가 승인하면 공개돼요."),
              corrected_at_once=_l("고친 결과를 공개했어요."), corrected=_l("고친 결과를 공개했어요."),
              gave_up=_l("고치던 것을 지웠어요. 공개한 결과는 그대로예요.")))
APPROVAL.mount(desk, WHERE, "/<id:outcome_id>/correction", for_officials)
