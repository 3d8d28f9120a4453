"""What waits for moderators and officials, by deadline and by what has to be done."""

from dataclasses import dataclass

from flask import render_template, request, url_for

from civic_forum.kernel import clock
from civic_forum.kernel.errors import Invalid
from civic_forum.kernel.i18n import _, local
from civic_forum.kernel.web import visitor

from .. import words
from ..queries import queue as queries
from ..rules import Due, Job
from .blueprint import desk
from .gate import for_staff


@dataclass(frozen=True)
class Filter:
    label: object
    url: str
    current: bool
    total: int
    key: str


@desk.get("")
@for_staff
def queue():
    due, job, today = _one_of(Due, "due"), _one_of(Job, "job"), local(clock.now()).date()
    page = queries.waiting(visitor(), due=due, job=job, today=today, after=request.args.get("after"))
    by_due, by_job = queries.counts(visitor(), due=due, job=job, today=today)
    return render_template(
        "answers/queue.html", page=page, today=today, words=words, Job=Job,
        dues=[Filter(words.DUE[one], _url(one, job), one is due, by_due[one], one.value) for one in Due],
        jobs=[Filter(words.JOB[one], _url(due, one), one is job, by_job[one], one.value) for one in Job],
        without_clock=queries.without_clock(visitor()) if due is Due.ALL and job is Job.ALL else [],
        after_url=page.after and url_for(".queue", due=due.value, job=job.value, after=page.after))


def _one_of(kind: type[Due] | type[Job], name: str):
    given = request.args.get(name) or kind.ALL.value
    if given not in list(kind):
        raise Invalid(_("모르는 거르기예요. 화면에서 골라 주세요."))
    return kind(given)


def _url(due: Due, job: Job) -> str:
    chosen = {name: one.value for name, one in (("due", due), ("job", job)) if one.value != "all"}
    return url_for(".queue", **chosen)
