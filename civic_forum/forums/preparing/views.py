"""Desk pages of forums: text, times, programme, people, documents, and the end."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import login_required

from civic_forum.attachments import document_pages
from civic_forum.agendas.policy import may_moderate
from civic_forum.blocks import about, several
from civic_forum.blocks.ordered_pages import OrderedPages
from civic_forum.blocks.pages import ask_first, handle, saved
from civic_forum.blocks.process import Next
from civic_forum.blocks.process_pages import Desk, sent_version
from civic_forum.district import queries as district
from civic_forum.platform import clock, plain_text
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _, _l, _n, local
from civic_forum.platform.policy import require
from civic_forum.platform.web import never_cached, shown_to, visitor
from civic_forum.proposals.kinds import PROPOSAL
from civic_forum.proposals.queries.listing import cards

from .. import labels, pages
from ..models import Forum
from ..pages import bp, desk
from ..policy import may_oversee, may_prepare, may_run
from ..queries import by_slug
from ..record.policy import may_decide
from ..registration import queries as registration
from ..rules import Form as Gathering
from ..rules import Stage
from ..tables.queries import about_proposals
from . import listing, policy, queries, services, workshops
from .forms import CallForm, DutyForm, NewForumForm, WorkshopForm
from .parts import Holder, Item
from .process import DOCUMENTS, ITEMS, PROCESS, gaps, season_of


def _prepared(slug: str) -> Forum:
    """With all that the desk shows of it. Raises NotFound and Denied."""
    forum = queries.whole(slug)
    require(visitor(), may_prepare, forum)
    return forum


DESK: Desk[Forum] = Desk(
    process=PROCESS, bp=desk, rule="/<slug>", home=lambda forum: f"/desk/forums/{forum.slug}",
    title=lambda forum: forum.title, above=lambda: [(_("업무 화면"), "/desk"), (_("공론장"), "/desk/forums")],
    find=_prepared, may_see=may_prepare, may_make=may_prepare)


@desk.get("")
@shown_to(may_prepare)
def forums():
    page = listing.prepared_by(visitor(), request.args.get("after"))
    return render_template("forums/desk/list.html", desk=DESK, page=page, labels=labels,
                           after_url=page.after and url_for(".forums", after=page.after))


@desk.route("/new", methods=["GET", "POST"])
@shown_to(may_prepare)
def new_forum():
    if request.method != "POST":
        return _new(begun(NewForumForm))
    form = NewForumForm()
    return handle(form, lambda: services.create(form.slug.data or None, *form.parts(), by=visitor()),
                  lambda: _new(form), lambda forum: redirect(url_for(".forum", slug=forum.slug), 303))


def _new(form: NewForumForm):
    return render_template("forums/desk/new.html", form=form, desk=DESK)


def begun(kind: type[Any], days: int = 21) -> Any:
    """A form with a start, about the proposal for which a forum is owed, where the address names that."""
    call_id = plain_text.number(request.args.get("call"), digits=9)
    subject = PROPOSAL.ref(queries.call(call_id).proposal) if call_id else None
    typed = {"about_kind": subject.kind, "agenda_slug": about.name_of(subject)} if subject else {}
    return kind(formdata=None, record=SimpleNamespace(about=subject), data=_first_facts(days) | typed)


def _first_facts(days: int) -> dict[str, object]:
    """A gathering of whoever asks, so many days from now, an evening: only a start."""
    departments, places = visitor().department_ids(), visitor().neighbourhood_ids()
    place = next((place for place in district.open_neighbourhood_names() if place in places and not departments), "")
    starts = local(clock.now()).replace(hour=19, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return {"form": Gathering.VISIT if place else Gathering.FORUM, "department_id": str(min(departments, default="")),
            "neighbourhood_id": str(place), "starts_at": starts, "ends_at": starts + timedelta(hours=2)}


@desk.route("/workshop", methods=["GET", "POST"])
@shown_to(may_prepare)
def workshop():
    """Proposals with many supports, of which those that are ticked get a table each."""
    wanted, first = listing.SUPPORTED.read(request.args), _first_facts(21)
    form = WorkshopForm() if request.method == "POST" else WorkshopForm(
        formdata=None, record=None, data=first | workshops.first_words())

    def page():
        rows = wanted.page().items
        return render_template("forums/desk/workshop.html", desk=DESK, form=form, wanted=wanted, cards=list(zip(
            cards(rows), [row.id for row in rows], strict=True)), chosen=request.form.getlist(several.FIELD))

    def make():
        place = Holder(first["form"], *(plain_text.number(first[key]) for key in ("department_id", "neighbourhood_id")))
        return workshops.make(several.chosen(), place, *form.parts(), by=visitor())

    return page() if request.method != "POST" else handle(form, make, page, lambda forum: saved(
        _("모둠이 있는 자리를 만들었어요. 알리면 공감하고 제안한 분들을 초대해요."), url_for(".forum", slug=forum.slug)))


@desk.route("/<slug>/agendas", methods=["GET", "POST"])
@shown_to(may_moderate)
def agendas(slug: str):
    """Results of tables, which become agendas in one step."""
    forum, form = _prepared(slug), Form()
    tables = about_proposals(forum.id)

    def page():
        typed = {table.number: request.form.get(f"result-{table.number}", table.result or "") for table in tables}
        return render_template("forums/desk/agendas.html", desk=DESK, forum=forum, form=form, tables=tables,
                               typed=typed, why_not=may_decide(visitor(), pages.context(forum)))

    def carry_on():
        results = {table.number: request.form.get(f"result-{table.number}", "") for table in tables}
        return workshops.carry_on(forum.id, results, by=visitor())

    return page() if request.method != "POST" else handle(form, carry_on, page, lambda made: saved(
        _n("의제 %(num)s개를 만들었어요. 읽어 보고 공개해 주세요.", "의제 %(num)s개를 만들었어요. 읽어 보고 공개해 주세요.", len(made)),
        url_for(".agendas", slug=slug)))


@desk.route("/calls/<id:call_id>", methods=["GET", "POST"])
@shown_to(may_oversee)
def call(call_id: int):
    form, owed = CallForm(), queries.call(call_id)

    def page():
        return render_template("forums/desk/call.html", call=owed, form=form)

    return page() if request.method != "POST" else handle(
        form, lambda: services.decline_call(call_id, reason=form.reason.data or "", by=visitor()), page,
        lambda _call: saved(_("이유를 제안 화면에 알렸어요."), f"/proposals/{owed.proposal.number}"))


@desk.get("/<slug>")
@shown_to(may_prepare)
def forum(slug: str):
    forum = _prepared(slug)
    missing, season = gaps(forum, clock.now()), season_of(forum)
    return render_template(
        "forums/desk/show.html", forum=forum, subject=about.subject(forum.about), labels=labels,
        missing=missing, season=season, desk=DESK,
        may_carry_on=about_proposals(forum.id) and forum.opened_at and may_moderate(visitor()) is None,
        next=next_step(forum, missing, season), fit=queries.fit(forum), planned=queries.planned(forum),
        documents=DOCUMENTS.of(forum), coming=registration.counts(forum.id),
        may_edit=policy.may_edit(visitor(), forum) is None, may_file=policy.may_file(visitor(), forum) is None,
        may_arrange=policy.may_arrange(visitor(), forum) is None)


def next_step(forum: Forum, missing: list, season) -> Next:
    """Next step of the page, in the order of a forum's life."""
    way = {name: url_for(f".{name}", slug=forum.slug) for name in ("announce", "accept_season", "begin")}
    held = labels.named(forum.form, "을/를")
    if forum.stage is Stage.FINISHED:
        return Next(_("%(gathering)s 마쳤어요", gathering=held),
                    _("회의록 초안을 살펴보고, 고칠 곳을 받은 뒤에 서명해 주세요."), _("회의록 보기"),
                    f"/forums/{forum.slug}/minutes")
    if forum.stage is Stage.LIVE:
        return Next(_("%(gathering)s 하고 있어요", gathering=held), _("순서와 발언, 질문을 진행 화면에서 이끌어요."),
                    _("진행 화면으로 가기"), url_for("forums.host", slug=forum.slug))
    if forum.ends_at <= clock.now() and forum.form is not Gathering.MEETING:
        return Next(_("끝났으면 적어 두세요"), _("온 사람과 들은 말, 답을 적으면 모두가 볼 수 있어요."), _("지난 자리 적어 두기"),
                    f"/desk/forums/{forum.slug}/record")
    if forum.is_closed:
        return Next(_("안에서만 봐요"), _("마친 뒤에 적어 두면 여는 부서와 그 동의 담당자만 봐요."))
    if missing:
        return Next(_("빠진 것을 채워 주세요"), str(missing[0].sentence), _("채우러 가기"),
                    f"/desk/forums/{forum.slug}/{missing[0].part}")
    if season is not None and forum.season_accepted_at is None:
        return Next(_("선거 기간과 겹쳐요"), _("%(name)s 기간에 열어요. 그래도 열려면 한 번 더 확인해 주세요.",
                                       name=season.name), _("확인하러 가기"), way["accept_season"])
    if forum.stage is Stage.PREPARING:
        return Next(_("모두 채웠어요"), _("알리면 누구나 볼 수 있고, 신청과 미리 묻는 질문을 받기 시작해요."),
                    _("모두에게 알리기"), way["announce"], posts=True)
    if reason := policy.may_open(visitor(), pages.context(forum)):
        return Next(_("시작할 때를 기다려요"), reason)
    return Next(_("이제 시작할 수 있어요"), _("시작하면 들어온 사람이 모두 같은 화면을 봐요."),
                _("%(gathering)s 시작하기", gathering=labels.named(forum.form)), way["begin"], posts=True)


@desk.post("/<slug>/openings")
@shown_to(may_prepare)
def begin(slug: str):
    services.open_forum(by_slug(slug).id, by=visitor())
    return saved(_("시작했어요."), url_for("forums.host", slug=slug))


@desk.get("/<slug>/sheet")
@shown_to(may_prepare)
def sheet(slug: str):
    """Sheet for the door of the hall."""
    forum = _prepared(slug)
    return render_template("forums/desk/sheet.html", desk=DESK, forum=forum, planned=queries.planned(forum))


def _items(forum: Forum, form):
    return render_template("forums/desk/items.html", desk=DESK, forum=forum, form=form, planned=queries.planned(forum),
                           fit=queries.fit(forum), why_not=policy.may_arrange(visitor(), forum))


def _item(forum: Forum, item, form):
    return render_template("forums/desk/item.html", desk=DESK, forum=forum, item=item, form=form,
                           why_not=policy.may_arrange(visitor(), forum))


OrderedPages(desk=DESK, ordered=ITEMS, form=Item.form(), list_page=_items, page=_item,
             added=_l("순서를 넣었어요."), removed=_l("순서를 뺐어요.")).mount()


@desk.route("/<slug>/duties", methods=["GET", "POST"])
@shown_to(may_prepare)
def duties(slug: str):
    forum = _prepared(slug)
    if request.method == "GET":
        return _duties(forum, DutyForm(formdata=None, data={"version": forum.version}))
    form = DutyForm()

    def act():
        duty, fields = form.part()
        services.appoint(forum.id, duty, **fields, version=form.read_version, by=visitor())

    return handle(form, act, lambda: _duties(forum, form),
                  lambda made: saved(_("맡은 사람을 넣었어요."), url_for(".duties", slug=slug)))


def _duties(forum: Forum, form: DutyForm):
    return render_template("forums/desk/duties.html", desk=DESK, forum=forum, form=form, labels=labels,
                           why_not=policy.may_edit(visitor(), forum))


@desk.post("/<slug>/duties/<id:duty_id>/removals")
@shown_to(may_prepare)
def dismiss(slug: str, duty_id: int):
    services.dismiss(by_slug(slug).id, duty_id, version=sent_version(), by=visitor())
    return saved(_("뺐어요."), url_for(".duties", slug=slug))


document_pages.mount(DESK, DOCUMENTS, _l("누구나 내려받을 수 있고, 그날 진행하는 사람이 큰 화면에 띄울 수 있어요."))


@bp.get("/<slug>/closing")
@never_cached
@login_required
def closing(slug: str):
    forum = pages.forum_at(slug)
    require(visitor(), may_run, pages.context(forum))
    end = _("%(gathering)s 마치기", gathering=labels.named(forum.form))
    return ask_first(
        f"{end}: {forum.title}", _("%(gathering)s 마칠까요?", gathering=labels.named(forum.form, "을/를")),
        _("진행 중인 순서와 발언, 설문, 모둠이 함께 끝나고 더는 아무도 쓸 수 없어요. 마친 뒤에 기록으로 회의록 초안을 만들어요."),
        act=url_for("forums.close", slug=forum.slug), label=end, back=url_for("forums.host", slug=forum.slug))


@bp.post("/<slug>/closing")
@never_cached
@login_required
def close(slug: str):
    """Whatever still runs ends too; what comes next are the minutes."""
    services.close_forum(pages.forum_at(slug).id, by=visitor())
    return redirect(url_for(".minutes", slug=slug), 303)


DESK.mount()
