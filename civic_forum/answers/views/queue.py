"""Pages of the queue of moderators and officials, by deadline and by what has to be done."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import render_template, request, url_for

from civic_forum.accounts.queries import users
from civic_forum.accounts.rules import Role
from civic_forum.blocks import sections
from civic_forum.blocks.listing import Chosen, Given, Link
from civic_forum.blocks.several import act_on_several
from civic_forum.platform import clock
from civic_forum.platform.i18n import _n, local
from civic_forum.platform.waiting import Due
from civic_forum.platform.web import by_user, visitor

from .. import labels, services
from ..forms import DepartmentForm
from ..queries import queue as queries
from ..rules import Job
from .blueprint import desk
from .gate import for_staff, seen_case

ALL = "all"


@desk.get("")
@for_staff
def queue():
    wanted, today = queries.QUEUE.read(request.args), local(clock.now()).date()
    page = queries.waiting(wanted, visitor(), today, request.args.get("after"))
    by_due, by_job = sections.kept(_counted, visitor().id, queries.QUEUE.given(request.args), today)
    return render_template(
        "answers/queue.html", page=page, today=today, labels=labels, Job=Job, wanted=wanted,
        pickers=wanted.pickers("q", "sort"),
        dues=_links(wanted, "due", Due, by_due), jobs=_links(wanted, "job", Job, by_job),
        form=DepartmentForm(formdata=None) if visitor().has(Role.MODERATOR) else None,
        gives_out=any(item.job is Job.TRIAGE for item in page.items),
        without_clock=queries.without_clock(visitor()) if wanted.values.keys() <= {"due", "job"} and all(
            one == ALL for one in wanted.values.values()) else [],
        after_url=page.after and wanted.address(after=page.after))


def _counted(user_id: int, given: Given, today: date) -> tuple[Mapping[Due, int], Mapping[Job, int]]:
    return queries.counts(queries.QUEUE.read(given), users.with_grants(user_id), today)


@desk.post("/assignments")
@for_staff
@by_user
def assign_several():
    """Give those that were ticked to one department."""
    form = DepartmentForm()
    department_id = form.department_id
    return act_on_several(
        lambda number: services.assign(seen_case(number).proposal.id, department_id, note=form.note.data or "",
                                       by=visitor()),
        lambda done: _n("제안 %(num)s건을 맡을 부서를 정했어요.", "제안 %(num)s건을 맡을 부서를 정했어요.", done),
        url_for(".queue", job=Job.TRIAGE.value))


def _links(wanted: Chosen, key: str, kind: type[Due] | type[Job], totals: Mapping[Any, int]) -> list[Link]:
    """Links to what each choice leaves; one of them is everything."""
    chosen, names = wanted[key] or ALL, wanted.choices(key)
    return [Link(names[one], wanted.address(**{key: None if one == ALL else one.value}), one == chosen, totals[one],
                 one.value) for one in kind]
