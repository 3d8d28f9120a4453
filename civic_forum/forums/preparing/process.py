"""The process of a forum: its gaps, its moves, another one after it, its programme."""

from dataclasses import replace
from datetime import datetime
from secrets import randbelow
from typing import Any

from civic_forum.attachments.documents import Documents
from civic_forum.attachments.models import Attachment
from civic_forum.ballots.models import ElectionSeason
from civic_forum.ballots.queries import seasons
from civic_forum.blocks import slugs
from civic_forum.blocks.ordered import Ordered
from civic_forum.blocks.process import Copying, Gap, Move, PartPage, Process, Season
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, _l, day, local
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work

from .. import labels, operations
from .. import queries as forums
from ..events import ForumAnnounced, ForumEdited
from ..models import Forum, ProgrammeItem
from ..policy import may_prepare
from ..registration import operations as places
from ..rules import Form, ForumEventKind, Stage, election_near
from ..settings import decided
from . import queries, rules
from .parts import Access, Holder, Item, Times, Visiting, Wording
from .policy import may_announce, may_arrange, may_edit, may_file


def gaps(forum: Forum, at: datetime) -> list[Gap]:
    """Gaps of a forum before everybody can be told; first the reason why nobody can be told at all."""
    reason = None if forum.announced_at else why_not_near_election(forum, at)
    missing = [Gap(gap, labels.MISSING[gap], labels.MISSING_PART[gap]) for gap in queries.missing(forum, at)]
    return [Gap("election", reason, "visit"), *missing] if reason else missing


def season_of(forum: Forum) -> ElectionSeason | None:
    """The election season in which it would be held."""
    return queries.season_of(forum, seasons())


def _keep_in_step(work: Work, forum: Forum) -> None:
    """While it runs, those who look on see the change."""
    if forum.stage is Stage.LIVE:
        operations.add_event(work, forum, ForumEventKind.FORUM_CHANGED)


def why_not_near_election(forum: Forum, at: datetime) -> str | None:
    """Refusal to tell people of a visit of the mayor whose day, or this one, is near an election; one without a kind of
    today may be such a visit."""
    kinds, mayors = decided("VISIT_KINDS"), decided("MAYOR_VISITS")
    days = (local(forum.starts_at).date(), local(forum.ends_at).date(), local(at).date())
    election = election_near(decided("ELECTION_DAYS"), days)
    if election is None or not mayors or forum.form is not Form.VISIT or forum.visit_kind in {*kinds} - {*mayors}:
        return None
    if forum.visit_kind not in mayors:
        return _("선거일 60일 전부터는 찾아가는 날의 종류를 먼저 골라야 해요.")
    return _("%(election)s 선거일 60일 전부터는 구청장이 가는 날을 알릴 수 없어요(공직선거법 제86조). 선거 뒤에 적어 둘 수는 있어요.",
             election=day(election))


def _changed(work: Work, forum: Forum, part: Any) -> None:
    """More places go to those who wait; nobody gives a gathering out of the own hands."""
    if forum.announced_at and isinstance(part, Times | Visiting) and (reason := why_not_near_election(forum, work.at)):
        raise Conflict(reason)
    if isinstance(part, Times):
        places.fill(work, forum)
    if isinstance(part, Holder):
        require(work.actor, may_prepare, forum)


class ForumProcess(Process[Forum]):
    """A process in which nobody is told in an election season that nobody answered for."""

    def refuse_gaps_to_announce(self, record: Forum, at: datetime) -> None:
        super().refuse_gaps_to_announce(record, at)
        if reason := self.why_not_in_season(record):
            raise Conflict(reason)


def new(work: Work, slug: str | None, holder: Holder, wording: Wording, times: Times,
        visiting: Visiting = Visiting()) -> Forum:
    """A forum that only those who prepare it see; without a slug its address is made from its title. Raises Refusal
    naming the field, Conflict for a taken address, Denied for one that is not theirs to prepare.
    """
    if slug is None:
        slug = slugs.proposed(wording.title, lambda end: forums.slugged(end) is not None, on=local(work.at).date(),
                              reserved=rules.RESERVED)
    if not rules.slug_fits(slug):
        raise Refusal(_("주소는 영어 소문자, 숫자, 붙임표(-)로 60자까지 적어 주세요."), field="slug")
    if forums.slugged(slug) is not None:
        raise Conflict(_("이미 쓰고 있는 주소예요. 다른 주소를 적어 주세요."), field="slug")
    forum = Forum(slug=slug, code=fresh_code(), created_by_id=work.actor.id, created_at=work.at, accessibility=[])
    for part in (holder, wording, times, visiting):
        part.write(forum)
    require(work.actor, may_prepare, forum)
    return work.store(forum)


def fresh_code() -> str:
    """Six digits that no forum has; two that are made at once are told apart by the constraint."""
    while forums.coded(code := f"{randbelow(900_000) + 100_000}") is not None:
        continue
    return code


def _after(work: Work, earlier: Forum, title: str, days: int) -> Forum:
    """Another forum with the parts and the programme of an earlier one, so many days later, and nobody on duty yet."""
    forum = new(work, None, Holder.of_record(earlier), replace(Wording.of_record(earlier), title=title),
                Times.of_record(earlier, days), replace(Visiting.of_record(earlier), moved_because=None))
    Access.of_record(earlier).write(forum)
    for item in earlier.items:
        work.session.add(ProgrammeItem(forum_id=forum.id, number=item.number, title=item.title, minutes=item.minutes,
                                       text=item.text))
    return forum


PROCESS = ForumProcess(
    area="forums", model=Forum, stages=labels.STAGE, locked=forums.locked, gaps=gaps, keep_in_step=_keep_in_step,
    parts={"holder": PartPage(Holder, _l("형태와 여는 곳"), may_arrange),
           "wording": PartPage(Wording, _l("글"), may_edit),
           "visit": PartPage(Visiting, _l("찾아가는 날"), may_edit),
           "times": PartPage(Times, _l("때와 곳, 자리"), may_arrange),
           "access": PartPage(Access, _l("접근성, 녹화, 영상"), may_edit)},
    may_announce=may_announce, edited=ForumEdited, announced=ForumAnnounced,
    outdated=_l("그 사이에 다른 사람이 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."),
    season=Season(
        season_of, may_arrange, _l("선거 기간과 겹치지 않아요."), _l("이미 확인했어요."),
        _l("선거 기간(%(name)s)과 겹쳐요. 그래도 열려면 준비 화면에서 한 번 더 확인해 주세요."),
        _l("선거 기간인데 그래도 열까요?"),
        _l("%(name)s: %(first)s부터 %(last)s까지. 여는 때가 이 선거 기간과 겹쳐요."),
        _l("선거 기간에는 공직선거법이 지방자치단체의 행사와 홍보를 제한해요. 선거관리위원회에 먼저 물어보고, 열지 않아도 되면 때를 옮겨 주세요. "
           "누가 그래도 열기로 했는지는 그 화면에 이름(별명)과 함께 모두에게 보여요."),
        _l("확인했어요. 누가 확인했는지는 모두의 화면에 보여요.")),
    moves=(Move("announce", "announcements", frozenset((Stage.PREPARING,)), Stage.ANNOUNCED,
                lambda *arguments, by: PROCESS.announce(*arguments, by=by), _l("모두에게 알렸어요.")),),
    changed=_changed, copying=Copying(may_prepare, lambda forum: local(forum.starts_at).date(), _after))


def _off_screen(work: Work, forum: Forum, document: Attachment) -> None:
    """Take it from the screen of the hall as well."""
    if forum.shown_id == document.id:
        forum.shown_id = None
        work.session.flush()


DOCUMENTS = Documents(PROCESS, may_file, "forum", "documents_id", _off_screen)
ITEMS: Ordered[Forum, ProgrammeItem] = Ordered(
    process=PROCESS, name="item", make=lambda forum, number: ProgrammeItem(forum_id=forum.id, number=number),
    relation="items", find=lambda forum, number: queries.item(forum.id, number), part=Item, model=ProgrammeItem,
    most=rules.MOST_ITEMS, too_many=lambda: _("순서는 %(most)s개까지 넣을 수 있어요.", most=rules.MOST_ITEMS),
    may_edit=may_arrange, may_arrange=may_arrange)
