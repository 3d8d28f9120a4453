"""A meeting is announced, or written down afterwards, by the secretary of its body."""

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from civic_forum.attachments import queries as attachments
from civic_forum.attachments.document_form import MOST_BYTES, FileForm
from civic_forum.attachments.services import prepare_document
from civic_forum.blocks import about
from civic_forum.blocks.pages import handle, saved
from civic_forum.bodies import queries as bodies
from civic_forum.bodies.models import Membership
from civic_forum.bodies.queries import BodyCase, Family
from civic_forum.platform import plain_text
from civic_forum.platform.forms import ConfirmForm
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.policy import require
from civic_forum.platform.web import accepts_files, by_user, shown_to, visitor

from .. import labels, pasted, queries, services
from ..forms import FIRST_ITEMS, MeetingForm, MendForm, NoteForm, ReasonForm, of_matter, values_of
from ..kinds import ITEM
from ..models import Meeting
from ..policy import may_choose, may_keep, may_sign
from ..records import ItemTexts
from ..results import services as results
from ..rules import BOX_LEAST, Attendance
from ..signing import services as signing
from ..signing.services import MINUTES, signed_as

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


@desk.route("/meetings/items/<id:item_id>/result", methods=["GET", "POST"], defaults={"what": "result"})
@desk.route("/meetings/items/<id:item_id>/correction", methods=["GET", "POST"], defaults={"what": "correction"})
@login_required
@by_user
def note(item_id: int, what: str) -> ResponseReturnValue:
    """The result of an item is written down while the meeting runs, or corrected once its record is out."""
    item = queries.item(item_id)
    meeting, family = item.meeting, bodies.family(item.meeting.body.slug)
    require(visitor(), may_keep, family.top)
    form = NoteForm() if request.method == "POST" else NoteForm(formdata=None, obj=item)
    act, done = {"result": (results.note, _("결과를 적었어요.")), "correction": (
        results.correct, _("다른 사람이 확인하면 고친 결과를 실어요."))}[what]
    page = lambda: render_template("meetings/desk_note.html", item=item, what=what, form=form,
                                   quorum=family.quorum(meeting.starts_on))
    return page() if request.method != "POST" else handle(
        form, lambda: act(item_id, **form.counted(), by=visitor()), page,
        lambda item: saved(done, f"/forums/{item.meeting.forum.slug}#item-{item.number}"))


@desk.post("/meetings/items/<id:item_id>/corrections")
@login_required
@by_user
def confirm_correction(item_id: int) -> ResponseReturnValue:
    """A second person agrees to a corrected result."""
    results.CORRECTIONS.confirm(results.corrected_as(item_id), seen=ConfirmForm().fingerprint, by=visitor())
    item = queries.item(item_id)
    return saved(_("결과를 고쳤어요."), f"/forums/{item.meeting.forum.slug}#item-{item.number}")


@desk.route("/meetings/items/<id:item_id>/papers", methods=["GET", "POST"])
@accepts_files(MOST_BYTES)
@login_required
@by_user
def papers(item_id: int) -> ResponseReturnValue:
    """Files beside an item, for those who keep the meeting and read them."""
    item = queries.item(item_id)
    require(visitor(), may_keep, bodies.read_by(visitor(), [item.meeting.body])[0])
    require(visitor(), ITEM.why_not_read, item)
    form = FileForm() if request.method == "POST" else FileForm(formdata=None)
    text = form.description.data or ""
    page = lambda: render_template("meetings/desk_papers.html", item=item, form=form,
                                   files=attachments.of_set(item.files_id))
    return page() if request.method != "POST" else handle(
        form, lambda: services.add_paper(item_id, prepare_document(form.chosen_file, text, by=visitor()), text,
                                         by=visitor()), page, lambda _paper: saved(_("자료를 올렸어요."), request.path))


@desk.post("/meetings/items/<id:item_id>/papers/<key>/removals")
@login_required
@by_user
def remove_paper(item_id: int, key: str) -> ResponseReturnValue:
    services.remove_paper(item_id, key, by=visitor())
    return saved(_("자료를 뺐어요."), f"/desk/bodies/meetings/items/{item_id}/papers")


@desk.post("/meetings/<id:meeting_id>/minutes")
@login_required
@by_user
def sign(meeting_id: int) -> ResponseReturnValue:
    """A second person lets the minutes out."""
    MINUTES.confirm(signed_as(meeting_id), seen=ConfirmForm().fingerprint, by=visitor())
    return saved(_("회의록을 실었어요."), f"/forums/{queries.by_id(meeting_id).forum.slug}")


@desk.route("/meetings/<id:meeting_id>/minutes/return", methods=["GET", "POST"])
@login_required
@by_user
def send_back(meeting_id: int) -> ResponseReturnValue:
    """A second person says why the minutes have to be mended."""
    meeting, act = queries.by_id(meeting_id), MINUTES.pending(signed_as(meeting_id))
    if act is None:
        raise queries.missing()
    require(visitor(), may_sign, bodies.read_by(visitor(), [meeting.body])[0])
    form = ReasonForm() if request.method == "POST" else ReasonForm(formdata=None, data={"seen": act.fingerprint.hex()})
    return _reason(meeting, "return", form, lambda: signing.send_back(
        meeting_id, form.reason.data or "", seen=form.fingerprint, by=visitor()), _("간사에게 돌려보냈어요."))


@desk.route("/meetings/<id:meeting_id>/minutes/text", methods=["GET", "POST"])
@login_required
@by_user
def mend(meeting_id: int) -> ResponseReturnValue:
    """Minutes that were sent back are mended by a secretary, and wait again."""
    case = queries.of_forum(queries.by_id(meeting_id).forum, visitor())
    if case is None or case.meeting.sent_back_why is None:
        raise queries.missing()
    require(visitor(), may_keep, case.body)
    texts = [{"reported": item.reported, "opinions": "\n".join(item.opinions)} for item in case.said]
    form = MendForm() if request.method == "POST" else MendForm(formdata=None, data={"items": texts})
    page = lambda: render_template("meetings/desk_mend.html", meeting=case.meeting, items=case.said, form=form)
    return page() if request.method != "POST" else handle(
        form, lambda: signing.mend(meeting_id, [ItemTexts(**entry.form.texts) for entry in form.items], by=visitor()),
        page, lambda meeting: saved(_("다시 냈어요. 다른 사람이 확인하면 실어요."), f"/forums/{meeting.forum.slug}"))


@desk.route("/meetings/<id:meeting_id>/cancellation", methods=["GET", "POST"])
@login_required
@by_user
def cancel(meeting_id: int) -> ResponseReturnValue:
    meeting = queries.by_id(meeting_id)
    require(visitor(), may_keep, bodies.read_by(visitor(), [meeting.body])[0])
    form = ReasonForm() if request.method == "POST" else ReasonForm(formdata=None)
    return _reason(meeting, "cancel", form, lambda: services.cancel(
        meeting_id, form.reason.data or "", by=visitor()), _("취소했어요. 안건은 다음 회의를 기다려요."))


def _reason(meeting: Meeting, what: str, form: ReasonForm, act: Callable[[], Meeting],
            done: str) -> ResponseReturnValue:
    """Page on which a reason is typed."""
    page = lambda: render_template("meetings/desk_reason.html", meeting=meeting, form=form, what=what)
    return page() if request.method != "POST" else handle(
        form, act, page, lambda _meeting: saved(done, f"/forums/{meeting.forum.slug}"))


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
