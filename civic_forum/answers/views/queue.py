"""Pages of the queue of moderators and officials, by deadline and by what has to be done."""

from flask import render_template, request, url_for

from civic_forum.kernel import clock
from civic_forum.kernel.filters import Filter, one_of
from civic_forum.kernel.i18n import local
from civic_forum.kernel.waiting import DUE, Due
from civic_forum.kernel.web import visitor

from .. import labels
from ..queries import queue as queries
from ..rules import Job
from .blueprint import desk
from .gate import for_staff


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
        without_clock=queries.without_clock(visitor()) if due is Due.ALL and job is Job.ALL else [],
        after_url=page.after and url_for(".queue", due=due.value, job=job.value, after=page.after))


def _url(due: Due, job: Job) -> str:
    chosen = {name: one.value for name, one in (("due", due), ("job", job)) if one.value != "all"}
    return url_for(".queue", **chosen)
