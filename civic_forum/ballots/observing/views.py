"""A vote as observers see it: how many take part, heads to keep, proofs, never a count. Objections: everybody
reads them after the close, officials answer, some words are withheld.
"""

from flask import Response, render_template, request
from wtforms.fields import SelectChoice

from civic_forum.accounts.labels import DESK_CHECK, VERIFICATION
from civic_forum.blocks.pages import handle
from civic_forum.district import queries as district
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import NotFound, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, visitor

from .. import voted
from .. import queries as boxes
from ..box import acts_file
from ..counting import queries as tallies
from ..desk import counts as desk_counts
from ..desk.views import bp, get, of_page, opened, post, shown_to, told
from ..forms import AnswerForm, ObjectionForm, SignatureForm, WithholdForm
from ..labels import HEAD
from ..models import BallotBox
from ..officials import queries as answered
from ..officials.views import routes
from ..paper import queries as papers
from ..rolls import queries as rolls
from ..policy import may_answer, may_observe, may_read_objections
from ..published import heads
from ..published import queries as log
from ..published.downloads import as_json, number_in
from . import own_page, queries, services

observers_get, observers_post = routes(shown_to(may_observe, of_box=True), "/votes/<box>")


@observers_post("/objections", "lodge_objection")
@by_user
def lodge(box: BallotBox):
    form = ObjectionForm()

    def lodged():
        services.lodge(box.id, form.title.data or "", form.text.data or "", by=visitor())
        return told(box, "observation", _("이의를 냈어요. 모두에게 보여요.") if box.closed_at
                    else _("이의를 냈어요. 투표가 끝나면 모두에게 보여요."), _anchor="objections")

    return handle(form, lodged, lambda: page(box, objection=form), checks=True)


@observers_get("/observation/heads/<int:number>.json", "observed_head")
def head(box: BallotBox, number: int):
    """One signed head, as a file to keep where nobody of the office can change it."""
    for signed in log.heads_json(box.id):
        if signed["number"] == number:
            signed.pop("consistency")
            return _file(signed, f"head-{box.id.hex()[:8]}-{signed['kind']}")
    raise NotFound(_("아직 없는 기록 확인값이에요. 그때가 되면 여기에서 내려받을 수 있어요."))


@observers_get("/observation/proofs", "observed_proof")
def inclusion(box: BallotBox):
    """Proof that a leaf of the log is under the newest head."""
    number = number_in("number")
    return _file(log.inclusion(box.id, number), f"proof-{box.id.hex()[:8]}-{number}")


@observers_get("/observation/consistency", "observed_consistency")
def consistency(box: BallotBox):
    """Proof that the log of the newer size begins with that of the older."""
    old, new = number_in("old"), number_in("new")
    return _file(log.consistency(box.id, old, new), f"consistency-{box.id.hex()[:8]}-{old}-{new}")


def _file(value: dict, name: str) -> Response:
    return Response(as_json(value, sort_keys=True), mimetype="application/json",
                    headers={"Content-Disposition": f'attachment; filename="{name}.json"'})


@observers_get("/observation", "observation")
def page(box: BallotBox, *, objection: ObjectionForm | None = None, signature: SignatureForm | None = None):
    """The page of observers, with a form that was refused."""
    observers, accounts = queries.observers(box), queries.accounts(box)
    own = queries.of_account(box, visitor())
    return render_template(
        "ballots/observation.html", box=box, hex=box.id.hex(), title=boxes.title(box), way=voted.of(box).breadcrumbs,
        form=objection or ObjectionForm(formdata=None), signature=signature or SignatureForm(formdata=None),
        participations=boxes.participations(box.id) if box.erased_at is None else None,
        desks=[count for count in desk_counts.of_box(box.id) if count.codes or count.papers],
        heads=log.heads_json(box.id), key=heads.signer(box.id), last_return=papers.last_return(box),
        objections=queries.public(box) or queries.own(box.id, visitor().id),
        url=voted.of(box).url if box.recorded_at else None, observers=observers, own=own,
        keys=[observer.key.hex() for observer in own or observers if own or observer.key not in accounts],
        HEAD=HEAD, VERIFICATION=VERIFICATION, watched=answered.told(box),
        has_signed=box.recorded_at is not None and own_page.has_signed(box, visitor()),
        counts=tallies.counts_of(box.id)[::-1], additions=tallies.additions_by_day(box),
        added_by=rolls.additions_by_way(box), acts=_acts(box), places=district.neighbourhood_names(),
        result_sha256=queries.result_sha256(box).hex() if box.recorded_at else None)


def _acts(box: BallotBox) -> list[tuple[str, str, int]]:
    """Acts of staff on accounts while the vote is open: in words, at which desk, how many."""
    known = DESK_CHECK | {acts_file.REFUSED: _("틀린 이름이나 생년월일"), acts_file.CHANGED: _("바꾸거나 돌려받거나 고쳐 적은 종이"),
                          acts_file.BOUND: _("다룬 계정에서 온 첫 표")}
    return [(known[act["kind"]], act["desk"].strip(acts_file.NO_DESK), act["number"])
            for act in acts_file.so_far(box, min(clock.now(), box.closed_at or clock.now())) if act["kind"] in known]


@bp.get("/votes/<box>/objections", endpoint="public_objections")
def public(box: str):
    """After the close, for everybody."""
    ballot_box = opened(box)
    if ballot_box.closed_at is None:
        raise NotFound(_("투표 이의 제기는 투표가 끝난 뒤에 볼 수 있어요."))
    return render_template("ballots/objections_public.html", box=ballot_box, title=boxes.title(ballot_box),
                           way=voted.of(ballot_box).breadcrumbs, objections=queries.public(ballot_box))


@get("/objections", "objections", may_read_objections)
def show_at_the_desk(box: BallotBox, number: int | None = None, *, answer=None, withhold=None):
    """All of them with their forms; of number `number` those that were refused."""
    objections = queries.of_box(box.id)
    if number is not None and number not in {objection.id for objection in objections}:
        raise NotFound(_("그런 이의가 없어요. 목록을 새로 열어 확인해 주세요."))
    rows = [(objection, answer if answer and objection.id == number else _answer_form(objection.id, objection),
             withhold if withhold and objection.id == number else _withhold_form(objection.id, formdata=None))
            for objection in objections]
    return render_template("ballots/objections.html", why_not_answered=may_answer(visitor()), objections=rows,
                           **of_page(box, "objections"))


@post("/objections/<id:objection>/answers", "answer_objection", may_read_objections)
def answer(box: BallotBox, objection: int):
    require(visitor(), may_answer)
    form = _answer_form(objection)

    def answered():
        department = existing(plain_text.number(form.department.data),
                              lambda: Refusal(_("어느 부서의 답변인지 골라 주세요."), field="department"))
        services.answer(box.id, objection, form.outcome.data or "", form.answer.data or "", department_id=department,
                        by=visitor())
        return told(box, "objections", _("답변했어요.") if box.closed_at
                    else _("답변을 남겼어요. 투표가 끝나면 모두에게 보여요."), _anchor=f"objection-{objection}")

    return handle(form, answered, lambda: show_at_the_desk(box, objection, answer=form), checks=True)


@post("/objections/<id:objection>/withholdings", "withhold_objection", may_read_objections)
def withhold(box: BallotBox, objection: int):
    form = _withhold_form(objection, formdata=request.form)

    def withheld():
        services.withhold(box.id, objection, form.reason.data or "", by=visitor())
        return told(box, "objections", _("글을 가렸어요. 이의가 있었다는 것과 가린 이유는 모두에게 보여요."),
                    _anchor=f"objection-{objection}")

    return handle(form, withheld, lambda: show_at_the_desk(box, objection, withhold=form), checks=True)


@post("/objections/<id:objection>/withholdings/end", "show_objection_again", may_read_objections)
def show_again(box: BallotBox, objection: int):
    services.show_again(box.id, objection, by=visitor())
    return told(box, "objections", _("글을 다시 보이게 했어요."), _anchor=f"objection-{objection}")


def _answer_form(number: int, objection=None) -> AnswerForm:
    """Of one objection out of several on the page; filled with the answer there is."""
    filled = {"formdata": None, "data": {"outcome": objection.outcome, "answer": objection.answer}} if objection else {}
    form = AnswerForm(prefix=f"answer{number}", **filled)
    mine = visitor().department_ids()
    places = [SelectChoice(str(unit.id), unit.name) for unit in district.departments() if unit.id in mine]
    form.department.choices = places if len(places) == 1 else [SelectChoice("", _("부서를 골라 주세요")), *places]
    return form


def _withhold_form(number: int, **options) -> WithholdForm:
    return WithholdForm(prefix=f"withhold{number}", **options)
