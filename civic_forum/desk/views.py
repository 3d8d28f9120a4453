"""Pages of the staff, all on one blueprint."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from flask import current_app, flash, redirect, render_template, request, session, url_for

from civic_forum.accounts.forms import EvidenceForm, chosen, offer
from civic_forum.accounts.labels import ROLE, TAKEN_OUT
from civic_forum.accounts.models import User
from civic_forum.accounts.operations import SamePerson, ToldApart
from civic_forum.accounts.policy import (Visit, may_grant_role, may_issue_desk_code, may_look_up, may_print_letters,
                                         may_read_access_log, may_read_audit, may_see_account, may_verify)
from civic_forum.accounts.queries import users
from civic_forum.accounts.queries import people as accounts
from civic_forum.accounts.queries.users import by_name
from civic_forum.accounts.rules import AffiliationKind, Evidence, LIFETIME, Purpose, Role
from civic_forum.accounts.services import residency, staff_acts
from civic_forum.accounts.services import codes as desk_codes
from civic_forum.accounts.services import letters as letter_services
from civic_forum.accounts.services import people as account_services
from civic_forum.blocks import sections
from civic_forum.blocks.extensions import HOLDS
from civic_forum.blocks.listing import Link, Listing, SORT
from civic_forum.blocks.pages import ask_first, attempt, handle, saved
from civic_forum.district import queries as district
from civic_forum.platform import clock, keys, plain_text, policy, waiting
from civic_forum.platform.downloads import csv_on_the_way
from civic_forum.platform.errors import Invalid, NotFound, Refusal
from civic_forum.platform.filters import one_of, unknown
from civic_forum.platform.i18n import _, local
from civic_forum.platform.paging import Page
from civic_forum.platform.policy import require
from civic_forum.platform.waiting import DUE, Due, ENTRIES, Item, Source, Tally
from civic_forum.platform.web import by_address, visitor

from . import queries, services
from .forms import LookUpForm, ReasonForm, ResidentForm, RoleForm, SecondClerkForm, proposed_names
from .labels import AREA, NEXT, OTHER
from .pages import bp, shown_to
from .policy import may_enter


# The desk's first page: what waits for this person, by the day it is due, and what they can begin


ALL = "all"


@bp.get("")
@shown_to(may_enter)
def show():
    due, kind = one_of(Due, request.args.get("due")) or Due.ALL, request.args.get("kind") or ALL
    return sections.page(_show, visitor().id, due, kind, request.args.get("after"))


def _show(user_id: int, due: Due, kind: str, after: str | None) -> tuple[str, dict[str, Any]]:
    user, now = users.with_grants(user_id), clock.now()
    today = local(now).date()
    kinds = waiting.sources(user, today)
    if kind != ALL and all(source.name != kind for source in kinds):
        raise unknown()
    tallies = waiting.tallies(kinds, today)
    wanted = [source for source in kinds if kind in (ALL, source.name) and tallies[source.name].of(due)]
    page = waiting.listed(wanted, due=due, today=today, after=after)
    return "desk/show.html", {
        "posts": posts(user), "now": now, "today": today, "page": page, "days": _by_day(page.items, today),
        "dues": _dues(tallies, due, kind), "kinds": _kinds(kinds, tallies, due, kind), "pages": _pages(user),
        "labels": {source.name: str(source.work.label) for source in kinds},
        "narrowed": due is not Due.ALL or kind != ALL,
        "after_url": page.after and _address(due, kind, after=page.after)}


@lru_cache(maxsize=512)
def _url(due: Due, kind: str) -> str:
    return _address(due, kind)


def _address(due: Due, kind: str, **more: str) -> str:
    chosen = {name: value for name, value in (("due", due.value), ("kind", kind)) if value != ALL}
    return url_for(".show", **chosen, **more)


def _dues(tallies: dict[str, Tally], due: Due, kind: str) -> list[Link]:
    """Numbers by deadline, of the kind that is shown."""
    total = sum((tally for name, tally in tallies.items() if kind in (ALL, name)), Tally())
    return [Link(str(DUE[when]), _url(when, kind), when is due, total.of(when), when.value) for when in Due]


def _kinds(kinds: list[Source], tallies: dict[str, Tally], due: Due, kind: str) -> list[Link]:
    """Numbers by kind, of the deadline that is shown; kinds of which nothing waits are left out."""
    every = Link(_("모든 일"), _url(due, ALL), kind == ALL, sum(tally.of(due) for tally in tallies.values()))
    return [every, *(
        Link(str(source.work.label), _url(due, source.name), kind == source.name, tallies[source.name].of(due))
        for source in kinds if tallies[source.name].all or kind == source.name)]


def _by_day(items: list[Item], today: date) -> list[tuple[object, list[Item]]]:
    """Late, today, later: each with its heading."""

    def heading(item: Item) -> Due:
        return Due.LATE if item.due_on < today else Due.TODAY if item.due_on == today else Due.ALL

    return [(NEXT if when is Due.ALL else DUE[when], list(group)) for when, group in groupby(items, heading)]


def _pages(user) -> list[tuple[str, list[tuple[str, str]]]]:
    """Pages of work that can be begun, by area."""
    areas: dict[str, list[tuple[str, str]]] = {}
    for entry in ENTRIES.values():
        if policy.can(user, entry.permission):
            area = entry.permission.split(".")[0]
            areas.setdefault(area if area in AREA else "", []).append((str(entry.label), _entry_url(entry.endpoint)))
    return [(str(AREA.get(area, OTHER)), areas[area]) for area in [*AREA, ""] if area in areas]


@cache
def _entry_url(endpoint: str) -> str:
    return url_for(endpoint)


def posts(user) -> list[str]:
    """`동 담당자(시흥1동)`: what this person is, and for where."""
    names = []
    for grant in user.counting_grants:
        place = grant.department or grant.neighbourhood
        names.append(f"{ROLE[grant.role]}({place.name})" if place else str(ROLE[grant.role]))
    return names


# Pages of people and roles at the desk


@bp.get("/people")
@shown_to(may_look_up)
def people():
    return render_template("desk/people.html", form=LookUpForm())


@bp.post("/people")
@shown_to(may_look_up)
def look_up():
    form = LookUpForm()

    def done(answer):
        people, record = answer
        if len(people) == 1:
            return redirect(url_for(".person", user_id=people[0].id, access=record.id))
        return render_template("desk/people.html", form=form, found=people)

    return handle(form, lambda: account_services.look_up(form.person.data, form.reason.data, by=visitor()),
                  lambda: render_template("desk/people.html", form=form), done, checks=True)


@bp.post("/people/<id:user_id>/openings")
@shown_to(may_look_up)
def open_person(user_id: int):
    form = ReasonForm()
    if not form.validate():
        return render_template("desk/people.html", form=LookUpForm()), 422
    record = account_services.open_person(_user(user_id), form.reason.data, by=visitor())
    return redirect(url_for(".person", user_id=user_id, access=record.id))


@bp.get("/people/<id:user_id>")
@shown_to(may_look_up)
def person(user_id: int):
    return _page(_opened(user_id))


@bp.post("/people/<id:user_id>/names")
@shown_to(may_look_up)
def person_name(user_id: int):
    user, form = _opened(user_id), ReasonForm()
    if not form.validate():
        return _page(user, form=form), 422
    return _page(user, name=account_services.see_name(user, form.reason.data, by=visitor()))


@bp.get("/people/<id:user_id>/codes/new")
@shown_to(may_issue_desk_code)
def new_code(user_id: int):
    user = _opened(user_id)
    require(visitor(), may_issue_desk_code, user)
    return render_template("desk/new_code.html", user=user, form=EvidenceForm(), access=_access())


@bp.post("/people/<id:user_id>/codes")
@shown_to(may_issue_desk_code)
def issue_code(user_id: int):
    user, form = _opened(user_id), EvidenceForm()
    return handle(form, lambda: hand_over(user, desk_codes.issue(
        user, form.identity, evidence=Evidence(form.evidence.data), by=visitor())),
                  lambda: render_template("desk/new_code.html", user=user, form=form, access=_access()), checks=True)


def _user(user_id: int) -> User:
    user = accounts.by_id(user_id)
    if user is None or user.left_at is not None:
        raise NotFound(_("그런 회원이 없어요."))
    return user


def _access() -> int:
    return plain_text.number(request.args.get("access")) or 0


def _opened(user_id: int) -> User:
    """The user, if the clerk has just written down why."""
    user = _user(user_id)
    account_services.check_open(accounts.access_record(_access()), user, by=visitor(), at=clock.now())
    return user


def _page(user: User, *, name: str | None = None, form: ReasonForm | None = None):
    may_code = (may_issue_desk_code(visitor(), user) or may_look_up(visitor(), Visit(user, accounts.belongs_to(user))))
    return render_template("desk/person.html", user=user, name=name, form=form or ReasonForm(), access=_access(),
                           affiliations=accounts.affiliations(user.id), checks=accounts.desk_checks(user.id),
                           why_no_code=may_code)


@bp.get("/roles")
@shown_to(may_grant_role)
def roles():
    return _roles_page(_form())


@bp.post("/roles")
@shown_to(may_grant_role)
def grant_role():
    form = _form()

    def grant() -> User:
        user = by_name(form.sign_in_name.sign_in_name)
        if user is None or user.left_at is not None:
            raise NotFound(_("그런 로그인 이름이 없어요."), field="sign_in_name")
        account_services.grant(user, Role(form.role.data), department_id=chosen(form.department),
                              neighbourhood_id=chosen(form.neighbourhood), by=visitor())
        return user

    return handle(form, grant, lambda: _roles_page(form),
                  lambda user: saved(_("%(name)s 님에게 권한을 줬어요: %(role)s.", name=f"{user.name} ({user.sign_in_name})",
                                       role=ROLE[Role(form.role.data)]), url_for(".roles"), 302),
                  checks=True)


@bp.get("/roles/<id:grant_id>/withdrawals/new")
@shown_to(may_grant_role)
def confirm_withdrawal(grant_id: int):
    grant = accounts.grant(grant_id)
    if grant is None or grant.withdrawn_at is not None:
        raise NotFound(_("없는 권한이에요. 목록을 새로 열어 확인해 주세요."))
    place = grant.department or grant.neighbourhood
    role = f"{ROLE[grant.role]} · {place.name}" if place else ROLE[grant.role]
    return ask_first(
        _("권한 거두기"), _("%(name)s 님의 권한을 거둘까요?", name=accounts.by_id(grant.user_id).name),
        _("%(role)s 권한이 바로 없어져요. 열어 둔 화면에서도 더는 쓸 수 없어요.", role=role),
        act=url_for("desk.withdraw_role", grant_id=grant.id), label=_("권한 거두기"), back=url_for("desk.roles"),
        danger=True, trail=[(_("업무 화면"), url_for("desk.show")), (_("권한 주고 거두기"), url_for("desk.roles")),
                            (_("권한 거두기"), None)], facts=HOLDS.ask(grant.user_id))


@bp.post("/roles/<id:grant_id>/withdrawals")
@shown_to(may_grant_role)
def withdraw_role(grant_id: int):
    account_services.withdraw(grant_id, by=visitor())
    flash(_("권한을 거뒀어요. 지금부터 쓸 수 없어요."), "success")
    return redirect(url_for(".roles"))


def _form() -> RoleForm:
    form = RoleForm()
    offer(form.neighbourhood, district.neighbourhoods())
    offer(form.department, district.departments(), _("부서를 골라 주세요"))
    return form


def _roles_page(form: RoleForm):
    wanted = accounts.GRANTS.read(request.args, {name: {
        int(choice.value): choice.label for choice in form[name].choices if choice.value}
        for name in ("department", "neighbourhood")})
    page = wanted.page(request.args.get("after"))
    return render_template("desk/roles.html", form=form, page=page, wanted=wanted,
                           after_url=page.after and wanted.address(after=page.after))


# Pages of residency at the desk: verifying, letters, slips


@bp.get("/residents/new")
@shown_to(may_verify)
def new_resident():
    form = _resident_form(data=proposed_names())
    if len(form.neighbourhood.choices) == 2:
        form.neighbourhood.data = form.neighbourhood.choices[1].value
    return render_template("desk/new_resident.html", form=form)


@bp.post("/residents")
@shown_to(may_verify)
@by_address
def verify_resident():
    form = _resident_form()

    def decide():
        try:
            return _decided(form)
        except SamePerson:
            return _ask_who(form)

    return handle(form, decide, lambda: render_template("desk/new_resident.html", form=form), checks=True)


def _resident_form(**options) -> ResidentForm:
    form = ResidentForm(**options)
    own = visitor().neighbourhood_ids()
    offer(form.neighbourhood, [place for place in district.neighbourhoods() if place.id in own])
    return form


def _decided(form: ResidentForm):
    """Carry out what the clerk entered: verify, open an account, or lead to the account that there is."""
    evidence = Evidence(form.evidence.data)
    if (same := plain_text.number(form.decision.data)) and accounts.account_of(same):
        record = residency.recognise(same, form.identity, evidence=evidence, by=visitor())
        flash(_("이미 확인된 계정이 있는 분이에요. 이 계정으로 로그인하도록 안내해 주세요."))
        return redirect(url_for(".person", user_id=record.user_id, access=record.id))
    seen = {"affiliations": _affiliations(form), "evidence": evidence, "told_apart": _told_apart(form),
            "by": visitor()}
    if form.account.data == "has":
        user = residency.account_at_desk(form.desk_number.data, form.identity, by=visitor())
        residency.verify(user, form.identity, **seen)
        flash(_("%(name)s 님을 주민으로 확인했어요. 첫 투표 전에는 다른 담당자도 ‘두 번째로 확인하기’에서 신분증을 봐야 해요.", name=user.nickname), "success")
        return redirect(url_for(".new_resident"))
    user, code = residency.open_account(form.new_name.data, form.nickname.data, form.identity, **seen)
    return hand_over(user, code)


def _affiliations(form: ResidentForm) -> dict[AffiliationKind, int]:
    place = chosen(form.neighbourhood)
    if place is None:
        raise Refusal(_("동을 골라 주세요."), field="neighbourhood")
    return {AffiliationKind(kind): place for kind in form.kinds.data}


def _told_apart(form: ResidentForm) -> ToldApart | None:
    if not form.decision.data:
        return None
    return ToldApart(plain_text.number(form.among.data) or 0, plain_text.number(form.decision.data))


def _ask_who(form: ResidentForm):
    """The page on which a clerk decides whether it is the same person."""
    known = residency.compare(form.identity, by=visitor())
    form.among.data = str(len(known))
    form.decision.data = ""
    return render_template("desk/told_apart.html", form=form, known=known), 409


@bp.route("/second-clerk", methods=["GET", "POST"])
@shown_to(may_see_account)
def second_clerk():
    form = SecondClerkForm()
    if request.method != "POST":
        return render_template("desk/second_clerk.html", form=form)
    return handle(form, lambda: staff_acts.confirm_seen(
        form.identity, sign_in_name=form.sign_in_name.data or "", evidence=Evidence(form.evidence.data), by=visitor()),
        lambda: render_template("desk/second_clerk.html", form=form),
        lambda act: render_template("desk/second_clerk.html", number=act.id), checks=True)


@bp.get("/letters")
@shown_to(may_print_letters)
def letters():
    return _list()


@bp.post("/letters/prints")
@shown_to(may_print_letters)
def print_letters():
    if not (ticked := _ticked()):
        return _list(_("인쇄할 우편을 골라 주세요."), 422)
    return attempt(lambda: letter_services.print_batch(ticked, by=visitor()), lambda refusal: _list(str(refusal)),
                   lambda papers: render_template("desk/print_letters.html", papers=papers,
                                                  address=current_app.config["URL"],
                                                  days=current_app.config["RETAIN_LETTERS_DAYS"]))


@bp.post("/letters/postings")
@shown_to(may_see_account)
def post_letters():
    return attempt(lambda: letter_services.post_batch(_ticked(), by=visitor()), lambda refusal: _list(str(refusal)),
                   lambda count: saved(_("우편 %(count)s통을 부친 것으로 적었어요.", count=count), url_for(".letters"), 302))


def _ticked() -> list[int]:
    return [number for value in request.form.getlist("letter") if (number := plain_text.number(value)) is not None]


def _list(trouble: str | None = None, status: int = 200):
    clerk, most = visitor(), letter_services.BATCH
    return render_template("desk/letters.html", trouble=trouble, own=clerk.neighbourhood_ids(),
                           names={place.id: place.name for place in district.neighbourhoods()},
                           waiting=accounts.letters(accounts.to_print(clerk, local(clock.now()).date()), most),
                           to_post=accounts.letters(accounts.to_post(clerk), most),
                           on_their_way=accounts.letters(accounts.on_their_way(clerk), most)), status


def _own(places):
    return [place for place in district.neighbourhoods() if place.id in places]


SEALED = "desk.slip"


def hand_over(user: User, code: str):
    """Lead to the page with the slip."""
    session["slip"] = [user.id, urlsafe_b64encode(keys.seal(SEALED, code)).decode(), clock.now().timestamp()]
    return redirect(url_for("desk.slip", user_id=user.id))


@bp.get("/slips/<id:user_id>")
@shown_to(may_look_up)
def slip(user_id: int):
    waiting = session.pop("slip", None)
    user = accounts.by_id(user_id)
    if not waiting or waiting[0] != user_id or user is None:
        raise NotFound(_("쪽지는 한 번만 볼 수 있어요. 잃어버렸다면 회원 찾기에서 새 코드를 만들어 주세요."))
    code = keys.unseal(SEALED, urlsafe_b64decode(waiting[1]))
    until = clock.now() + LIFETIME[Purpose.DESK_RESET]
    return render_template("desk/slip.html", user=user, code=code, until=until, starting=user.password_hash is None,
                           address=current_app.config["URL"])


# Reading the audit log and the log of look-ups


@bp.get("/audit")
@shown_to(may_read_audit)
def audit():
    page, shown = _shown(queries.AUDIT)
    actors = accounts.users({entry.actor_id for entry in page.items} - {None})
    return render_template("desk/audit.html", page=page, actors=actors, **shown), 400 if shown["trouble"] else 200


@bp.post("/audit/exports")
@shown_to(may_read_audit)
def export_audit():
    return csv_on_the_way("audit", *services.export_audit(queries.AUDIT.read(_given(queries.AUDIT)), by=visitor()))


@bp.get("/access-log")
@shown_to(may_read_access_log)
def access_log():
    page, shown = _shown(queries.ACCESS)
    users = accounts.users({record.by_id for record in page.items})
    return render_template("desk/access_log.html", page=page, users=users, taken_out=TAKEN_OUT,
                           **shown), 400 if shown["trouble"] else 200


@bp.post("/access-log/exports")
@shown_to(may_read_access_log)
def export_access_log():
    wanted = queries.ACCESS.read(_given(queries.ACCESS))
    return csv_on_the_way("access-log", *services.export_access_log(wanted, by=visitor()))


def _given(log: Listing) -> dict[str, str]:
    return {name: request.args[name][:60] for name in (*log.by_key, SORT) if request.args.get(name)}


def _shown(log: Listing) -> tuple[Page[Any], dict[str, Any]]:
    """A page of a log and what its form says; where a filter cannot be, what was typed and the sentence that says
    why."""
    words, trouble, page, next_url = _given(log), None, Page[Any]([], None), None
    try:
        wanted = log.read(words)
    except Invalid as wrong:
        trouble = str(wrong)
    else:
        page = queries.page(wanted, request.args.get("after"))
        next_url = page.after and wanted.address(after=page.after)
    return page, {"given": words, "trouble": trouble, "fields": log.of().pickers(), "next_url": next_url}
