"""Pages of outcomes for officials: what can be decided, and the page on which one is written."""

from flask import current_app, redirect, render_template, request, url_for

from civic_forum.blocks.pages import handle, saved
from civic_forum.kernel import clock, plain_text, rich_text
from civic_forum.kernel.errors import Denied
from civic_forum.kernel.i18n import _, local
from civic_forum.kernel.policy import can, require
from civic_forum.kernel.web import by_user, visitor
from civic_forum.proposals import queries as proposals

from .. import policy, services, labels
from ..forms import OutcomeForm, SendBackForm, filled
from ..models import Outcome
from ..queries import desk as queries
from ..queries import subjects
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
    back = back or SendBackForm(formdata=None, prefix="back")
    back.seen.data = str(found.outcome.version if found.outcome else 0)
    return render_template(
        "outcomes/case.html", anew=back, case=found, outcome=found.outcome, form=form, preview=preview, labels=labels,
        rendered={"reasons": rich_text.preview(unpublished.reasons),
                  "what_follows": rich_text.preview(unpublished.what_follows)} if unpublished else {},
        reason=policy.may_write(viewer, found), people=queries.how_many_are_told(found),
        needs_approval=current_app.config["ANSWERS_NEED_APPROVAL"])


@desk.post(WHERE)
@for_officials
@by_user
def write(kind: str, name: str):
    found, form = _seen(kind, name), OutcomeForm()
    require(visitor(), policy.may_write, found)
    act = request.form.get("do")

    def keep() -> Outcome | None:
        """The preview, where that was asked for."""
        text = form.part()
        if act == "preview":
            return services.preview(found, text, by=visitor())
        change = services.submit if act == "submit" else services.save
        change(found.subject, found.record.id, text, seen=form.read_version, by=visitor())
        return None

    def done(preview: Outcome | None):
        if preview is not None:
            return _page(found, form, preview=preview)
        if act != "submit":
            return saved(_("저장했어요. 우리 부서만 볼 수 있어요."), found.desk_url)
        if current_app.config["ANSWERS_NEED_APPROVAL"]:
            return saved(_("승인을 요청했어요. 다른 담당자가 승인하면 공개돼요."), found.desk_url)
        return saved(_("결과를 공개했어요."), found.desk_url)

    return handle(form, keep, lambda: _page(_seen(kind, name), form), done, through=Denied)


@desk.post(f"{WHERE}/approvals")
@for_officials
def approve(kind: str, name: str):
    found, seen = _seen(kind, name), plain_text.version(request.form.get("seen"))
    back = SendBackForm(formdata=None, prefix="back")
    return handle(back, lambda: services.approve(found.subject, found.record.id, seen=seen, by=visitor()),
                  lambda: _page(_seen(kind, name), back=back),
                  lambda made: saved(_("결과를 공개했어요. 참여한 사람들에게 알려요."),
                                     url_for("outcomes.show", outcome_id=made.id)), through=Denied)


@desk.post(f"{WHERE}/send-backs")
@for_officials
def send_back(kind: str, name: str):
    found, back = _seen(kind, name), SendBackForm(prefix="back")
    return handle(back, lambda: services.send_back(found.subject, found.record.id, seen=back.read_version,
                                                   why=back.reason.data or "", by=visitor()),
                  lambda: _page(_seen(kind, name), back=back),
                  lambda _made: saved(_("다시 쓰는 중으로 되돌렸어요."), found.desk_url), through=Denied)
