"""Reports: that a thing breaks a rule."""

from civic_forum.accounts.models import User
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from ..events import ReportMade
from ..models import Report
from ..policy import may_report
from ..queries import queue as reports
from ..rules import Rule, SENTENCE_MOST, needs_sentence


def report(kind: str, subject_id: int, *, rule: Rule, sentence: str = "", by: User) -> Report:
    """Tell the moderators that a thing of a registered kind breaks a rule; once for each user and thing."""
    sentence = plain_text.clean(sentence)
    if len(sentence) > SENTENCE_MOST:
        raise Refusal(_("300자까지 적을 수 있어요. 짧게 줄여 주세요."), field="sentence")
    if needs_sentence(rule) and not sentence:
        raise Refusal(_("어떤 점이 문제인지 한 문장으로 적어 주세요."), field="sentence")
    refuse_secret(sentence=sentence)
    with use_case(by) as work:
        thing = reports.reported(kind, subject_id, by)
        require(by, may_report, thing)
        if reports.report_of(thing, by):
            raise Conflict(_("이미 신고한 글이에요. 운영자가 살펴보고 있으니 기다려 주세요."))
        made = work.store(Report(subject_kind=thing.kind, subject_id=thing.id, rule=rule, sentence=sentence,
                                 by_id=by.id, at=work.at))
        work.record("moderation.reported", made, rule=rule)
        work.emit(ReportMade(made.id))
        return made
