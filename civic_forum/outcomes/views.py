"""Pages of outcomes: public, writing."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for

from civic_forum.blocks import sections
from civic_forum.blocks.approval_pages import ApprovalPages, Said, SendBackForm
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.listing import Chosen, Given, Link
from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import plain_text, rich_text, settings
from civic_forum.platform.errors import Invalid
from civic_forum.platform.i18n import _, _l, today
from civic_forum.platform.policy import can, require
from civic_forum.platform.web import accepts_files, shown_to, visitor
from civic_forum.proposals.differences import compare
from civic_forum.proposals.queries import records as proposals

from . import labels, policy, services
from .extensions import PAGE
from .forms import CorrectionForm, OutcomeForm, PictureForm, filled
from .models import Outcome
from .policy import may_see_desk
from .queries import detail, listing, records, subjects
from .queries import desk as queries
from .queries.detail import promise_of
from .queries.subjects import OutcomeCase
from .rules import Decision, Progress, Side

bp = Blueprint("outcomes", __name__)
desk = Blueprint("outcome_desk", __name__, url_prefix="/desk/outcomes")
bp.record_once(lambda state: state.app.register_blueprint(desk))


for_officials = shown_to(may_see_desk)


COMPARED = ("title", "decision", "reasons", "what_follows", "decided_on", "promised_on", "cost", "cost_note",
            "documents", "links")
MOST_BYTES = 22 * 1024 * 1024
"""Of a picture with its form."""
PICKED = ("year", "neighbourhood", "department")


@bp.get("/outcomes")
def index():
    return sections.page(_index, listing.OUTCOMES.given(request.args))


def _index(filters: Given) -> tuple[str, dict[str, Any]]:
    totals = listing.totals(listing.OUTCOMES.of())
    wanted = listing.OUTCOMES.read(filters, {"year": totals.years})
    counted = listing.totals(wanted) if wanted.values.keys() - listing.BY_NUMBER else totals
    page = listing.listed(wanted, filters.get("after"))
    kinds = [kind for kind in wanted.choices("kind") if kind in totals.kinds or kind == wanted["kind"]]
    return "outcomes/list.html", {
        "cards": listing.of(page.items, today()), "totals": counted, "wanted": wanted,
        "chips": _chips(wanted, counted), "kinds": wanted.links("kind", kinds), "pickers": wanted.pickers(*PICKED),
        "picked": PICKED, "csv_url": f"/data/outcomes.csv?{urlencode(wanted.said)}",
        "after_url": page.after and wanted.address(after=page.after)}


def _chips(wanted: Chosen, totals: listing.Totals) -> list[Link]:
    """Links by decision and by progress, each with its number."""
    def chip(label: object, total: int, decision: Decision | None = None, progress: Progress | None = None) -> Link:
        return Link(label, wanted.address(decision=decision, progress=progress),
                    (wanted["decision"], wanted["progress"]) == (decision, progress), total)

    return [chip(_("모두"), totals.all),
            *(chip(labels.SHORT[decision], totals.decisions[decision], decision=decision) for decision in Decision),
            *(chip(labels.PROGRESS[progress], totals.progress[progress], progress=progress)
              for progress in (Progress.IN_PROGRESS, Progress.DONE))]


@bp.get("/outcomes/<id:outcome_id>")
def show(outcome_id: int):
    page = detail.detail(outcome_id)
    viewer = visitor()
    may_correct = viewer.is_authenticated and can(viewer, "outcomes.correct", page.outcome)
    return render_template("outcomes/show.html", found=page, outcome=page.outcome, labels=labels,
                           promise=page.promise(today()), may_correct=may_correct, sections=PAGE.ask(page.outcome))


@bp.get("/outcomes/<id:outcome_id>/versions")
def versions(outcome_id: int):
    outcome = records.public(outcome_id)
    every = records.versions(outcome.id)
    newer = records.version(outcome.id, _wanted("to", every[0].version))
    older = records.version(outcome.id, _wanted("from", max(newer.version - 1, 1)))
    changed = [(name, compare(said(older.content, name), said(newer.content, name))) for name in COMPARED
               if older.content[name] != newer.content[name]]
    return render_template("outcomes/versions.html", outcome=outcome, versions=every, older=older, newer=newer,
                           changed=changed)


def _wanted(name: str, otherwise: int) -> int:
    return plain_text.version(request.args[name]) if request.args.get(name) else otherwise


def said(content: dict, name: str) -> str:
    """Text of a version there, so that it can be compared."""
    value = content[name]
    if name == "decision":
        return str(labels.DECISION[value])
    if name in ("documents", "links"):
        return "\n\n".join("\n".join(pair) for pair in value)
    if name == "cost":
        return "" if value is None else f"{value:,}"
    return value or ""


PLACES = [decides.place for _kind, decides in subjects.decidable()]
WHERE = f"/<any({','.join(PLACES)}):kind>/<name>"


@desk.get("")
@for_officials
def overview():
    number = plain_text.clean(request.args.get("number", "")[:40])
    if proposals.numbered(number):
        return redirect(url_for(".case", kind="proposals", name=number), 303)
    return render_template("outcomes/desk.html", own=queries.of_departments(visitor()), number=number,
                           decidable=queries.undecided(visitor()), labels=labels, today=today(),
                           promise_of=promise_of)


def _seen(kind: str, name: str) -> OutcomeCase:
    """Raises NotFound, also for what this official may not read, and Denied."""
    case = subjects.at(kind, name)
    if case.decidable.why_not_read(visitor(), case.record):
        raise case.kind.missing()
    require(visitor(), policy.may_see_case, case)
    return case


@desk.get(WHERE)
@for_officials
def case(kind: str, name: str):
    return _page(_seen(kind, name))


def _page(case: OutcomeCase, form: OutcomeForm | None = None, preview: Outcome | None = None,
          back: SendBackForm | None = None) -> str:
    viewer = visitor()
    if form is None and can(viewer, "outcomes.write", case):
        form = OutcomeForm(formdata=None, data=filled(case.outcome))
    unpublished = preview or (case.outcome if case.outcome and not case.outcome.published_at else None)
    back = back or SendBackForm.empty()
    back.seen.data = str(case.outcome.version if case.outcome else 0)
    return render_template(
        "outcomes/case.html", anew=back, case=case, outcome=case.outcome, form=form, preview=preview, labels=labels,
        rendered={"reasons": rich_text.preview(unpublished.reasons),
                  "what_follows": rich_text.preview(unpublished.what_follows)} if unpublished else {},
        reason=policy.may_write(viewer, case), people=queries.how_many_are_told(case),
        needs_approval=settings.value("ANSWERS_NEED_APPROVAL"))


@desk.route("/<id:outcome_id>/pictures", methods=["GET", "POST"])
@accepts_files(MOST_BYTES)
@for_officials
def pictures(outcome_id: int):
    outcome = records.public(outcome_id)
    require(visitor(), policy.may_illustrate, outcome)
    form = PictureForm() if request.method == "POST" else PictureForm(formdata=None)

    def page():
        return render_template("outcomes/pictures.html", outcome=outcome, form=form, labels=labels)

    if request.method != "POST":
        return page()
    return handle(form, lambda: services.illustrate(outcome_id, *form.given(), by=visitor()), page,
                  lambda _outcome: saved(_("사진을 걸었어요. 이제 누구나 봐요."), url_for(".pictures", outcome_id=outcome_id)))


@desk.post("/<id:outcome_id>/picture-removals")
@for_officials
def take_down(outcome_id: int):
    side = request.form.get("side")
    if side not in list(Side):
        raise Invalid(_("전인지 후인지 골라 주세요."))
    services.take_down(outcome_id, Side(side), by=visitor())
    return saved(_("사진을 뺐어요."), url_for(".pictures", outcome_id=outcome_id))


APPROVAL = ApprovalPages(
    approval=services.APPROVAL, find=_seen, key=lambda case: Ref(case.subject, case.record.id), page=_page,
    form=OutcomeForm, preview=lambda case, text: services.preview(case, text, by=visitor()), public=records.public,
    correction_form=CorrectionForm, filled=filled,
    correction_page=lambda outcome, form: render_template("outcomes/correction.html", outcome=outcome, form=form),
    desk_url=lambda outcome: subjects.about(outcome).desk_url,
    published_url=lambda outcome: url_for("outcomes.show", outcome_id=outcome.id),
    said=Said(published=_l("결과를 공개했어요."), approved=_l("결과를 공개했어요. 참여한 사람들에게 알려요."),
              correction_written=_l("고친 결과를 저장했어요. 다른 담당자가 승인하면 공개돼요."),
              corrected_at_once=_l("고친 결과를 공개했어요."), corrected=_l("고친 결과를 공개했어요."),
              gave_up=_l("고치던 것을 지웠어요. 공개한 결과는 그대로예요.")))
APPROVAL.mount(desk, WHERE, "/<id:outcome_id>/correction", for_officials)
