"""Pages of the queue of moderators and officials, by deadline and by what has to be done."""

from flask import render_template, request, url_for

from civic_forum.accounts.rules import Role
from civic_forum.blocks.several import act_on_several
from civic_forum.kernel import clock
from civic_forum.kernel.filters import Filter, one_of
from civic_forum.kernel.i18n import _n, local
from civic_forum.kernel.waiting import DUE, Due
from civic_forum.kernel.web import by_user, visitor

from .. import labels, services
from ..forms import DepartmentForm
from ..queries import queue as queries
from ..rules import Job
from .blueprint import desk
from .gate import for_staff, seen_case


@desk.get("")
@for_staff
def queue():
    due, job = one_of(Due, request.args.get("due")) or Due.ALL, one_of(Job, request.args.get("job")) or Job.ALL
    today = local(clock.now()).date()
    page = queries.waiting(visitor(), due=due, job=job, today=today, after=request.args.get("after"))
    by_due, by_job = queries.counts(visitor(), due=due, job=job, today=today)
    return render_template(
        "answers/queue.html", page=page, today=today, labels=labels, Job=Job,
        dues=[Filter(DUE[one], _url(one, job), one is due, by_due[one], one.value) for one in Due],
        jobs=[Filter(labels.JOB[one], _url(due, one), one is job, by_job[one], one.value) for one in Job],
        form=DepartmentForm(formdata=None) if visitor().has(Role.MODERATOR) and any(
            item.job is Job.TRIAGE for item in page.items) else None,
        without_clock=queries.without_clock(visitor()) if due is Due.ALL and job is Job.ALL else [],
        after_url=page.after and url_for(".queue", due=due.value, job=job.value, after=page.after))


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


def _url(due: Due, job: Job) -> str:
    chosen = {name: one.value for name, one in (("due", due), ("job", job)) if one.value != "all"}
    return url_for(".queue", **chosen)
