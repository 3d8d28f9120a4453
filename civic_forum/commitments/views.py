"""Pages of commitments: the board, one commitment, the desk."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_login import login_required

from civic_forum.attachments import services as files
from civic_forum.attachments.rules import ACCEPT, MAX_BYTES_TOGETHER
from civic_forum.blocks import about, sections
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.listing import Chosen, Given, Link
from civic_forum.blocks.pages import handle, saved
from civic_forum.district.queries import department_names
from civic_forum.outcomes.queries import records as outcomes
from civic_forum.platform import plain_text
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import can, require
from civic_forum.platform.web import accepts_files, by_user, never_cached, shown_to, visitor

from . import amounts, calendar, days, detail, labels, pictures, policy, rules
from .extensions import COUNTED, PAGE
from .forms.entries import EntryForm, LogForm, SendBackForm, StatusForm, SurveyForm, TargetsForm
from .forms.facts import FactsForm, PersonForm
from .forms.milestones import MilestonesForm, ReachedForm, SlipForm, WithdrawnForm
from .forms.money import MoneyForm, QuarterForm, ShiftForm
from .models import Commitment
from .policy import may_see_desk
from .queries import board
from .queries import desk as desk_queries
from .queries import records as queries
from .rows import Row, load_rows
from .rules import EntryKind, EntryState, Status
from .services import entries as services
from .services.entries import UnitQuestion
from .services.entries import Given as GivenEntry
from .story import story

bp = Blueprint("commitments", __name__)
desk = Blueprint("commitment_desk", __name__, url_prefix="/desk/commitments")
bp.record_once(lambda state: state.app.register_blueprint(desk))
for_officials = shown_to(may_see_desk)
PICKED = ("field", "department", "neighbourhood", "status", "q", "sort")
_today = board.today
FORMS: dict[str, type[EntryForm]] = {form.kind.value: form for form in (
    FactsForm, MilestonesForm, ReachedForm, WithdrawnForm, SlipForm, StatusForm, MoneyForm, ShiftForm, TargetsForm,
    QuarterForm, SurveyForm, LogForm)}
"""The last part of the address of each form → the form."""
ACTS = "/<id:commitment_id>/<any({}):act>".format(",".join(FORMS))


@bp.get("/commitments")
def index():
    return sections.page(_index, board.COMMITMENTS.given(request.args))


def _index(filters: Given) -> tuple[str, dict[str, Any]]:
    wanted = board.COMMITMENTS.read(filters)
    page, totals = wanted.page(filters.get("after")), board.totals(wanted)
    return "commitments/list.html", {
        "rows": [Row.of(row[0], _today()) for row in page.items], "totals": totals, "wanted": wanted,
        "chips": _chips(wanted, totals), "pickers": wanted.pickers(*PICKED), "share": pictures.share(totals),
        **({} if wanted.narrowed else {
            "map": pictures.map_of(board.by_neighbourhood()), "money": pictures.money(totals),
            "first": {standing: [Row.of(commitment, _today()) for commitment in commitments]
                      for standing, commitments in board.told_first().items()}}),
        "is_story": not wanted.narrowed and "after" not in filters,
        "csv_url": f"/data/commitments.csv?{urlencode(wanted.said)}",
        "after_url": page.after and wanted.address(after=page.after)}


def _chips(wanted: Chosen, totals: board.Totals) -> list[Link]:
    """Links by standing, each with its number."""
    of = ((_("모두"), None, totals.all), *((labels.STANDING[standing], standing, totals.standings[standing])
                                         for standing in labels.STANDING))
    return [Link(label, wanted.address(standing=standing), wanted["standing"] == standing, count)
            for label, standing, count in of]


@bp.get("/commitments/<id:commitment_id>")
def show(commitment_id: int):
    return sections.page(_show, commitment_id)


def _show(commitment_id: int) -> tuple[str, dict[str, Any]]:
    page = detail.detail(commitment_id, visitor())
    plan = page.commitment.plan_id
    return "commitments/show.html", {"found": page, "one": page.commitment, "labels": labels, "pictures": pictures,
                                     "is_missed": rules.is_missed, "sections": PAGE.ask(page.commitment),
                                     "counted": [row for rows in COUNTED.ask(commitment_id) for row in rows],
                                     "plan": plan and about.subject(Ref("plan", plan)),
                                     "money": pictures.money_by_year(page.years)}


@bp.get("/commitments/calendar.ics")
def due_days():
    return Response(calendar.write(board.due_days(calendar.MOST)), mimetype="text/calendar")


@bp.get("/me/commitments")
@never_cached
@login_required
def mine():
    return render_template("commitments/mine.html",
                           rows=[Row.of(commitment, _today()) for commitment in board.of_mine(visitor())])


# The desk


@desk.get("")
@for_officials
def overview():
    wanted = desk_queries.AT_DESK.read(request.args)
    page = desk_queries.of_departments(visitor(), wanted, request.args.get("after"))
    chips = [Link(label, wanted.address(person=person), wanted["person"] == person)
             for label, person in ((_("우리 부서의 약속"), None), (_("내가 맡은 약속"), visitor().id),
                                   (_("담당자 없음"), desk_queries.NOBODY))]
    names = department_names()
    offices = [(key, names[key]) for key in sorted(visitor().department_ids())]
    return render_template("commitments/desk.html", chips=chips, offices=offices, wanted=wanted,
                           quarter=labels.quarter(days.quarter_before(_today())),
                           works=wanted.links("work"),
                           rows=[(commitment, Row.of(commitment, _today(), placed=False)) for commitment in page.items],
                           after_url=page.after and wanted.address(after=page.after))


@desk.get("/people")
@for_officials
def people():
    return render_template("commitments/people.html", rows=load_rows(desk_queries.loads(visitor())),
                           works={**labels.WORK, desk_queries.ALL: _("모두")})


@bp.get("/desk/outcomes/<id:outcome_id>/reports")
@for_officials
def of_outcome(outcome_id: int):
    """The place where it is told how far an outcome is carried out: that of its commitment."""
    commitment = existing(queries.of_outcome(outcomes.public(outcome_id).id),
                          lambda: NotFound(_("하기로 한 일만 실행을 알릴 수 있어요.")))
    place = "commitment_desk.case" if can(visitor(), "commitments.keep", commitment) else "commitments.show"
    return redirect(url_for(place, commitment_id=commitment.id), 303)


@desk.route("/new", methods=["GET", "POST"])
@for_officials
@by_user
def begin():
    commitment, ledger = Commitment(department_id=min(visitor().department_ids()), title=""), rules.Ledger()
    if request.method == "GET":
        form = FactsForm(commitment, ledger, formdata=None,
                         data=FactsForm.filled({"department": commitment.department_id})
                         | {"seen": "0", "on": _today()})
        return _begin_page(form)
    form = FactsForm(commitment, ledger)
    return handle(form, lambda: services.begin(form.content(), form.day(), by=visitor()), lambda: _begin_page(form),
                  lambda made: saved(_("약속을 적었어요. 이제 단계를 나눠 주세요."),
                                     url_for(".case", commitment_id=made.id)))


def _begin_page(form: FactsForm) -> str:
    return render_template("commitments/act.html", one=None, title=_("약속 새로 적기"), **_facts(form))


def _kept(commitment_id: int) -> Commitment:
    """Raises NotFound and Denied."""
    commitment = queries.commitment(commitment_id)
    require(visitor(), policy.may_keep, commitment)
    return commitment


@desk.get("/<id:commitment_id>")
@for_officials
def case(commitment_id: int):
    return _case(commitment_id, SendBackForm(formdata=None))


def _case(commitment_id: int, back: SendBackForm, named: PersonForm | None = None) -> str:
    """Raises NotFound and Denied."""
    commitment = queries.commitment(commitment_id)
    require(visitor(), policy.may_open, commitment)
    named = named or PersonForm(commitment, formdata=None, data={"person": str(commitment.person_id or "")})
    named.seen.data = str(commitment.version)
    rows, waiting = queries.entries(commitment.id), queries.entries(commitment.id, EntryState.WAITING)
    ledger = queries.ledger_of(rows)
    told = story(rows, ledger, waiting, within=True)
    keys = [key for entry in (*rows, *waiting) for key in entry.content.get("files", ())]
    return render_template(
        "commitments/case.html", one=commitment, ledger=ledger, back=back, named=named,
        row=Row.of(commitment, _today()), story=told[len(rows) - 1::-1],
        waiting=list(zip(waiting, told[len(rows):], strict=True)), pictures=queries.files(keys),
        back_rows=[entry for entry in queries.entries(commitment.id, EntryState.SENT_BACK)
                   if entry.by_id == visitor().id][-3:])


@desk.route(ACTS, methods=["GET", "POST"])
@for_officials
@by_user
@accepts_files(MAX_BYTES_TOGETHER)
def act(commitment_id: int, act: str):
    commitment, ledger = _kept(commitment_id), queries.ledger(commitment_id)
    if request.method == "GET":
        return _act_page(commitment, FORMS[act](commitment, ledger, formdata=None,
                                                data=_filled(commitment, ledger, act)))
    form = FORMS[act](commitment, ledger)
    asked: list[str] = []

    def propose() -> object:
        try:
            return services.propose(commitment_id, _given(form), seen=form.read_version, corrects=form.corrected,
                                    why=form.corrected_why.data, by=visitor())
        except UnitQuestion as question:
            asked.append(question.meant)
            raise

    sentence = _("적었어요. 넘겨받는 부서의 담당자가 승인하면 그 부서로 넘어가요.") if _hands(form) else (
        _("적었어요. 같은 부서의 다른 담당자가 승인하면 모두에게 보여요.") if policy.needs_another()
        else _("적었어요. 모두에게 보여요."))
    return handle(form, propose, lambda: _act_page(commitment, form, asked[0] if asked else None),
                  lambda _made: saved(sentence, url_for(".case", commitment_id=commitment_id)))


def _hands(form: EntryForm) -> bool:
    return isinstance(form, FactsForm) and form.is_handed(plain_text.number(form.department.data))


def _given(form: EntryForm) -> GivenEntry:
    content, prepared = form.content(), []
    if isinstance(form, ReachedForm):
        descriptions = [plain_text.clean(text) for text in request.form.getlist("descriptions")]
        chosen = form.chosen()
        sentences = [*descriptions, *[""] * len(chosen)]
        prepared = list(zip(files.prepare_all(chosen, by=visitor()), sentences, strict=False))
        if form.corrected and not prepared:
            content["files"] = queries.entry(form.commitment.id, form.corrected).content.get("files", [])
    return GivenEntry(form.kind, form.day(), content, prepared,
                      confirmed=bool(getattr(form, "confirmed", None) and form["confirmed"].data))


def _filled(commitment: Commitment, ledger: rules.Ledger, act: str) -> dict[str, Any]:
    """A form at first: as the ledger has it, or as the entry that is corrected had it."""
    fields: dict[str, Any] = {"seen": str(commitment.version), "on": _today()}
    content: dict[str, Any] = {}
    if number := plain_text.number(request.args.get("corrects", ""), digits=6):
        entry = queries.entry(commitment.id, number)
        if entry.kind.value != act or entry.state is not EntryState.APPROVED:
            raise NotFound(_("이런 기록은 없어요."))
        fields |= {"corrects": str(number), "on": entry.on}
        content = dict(entry.content)
    if milestone := request.args.get("milestone"):
        content["milestone"] = milestone
    if act == EntryKind.FACTS:
        content = FactsForm.filled({**ledger.facts, **content})
    if act == EntryKind.MONEY and ledger.total is not None:
        content["total"] = amounts.in_unit(ledger.total, rules.Unit(ledger.facts.get("unit", rules.Unit.THOUSAND)))
    if act == EntryKind.STATUS and "status" not in content:
        content["status"] = Status.DONE if commitment.reached == commitment.steps > 0 else commitment.status
    if act == EntryKind.QUARTER and not content:
        content = ledger.carried()
    content["to"] = rules.day(content.get("to"))
    content["until"] = rules.day(content.get("when", "").partition("/")[2])
    return fields | {name: value for name, value in content.items() if not isinstance(value, dict)}


def _act_page(commitment: Commitment, form: EntryForm, meant: str | None = None) -> str:
    template = "commitments/quarter.html" if isinstance(form, QuarterForm) else "commitments/act.html"
    return render_template(template, one=commitment, title=labels.ACT[form.kind], **_facts(form, meant))


def _facts(form: EntryForm, meant: str | None = None) -> dict[str, Any]:
    """Facts of every page of a form."""
    return {"form": form, "act": form.kind.value, "labels": labels, "accept": ACCEPT, "meant": meant,
            "Source": rules.Source, "hints": labels.HINT, "needs_another": policy.needs_another(),
            "dict_of": lambda columns, row: dict(zip(columns, row, strict=True)),
            "sent": {(plain_text.number(row[0], digits=4), row[1], row[2]): row[3] for row in form.rows("executed")}
            if isinstance(form, QuarterForm) and form.is_submitted() else {}}


@desk.post("/<id:commitment_id>/entries/<id:number>/approvals")
@for_officials
@by_user
def approve(commitment_id: int, number: int):
    form = SendBackForm()
    return handle(form, lambda: services.approve(commitment_id, number, seen=form.read_version, by=visitor()),
                  lambda: _case(commitment_id, form),
                  lambda _made: saved(_("승인했어요. 모두에게 보여요."), url_for(".case", commitment_id=commitment_id)))


@desk.post("/<id:commitment_id>/entries/<id:number>/returns")
@for_officials
@by_user
def send_back(commitment_id: int, number: int):
    form = SendBackForm()
    return handle(form, lambda: services.send_back(commitment_id, number, form.why.data or "", by=visitor()),
                  lambda: _case(commitment_id, form),
                  lambda _made: saved(_("되돌렸어요."), _after_return(commitment_id)))


@desk.post("/<id:commitment_id>/person")
@for_officials
@by_user
def name_person(commitment_id: int):
    form = PersonForm(_kept(commitment_id))
    return handle(form, lambda: services.name_person(commitment_id, form.person.user_id, seen=form.read_version,
                                                     by=visitor()),
                  lambda: _case(commitment_id, SendBackForm(formdata=None), form),
                  lambda _made: saved(_("담당자를 적었어요."), url_for(".case", commitment_id=commitment_id)))


def _after_return(commitment_id: int) -> str:
    """The commitment, or the desk for those to whom it is not handed any more."""
    if can(visitor(), "commitments.open", queries.commitment(commitment_id)):
        return url_for(".case", commitment_id=commitment_id)
    return "/desk"


from . import money_views, quarter_views, sheet_views  # noqa: E402, F401 (their pages join the desk by being imported)
