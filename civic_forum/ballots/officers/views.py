"""Officers: the public list of positions, the people of a vote, and the desk of administrators who grant and
replace."""

from datetime import datetime

from flask import render_template, request, url_for

from civic_forum.accounts.queries import people
from civic_forum.accounts.queries.users import by_name
from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock, web
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, visitor

from .. import voted
from .. import queries as boxes
from ..desk.views import bp, opened, said_above, shown_to, told
from ..forms import ChangeOfficerForm, OfficerForm, OfficersForm, OneselfForm
from ..labels import ACTION
from ..models import BallotBox
from .models import Officer
from ..officials import queries as officials
from ..officials.views import oneself, routes
from ..policy import may_grant_officer, may_officiate
from ..rules.boxes import ConfirmedAction
from . import queries, services

PUBLIC = (ConfirmedAction.CLOSE_EARLY, ConfirmedAction.COUNT_ANYWAY, ConfirmedAction.SET_BACK,
          ConfirmedAction.WITHOUT_SIGNATURES)
"""Actions whose reason everybody reads."""
OF_VOTE = "/desk/votes/<box>/officers"
desk_get, desk_post = routes(web.shown_to(may_grant_officer), "/desk/officers")
get, post = routes(shown_to(may_officiate, unopened=True), OF_VOTE)
_get, post_change = routes(shown_to(may_grant_officer, unopened=True), f"{OF_VOTE}/changes")


@bp.get("/votes/officers", endpoint="officers")
def show_positions():
    """Positions that may be officers, for everybody, with the day of the grant."""
    return render_template("ballots/officers.html", positions=queries.granted(), waits=people.held_for().days)


@bp.get("/votes/<box>/people", endpoint="people")
def show_people(box: str):
    """Those who run a vote, those who watch it, and what they did and said, for everybody; of a rehearsal for people
    with an account, as its other pages."""
    ballot_box = opened(box)
    if ballot_box.rehearsal and not visitor().is_authenticated:
        raise boxes.missing()
    changes, named = queries.changes_of(ballot_box), queries.officers_of(queries.parts_of(ballot_box))
    grants = queries.rows({officer.grant for officer in named} | {change.comes.grant for change in changes})
    done = [confirmation for confirmation in officials.of_box(ballot_box.id) if confirmation.confirmed_at]
    return render_template(
        "ballots/people.html", box=ballot_box, title=boxes.title(ballot_box), way=voted.of(ballot_box).breadcrumbs,
        named=named, grants=grants, changes=changes, now=queries.current(ballot_box), done=done[::-1], ACTION=ACTION,
        position={grant.user_id: grant.position for grant in grants.values()}, told=_told(ballot_box), public=PUBLIC)


def _told(box: BallotBox) -> officials.Told:
    """Statements of observers, once the vote is published."""
    told = officials.told(box)
    return told if box.published_at else told._replace(
        observers=[observer._replace(agrees=None, said=[]) for observer in told.observers], reason=None)


@desk_post("", "propose_officer")
@by_address
def propose():
    form = OfficerForm()

    def proposed():
        user = by_name(form.sign_in_name.sign_in_name)
        if user is None or user.left_at is not None:
            raise NotFound(_("그런 로그인 이름이 없어요."), field="sign_in_name")
        oneself(form)
        services.propose(user, form.position.data, by=visitor())
        return _done(_("제안했어요. 다른 관리자가 24시간 안에 확인해야 해요."))

    return handle(form, proposed, lambda: _desk(form=form), checks=True)


@desk_post("/<id:officer>/confirmation", "confirm_officer")
@by_address
def confirm(officer: int):
    form = OneselfForm()

    def confirmed():
        oneself(form)
        services.confirm(officer, by=visitor())
        return _done(_("담당관으로 정했어요. 모두에게 보이는 목록에 올랐어요."))

    return handle(form, confirmed, lambda: _desk(confirming=(officer, form)), checks=True)


@desk_post("/<id:officer>/end", "end_officer")
def end(officer: int):
    services.end(officer, by=visitor())
    return _done(_("끝냈어요. 맡고 있던 투표에는 다른 담당관을 정해 주세요."))


@desk_get("", "officers_desk")
def _desk(*, form: OfficerForm | None = None, confirming: tuple[int, OneselfForm] = (0, None)):
    now = clock.now()
    trusted = queries.is_trusted(visitor(), now)
    return render_template(
        "ballots/officers_desk.html", trouble=said_above(form or confirming[1]),
        form=form or OfficerForm(formdata=None), proposed=queries.proposed(), user=visitor(),
        granted=[(grant, queries.is_in_force(grant, now), _since(grant)) for grant in queries.granted()],
        confirming=confirming, oneself=OneselfForm(formdata=None), why_not=may_grant_officer(visitor(), trusted))


def _done(message: str):
    return saved(message, url_for(".officers_desk"))


def _since(officer: Officer) -> datetime:
    return officer.granted_at + people.held_for()


@post("", "name_officers")
def name(box: BallotBox):
    form = _naming(box)

    def named():
        services.name(box.id, form.officers.data or [], by=visitor())
        return told(box, "officials", _("담당관을 정했어요. 이 가운데 두 명이 함께 투표를 열어요."))

    return handle(form, named, lambda: _of_vote(boxes.by_id(box.id), naming=form), checks=True)


@post_change("", "propose_officer_change")
@by_address
def propose_change(box: BallotBox):
    form = _changing(box)

    def proposed():
        oneself(form)
        services.propose_change(box.id, form.leaves.data, form.comes.data, by=visitor())
        return told(box, "officers_of_vote", _("제안했어요. 다른 관리자가 24시간 안에 확인해야 해요."))

    return handle(form, proposed, lambda: _of_vote(boxes.by_id(box.id), changing=form), checks=True)


@post_change("/confirmation", "confirm_officer_change")
@by_address
def confirm_change(box: BallotBox):
    form = OneselfForm()

    def confirmed():
        oneself(form)
        services.confirm_change(box.id, by=visitor())
        return told(box, "officers_of_vote", _("확인했어요. 72시간 뒤부터 바뀌고, 모두에게 알렸어요."))

    return handle(form, confirmed, lambda: _of_vote(boxes.by_id(box.id), confirming=form), checks=True)


@post_change("/withdrawal", "withdraw_officer_change")
def withdraw_change(box: BallotBox):
    services.withdraw_change(box.id, by=visitor())
    return told(box, "officers_of_vote", _("제안을 거뒀어요."))


def _naming(box: BallotBox) -> OfficersForm:
    """Positions in force to choose from, those named before chosen."""
    named = [officer.grant for officer in queries.officers_of(queries.parts_of(box))]
    form = OfficersForm(formdata=request.form if request.method == "POST" else None, data={"officers": named})
    form.officers.choices = [(officer.id, officer.position) for officer in queries.may_be_named(clock.now())]
    return form


def _changing(box: BallotBox) -> ChangeOfficerForm:
    form, now = ChangeOfficerForm() if request.method == "POST" else ChangeOfficerForm(formdata=None), clock.now()
    seats = queries.current(box)
    held = {seat.grant for seat in seats}
    form.leaves.choices = [(seat.grant, seat.position) for seat in seats]
    form.comes.choices = [(grant.id, grant.position) for grant in queries.may_be_named(now) if grant.id not in held]
    return form


@get("", "officers_of_vote")
def _of_vote(box: BallotBox, *, naming: OfficersForm | None = None, changing: ChangeOfficerForm | None = None,
             confirming: OneselfForm | None = None):
    is_open = box.opened_at is not None
    return render_template(
        "ballots/officers_of_vote.html", trouble=said_above(naming or changing or confirming), box=box,
        hex=box.id.hex(), title=boxes.title(box), seats=queries.current(box),
        naming=None if is_open else naming or _naming(box), changing=(changing or _changing(box)) if is_open else None,
        enough_from=queries.enough_from(), changes=queries.changes_of(box), pending=queries.pending_change(box.id),
        user=visitor(), confirming=confirming or OneselfForm(formdata=None),
        why_not_change=may_grant_officer(visitor(), queries.is_trusted(visitor(), clock.now())))
