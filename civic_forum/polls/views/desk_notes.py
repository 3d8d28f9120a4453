"""Beside a poll: notices, what came of the result, preview, rehearsals, election seasons."""

from flask import flash, redirect, render_template, request, url_for

from civic_forum.ballots import ballot_forms
from civic_forum.ballots.box.voters import NOBODY_KNOWS
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.queries import seasons as season_queries
from civic_forum.ballots.rehearsal_form import RehearsalForm
from civic_forum.ballots.rules.encoding import canonical_json
from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.web import shown_to, visitor

from .. import policy, labels
from ..definition import definition
from ..forms import NoticeForm, SeasonForm, StepForm
from ..models import Poll
from ..policy import may_make, may_see_desk, may_set_seasons
from ..queries import listing, records
from ..services import rehearsing, telling
from .blueprint import desk
from .desk import DESK

NOBODY = bytes(32)
"""Whose ballot a preview is: the order of the options is mixed as for anybody."""


@desk.route("/polls/<slug>/notices", methods=["GET", "POST"])
@shown_to(may_make)
def notices(slug: str):
    poll = records.by_slug(slug)
    if request.method == "GET":
        return _notices(poll, NoticeForm(formdata=None))
    form = NoticeForm()
    return handle(form, lambda: telling.notify(poll.id, form.title.data or "", form.text.data or "", by=visitor()),
                  lambda: _notices(poll, form), lambda made: saved(_("알림을 올렸어요."), url_for(".notices", slug=slug)))


def _notices(poll: Poll, form: NoticeForm):
    return render_template("ballots/notices.html", desk=DESK, record=poll, form=form, notices=records.notices_of(poll),
                           labels=labels, why_not=policy.may_notify(visitor(), poll))


@desk.route("/polls/<slug>/outcome", methods=["GET", "POST"])
@shown_to(may_make)
def outcome(slug: str):
    poll = records.whole(slug)
    if request.method == "GET":
        return _outcome(poll, StepForm(poll.options, formdata=None, data={"at": clock.now()}))
    form = StepForm(poll.options)
    return handle(form, lambda: telling.tell_outcome(
        poll.id, at=form.at.needed, step=form.step.data or "", text=form.text.data or "",
        selected=_numbers(form.selected.data), by=visitor()),
        lambda: _outcome(poll, form), lambda made: saved(_("적었어요. 투표 화면에 보여요."), url_for(".outcome", slug=slug)))


def _outcome(poll: Poll, form: StepForm):
    return render_template("polls/desk/outcome.html", desk=DESK, poll=poll, form=form, steps=records.steps_of(poll.id),
                           why_not=policy.may_tell_outcome(visitor(), poll))


def _numbers(chosen: list[str] | None) -> list[int]:
    return [plain_text.number(text, digits=4) or 0 for text in chosen or []]


@desk.get("/polls/<slug>/preview")
@shown_to(may_see_desk)
def preview(slug: str):
    """The ballot as voters will see it. There is no box behind it: nothing can be sent."""
    poll = records.whole(slug)
    try:
        written = canonical_json(definition(poll)).decode()
    except ValueError:
        raise NotFound(_("항목을 모두 넣으면 미리 볼 수 있어요.")) from None
    shown = BallotBox(id=bytes(16), definition=written, fingerprint=bytes(32))
    pictures = {option.number: option.picture for option in poll.options if option.picture}
    return render_template("polls/desk/preview.html", desk=DESK, poll=poll, pictures=pictures,
                           form=ballot_forms.opened(shown, NOBODY, NOBODY_KNOWS))


@desk.route("/polls/<slug>/rehearsals", methods=["GET", "POST"])
@shown_to(may_make)
def rehearsals(slug: str):
    poll = records.whole(slug)
    if request.method == "GET":
        return _rehearsals(poll, RehearsalForm(formdata=None, data={"hours": 24}))
    form = RehearsalForm()
    return handle(form, lambda: rehearsing.rehearse(poll.id, form.people, hours=form.hours.number or 0, by=visitor()),
                  lambda: _rehearsals(poll, form),
                  lambda made: saved(_("예행연습을 열었어요. 함께할 사람에게 이 주소를 알려 주세요: %(url)s",
                                       url=url_for("polls.show", slug=made.slug, _external=True)),
                                     url_for("ballots.officials", box=made.box_id.hex())))


def _rehearsals(poll: Poll, form: RehearsalForm):
    return render_template("polls/desk/rehearsals.html", desk=DESK, poll=poll, form=form,
                           cards=listing.rehearsals(poll.id), labels=labels,
                           why_not=policy.may_rehearse(visitor(), poll))


@desk.route("/election-seasons", methods=["GET", "POST"])
@shown_to(may_set_seasons)
def seasons():
    if request.method == "GET":
        return _seasons(SeasonForm(formdata=None))
    form = SeasonForm()
    return handle(form, lambda: telling.set_season(form.name.data or "", form.first_day.needed, form.last_day.needed,
                                                   by=visitor()),
                  lambda: _seasons(form), lambda made: saved(_("선거 기간을 정했어요."), url_for(".seasons")))


def _seasons(form: SeasonForm):
    return render_template("polls/desk/seasons.html", form=form, seasons=season_queries.seasons())


@desk.post("/election-seasons/<id:season_id>/removals")
@shown_to(may_set_seasons)
def remove_season(season_id: int):
    telling.remove_season(season_id, by=visitor())
    flash(_("선거 기간을 지웠어요."), "success")
    return redirect(url_for(".seasons"), 303)
