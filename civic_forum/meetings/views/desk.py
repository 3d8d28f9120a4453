"""A meeting is announced, or written down afterwards, by the secretary of its body."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from civic_forum.blocks import about
from civic_forum.blocks.pages import handle, saved
from civic_forum.bodies import queries as bodies
from civic_forum.bodies.models import Membership
from civic_forum.bodies.queries import BodyCase, Family
from civic_forum.platform import plain_text
from civic_forum.platform.forms import ConfirmForm
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, shown_to, visitor

from .. import labels, pasted, queries, services
from ..forms import FIRST_ITEMS, CancelForm, MeetingForm, of_matter, values_of
from ..policy import may_choose, may_keep
from ..rules import BOX_LEAST, Attendance

desk = Blueprint("meeting_desk", __name__, url_prefix="/desk/bodies")
ACTS = {"notice": services.give_notice, "record": services.keep, "written": services.keep}
SAVED = {"notice": _l("알렸어요."), "record": _l("기록을 남겼어요."), "written": _l("기록을 남겼어요.")}


@desk.route("/<slug>/meetings/<any(notice, record, written):what>", methods=["GET", "POST"])
@login_required
@by_user
def write(slug: str, what: str) -> ResponseReturnValue:
    family = bodies.family(slug)
    case = family.top
    require(visitor(), may_keep, case)
    if request.method != "POST":
        return _page(family, what, _fresh(case, what), {})
    form, present = MeetingForm(), _present(case)
    if request.form.get("read"):
        return handle(form, lambda: pasted.values_of(form.report.data or "", case.body.name),
                      lambda: _page(family, what, form, present), lambda read: _page(
                          family, what, MeetingForm(formdata=None, data=form.data | read), present))
    if request.form.get("more"):
        form.items.append_entry()
        return _page(family, what, form, present)
    voting = frozenset(seat.key for seat in case.seats if seat.votes)
    return handle(form, lambda: ACTS[what](case.body.id, form.record(
        case.sitting, voting, present, named=_named(family, what), sent=request.form,
        written=what == "written" or what == "notice" and form.written.data),
        by=visitor()), lambda: _page(family, what, form, present),
        lambda meeting: saved(SAVED[what], f"/forums/{meeting.forum.slug}"))


@desk.get("/meetings/matters")
@shown_to(may_choose)
def matters() -> ResponseReturnValue:
    """Bodies on whose next meeting a thing can be put, and those where it waits."""
    subject = services.subject_of(_subject(request.args))
    waiting = {matter.body_id for matter in queries.waiting_about(subject.kind, subject.id)}
    return render_template("meetings/desk_matters.html", subject=request.args["subject"], waiting=waiting,
                           thing=about.subject(subject), names=bodies.names())


@desk.post("/meetings/matters")
@login_required
@by_user
def put() -> ResponseReturnValue:
    """A thing waits for the next meeting of the body that was chosen."""
    named = _subject(request.form)
    services.put(plain_text.number(request.form.get("body")) or 0, named, by=visitor())
    return saved(_("다음 회의에 올렸어요."), f"/desk/bodies/meetings/matters?subject={':'.join(named)}")


@desk.post("/meetings/items/<id:item_id>/forward")
@login_required
@by_user
def forward(item_id: int) -> ResponseReturnValue:
    matter = services.forward(item_id, plain_text.number(request.form.get("body")) or 0, by=visitor())
    return saved(_("다음 회의로 넘겼어요."), f"/bodies/{bodies.of_ids([matter.body_id])[matter.body_id].slug}")


@desk.post("/meetings/<id:meeting_id>/minutes")
@login_required
@by_user
def sign(meeting_id: int) -> ResponseReturnValue:
    """A second person lets the minutes out."""
    services.MINUTES.confirm(services.signed_as(meeting_id), seen=ConfirmForm().fingerprint, by=visitor())
    return saved(_("회의록을 실었어요."), f"/forums/{queries.by_id(meeting_id).forum.slug}")


@desk.route("/meetings/<id:meeting_id>/cancellation", methods=["GET", "POST"])
@login_required
@by_user
def cancel(meeting_id: int) -> ResponseReturnValue:
    meeting = queries.by_id(meeting_id)
    require(visitor(), may_keep, bodies.of_body(meeting.body))
    form = CancelForm() if request.method == "POST" else CancelForm(formdata=None)
    page = lambda: render_template("meetings/desk_cancel.html", meeting=meeting, form=form)
    return page() if request.method != "POST" else handle(
        form, lambda: services.cancel(meeting_id, form.reason.data or "", by=visitor()), page,
        lambda _meeting: saved(_("취소했어요. 안건은 다음 회의를 기다려요."), f"/forums/{meeting.forum.slug}"))


def _subject(sent: Mapping[str, str]) -> tuple[str, str]:
    kind, _colon, name = plain_text.clean(sent.get("subject", "")).partition(":")
    return kind, name


def _named(family: Family, what: str) -> Sequence[Membership]:
    """Members with a field of their own in each item: those who answer in writing, or candidates of a body that is
    small enough to elect them by paper."""
    voters = family.voters(family.top.day)
    if what == "record":
        return family.roster.sitting(family.top.day) if len(voters) < BOX_LEAST else ()
    return voters if what == "written" else ()


def _fresh(case: BodyCase, what: str) -> MeetingForm:
    """An empty form, or the notice of the meeting that is to be written down."""
    meeting = queries.of_body(case.body.id, plain_text.number(request.args.get("meeting")) or 0)
    if meeting is not None:
        return MeetingForm(formdata=None, data=values_of(meeting))
    year = case.day.year
    number = queries.last_number(case.body.id, year) + 1
    title = _("%(year)s년 %(number)s차 %(name)s 서면 의결", year=year, name=case.body.name, number=number) \
        if what == "written" else _("%(year)s년 %(number)s차 %(name)s 회의", year=year, name=case.body.name, number=number)
    waiting = [of_matter(matter) for matter in queries.waiting(case.body.id)]
    return MeetingForm(formdata=None, data={"title": title, "items": waiting or [{}] * FIRST_ITEMS[what]})


def _present(case: BodyCase) -> Mapping[int, Attendance]:
    """Those who sit there now, as far as somebody said how they came."""
    typed = {member.id: request.form.get(f"present-{member.id}") for member in case.sitting}
    return {number: Attendance(word) for number, word in typed.items() if word in set(Attendance)}


def _page(family: Family, what: str, form: MeetingForm, present: Mapping[int, Attendance]) -> str:
    case = family.top
    form.offer(queries.undoable(queries.bodies_below(case.body)) if what != "notice" else ())
    return render_template("meetings/desk_write.html", case=case, body=case.body, form=form, what=what,
                           present=present, labels=labels, named=_named(family, what), sent=request.form)
