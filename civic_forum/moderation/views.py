"""Pages of moderation, all on the blueprints of `pages`."""

from datetime import timedelta
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import AnonymousUserMixin, login_required

from civic_forum.accounts.labels import ROLE
from civic_forum.blocks import sections
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.listing import Given
from civic_forum.blocks.pages import attempt, handle, saved
from civic_forum.platform import clock, plain_text
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.errors import Denied, Invalid, NotFound, Refusal
from civic_forum.platform.i18n import _, _n, local
from civic_forum.platform.policy import require, why_not
from civic_forum.platform.web import address, by_address, by_user, count_in_hours, never_cached, visitor, writer

from . import labels, queries, rules, services
from .forms import (AppealForm, DecisionForm, NumberForm, ReasonForm, ReportForm, TakedownForm, VerdictForm, WaveForm,
                    WordForm)
from .pages import bp, concerned, desk, for_moderators
from .policy import may_appeal, may_keep, may_read_action, may_report, may_take_back
from .queries import actions, appeals, cases, takedowns, things, waves
from .queries import queue as reports
from .queries.actions import appeal_section
from .rules import APPEAL_DAYS, ActionKind, BLOCK_DAYS, MOST_AT_ONCE, Rule, Since


# Public pages of moderation: the ledger, one's own acts, reporting


@bp.get("/moderation/ledger")
def ledger():
    return sections.page(_ledger, actions.LEDGER.given(request.args))


def _ledger(arguments: Given) -> tuple[str, dict[str, Any]]:
    wanted, now = actions.LEDGER.read(arguments), clock.now()
    page, counted = wanted.page(arguments.get("after")), actions.counts(now)
    becomes_another(*[action.until for action in page.items if action.until])
    return "moderation/ledger.html", {
        "page": page, "rules": wanted.links("rule", every=_("모든 원칙")), "counted": counted,
        "months": {name: actions.named(name) for name in counted}, "wanted": wanted,
        "month": wanted["month"] and actions.named(wanted["month"]), "labels": labels, "roles": ROLE, "Rule": Rule,
        "now": now, "csv_url": f"/data/moderation.csv?{urlencode(wanted.said)}",
        "after_url": page.after and wanted.address(after=page.after)}


@bp.get("/moderation/rules")
def house_rules():
    return render_template("moderation/rules.html", labels=labels, Rule=Rule, appeal_days=APPEAL_DAYS,
                           block_days=BLOCK_DAYS)


@bp.get("/moderation/actions/<id:action_id>")
@never_cached
def action(action_id: int):
    """For whom it concerns, also where the account is blocked, and for moderators."""
    person = concerned()
    if person is None:
        return redirect(url_for("accounts.sign_in", next=request.path))
    act = actions.action(action_id)
    if may_read_action(person, act):
        raise actions.missing()
    section = appeal_section(act, person)
    return render_template(
        "moderation/action.html", action=act, thing=actions.thing(act), labels=labels, person=person,
        is_own=act.user_id == person.id, sections=[section] if section else [],
        can_end=act.ended_at is None and may_take_back(visitor(), act) is None)


@bp.get("/me/actions")
@never_cached
def own_actions():
    person = concerned()
    if person is None:
        return redirect(url_for("accounts.sign_in", next=request.path))
    return render_template("moderation/own_actions.html", acts=actions.about(person), labels=labels, person=person)


@bp.get("/me/reports")
@never_cached
@login_required
def own_reports():
    return render_template("moderation/own_reports.html", reports=actions.reports(visitor()), labels=labels)


@bp.get("/reports/new")
def report_form():
    """For visitors a page that says how: they sign in, or ask for the text to be taken down without an account."""
    thing = reports.reported_as(request.args.get("about", ""), visitor())
    if visitor().is_authenticated:
        require(visitor(), may_report, thing)
    return _ledger_page(ReportForm(formdata=None, about=thing.about), thing)


@bp.post("/reports/new")
@login_required
@by_address
@by_user
def report():
    form = ReportForm()
    thing = reports.reported_as(form.about.data or request.args.get("about", ""), visitor())

    def act():
        count_in_hours(1, "reports", writer(), int(current_app.config["LIMIT_REPORTS_USER"]))
        services.report(thing.kind, thing.id, rule=Rule(form.rule.data), sentence=form.sentence.data or "",
                        by=visitor())

    return handle(form, act, lambda: _ledger_page(form, thing), lambda made: saved(_("신고를 받았어요. 운영자가 살펴볼게요."),
                                                                                   thing.url),
                  checks=True)


def _ledger_page(form: ReportForm, thing: reports.Reported):
    return render_template("moderation/report.html", form=form, thing=thing)


# Desk pages of moderation: the queue, a case, appeals


@desk.get("/reports/<kind>/<id:subject_id>")
@for_moderators
def case(kind: str, subject_id: int):
    review = cases.case(kind, subject_id, visitor())
    named = [report.rule for report in review.reports]
    form = DecisionForm(formdata=None, seen=str(review.seen),
                        rule=max(sorted(set(named)), key=named.count) if named else None)
    return _page(form, review)


@desk.post("/reports/<kind>/<id:subject_id>")
@for_moderators
@by_user
def decide(kind: str, subject_id: int):
    cases.case(kind, subject_id, visitor())  # nothing to decide about is a page of its own
    form = DecisionForm()

    def act() -> object:
        form.refuse_personal_numbers()
        return services.decide(kind, subject_id, form.decision(), seen=form.read_up_to, by=visitor())

    return handle(form, act, lambda: _page(form, cases.case(kind, subject_id, visitor())),
                  lambda made: saved(_("조치했어요. 글쓴이에게 까닭과 이의 신청 방법을 알려요.") if made
                                     else _("글을 그대로 두고 신고를 마쳤어요."), url_for("moderation_desk.queue")),
                  checks=True)


@desk.get("/actions/<id:action_id>/end")
@for_moderators
def ending(action_id: int):
    return render_template("moderation/end.html", action=actions.action(action_id), labels=labels)


@desk.post("/actions/<id:action_id>/end")
@for_moderators
@by_user
def end(action_id: int):
    action = services.take_back(action_id, by=visitor())
    flash(_("조치를 되돌렸어요. 글쓴이에게 알려요."), "success")
    return redirect(_back(action), 303)


def _back(action) -> str:
    if action.subject_kind == "user":
        return url_for("moderation.action", action_id=action.id)
    return url_for("moderation_desk.case", kind=action.subject_kind, subject_id=action.subject_id)


def _page(form: DecisionForm, review: cases.ReviewCase, status: int = 200):
    return render_template("moderation/case.html", form=form, case=review, labels=labels, Rule=Rule,
                           ActionKind=ActionKind,
                           why_not=may_keep(visitor(), review.author and review.author.id)), status


RECENT = timedelta(days=30)
"""So long an act is offered to be taken back beside the queue."""


@desk.get("/reports")
@for_moderators
def queue():
    wanted = reports.QUEUE.read(request.args)
    page = reports.waiting(wanted, visitor().id, request.args.get("after"))
    by_kind, by_rule = sections.kept(reports.totals, visitor().id)
    return render_template("moderation/queue.html", page=page, labels=labels, wanted=wanted, several=waves.TEXTS,
                           kinds=wanted.links("kind", totals={None: sum(by_kind.values())} | dict.fromkeys(
                               wanted.choices("kind"), 0) | by_kind),
                           rules=wanted.links("rule", totals=dict.fromkeys(Rule, 0) | by_rule, every=_("모든 원칙")),
                           latest=actions.latest(clock.now() - RECENT),
                           after_url=page.after and wanted.address(after=page.after))


@bp.get("/moderation/actions/<id:action_id>/appeal")
@never_cached
def appeal_form(action_id: int):
    person, action = concerned(), queries.actions.action(action_id)
    if person is None:
        return redirect(url_for("accounts.sign_in", next=request.path))
    require(person, may_appeal, action)
    if appeals.of_action(action.id):
        return redirect(url_for(".action", action_id=action_id), 303)
    return _own_page(action, AppealForm(formdata=None))


@bp.post("/moderation/actions/<id:action_id>/appeal")
@never_cached
@by_address
@by_user
def appeal(action_id: int):
    """By whom it concerns, also where the account is blocked."""
    person, action, form = concerned(), queries.actions.action(action_id), AppealForm()
    if person is None:
        abort(401)
    return handle(form, lambda: services.appeal(action.id, text=form.text.data or "", by=person),
                  lambda: _own_page(queries.actions.action(action_id), form),
                  lambda made: saved(_("이의를 신청했어요. 다른 운영자가 살펴보고 답해요."), url_for(".action", action_id=action_id)),
                  through=(Denied, NotFound))


def _own_page(action, form) -> str:
    return render_template("moderation/appeal.html", action=action, form=form, labels=labels, days=APPEAL_DAYS)


@desk.get("/appeals")
@for_moderators
def list_appeals():
    wanted = appeals.WAITING.read(request.args)
    page = appeals.waiting(wanted, request.args.get("after"))
    shown = things.shown([(case.action.subject_kind, case.action.subject_id) for case in page.items])
    return render_template("moderation/desk/appeals.html", page=page, shown=shown, labels=labels,
                           today=local(clock.now()).date(), wanted=wanted,
                           after_url=page.after and wanted.address(after=page.after))


@desk.get("/appeals/<id:appeal_id>")
@for_moderators
def appeal_case(appeal_id: int):
    return _case_page(appeals.case(appeal_id), _decision(formdata=None))


@desk.post("/appeals/<id:appeal_id>")
@for_moderators
@by_user
def decide_appeal(appeal_id: int):
    form = _decision()

    def act():
        form.refuse_personal_numbers()
        services.decide_appeal(appeals.case(appeal_id).appeal.id, upheld=form.says_yes(),
                               decision=form.decision.data or "", by=visitor())

    return handle(form, act, lambda: _case_page(appeals.case(appeal_id), form),
                  lambda made: saved(_("결정을 알렸어요."), url_for(".list_appeals")), through=(Denied, NotFound))


def _decision(**options) -> VerdictForm:
    return VerdictForm(_("이의를 받아들여요. 조치 전으로 돌려놓아요."),
                       _("받아들이지 않아요. 조치가 그대로 있어요."), **options)


def _case_page(case: appeals.AppealCase, form: VerdictForm) -> str:
    about = case.action.subject_kind, case.action.subject_id
    return render_template("moderation/desk/appeal.html", case=case, form=form, labels=labels,
                           thing=things.shown([about]).get(about),
                           why_not_decide=why_not(visitor(), "moderation.decide", case.decided))


# Desk pages of waves and signals


@desk.get("/waves")
@for_moderators
def wave():
    return _wave_page(WaveForm(formdata=None))


@desk.post("/waves")
@for_moderators
@by_user
def act_on_wave():
    form, chosen = WaveForm(), request.form.getlist("things")

    def act():
        form.refuse_personal_numbers()
        return services.act_on_wave(_things(chosen), form.decision(), by=visitor())

    return handle(form, act, lambda: _wave_page(form, chosen=chosen),
                  lambda made: redirect(url_for(".bulk", bulk_id=made.id), 303), checks=True)


@desk.get("/waves/<id:bulk_id>")
@for_moderators
def bulk(bulk_id: int):
    """Acts on a wave, with whom they hit, for who takes them back."""
    bulk, own = actions.bulk(bulk_id), actions.standing_of_bulk(bulk_id, of=visitor().id)
    return render_template("moderation/bulk.html", bulk=bulk, counted=actions.counts_of_bulk(bulk_id), labels=labels,
                           why_not=may_take_back(visitor(), own[0]) if own else None)


@desk.post("/waves/<id:bulk_id>/end")
@for_moderators
@by_user
def undo(bulk_id: int):
    ended = services.undo(bulk_id, by=visitor())
    flash(_n("조치 %(num)s건을 되돌렸어요.", "조치 %(num)s건을 되돌렸어요.", ended), "success")
    return redirect(url_for(".bulk", bulk_id=bulk_id), 303)


def _wave_page(form: WaveForm, chosen: list[str] | None = None):
    by, text, user, since = _asked()
    texts = []
    if by == "text" and text:
        texts = waves.by_text(text)
    elif by == "account" and user:
        texts = waves.by_author(user)
    elif by == "chosen":
        texts = waves.of_things(_things(request.args.getlist("chosen")[:MOST_AT_ONCE]))
    elif by == "new":
        texts = waves.by_new_accounts(clock.now() - timedelta(hours=int(since)))
    return render_template(
        "moderation/wave.html", form=form, found=texts, by=by, text=text, user=user, since=since, labels=labels,
        since_links=[{"label": labels.SINCE[span], "url": url_for(".wave", by="new", since=span),
                      "current": span is since} for span in Since],
        chosen=chosen, latest=actions.latest_bulks(), most=MOST_AT_ONCE, query=request.query_string.decode(),
        ways=[{"label": _("같은 말이 든 글"), "url": url_for(".wave", by="text"), "current": by == "text"},
              {"label": _("새로 가입한 사람의 글"), "url": url_for(".wave", by="new"), "current": by == "new"},
              *([{"label": _("한 사람의 글"), "url": url_for(".wave", by="account", user=user), "current": True}]
                if by == "account" else []),
              *([{"label": _("고른 글"), "url": f"?{request.query_string.decode()}", "current": True}]
                if by == "chosen" else [])])


def _asked() -> tuple[str, str, int | None, Since]:
    by, since = request.args.get("by", "text"), request.args.get("since", Since.DAY)
    if by not in ("text", "account", "chosen", "new") or since not in list(Since):
        raise Invalid(_("그런 조건은 없어요. 처음부터 다시 골라 주세요."))
    user = plain_text.number(request.args.get("user"), digits=18)
    if by == "account" and not user:
        raise Invalid(_("그런 계정은 없어요. 처음부터 다시 골라 주세요."))
    return by, plain_text.clean(request.args.get("q", ""))[:100], user, Since(since)


def _things(chosen: list[str]) -> set[tuple[str, int]]:
    """Things that the ticked boxes name. Raises Invalid for a box that is not on the page."""
    refs = [ref for box in chosen if (ref := Ref.read(box)) is not None and ref.kind in waves.TEXTS]
    if len(refs) < len(chosen):
        raise Invalid(_("고를 수 없는 글이 들어 있어요. 처음부터 다시 골라 주세요."))
    return {(ref.kind, ref.id) for ref in refs}


@desk.get("/signals")
@for_moderators
def list_signals():
    wanted = waves.UNSEEN.read(request.args)
    page = waves.unseen(wanted, request.args.get("after"))
    return render_template("moderation/desk/signals.html", page=page, labels=labels, wanted=wanted,
                           shown=things.shown([(signal.subject_kind, signal.subject_id) for signal in page.items]),
                           after_url=page.after and wanted.address(after=page.after))


@desk.post("/signals/<id:signal_id>/seen")
@for_moderators
@by_user
def see_signal(signal_id: int):
    services.see_signal(signal_id, by=visitor())
    return redirect(url_for(".list_signals"), 303)


@desk.get("/signals/words")
@for_moderators
def watched_words():
    return _words_page(WordForm(formdata=None))


@desk.post("/signals/words")
@for_moderators
@by_user
def add_word():
    form = WordForm()
    return handle(form, lambda: services.add_word(form.word.data or "", by=visitor()), lambda: _words_page(form),
                  lambda made: saved(_("낱말을 목록에 넣었어요."), url_for(".watched_words")), through=Denied)


@desk.post("/signals/words/<id:word_id>/removal")
@for_moderators
@by_user
def remove_word(word_id: int):
    services.remove_word(word_id, by=visitor())
    flash(_("낱말을 목록에서 뺐어요."), "success")
    return redirect(url_for(".watched_words"), 303)


def _words_page(form: WordForm) -> str:
    return render_template("moderation/desk/words.html", form=form, listed=waves.words())


# Asking for a text to be taken down, without an account, and what became of it; and deciding about it at the desk


@bp.get("/moderation/takedowns/new")
@never_cached
def takedown_form():
    about = request.args.get("about", "")
    thing = queries.reported_as(about, AnonymousUserMixin()) if about else None
    return _form_page(TakedownForm(formdata=None, about=about, form_key=token_hex(16)), thing)


@bp.post("/moderation/takedowns/new")
@never_cached
@by_address
def ask_takedown():
    form, thing = TakedownForm(), None

    def ask():
        nonlocal thing
        thing = things.asked_about(form.about.data or "", form.address.data or "")
        count_in_hours(1, "takedowns", address(), int(current_app.config["LIMIT_TAKEDOWNS"]))
        return services.ask_takedown(form.key(), thing.kind, thing.id, ground=form.chosen(), text=form.text.data or "",
                                     contact=form.contact.data or "")

    def again(refusal: Refusal):
        form.refuse(refusal)
        if refusal.field:
            form.refuse_the_rest()
        return _form_page(form, thing)

    return attempt(ask, again, lambda made: saved(_("요청을 받았어요. 아래 번호를 적어 두세요."),
                                                  url_for(".takedown", number=takedowns.number(made))))


@bp.get("/moderation/takedowns")
@never_cached
def find_takedown():
    """The page that asks for the number; with one, the way to what became of it."""
    number = request.args.get("number", "")[:60]
    form = NumberForm(formdata=None, number=number)
    if number:
        try:
            return redirect(url_for(".takedown", number=takedowns.number(takedowns.by_number(number).request)), 303)
        except NotFound as missing:
            form.number.errors = [str(missing)]
    return render_template("moderation/takedown_find.html", form=form), 404 if number else 200


@bp.get("/moderation/takedowns/<number>")
@never_cached
def takedown(number: str):
    case = _by_now(takedowns.by_number(number))
    return render_template("moderation/takedown.html", case=case, number=takedowns.number(case.request), labels=labels,
                           standing=case.standing(clock.now()).value)


def _by_now(case: takedowns.TakedownCase) -> takedowns.TakedownCase:
    """Whoever reads first that the time of a block is over writes it down: the page says that the text is shown."""
    if case.action is None or case.standing(clock.now()) is not takedowns.TakedownState.OVER:
        return case
    services.end_over()
    return takedowns.case(case.request.id)


@desk.get("/takedowns")
@for_moderators
def list_takedowns():
    wanted = takedowns.WAITING.read(request.args)
    page = takedowns.waiting(wanted, visitor(), request.args.get("after"))
    shown = things.shown([(case.request.subject_kind, case.request.subject_id) for case in page.items])
    return render_template("moderation/desk/takedowns.html", page=page, shown=shown, labels=labels,
                           today=local(clock.now()).date(), wanted=wanted,
                           after_url=page.after and wanted.address(after=page.after))


@desk.get("/takedowns/<id:takedown_id>")
@for_moderators
def takedown_case(takedown_id: int):
    require(visitor(), may_keep, takedowns.case(takedown_id).author_id)
    return _takedown_page(takedown_id)


@desk.post("/takedowns/<id:takedown_id>/blocks")
@for_moderators
@by_user
def block_takedown(takedown_id: int):
    form = ReasonForm()
    return handle(form, lambda: services.block_takedown(takedown_id, reason=form.reason.data or "", by=visitor()),
                  lambda: _takedown_page(takedown_id, block=form),
                  lambda _made: saved(_("글을 가렸어요. 다른 운영자가 한 번 더 살펴 정해요."),
                                      url_for(".takedown_case", takedown_id=takedown_id)), through=(Denied, NotFound))


@desk.post("/takedowns/<id:takedown_id>/decisions")
@for_moderators
@by_user
def decide_takedown(takedown_id: int):
    form = _takedown_decision()

    def decide() -> None:
        form.refuse_personal_numbers()
        services.decide_takedown(takedown_id, granted=form.says_yes(), decision=form.decision.data or "", by=visitor())

    return handle(form, decide, lambda: _takedown_page(takedown_id, decision=form),
                  lambda _made: saved(_("결정했어요. 요청한 사람은 요청 번호로 볼 수 있어요."), url_for(".list_takedowns")),
                  through=(Denied, NotFound))


@desk.post("/takedowns/<id:takedown_id>/contact")
@for_moderators
@by_user
def takedown_contact(takedown_id: int):
    form = ReasonForm(prefix="why")
    return handle(form, lambda: services.see_takedown_contact(takedown_id, reason=form.reason.data or "", by=visitor()),
                  lambda: _takedown_page(takedown_id, why=form),
                  lambda contact: _takedown_page(takedown_id, contact=contact), through=(Denied, NotFound))


def _takedown_decision(**options) -> VerdictForm:
    return VerdictForm(_("받아들여요. 글을 계속 가려요."), _("받아들이지 않아요. 가린 글은 다시 보여요."), **options)


def _takedown_page(takedown_id: int, *, block=None, decision=None, why=None, contact: str | None = None) -> str:
    case = _by_now(takedowns.case(takedown_id))
    about = case.request.subject_kind, case.request.subject_id
    return render_template(
        "moderation/desk/takedown.html", case=case, labels=labels, number=takedowns.number(case.request),
        standing=case.standing(clock.now()).value, thing=things.shown([about]).get(about), contact=contact,
        block=block or ReasonForm(formdata=None), decision=decision or _takedown_decision(formdata=None),
        why=why or ReasonForm(formdata=None, prefix="why"), block_days=rules.BLOCK_DAYS,
        why_not_decide=why_not(visitor(), "moderation.decide", case.decided))


def _form_page(form: TakedownForm, thing) -> str:
    if not form.form_key.data:
        form.form_key.data = token_hex(16)
    return render_template("moderation/takedown_form.html", form=form, thing=thing, block_days=rules.BLOCK_DAYS)
