"""Objections of authors to being merged or grouped, and the answers they get."""

from civic_forum.accounts.models import User
from civic_forum.journeys import operations as journeys
from civic_forum.platform.errors import Conflict
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import rules
from .. import operations
from ..events import AuthorObjected, ObjectionAnswered
from ..models import AuthorObjection, MergeReply, ProposalMerge
from ..policy import may_answer_objection, may_object, may_object_to_merge, may_reply
from ..queries import merges, records
from ..rules import Reply


def agree_to_merge(merge_id: int, *, by: User) -> ProposalMerge:
    """Say yes as one of the two authors; also after having objected."""
    with use_case(by) as work:
        operations.take_turn(work.session)
        merge = merges.merge(merge_id)
        require(by, may_reply, merge)
        _reply(work, merge, Reply.AGREED, by)
        return merge


def object_to_merge(merge_id: int, text: str, *, by: User) -> AuthorObjection:
    """Say no as one of the two authors, once for each, for everybody to read."""
    text = words_given(text, rules.OBJECTION_LEAST, rules.OBJECTION_MOST, "text")
    with use_case(by) as work:
        operations.take_turn(work.session)
        merge = merges.merge(merge_id)
        require(by, may_object_to_merge, merge)
        _reply(work, merge, Reply.OBJECTED, by)
        return _object(work, AuthorObjection(merge_id=merge.id, by_id=by.id, text=text, at=work.at))


def _reply(work: Work, merge: ProposalMerge, reply: Reply, by: User) -> None:
    answer = work.session.get(MergeReply, (merge.id, by.id))
    if answer is not None and answer.reply is reply:
        raise Conflict(_("이미 답했어요."))
    if answer is None:
        work.session.add(MergeReply(merge_id=merge.id, user_id=by.id, reply=reply, at=work.at))
    else:
        answer.reply, answer.at = reply, work.at
    work.record("agendas.merge_replied", merge, reply=reply.value)


def _object(work: Work, objection: AuthorObjection) -> AuthorObjection:
    work.store(objection)
    work.record("agendas.objected", objection)
    work.emit(AuthorObjected(objection.id))
    return objection


def object_to_grouping(link_id: int, text: str, *, by: User) -> AuthorObjection:
    """묶음 반대: public, and answered. The proposal stays in the agenda until a moderator decides."""
    text = words_given(text, rules.OBJECTION_LEAST, rules.OBJECTION_MOST, "text")
    with use_case(by) as work:
        link = records.locked_link(link_id)
        require(by, may_object, link)
        if records.objection_to(link.id) is not None:
            raise Conflict(_("이미 반대를 남겼어요. 운영자가 답하면 알려 드려요."))
        journeys.add(work.session, link.agenda.journey_id, "objected", at=work.at)
        return _object(work, AuthorObjection(link_id=link.id, by_id=by.id, text=text, at=work.at))


def answer(objection_id: int, text: str, *, by: User) -> AuthorObjection:
    """Answer for everybody to read; a second moderator learns that the first was quicker."""
    text = words_given(text, rules.OBJECTION_LEAST, rules.OBJECTION_MOST, "answer")
    with use_case(by) as work:
        objection = records.locked_objection(objection_id)
        require(by, may_answer_objection, objection)
        if objection.link_id is not None:
            journeys.add(work.session, records.link(objection.link_id).agenda.journey_id, "objection_answered",
                         at=work.at)
        objection.answer, objection.answered_at, objection.answered_by_id = text, work.at, by.id
        work.record("agendas.objection_answered", objection)
        work.emit(ObjectionAnswered(objection.id))
        return objection
