"""Pages of questions, and of carrying something on as a proposal."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask_login import login_required

from civic_forum.answers.rules import LATER_DAYS
from civic_forum.blocks.listing import Link
from civic_forum.district import queries as district
from civic_forum.platform import clock
from civic_forum.platform.filters import one_of
from civic_forum.platform.i18n import _l
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_address, by_user, never_cached, visitor

from .. import pages
from ..chat.rules import MINUTES
from ..forms import AnswerForm, GroupForm, TextForm, TypedForm, WhyForm
from ..fragments import Patch, draws
from ..models import Forum
from ..pages import NOTHING, Refused, around, bp, by_hand, by_speaker
from ..policy import is_moderator
from ..rules import ForumEventKind
from . import becoming, queries, services
from .models import Question
from .policy import may_ask, may_propose
from .rules import Sort

LIST = "questions-list"
SORTS = {Sort.SUPPORTED: _l("공감 많은 순서"), Sort.NEWEST: _l("새로 올라온 순서")}
COUNTED = frozenset((ForumEventKind.QUESTION_ASKED, ForumEventKind.QUESTION_GROUPED, ForumEventKind.QUESTION_UNGROUPED,
                     ForumEventKind.QUESTION_HIDDEN, ForumEventKind.QUESTION_SHOWN))
"""After these another number of questions stands in the list."""


@bp.get("/<slug>/questions")
def list_questions(slug: str):
    return list_page(pages.forum_at(slug))


@bp.get("/<slug>/questions/<id:question_id>")
def question(slug: str, question_id: int):
    return list_page(pages.forum_at(slug), question_id)


@pages.shows("/questions")
def list_page(forum: Forum, question_id: int | None = None, refused: Refused = NOTHING):
    """All of them, or one."""
    if question_id is not None:
        return _one(forum, question_id, refused)
    sort = one_of(Sort, request.args.get("sort")) or Sort.SUPPORTED
    after = request.args.get("after")
    shown = queries.page(forum, visitor(), sort, after)
    context = around(forum, refused, "/questions")
    chips = [Link(label, url_for(".list_questions", slug=forum.slug, sort=order.value), order is sort, None)
             for order, label in SORTS.items()]
    return render_template(
        "forums/questions.html", questions=shown, chips=chips, sort=sort, is_first=not after,
        why_not_ask=may_ask(visitor(), context["at"]), **context,
        after_url=shown.after and url_for(".list_questions", slug=forum.slug, sort=sort.value, after=shown.after))


def _one(forum: Forum, question_id: int, refused: Refused):
    question, viewer = queries.question(forum.id, question_id), visitor()
    context = around(forum, refused, f"/questions/{question_id}")
    members = queries.members(forum.id, question_id) if question.group_count else []
    head = queries.question(forum.id, question.grouped_under_id) if question.grouped_under_id else None
    supported = queries.supports(forum.id, viewer) if viewer.is_authenticated else frozenset()
    inside = {question_id, *(member.id for member in members)}
    heads = [top for top in queries.heads(forum) if top.id not in inside] if context["runs"] and head is None else []
    return render_template("forums/question.html", question=question, members=members, head=head, heads=heads,
                           departments=district.departments() if context["runs"] else (), later_days=LATER_DAYS,
                           minutes=MINUTES, questions=queries.Questions([question], supported=supported), **context)


@bp.post("/<slug>/questions")
@by_speaker
@pages.answering("question", "#questions")
def ask(forum: Forum):
    form = TextForm()
    services.ask(forum.id, form.text.data or "", form.sent_as, by=visitor())


@bp.post("/<slug>/questions/typed")
@by_speaker
@pages.answering("typed", "#questions")
def type_question(forum: Forum):
    form = TypedForm()
    services.ask_for(forum.id, form.name.data or "", form.text.data or "", form.sent_as, table_id=form.table_id,
                     by=visitor())


@bp.post("/<slug>/questions/<id:question_id>/supports")
@by_hand
@pages.answering("support", "#questions")
def support_question(forum: Forum, question_id: int):
    services.support(forum.id, question_id, key=TextForm().sent_as, by=visitor())


@bp.post("/<slug>/questions/<id:question_id>/group")
@pages.answering("group")
def group_question(forum: Forum, question_id: int):
    services.group(forum.id, question_id, GroupForm().head_id, by=visitor())


@bp.post("/<slug>/questions/<id:question_id>/group/end")
@pages.answering("group")
def ungroup_question(forum: Forum, question_id: int):
    services.ungroup(forum.id, question_id, by=visitor())


@bp.post("/<slug>/questions/<id:question_id>/answer")
@pages.answering("answer")
def answer_question(forum: Forum, question_id: int):
    form = AnswerForm()
    services.answer(forum.id, question_id, form.answered_by.data or "", form.answer.data or "", later=form.later,
                    by=visitor())


@bp.post("/<slug>/questions/<id:question_id>/answer/end")
@pages.answering("answer")
def reopen_question(forum: Forum, question_id: int):
    services.reopen(forum.id, question_id, by=visitor())


@bp.post("/<slug>/questions/<id:question_id>/hiding")
@pages.answering("hiding")
def hide_question(forum: Forum, question_id: int):
    services.hide(forum.id, question_id, WhyForm().why.data or "", by=visitor())


@bp.post("/<slug>/questions/<id:question_id>/hiding/end")
@pages.answering("hiding")
def show_question(forum: Forum, question_id: int):
    services.show(forum.id, question_id, by=visitor())


@draws("question")
def draw_questions(forum: Forum, events) -> list[Patch]:
    """Each as it is now, with what it is or was grouped under; what is grouped leaves the list."""
    ids = {event.subject_id for event in events} | {under for event in events if (under := event.details.get("under"))}
    touched = {question.id: question for question in queries.of_ids(forum.id, ids)}
    above = queries.grouped(forum.id)
    missing = {top for question_id in touched for top in queries.rules.chain(question_id, above)} - set(touched)
    touched |= {question.id: question for question in queries.of_ids(forum.id, missing)} if missing else {}
    places = queries.places(forum.id, touched.values())
    puts = [Patch(f"question-{question.id}", "" if question.grouped_under_id else drawn(forum, question, places),
                  into=LIST) for question in sorted(touched.values(), key=lambda question: question.id)]
    if any(event.kind in COUNTED for event in events):
        puts.append(Patch("questions-count", render_template("forums/pieces/questions_count.html",
                                                           total=queries.total(forum.id))))
        puts.append(Patch("question-newest", render_template("forums/pieces/question_newest.html", forum=forum,
                                                             question=queries.newest(forum.id))))
    return puts


def drawn(forum: Forum, question: Question, places: Mapping[int, int]) -> str:
    return render_template("forums/pieces/question.html", forum=forum, question=question,
                           questions=queries.Questions([question], places=places), now=clock.now())


@bp.get("/<slug>/proposals", endpoint="seeds")
@never_cached
@login_required
def show_seeds(slug: str):
    """One's own notes and questions; for moderators also what came on paper."""
    forum = pages.forum_at(slug)
    require(visitor(), may_propose, pages.context(forum))
    seeds = becoming.seeds(forum, visitor().id, moderates=is_moderator(visitor()))
    return render_template("forums/seeds.html", forum=forum, seeds=seeds)


@bp.post("/<slug>/<any(note, question):kind>/<id:row_id>/proposal")
@by_address
@by_user
@login_required
def propose(slug: str, kind: str, row_id: int):
    draft = becoming.propose(pages.forum_at(slug).id, kind, row_id, by=visitor())
    return redirect(url_for("proposals.write", key=draft.draft_key, step=1), 303)
