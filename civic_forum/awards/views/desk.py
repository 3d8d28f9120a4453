"""Rounds of awards at the desk: begun, nominated for, scored, published."""

from flask import render_template, request, url_for

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform.errors import Denied, NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, visitor

from .. import forms, policy, queries, rules, services, labels
from .blueprint import desk, for_people_with_roles


@desk.get("")
@for_people_with_roles
def index():
    return _list(forms.RoundForm(formdata=None))


@desk.post("")
@for_people_with_roles
@by_user
def begin():
    require(visitor(), policy.may_manage)
    form = forms.RoundForm()
    return handle(form, lambda: services.begin(*form.parts(), by=visitor()), lambda: _list(form),
                  lambda made: _on(made.id, _("포상을 만들었어요. 이제 후보를 추천하고 심사위원을 골라 주세요.")))


@desk.get("/<id:round_id>")
@for_people_with_roles
def show(round_id: int):
    return _page(round_id)


@desk.post("/<id:round_id>/nominees")
@for_people_with_roles
@by_user
def nominate(round_id: int):
    form = forms.NominationForm()
    return handle(form, lambda: services.nominate(round_id, form.number.value or "", form.why.data or "",
                                                  by=visitor()),
                  lambda: _page(round_id, nomination=form),
                  lambda made: _on(round_id, _("후보로 추천했어요. 제안한 사람에게 알려요.")), through=(Denied, NotFound))


@desk.post("/<id:round_id>/jurors")
@for_people_with_roles
@by_user
def choose_juror(round_id: int):
    require(visitor(), policy.may_manage)
    form = forms.JurorForm()
    return handle(form, lambda: services.choose_juror(round_id, form.juror.user_id, by=visitor()),
                  lambda: _page(round_id, juror=form),
                  lambda made: _on(round_id, _("심사위원으로 골랐어요.")), through=(Denied, NotFound))


@desk.post("/<id:round_id>/scoring")
@for_people_with_roles
@by_user
def begin_scoring(round_id: int):
    services.begin_scoring(round_id, by=visitor())
    return _on(round_id, _("심사를 시작했어요. 심사위원에게 알려 주세요."))


@desk.route("/nominees/<id:nominee_id>", methods=["GET", "POST"])
@for_people_with_roles
@by_user
def score(nominee_id: int):
    case = queries.case(nominee_id)
    require(visitor(), policy.may_score, case)
    if request.method == "GET":
        return _score(case, forms.score_form(case.round, formdata=None))
    form = forms.score_form(case.round)
    return handle(form, lambda: services.score(nominee_id, forms.points_of(form, case.round), by=visitor()),
                  lambda: _score(case, form),
                  lambda made: _on(case.round.id, _("점수를 냈어요. 발표할 때까지 아무도 볼 수 없어요.")))


def _score(case, form):
    return render_template("awards/score.html", case=case, form=form, rules=rules)


@desk.route("/<id:round_id>/publication", methods=["GET", "POST"])
@for_people_with_roles
@by_user
def publish(round_id: int):
    panel = queries.panel(round_id)
    require(visitor(), policy.may_publish, panel)
    awarded = [case for case in panel.ranked if panel.is_awarded(case)]
    if request.method == "GET":
        return _publication(panel, forms.reason_form(awarded, formdata=None))
    form = forms.reason_form(awarded)
    return handle(form, lambda: services.publish(round_id, forms.reasons_of(form), by=visitor()),
                  lambda: _publication(panel, form),
                  lambda made: saved(_("포상을 발표했어요. 제안한 사람들에게 알려요."),
                                     url_for("awards.show", round_id=round_id)))


def _publication(panel, form):
    return render_template("awards/publish.html", panel=panel, form=form, rules=rules)


def _list(form: forms.RoundForm):
    return render_template("awards/desk_list.html", rounds=queries.rounds(), form=form, labels=labels, rules=rules)


def _page(round_id: int, *, nomination: forms.NominationForm | None = None, juror: forms.JurorForm | None = None):
    panel, wanted = queries.panel(round_id), queries.NOMINEES.read(request.args, round_id=round_id)
    if juror is None and not policy.may_prepare(visitor(), panel.round):
        juror = forms.JurorForm(formdata=None)
    return render_template("awards/desk_show.html", panel=panel, labels=labels, rules=rules, juror=juror,
                           wanted=wanted, cases=queries.listed(panel, wanted, visitor().id),
                           nomination=nomination or forms.NominationForm(formdata=None))


def _on(round_id: int, sentence: str):
    return saved(sentence, url_for("award_desk.show", round_id=round_id))
