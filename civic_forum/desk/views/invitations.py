"""Invitations at the desk: of one person, of a directory, and the confirmation of a second administrator."""

from collections import Counter

from flask import render_template, request, url_for

from civic_forum.accounts.invitations.directory import MENDED_BY, Fault, Invitee, Reading, RowFault
from civic_forum.accounts.forms import chosen
from civic_forum.accounts.labels import ROLE, ROW_FAULT
from civic_forum.accounts.policy import may_grant_role
from civic_forum.accounts.invitations import queries
from civic_forum.accounts.queries import people as accounts
from civic_forum.accounts.rules import SCOPE_OF, Post, Role, Scope
from civic_forum.accounts.invitations import services
from civic_forum.accounts.invitations.services import INVITING, subject_of
from civic_forum.blocks import part_tables
from civic_forum.blocks.pages import handle, saved
from civic_forum.blocks.part_tables import FileTableForm
from civic_forum.district import queries as district
from civic_forum.platform import clock, plain_text
from civic_forum.platform.i18n import _
from civic_forum.platform.web import accepts_files, visitor

from ..forms import ConfirmForm, InviteForm
from ..pages import bp, shown_to
from .people import role_form

FAULTS_SHOWN = 50
"""At once; those that a choice mends first."""


@bp.get("/invitations")
@shown_to(may_grant_role)
def invitations():
    return _page(role_form(InviteForm, formdata=None, role=request.args.get("role")))


@bp.post("/invitations")
@shown_to(may_grant_role)
def invite():
    form = role_form(InviteForm)
    return handle(form, lambda: services.propose([Invitee(form.name.data, (form.email.address or "").lower(), Post(
        Role(form.role.data), chosen(form.department), chosen(form.neighbourhood), form.is_head.data,
        plain_text.clean(form.title.data or ""), form.ends_on.data))], by=visitor()),
        lambda: _page(form), lambda made: _asked(made.id), checks=True)


def _asked(list_id: int):
    return saved(_("부탁했어요. 다른 관리자가 확인하면 메일이 나가요."), url_for(".invitation_list", list_id=list_id))


def _page(form: InviteForm) -> str:
    wanted = queries.SENT.read(request.args)
    sent = wanted.page(request.args.get("after"))
    waiting = queries.waiting()
    return render_template("desk/invitations.html", form=form, waiting=waiting, sent=sent,
                           by=accounts.users({proposed.by_id for proposed, _count in waiting}),
                           after_url=sent.after and wanted.address(after=sent.after))


@bp.route("/invitations/table", methods=["GET", "POST"])
@shown_to(may_grant_role)
@accepts_files(FileTableForm.most_bytes)
def invitation_table():
    if request.method != "POST":
        return _table_page(FileTableForm(formdata=None))
    form = FileTableForm()

    def act():
        mends = {(plain_text.number(name.partition("-")[2]) or 0, name.partition("-")[0]): text
                 for name, text in request.form.items()}  # what was chosen for a cell: `role-12`
        reading = services.read(part_tables.rows(form.text), mends, by=visitor())
        if "propose" in request.form:
            return _asked(services.propose(reading.people, by=visitor()).id)
        form.table.data = reading.text
        return _table_page(form, reading)

    return handle(form, act, lambda: _table_page(form))


def _table_page(form: FileTableForm, reading: Reading | None = None) -> str:
    faults = sorted(reading.faults, key=lambda fault: (fault.fault not in MENDED_BY, fault.line)) if reading else []
    return render_template(
        "desk/invitation_table.html", form=form, reading=reading, total=reading and len(reading.people) + len(faults),
        faults=[(fault, ROW_FAULT[fault.fault] % fault._asdict(), MENDED_BY.get(fault.fault), _choices(fault))
                for fault in faults[:FAULTS_SHOWN]], left=faults[FAULTS_SHOWN:])


def _choices(fault: RowFault) -> list[tuple[str, str]]:
    """Words that mend the cell, as they are written and as they are shown."""
    if fault.fault is Fault.ROLE:
        return [(role.value, str(word)) for role, word in ROLE.items()]
    places = district.departments() if SCOPE_OF.get(fault.role) is Scope.DEPARTMENT else district.neighbourhoods()
    return [(place.name_ko, place.name) for place in places] if fault.fault is Fault.PLACE else []


@bp.get("/invitations/<id:list_id>")
@shown_to(may_grant_role)
def invitation_list(list_id: int):
    return _list_page(services.proposal(list_id), ConfirmForm(formdata=None))


@bp.post("/invitations/<id:list_id>/confirmations")
@shown_to(may_grant_role)
def confirm_invitations(list_id: int):
    form, case = ConfirmForm(), services.proposal(list_id)
    return handle(form, lambda: INVITING.confirm(subject_of(list_id), seen=form.fingerprint, by=visitor()),
                  lambda: _list_page(case, form),
                  lambda _act: saved(_("확인했어요. 메일이 나가고 있어요."), url_for(".invitations")))


@bp.post("/invitations/<id:list_id>/withdrawals")
@shown_to(may_grant_role)
def withdraw_invitations(list_id: int):
    services.withdraw(list_id, plain_text.number(request.form.get("invitation")), by=visitor())
    return saved(_("거뒀어요. 메일로 받은 주소는 이제 열리지 않아요."), url_for(".invitations"))


def _list_page(case: services.Proposal, form: ConfirmForm) -> str:
    act = INVITING.pending(subject_of(case.list.id))
    form.seen.data = INVITING.fingerprint(case).hex()
    people = sorted(case.people, key=lambda invited: (invited.role is not Role.ADMINISTRATOR, invited.role))
    return render_template("desk/invitation_list.html", form=form, case=case, people=people, act=act,
                           counts=Counter(invited.role for invited in people), by=accounts.users({case.list.by_id}),
                           void=INVITING.why_void(act, case, clock.now()))
