"""Things that were heard and their ends, and one's own by number and code."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from civic_forum.answers.queries.records import duty_about
from civic_forum.blocks import about, sections, submissions
from civic_forum.blocks.charts import Bar, Bars, Part, Share
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.listing import Given
from civic_forum.blocks.pages import handle, saved
from civic_forum.forums.preparing.listing import days_of_visits
from civic_forum.platform import clock
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, never_cached, visitor

from .. import labels, queries, rules, services
from ..forms import CodeForm, NumberForm
from ..models import IntakeItem
from ..rules import Became
from ..visits import queries as heard
from ..window.operations import standing

bp = Blueprint("intake", __name__, url_prefix="/intake")
BAR = ((Became.PROPOSAL, "strong"), (Became.STATEMENT, "soft"), (Became.ANSWERED, "good"), (Became.DUTY, "warm"))
"""Ends that the bar shows by themselves, with their tones."""


@bp.get("")
def show_list() -> ResponseReturnValue:
    """Everything that was heard; with a number in the address, the page of that number."""
    if request.args.get("number"):
        return _look_up()
    return sections.page(_list, queries.ITEMS.given(request.args))


def _look_up() -> ResponseReturnValue:
    form = NumberForm(formdata=None, data={"number": request.args["number"][:40]})
    return handle(form, lambda: queries.by_number(form.number.data or ""),
                  lambda: render_template("intake/look_up.html", form=form),
                  lambda item: redirect(f"/intake/{item.number}", 303))


def _list(filters: Given) -> tuple[str, dict[str, Any]]:
    wanted = queries.ITEMS.read(filters)
    page, counts, year = wanted.page(filters.get("after")), queries.counts(), queries.today().year
    rows = heard.of_ids([row[0].id for row in page.items])
    return "intake/list.html", {
        "heard": [rows[row[0].id] for row in page.items], "counts": counts, "whole": _share(counts), "labels": labels,
        "subjects": about.subjects(row[0].about for row in page.items), "forms": _forms(counts), "year": year,
        "days": days_of_visits(year, lambda place: f"/intake?neighbourhood={place}"),
        "chips": wanted.links("became", [*filter(counts.became.get, Became)], {**counts.became, None: counts.all}),
        "wanted": wanted, "pickers": wanted.pickers("form", "neighbourhood"),
        "after_url": page.after and wanted.address(after=page.after)}


def _share(counts: queries.Counts) -> Share:
    rest = counts.all - sum(counts.became.get(became, 0) for became, _tone in BAR) - counts.became.get(None, 0)
    return Share([Part(str(label), count, _("%(count)s개", count=count), tone) for label, count, tone in (
        *((labels.BECAME[became], counts.became.get(became, 0), tone) for became, tone in BAR),
        (_("그 밖에 정해졌어요"), rest, "plain"), (_("나누는 중이에요"), counts.became.get(None, 0), "quiet")) if count])


def _forms(counts: queries.Counts) -> Bars:
    """Numbers by form, the most first."""
    return Bars([Bar(str(labels.FORM[form]), count, _("%(count)s개", count=f"{count:,}"), tone="" if place else "strong")
                 for place, (form, count) in enumerate(sorted(counts.forms.items(), key=lambda pair: -pair[1]))])


@bp.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    if printed := queries.printed(number):
        return render_template("intake/unused.html", number=printed)
    return item_page(queries.by_number(number), CodeForm())


@bp.post("/<number>")
@by_address
@never_cached
def open_item(number: str) -> ResponseReturnValue:
    """The same page, with what the code on the slip opens."""
    form = CodeForm()
    return handle(form, lambda: services.opened(number, form.code.data or ""),
                  lambda: item_page(queries.by_number(number), form), lambda item: item_page(item, form, is_own=True))


@bp.post("/<number>/withdrawal")
@by_address
@never_cached
def withdraw(number: str) -> ResponseReturnValue:
    form = CodeForm()
    return handle(form, lambda: services.withdraw(number, form.code.data or ""),
                  lambda: item_page(queries.by_number(number), form),
                  lambda item: saved(_("거뒀어요. 이 글로 만든 제안이나 한 줄 의견은 그대로 남아요.") if item.about is not None else
                                     _("거뒀어요. 이 글은 이제 아무도 볼 수 없어요."), f"/intake/{item.number}"),
                  through=Refusal if not form.code.data else ())


def item_page(item: IntakeItem, form: CodeForm, *, is_own: bool = False) -> str:
    """Page of an item; `is_own`: with what the code on its slip opens."""
    handed_in_at = item.submission.handed_in_at
    return render_template(
        "intake/show.html", item=item, labels=labels, form=form, is_own=is_own, subject=about.subject(item.about),
        final=rules.FINAL, is_mine=item.submission.owner_id == getattr(visitor(), "id", 0),
        duty=duty_about(Ref(rules.ITEM, item.id)) if item.became is Became.DUTY else None, today=queries.today(),
        contact=submissions.contact(item.submission) if is_own else None, standing=standing(item),
        reached=queries.reached(item) if item.submission.contact_sealed and visitor().is_authenticated else None,
        may_withdraw=bool(is_own and item.submission.stands and handed_in_at and rules.may_still_withdraw(
            handed_in_at, clock.now(), item.act)))
