"""Surveys for everybody: the list, answering one, its results and their file."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from flask import current_app, g, render_template, request

from civic_forum.blocks import charts, sections
from civic_forum.blocks.listing import Given
from civic_forum.blocks.pages import handle, saved
from civic_forum.opinions import labels as stages
from civic_forum.opinions.rules import Stage
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.downloads import csv_on_the_way, stored
from civic_forum.platform.i18n import _
from civic_forum.platform.spreadsheets import XLSX, write_xlsx
from civic_forum.platform.web import address, by_download, count_in_hours, unlogged, visitor

from .. import forms, labels, policy, queries, services
from ..models import Survey
from ..policy import Asked, may_answer
from ..rules import Way
from .blueprint import bp

GROUPS = ("known", "free")


@bp.get("")
def show_list():
    return sections.page(_list_facts, queries.ANNOUNCED.given(request.args))


def _list_facts(words: Given):
    wanted = queries.ANNOUNCED.read(words)
    page = wanted.page(words.get("after"))
    there = [row.Survey for row in page.items]
    becomes_another(*(moment for survey in there for moment in (survey.opens_at, survey.closes_at)))
    return "surveys/list.html", {
        "surveys": [(survey, survey.stage) for survey in there], "stages": stages,
        "after_url": page.after and wanted.address(after=page.after)}


def readable(slug: str) -> Survey:
    """Raises NotFound for one that the visitor may not know of."""
    survey = queries.by_slug(slug)
    if policy.may_read(visitor(), survey):
        raise queries.missing()
    return survey


@bp.get("/<slug>")
def show(slug: str):
    survey = readable(slug)
    return _page(survey, forms.with_code(queries.questions_of(survey))(formdata=None))


def _page(survey: Survey, form: Any):
    becomes_another(survey.opens_at, survey.closes_at)
    actor = visitor()
    way = policy.way_of(actor, survey, survey.by_letter)
    asks = survey.stage is Stage.OPEN and actor.is_authenticated
    if asks:
        g.pop("page_version", None)  # nothing notes that somebody has answered
    return render_template(
        "surveys/show.html", survey=survey, stage=survey.stage, stages=stages, labels=labels, form=form, way=way,
        has_answered=asks and services.has_answered(survey.id, actor), results=results_of(survey),
        why_not=may_answer(actor, Asked(survey, way)))


def results_of(survey: Survey) -> list[tuple[dict[str, Any], list[tuple[str, charts.Bars]]]]:
    """Published questions, each with the bars of those who answer once and of those who answered freely."""
    if survey.published_at is None or survey.results is None:
        return []
    there = [group for group in GROUPS if survey.results["people"][group]]
    return [(question, [(group, charts.Bars([charts.Bar(
        labels.option(name), number, _("%(count)s명", count=f"{number or 0:,}"), hidden=number is None)
        for name, number in question[group]], top=survey.results["people"][group]))
        for group in there if question[group]]) for question in survey.results["questions"]]


@bp.post("/<slug>")
@unlogged
def answer(slug: str):
    survey = readable(slug)
    form = forms.with_code(queries.questions_of(survey))()

    def act() -> None:
        if not visitor().is_authenticated:
            count_in_hours(1, "survey answers", address(), current_app.config["LIMIT_DEVICES"])
        services.answer(survey.id, form.part(), form.code.data or "", by=visitor())

    return handle(form, act, lambda: _page(survey, form), lambda _made: saved(
        _("답했어요. 고마워요. 결과는 마감한 뒤 여기에서 볼 수 있어요."), f"/surveys/{survey.slug}"))


def _rows(survey: Survey) -> Iterator[tuple[object, ...]]:
    """Published counts; a hidden one is empty."""
    words = {"known": _("한 번씩 답한 사람"), "free": str(labels.WAY[Way.FREE])}
    for question in (survey.results or {})["questions"]:
        for group in GROUPS:
            for name, number in question[group] or ():
                yield question["number"], question["label"], words[group], labels.option(name), number


@bp.get("/<slug>/results.<any(csv, xlsx):kind>")
@by_download
def results(slug: str, kind: str):
    """Raises NotFound before they are published."""
    survey = readable(slug)
    if survey.published_at is None:
        raise queries.missing()
    head = (_("번호"), _("질문"), _("누가"), _("답"), _("사람"))
    if kind == "csv":
        return csv_on_the_way(f"survey-{survey.slug}", head, list(_rows(survey)))
    file = BytesIO()
    write_xlsx(file, [], head, _rows(survey))
    return stored(file, f"survey-{survey.slug}.xlsx", XLSX)
