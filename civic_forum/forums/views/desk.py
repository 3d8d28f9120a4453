"""Preparing forums: the list, the first form, the page that says what is filled in and what comes next, its parts."""

from dataclasses import dataclass
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for

from civic_forum.ballots.queries.seasons import seasons
from civic_forum.blocks import about
from civic_forum.blocks.pages import handle, saved
from civic_forum.kernel import clock
from civic_forum.kernel.i18n import _, local
from civic_forum.kernel.web import shown_to, visitor

from .. import labels
from ..forms.preparing import PARTS, NewForumForm
from ..models import Forum
from ..policy import preparing as policy
from ..policy.acting import may_prepare
from ..queries import listing, preparing, records, registering
from ..rules.kinds import Stage
from ..services import preparing as making
from ..services import stages
from . import gate
from .blueprint import desk


@dataclass(frozen=True)
class Next:
    """The one thing to do now: a link, or with `posts` a button."""

    title: str
    text: str
    label: str | None = None
    url: str | None = None
    posts: bool = False


@desk.get("")
@shown_to(may_prepare)
def forums():
    page = listing.listed(listing.EVERYTHING.of(), request.args.get("after"))
    return render_template("forums/desk/list.html", page=page, labels=labels,
                           after_url=page.after and url_for(".forums", after=page.after))


@desk.route("/new", methods=["GET", "POST"])
@shown_to(may_prepare)
def new_forum():
    if request.method == "GET":
        return render_template("forums/desk/new.html", form=NewForumForm(formdata=None, data=_first_times()))
    form = NewForumForm()
    return handle(form, lambda: making.begin(*form.parts(), by=visitor()),
                  lambda: render_template("forums/desk/new.html", form=form),
                  lambda forum: redirect(url_for(".forum", slug=forum.slug), 303))


def _first_times() -> dict[str, object]:
    """Three weeks from now, an evening: only a start."""
    starts = local(clock.now()).replace(hour=19, minute=0, second=0, microsecond=0) + timedelta(days=21)
    return {"starts_at": starts, "ends_at": starts + timedelta(hours=2)}


@desk.get("/<slug>")
@shown_to(may_prepare)
def forum(slug: str):
    found = preparing.whole(slug)
    missing, season = preparing.missing(found, clock.now()), preparing.season_of(found, seasons())
    return render_template(
        "forums/desk/show.html", forum=found, subject=about.subject(found.about), labels=labels,
        missing=missing, season=season,
        next=next_step(found, missing, season), fit=preparing.fit(found), planned=preparing.planned(found),
        documents=preparing.documents(found), coming=registering.counts(found.id),
        may_edit=policy.may_edit(visitor(), found) is None, may_arrange=policy.may_arrange(visitor(), found) is None)


def next_step(found: Forum, missing: list, season) -> Next:
    """Next step of the page, in the order of a forum's life."""
    way = {name: url_for(f".{name}", slug=found.slug) for name in ("announce", "accept_season", "begin")}
    if found.stage is Stage.FINISHED:
        return Next(_("공론장을 마쳤어요"), _("회의록 초안을 살펴보고, 고칠 곳을 받은 뒤에 서명해 주세요."), _("회의록 보기"),
                    f"/forums/{found.slug}/minutes")
    if found.stage is Stage.LIVE:
        return Next(_("공론장을 하고 있어요"), _("순서와 발언, 질문을 진행 화면에서 이끌어요."), _("진행 화면으로 가기"),
                    url_for("forums.host", slug=found.slug))
    if missing:
        part = labels.MISSING_PART[missing[0]]
        return Next(_("빠진 것을 채워 주세요"), str(labels.MISSING[missing[0]]), _("채우러 가기"),
                    f"/desk/forums/{found.slug}/{part}")
    if season is not None and found.season_accepted_at is None:
        return Next(_("선거 기간과 겹쳐요"), _("%(name)s 기간에 여는 공론장이에요. 그래도 열려면 한 번 더 확인해 주세요.",
                                       name=season.name), _("확인하러 가기"), way["accept_season"])
    if found.stage is Stage.PREPARING:
        return Next(_("모두 채웠어요"), _("알리면 누구나 볼 수 있고, 신청과 미리 묻는 질문을 받기 시작해요."),
                    _("모두에게 알리기"), way["announce"], posts=True)
    if reason := policy.why_not_opened(gate.at(found)):
        return Next(_("시작할 때를 기다려요"), reason)
    return Next(_("이제 시작할 수 있어요"), _("시작하면 들어온 사람이 모두 같은 화면을 봐요."), _("공론장 시작하기"), way["begin"],
                posts=True)


@desk.route("/<slug>/<any(wording, times, access):part>", methods=["GET", "POST"])
@shown_to(may_prepare)
def part(slug: str, part: str):
    found, kind = preparing.whole(slug), PARTS[part]
    if request.method == "GET":
        return _part(found, part, kind.of(found))
    form = kind()
    return handle(form, lambda: making.edit(found.id, form.part(), version=form.read_version, by=visitor()),
                  lambda: _part(found, part, form),
                  lambda made: saved(_("저장했어요."), url_for(".forum", slug=slug)))


def _part(found: Forum, part: str, form):
    predicate = policy.may_arrange if part == "times" else policy.may_edit
    return render_template("forums/desk/part.html", forum=found, part=part, form=form,
                           why_not=predicate(visitor(), found))


@desk.post("/<slug>/announcements")
@shown_to(may_prepare)
def announce(slug: str):
    stages.announce(records.by_slug(slug).id, by=visitor())
    flash(_("모두에게 알렸어요."), "success")
    return redirect(url_for(".forum", slug=slug), 303)


@desk.route("/<slug>/season", methods=["GET", "POST"])
@shown_to(may_prepare)
def accept_season(slug: str):
    found = preparing.whole(slug)
    if request.method == "GET":
        season = preparing.season_of(found, seasons())
        return render_template("forums/desk/season.html", forum=found, season=season)
    stages.accept_season(found.id, by=visitor())
    flash(_("확인했어요. 누가 확인했는지는 공론장 화면에 보여요."), "success")
    return redirect(url_for(".forum", slug=slug), 303)


@desk.post("/<slug>/openings")
@shown_to(may_prepare)
def begin(slug: str):
    stages.begin(records.by_slug(slug).id, by=visitor())
    flash(_("공론장을 시작했어요."), "success")
    return redirect(url_for("forums.host", slug=slug), 303)


@desk.get("/<slug>/sheet")
@shown_to(may_prepare)
def sheet(slug: str):
    """Sheet for the door of the hall."""
    found = preparing.whole(slug)
    return render_template("forums/desk/sheet.html", forum=found, planned=preparing.planned(found))
