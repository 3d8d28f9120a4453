"""The electoral roll of a poll at the desk."""

from civic_forum.ballots.pages import rolls
from civic_forum.ballots.pages.rolls import MOST_BYTES, DeskRoll
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.web import accepts_files, shown_to, visitor

from .. import policy
from ..policy import may_make
from ..queries import records
from .blueprint import desk


@desk.get("/polls/<slug>/roll")
@shown_to(may_make)
def roll(slug: str):
    return rolls.desk_page(_vote(slug))


@desk.post("/polls/<slug>/roll/fixings")
@shown_to(may_make)
def fix_roll(slug: str):
    return rolls.fixed(_vote(slug))


@desk.post("/polls/<slug>/roll/imports")
@accepts_files(MOST_BYTES)
@shown_to(may_make)
def import_roll(slug: str):
    return rolls.imported(_vote(slug))


@desk.post("/polls/<slug>/roll/answers/<id:objection_id>")
@shown_to(may_make)
def answer_objection(slug: str, objection_id: int):
    return rolls.answered(_vote(slug), objection_id)


@desk.post("/polls/<slug>/roll/corrections")
@shown_to(may_make)
def correct_roll(slug: str):
    return rolls.corrected(_vote(slug))


def _vote(slug: str) -> DeskRoll:
    poll, home = records.whole(slug), f"/desk/polls/{slug}"
    if poll.roll is None:
        raise NotFound(_("아직 명부가 없어요. 누가 투표할 수 있는지 먼저 적어 주세요."))
    return DeskRoll(
        title=poll.title, way=[(_("업무 화면"), "/desk"), (_("투표"), "/desk/polls"), (poll.title, home)],
        here=f"{home}/roll", roll=poll.roll, opened=poll.box is not None and poll.box.opened_at is not None,
        why_not=policy.may_edit(visitor(), poll))
