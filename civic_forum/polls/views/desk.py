"""Desk pages of polls: list, parts, options, notes."""

from datetime import timedelta

from flask import render_template, request, url_for

from civic_forum.ballots import queries as season_queries
from civic_forum.ballots.box.voters import NOBODY_KNOWS
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.officials import queries as confirmations
from civic_forum.ballots.operations import why_too_few
from civic_forum.ballots.rehearsal_form import RehearsalForm
from civic_forum.ballots.rolls import queries as rolls_queries
from civic_forum.ballots.rules.boxes import ConfirmedAction, Stage, vote_stage
from civic_forum.ballots.rules.log import canonical_json
from civic_forum.ballots.voting import ballot as ballot_forms
from civic_forum.blocks import part_tables
from civic_forum.blocks.ordered_pages import OrderedPages
from civic_forum.blocks.pages import handle, saved
from civic_forum.blocks.process import Gap, Next
from civic_forum.blocks.process_pages import Desk, sent_version
from civic_forum.platform import clock
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.policy import require
from civic_forum.platform.web import shown_to, visitor

from .. import labels, policy, process, services
from ..definition import definition
from ..extensions import AFTERWARDS
from ..forms import NewPollForm, NoticeForm, OptionForm, SeasonForm
from ..models import Poll
from ..pages import desk
from ..policy import may_make, may_see_desk, may_set_seasons
from ..process import OPTIONS, PROCESS, add_option, before_announcing, edit_option, gaps, season_of
from ..queries import listing, records
from ..rules import MOST_OPTIONS

DESK: Desk[Poll] = Desk(
    process=PROCESS, bp=desk, rule="/polls/<slug>", home=lambda poll: f"/desk/polls/{poll.slug}",
    title=lambda poll: poll.title, above=lambda: [(_("업무 화면"), "/desk"), (_("투표 준비하기"), "/desk/polls")],
    find=records.whole, may_see=may_see_desk, may_make=may_make, may_work=policy.may_prepare,
    templates=dict.fromkeys(("times", "electorate"), "polls/desk/roll_conditions.html"))


@desk.get("/polls")
@shown_to(may_see_desk)
def polls():
    page = listing.listed(listing.EVERYTHING.of(), request.args.get("after"))
    return render_template("polls/desk/list.html", page=page, labels=labels, desk=DESK,
                           after_url=page.after and url_for(".polls", after=page.after))


@desk.route("/polls/new", methods=["GET", "POST"])
@shown_to(may_see_desk, policy.may_prepare)
def new_poll():
    return DESK.begin(NewPollForm, lambda form: services.begin(form.slug.data or None, *form.parts(), by=visitor()),
                      _("새 투표 만들기"), start=_first_days(), template="polls/desk/new.html")


def _first_days() -> dict[str, object]:
    """Two weeks from now for a week, the roll a week before: only a start."""
    opens = local(clock.now()).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=14)
    closes = (opens + timedelta(days=7)).replace(hour=18)
    return {"opens_at": opens, "closes_at": closes, "roll_fixed_on": (opens - timedelta(days=7)).date()}


def _seen(slug: str) -> Poll:
    """The poll, for who sees its desk; a slug that is none is told to those alone who see every poll."""
    try:
        poll = records.whole(slug)
    except NotFound:
        require(visitor(), may_see_desk)
        raise
    require(visitor(), may_see_desk, poll)
    return poll


@desk.get("/polls/<slug>")
@shown_to()
def poll(slug: str):
    poll = _seen(slug)
    stage = vote_stage(poll.announced_at, poll.box, clock.now())
    season, missing = season_of(poll), gaps(poll)
    return render_template(
        "polls/desk/show.html", poll=poll, stage=stage, labels=labels, missing=missing, season=season, desk=DESK,
        next=next_step(poll, stage, missing, season), rehearsals=listing.rehearsals(poll.id),
        notices=records.notices_of(poll), objections=rolls_queries.objections(poll.roll_id) if poll.roll_id else [],
        may_edit=policy.may_edit(visitor(), poll) is None, may_arrange=policy.may_arrange(visitor(), poll) is None)


def next_step(poll: Poll, stage: Stage, missing: list[Gap], season) -> Next:
    """Next step of the page, in the order of a vote's life."""
    way = {name: url_for(f".{name}", slug=poll.slug) for name in ("announce", "prepare", "accept_season")}
    votes = f"/desk/votes/{poll.box_id.hex()}" if poll.box_id else None
    if missing:
        return Next(_("빠진 것을 채워 주세요"), str(missing[0].sentence), _("채우러 가기"),
                    f"/desk/polls/{poll.slug}/{missing[0].part}")
    if stage is Stage.PREPARING:
        return Next(_("모두 채웠어요"), " ".join(before_announcing(poll)), _("모두에게 알리기"), way["announce"],
                    posts=True)
    if stage is Stage.ANNOUNCED and poll.box is None or stage is Stage.ANNOUNCED and poll.box.opened_at is None:
        return _before_opening(poll, season, way, votes)
    if stage in (Stage.ANNOUNCED, Stage.OPEN):
        return Next(_("투표를 열었어요"), _("이제 아무것도 고칠 수 없어요. 바로잡을 것은 알림으로 알려 주세요."),
                    _("투표함 화면으로 가기"), votes)
    if stage is Stage.COUNTING:
        return Next(_("마감했어요"), _("종이 투표지를 맞추고, 세고, 열쇠를 없앤 뒤에 두 담당관이 결과를 공개해요."),
                    _("투표함 화면으로 가기"), votes)
    return AFTERWARDS.ask(poll)[0]


def _before_opening(poll: Poll, season, way: dict[str, str], votes: str | None) -> Next:
    if poll.closes_at <= clock.now():
        return Next(_("마감할 때가 지났어요"), _("아직 열지 않은 투표예요. 시작과 마감을 다시 정해 주세요."), _("때를 고치기"),
                    url_for(".part", slug=poll.slug, part="times"))
    if season is not None and poll.season_accepted_at is None:
        return Next(_("선거 기간과 겹쳐요"), _("%(name)s 기간에 여는 투표예요. 그래도 열려면 한 번 더 확인해 주세요.", name=season.name),
                    _("확인하러 가기"), way["accept_season"])
    roll_is_fixed = poll.roll is not None and poll.roll.fixed_at is not None
    if not roll_is_fixed and local(clock.now()).date() < poll.roll_fixed_on:
        return Next(_("명부를 정하는 날을 기다려요"), _("그날이 지나면 열 준비를 할 수 있어요. 그때까지는 내용을 다듬을 수 있어요."),
                    _("명부 화면으로 가기"), url_for(".roll", slug=poll.slug))
    if poll.box is None or not roll_is_fixed or poll.box.roll_id != poll.roll_id:
        return Next(_("열 준비를 해 주세요"),
                    _("명부를 확정하고 투표함과 열쇠를 만들어요. 준비한 뒤에 고치면 투표함의 지문이 달라지고, "
                      "받아 둔 확인은 무효가 돼요."), _("열 준비하기"), way["prepare"], posts=True)
    if reason := why_too_few(poll.roll.entries):
        return Next(_("아직 열 수 없어요"), reason, _("누가 투표하는지 고치기"),
                    url_for(".part", slug=poll.slug, part="electorate"))
    waiting = confirmations.pending(poll.box_id, ConfirmedAction.OPEN)
    text = (_("한 담당관이 열자고 했어요. 다른 담당관이 24시간 안에 확인하면 열려요.") if waiting
            else _("서로 다른 두 담당관이 확인하면 열려요. 표는 시작하는 때부터 받아요."))
    return Next(_("두 담당관이 열어요"), text, _("투표 열기 화면으로 가기"), votes)


DESK.mount()


@desk.post("/polls/<slug>/options/<int:number>/picture-removals")
@shown_to(policy.may_prepare)
def remove_picture(slug: str, number: int):
    process.remove_picture(records.by_slug(slug).id, number, version=sent_version(), by=visitor())
    return saved(_("그림을 뺐어요."), url_for(".option", slug=slug, number=number))


def _list(poll: Poll, form: OptionForm):
    return render_template("polls/desk/options.html", poll=poll, desk=DESK, form=form,
                           **OPTIONS.rights(visitor(), poll))


def _one(poll: Poll, option, form: OptionForm):
    return render_template("polls/desk/option.html", poll=poll, desk=DESK, option=option, form=form,
                           **OPTIONS.rights(visitor(), poll))


OrderedPages(
    desk=DESK, ordered=OPTIONS, form=OptionForm, list_page=_list, page=_one,
    added=_l("항목을 넣었어요."), removed=_l("항목을 뺐어요. 뒤의 번호가 하나씩 당겨졌어요."),
    add=lambda poll_id, form, **who: add_option(poll_id, form.part(), **form.pictured, **who),
    edit=lambda poll_id, number, form, **who: edit_option(poll_id, number, form.part(), **form.pictured, **who),
    table=(MOST_OPTIONS, part_tables.TableForm)).mount()


NOBODY = bytes(32)
"""Whose ballot a preview is: the order of the options is mixed as for anybody."""


@desk.route("/polls/<slug>/notices", methods=["GET", "POST"])
@shown_to(may_make)
def notices(slug: str):
    poll = records.by_slug(slug)
    if request.method == "GET":
        return _notices(poll, NoticeForm(formdata=None))
    form = NoticeForm()
    return handle(form, lambda: services.notify(poll.id, form.title.data or "", form.text.data or "", by=visitor()),
                  lambda: _notices(poll, form), lambda made: saved(_("알림을 올렸어요."), url_for(".notices", slug=slug)))


def _notices(poll: Poll, form: NoticeForm):
    return render_template("ballots/notices.html", desk=DESK, record=poll, form=form, notices=records.notices_of(poll),
                           labels=labels, why_not=policy.may_notify(visitor(), poll))


@desk.get("/polls/<slug>/preview")
@shown_to()
def preview(slug: str):
    """The ballot as voters will see it. There is no box behind it: nothing can be sent."""
    poll = _seen(slug)
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
    return handle(form, lambda: services.rehearse(poll.id, form.people, hours=form.hours.number or 0, by=visitor()),
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
    return handle(form, lambda: services.set_season(form.name.data or "", form.first_day.needed, form.last_day.needed,
                                                    by=visitor()),
                  lambda: _seasons(form), lambda made: saved(_("선거 기간을 정했어요."), url_for(".seasons")))


def _seasons(form: SeasonForm):
    return render_template("polls/desk/seasons.html", form=form, seasons=season_queries.seasons())


@desk.post("/election-seasons/<id:season_id>/removals")
@shown_to(may_set_seasons)
def remove_season(season_id: int):
    services.remove_season(season_id, by=visitor())
    return saved(_("선거 기간을 지웠어요."), url_for(".seasons"))
