"""Making polls: the list, the first form, the page that says what is filled in and what comes next, its parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for

from civic_forum.ballots.queries import confirmations, rolls
from civic_forum.ballots.queries.seasons import seasons
from civic_forum.ballots.rules.boxes import ConfirmedAction, Stage, vote_stage
from civic_forum.ballots.steps.opening import why_too_few
from civic_forum.blocks.pages import handle, saved
from civic_forum.kernel import clock, plain_text
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import _, local
from civic_forum.kernel.web import visitor

from .. import policy, readiness, labels
from ..forms.parts import PARTS, NewPollForm
from ..models import Poll
from ..policy import may_make
from ..queries import listing, records
from ..rules import Missing
from ..services import editing, making, opening
from .blueprint import desk
from .gate import shown_to


@dataclass(frozen=True)
class Next:
    """The one thing to do now: a link, or with `posts` a button."""

    title: str
    text: str
    label: str | None = None
    url: str | None = None
    posts: bool = False


@desk.get("/polls")
@shown_to()
def polls():
    page = listing.listed(listing.EVERYTHING.of(), request.args.get("after"))
    return render_template("polls/desk/list.html", page=page, labels=labels,
                           after_url=page.after and url_for(".polls", after=page.after))


@desk.route("/polls/new", methods=["GET", "POST"])
@shown_to(may_make)
def new_poll():
    if request.method == "GET":
        return render_template("polls/desk/new.html", form=NewPollForm(formdata=None, data=_first_days()))
    form = NewPollForm()
    try:
        poll = making.begin(*form.parts(), by=visitor())
    except Refusal as refusal:
        form.refuse(refusal)
        form.refuse_the_rest()
        return render_template("polls/desk/new.html", form=form), refusal.status
    return redirect(url_for(".poll", slug=poll.slug), 303)


def _first_days() -> dict[str, object]:
    """Two weeks from now for a week, the roll a week before: only a start."""
    opens = local(clock.now()).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=14)
    closes = (opens + timedelta(days=7)).replace(hour=18)
    return {"opens_at": opens, "closes_at": closes, "roll_fixed_on": (opens - timedelta(days=7)).date()}


@desk.get("/polls/<slug>")
@shown_to()
def poll(slug: str):
    found = records.whole(slug)
    stage = vote_stage(found.announced_at, found.box, clock.now())
    season = readiness.season_of(found, seasons())
    missing = readiness.missing(found)
    return render_template(
        "polls/desk/show.html", poll=found, stage=stage, labels=labels, missing=missing, season=season,
        next=next_step(found, stage, missing, season), rehearsals=listing.rehearsals(found.id),
        notices=records.notices_of(found), objections=rolls.objections(found.roll_id) if found.roll_id else [],
        may_edit=policy.may_edit(visitor(), found) is None, may_arrange=policy.may_arrange(visitor(), found) is None)


def next_step(found: Poll, stage: Stage, missing: list[Missing], season) -> Next:
    """Next step of the page, in the order of a vote's life."""
    way = {name: url_for(f".{name}", slug=found.slug) for name in ("announce", "prepare", "accept_season", "outcome")}
    votes = f"/desk/votes/{found.box_id.hex()}" if found.box_id else None
    if missing:
        part = labels.MISSING_PART[missing[0]]
        url = f"/desk/polls/{found.slug}/{part}"
        return Next(_("빠진 것을 채워 주세요"), str(labels.MISSING[missing[0]]), _("채우러 가기"), url)
    if stage is Stage.PREPARING:
        return Next(_("모두 채웠어요"), " ".join(_before_announcing(found)), _("모두에게 알리기"), way["announce"], posts=True)
    if stage is Stage.ANNOUNCED and found.box is None or stage is Stage.ANNOUNCED and found.box.opened_at is None:
        return _before_opening(found, season, way, votes)
    if stage in (Stage.ANNOUNCED, Stage.OPEN):
        return Next(_("투표를 열었어요"), _("이제 아무것도 고칠 수 없어요. 바로잡을 것은 알림으로 알려 주세요."),
                    _("투표함 화면으로 가기"), votes)
    if stage is Stage.COUNTING:
        return Next(_("마감했어요"), _("종이 투표지를 맞추고, 세고, 열쇠를 없앤 뒤에 두 담당관이 결과를 공개해요."),
                    _("투표함 화면으로 가기"), votes)
    return Next(_("결과를 공개했어요"), _("그 뒤에 있었던 일을 차례로 적어 주세요."), _("다음 단계 적기"), way["outcome"])


def _before_announcing(found: Poll) -> Iterator[str]:
    """Sentences beside the button that announces it, with a warning where the roll is too small to vote."""
    is_fixed = found.roll is not None and found.roll.fixed_at is not None
    if is_fixed and (reason := why_too_few(found.roll.entries)):
        yield _("지금 명부에 %(count)s명이 있어요.", count=found.roll.entries)
        yield reason
    yield _("미리보기와 예행연습을 해 본 뒤에 모두에게 알려 주세요. 알린 뒤에는 항목의 번호가 바뀌지 않아요.")


def _before_opening(found: Poll, season, way: dict[str, str], votes: str | None) -> Next:
    if found.closes_at <= clock.now():
        return Next(_("마감할 때가 지났어요"), _("아직 열지 않은 투표예요. 시작과 마감을 다시 정해 주세요."), _("때를 고치기"),
                    url_for(".part", slug=found.slug, part="times"))
    if season is not None and found.season_accepted_at is None:
        return Next(_("선거 기간과 겹쳐요"), _("%(name)s 기간에 여는 투표예요. 그래도 열려면 한 번 더 확인해 주세요.", name=season.name),
                    _("확인하러 가기"), way["accept_season"])
    roll_is_fixed = found.roll is not None and found.roll.fixed_at is not None
    if not roll_is_fixed and local(clock.now()).date() < found.roll_fixed_on:
        return Next(_("명부를 정하는 날을 기다려요"), _("그날이 지나면 열 준비를 할 수 있어요. 그때까지는 내용을 다듬을 수 있어요."),
                    _("명부 화면으로 가기"), url_for(".roll", slug=found.slug))
    if found.box is None or not roll_is_fixed or found.box.roll_id != found.roll_id:
        return Next(_("열 준비를 해 주세요"),
                    _("명부를 확정하고 투표함과 열쇠를 만들어요. 준비한 뒤에 고치면 투표함의 지문이 달라지고, "
                      "받아 둔 확인은 무효가 돼요."), _("열 준비하기"), way["prepare"], posts=True)
    if reason := why_too_few(found.roll.entries):
        return Next(_("아직 열 수 없어요"), reason, _("누가 투표하는지 고치기"),
                    url_for(".part", slug=found.slug, part="electorate"))
    waiting = confirmations.pending(found.box_id, ConfirmedAction.OPEN)
    text = (_("한 담당관이 열자고 했어요. 다른 담당관이 24시간 안에 확인하면 열려요.") if waiting
            else _("서로 다른 두 담당관이 확인하면 열려요. 표는 시작하는 때부터 받아요."))
    return Next(_("두 담당관이 열어요"), text, _("투표 열기 화면으로 가기"), votes)


@desk.route("/polls/<slug>/<any(wording, times, electorate, terms):part>", methods=["GET", "POST"])
@shown_to(may_make)
def part(slug: str, part: str):
    found, kind = records.whole(slug), PARTS[part]
    if request.method == "GET":
        return _part(found, part, kind.of(found))
    form = kind()
    return handle(form, lambda: editing.edit(found.id, form.part(), version=form.read_version, by=visitor()),
                  lambda: _part(found, part, form),
                  lambda made: saved(_("저장했어요."), url_for(".poll", slug=slug)))


def _part(found: Poll, part: str, form):
    return render_template("polls/desk/part.html", poll=found, part=part, form=form, labels=labels,
                           why_not=policy.may_edit(visitor(), found))


@desk.post("/polls/<slug>/announcements")
@shown_to(may_make)
def announce(slug: str):
    opening.announce(records.by_slug(slug).id, by=visitor())
    flash(_("모두에게 알렸어요."), "success")
    return redirect(url_for(".poll", slug=slug), 303)


@desk.post("/polls/<slug>/preparations")
@shown_to(may_make)
def prepare(slug: str):
    prepared = opening.prepare(records.by_slug(slug).id, by=visitor())
    flash(_("투표함을 준비했어요."), "success")
    return redirect(url_for("ballots.officials", box=prepared.box_id.hex()), 303)


@desk.route("/polls/<slug>/season", methods=["GET", "POST"])
@shown_to(may_make)
def accept_season(slug: str):
    found = records.whole(slug)
    if request.method == "GET":
        season = readiness.season_of(found, seasons())
        return render_template("polls/desk/season.html", poll=found, season=season)
    opening.accept_season(found.id, by=visitor())
    flash(_("확인했어요. 누가 확인했는지는 투표 화면에 보여요."), "success")
    return redirect(url_for(".poll", slug=slug), 303)


def version_of(form) -> int:
    """The version that a small form carries."""
    return plain_text.version(form.get("version"))
