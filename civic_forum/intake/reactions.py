"""Registrations of intake with the rest of the site."""

from civic_forum.answers import labels
from civic_forum.answers.events import LaterAnswerPublished
from civic_forum.answers.models import LaterAnswer
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.blocks import submissions
from civic_forum.blocks.extensions import ME
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.pages import MENU, Navigation
from civic_forum.forums import extensions as forum_pages
from civic_forum.opinions.events import SheetCounted
from civic_forum.platform import hooks, jobs, plain_text, rich_text
from civic_forum.platform.i18n import _l
from civic_forum.platform.waiting import ENTRIES, WORK, DeskEntry, DeskWork
from civic_forum.platform.work import going_on
from civic_forum.proposals.extensions import RECEIVED

from . import own_data, queries, rules, services
from .events import ItemChecked, ItemWithdrawn
from .kinds import make_findable
from .models import IntakeItem
from .rules import ITEM, Became
from .visits.views import on_visit
from .window.operations import answer_key, take_back
from .window.queries import received_at

REPLY, REPLIED_BY = IntakeItem.reply.type.length, rules.REPLIED_BY_MOST


@hooks.on(ItemChecked)
@hooks.on(ItemWithdrawn)
def find_or_forget(fact, session) -> None:
    make_findable(session, session.get_one(IntakeItem, fact.item_id))


@hooks.on(SheetCounted)
def note_counted(fact, _session) -> None:
    """The sheet of answers that came in at a window counts."""
    for item in queries.of_keys([answer_key(fact.consultation_id, fact.sheet)]).values():
        item.became, item.about = Became.STATEMENT, Ref("consultation", fact.consultation_id)


@hooks.on(LaterAnswerPublished)
def write_back(fact: LaterAnswerPublished, session) -> None:
    """An item that waited for a department is answered, in its words."""
    answer = session.get_one(LaterAnswer, fact.later_answer_id)
    if answer.duty.about_kind == ITEM:
        item = session.get_one(IntakeItem, answer.duty.about_id)
        item.became, item.replied_by = Became.ANSWERED, labels.signature(answer)[:REPLIED_BY]
        item.reply = plain_text.beginning(rich_text.text_of(answer.text_html), REPLY)

PERSONAL_DATA["intake"] = PersonalData(collect=own_data.collect, erase=own_data.erase)
PERSONAL_DATA["submissions"] = PersonalData(collect=submissions.collect, erase=submissions.erase)
MENU["intake"] = Navigation(_l("현장 접수"), "intake.show_list", 17, "proposals")
forum_pages.FINISHED.add_section(on_visit)
RECEIVED.add(received_at)
ME.add(own_data.on_me)
ENTRIES["window"] = DeskEntry("intake.serve", _l("창구"), "intake_window.show")
ENTRIES["intake"] = DeskEntry("intake.take", _l("현장 접수"), "intake_desk.write")
ENTRIES["intake.sort"] = DeskEntry("intake.sort", _l("현장 접수 나누기"), "intake_desk.sorting")
ENTRIES["intake.claims"] = DeskEntry("intake.settle_claims", _l("내 것이라고 한 것"), "intake_desk.claims")
WORK["intake.checks"] = DeskWork("intake.take", _l("적은 글 확인하기"), queries.waiting, queries.lines,
                                  within=rules.CHECKED_WITHIN)

WORK["intake.replies"] = DeskWork("intake.confirm_replies", _l("그 자리에서 한 답 확인하기"), queries.replying,
                                  queries.reply_lines, within=rules.CHECKED_WITHIN)


@hooks.on(ItemWithdrawn)
def end_act(fact: ItemWithdrawn, _session: object) -> None:
    take_back(going_on(), fact.item_id)


jobs.every(60, "names and telephones of what was handed in")(services.forget)
