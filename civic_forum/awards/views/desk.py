"""Rounds of awards at the desk: begun, nominated for, scored, published."""

from flask import flash, redirect, render_template, request, url_for

from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import by_user, visitor

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
    try:
        made = services.begin(*form.parts(), by=visitor())
    except Refusal as refusal:
        form.refuse(refusal)
        return _list(form), refusal.status
    return _on(made.id, _("포상을 만들었어요. 이제 후보를 추천하고 심사위원을 골라 주세요."))


@desk.get("/<id:round_id>")
@for_people_with_roles
def show(round_id: int):
    return _page(round_id)


@desk.post("/<id:round_id>/nominees")
@for_people_with_roles
@by_user
def nominate(round_id: int):
    form = forms.NominationForm()
    try:
        services.nominate(round_id, (form.number.data or "").strip(), form.why.data or "", by=visitor())
    except Refusal as refusal:
        return _refused(round_id, refusal, nomination=form)
    return _on(round_id, _("후보로 추천했어요. 제안한 사람에게 알려요."))


@desk.post("/<id:round_id>/jurors")
@for_people_with_roles
@by_user
def choose_juror(round_id: int):
    require(visitor(), policy.may_manage)
    form = forms.JurorForm()
    try:
        services.choose_juror(round_id, form.user_id, by=visitor())
    except Refusal as refusal:
        return _refused(round_id, refusal, juror=form)
    return _on(round_id, _("심사위원으로 골랐어요."))


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
    status = 200
    if request.method == "POST":
        form = forms.score_form(case.round)
        try:
            services.score(nominee_id, forms.points_of(form, case.round), by=visitor())
            return _on(case.round.id, _("점수를 냈어요. 발표할 때까지 아무도 볼 수 없어요."))
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
    else:
        form = forms.score_form(case.round, formdata=None)
    return render_template("awards/score.html", case=case, form=form, rules=rules), status


@desk.route("/<id:round_id>/publication", methods=["GET", "POST"])
@for_people_with_roles
@by_user
def publish(round_id: int):
    panel = queries.panel(round_id)
    require(visitor(), policy.may_publish, panel)
    awarded, status = [one for one in panel.ranked if panel.is_awarded(one)], 200
    if request.method == "POST":
        form = forms.reason_form(awarded)
        try:
            services.publish(round_id, forms.reasons_of(form), by=visitor())
            flash(_("포상을 발표했어요. 제안한 사람들에게 알려요."), "success")
            return redirect(url_for("awards.show", round_id=round_id), 303)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
    else:
        form = forms.reason_form(awarded, formdata=None)
    return render_template("awards/publish.html", panel=panel, form=form, rules=rules), status


def _list(form: forms.RoundForm):
    return render_template("awards/desk_list.html", rounds=queries.rounds(), form=form, labels=labels, rules=rules)


def _page(round_id: int, *, nomination: forms.NominationForm | None = None, juror: forms.JurorForm | None = None):
    panel = queries.panel(round_id)
    if juror is None and not policy.may_prepare(visitor(), panel.round):
        juror = forms.JurorForm(formdata=None)
    return render_template("awards/desk_show.html", panel=panel, labels=labels, rules=rules, juror=juror,
                           nomination=nomination or forms.NominationForm(formdata=None))


def _refused(round_id: int, refusal: Refusal, **shown):
    if refusal.status in (403, 404):
        raise refusal
    form, = shown.values()
    form.refuse(refusal)
    return _page(round_id, **shown), refusal.status


def _on(round_id: int, sentence: str):
    flash(sentence, "success")
    return redirect(url_for("award_desk.show", round_id=round_id), 303)
