"""Preparing a poll: what it misses, what follows it, letting everybody see it, the box that two officials may open."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from civic_forum.accounts.models import User
from civic_forum.attachments import services as files
from civic_forum.attachments import operations as attachments
from civic_forum.attachments.models import AttachmentSet
from civic_forum.ballots import operations as opening
from civic_forum.ballots.queries import seasons
from civic_forum.ballots.rolls import operations as rolls
from civic_forum.ballots.rules.boxes import season_on
from civic_forum.ballots.voting.standing import roll_rule
from civic_forum.ballots.models import ElectionSeason
from civic_forum.ballots.rules.boxes import Stage
from civic_forum.blocks import slugs
from civic_forum.blocks.ordered import Ordered
from civic_forum.blocks.parts import Part
from civic_forum.blocks.process import Copying, Gap, Move, PartPage, Process, Season, forget_season
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, _l, end_of, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.plain_text import clean
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from . import labels, policy, rules
from .definition import definition
from .events import PollAnnounced, PollEdited
from .models import Option, Poll
from .parts import NAMES, PARTS, OptionText, Times, Wording
from .queries import records

PICTURES = "poll_option"
"""The kind of set in which the picture of an option lies."""


def gaps(poll: Poll, _at: datetime | None = None) -> list[Gap]:
    """Gaps of a poll before its opening."""
    missing = rules.missing(poll, len(poll.options), end_of(poll.roll_fixed_on))
    return [Gap(kind, labels.MISSING[kind], labels.MISSING_PART[kind]) for kind in missing]


def days_of(poll: Poll) -> tuple[date, date]:
    """First and last day of the vote as the district counts days."""
    return local(poll.opens_at).date(), local(poll.closes_at).date()


def season_of(poll: Poll) -> ElectionSeason | None:
    """The election season in which it would be held."""
    return season_on(seasons(), *days_of(poll))


def keep_in_step(work: Work, poll: Poll) -> None:
    """After a change: the roll follows the rule, and a box that is prepared asks what the poll asks now.

    Confirmations of what stood before are void by it. A roll that was fixed by another rule gives way to a new one.
    """
    session = work.session
    session.flush()
    session.expire(poll, ["options", "neighbourhoods", "proposals"])
    if poll.admits_residents or poll.admits_members:
        poll.roll = rolls.follow_rule(session, poll.roll, roll_rule(poll))
        session.flush()
    if poll.box is not None and not gaps(poll):
        opening.refresh(poll.box, definition(poll), roll_id=poll.roll_id)


def _changed(work: Work, poll: Poll, part: Part) -> None:
    """Nobody gives a poll out of the own hands."""
    if isinstance(part, Times):
        forget_season(poll)
    if isinstance(part, Wording):
        require(work.actor, policy.may_prepare, poll)


def prepare(poll_id: int, *, by: User | None) -> Poll:
    """Make the box with its key, or bring it up to date: from now on two officials can open it.

    `by` is None for the command of whoever runs the server, which two officials confirm afterwards.

    Fixes the roll if its day has come and nobody did. Raises Conflict for what is missing, for an imported
    list that is not there, and in election season until somebody took that upon themselves.
    """
    with use_case(by) as work:
        poll = records.locked(poll_id)
        if by is not None:
            require(by, policy.may_prepare_opening, poll)
        elif reason := policy.why_not_prepared(poll):
            raise Conflict(reason)
        PROCESS.refuse_gaps(poll, work.at)
        keep_in_step(work, poll)
        if reason := PROCESS.why_not_in_season(poll):
            raise Conflict(reason)
        rolls.fix_for_opening(work, poll.roll)
        if poll.box is None:
            poll.box = opening.prepare_box(work.session, poll.subject, definition(poll), roll_id=poll.roll_id,
                                           at=work.at)
        work.record("polls.opening_prepared", poll, fingerprint=poll.box.fingerprint.hex())
        return poll


def _after(work: Work, earlier: Poll, title: str, days: int) -> Poll:
    """Another poll with the parts and options of an earlier one, so many days later."""
    slug = slugs.proposed(title, lambda end: records.slugged(end) is not None, on=local(work.at).date(),
                          reserved=rules.RESERVED)
    poll = Poll(slug=slug, created_by_id=work.actor.id, created_at=work.at)
    for part in (replace(Wording.of_record(earlier), title=title), *(
            kind.of_record(earlier, days) for kind in PARTS.values() if kind is not Wording)):
        part.write(poll)
    work.store(poll)
    for option in earlier.options:
        child = _option(poll, option.number)
        OptionText.of_record(option).write(child)
        work.session.add(child)
    return poll


PROCESS: Process[Poll] = Process(
    area="polls", model=Poll, stages=labels.STAGE, locked=records.locked, gaps=gaps, keep_in_step=keep_in_step,
    parts={name: PartPage(part, NAMES[name], policy.may_edit) for name, part in PARTS.items()},
    may_announce=policy.may_announce, edited=PollEdited, announced=PollAnnounced,
    outdated=_l("그 사이에 다른 사람이 이 투표를 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."),
    season=Season(
        season_of, policy.may_prepare_opening, _l("선거 기간과 겹치지 않는 투표예요."), _l("이미 확인한 투표예요."),
        _l("선거 기간(%(name)s)과 겹쳐요. 그래도 열려면 투표 준비 화면에서 한 번 더 확인해 주세요."),
        _l("선거 기간인데 이 투표를 열까요?"),
        _l("%(name)s: %(first)s부터 %(last)s까지. 투표 기간이 이 선거 기간과 겹쳐요."),
        _l("선거 기간에는 공직선거법이 지방자치단체의 행사와 홍보를 제한해요. 선거관리위원회에 먼저 물어보고, 열지 않아도 되면 기간을 옮겨 주세요. "
           "누가 그래도 열기로 했는지는 이 투표의 화면에 이름(별명)과 함께 모두에게 보여요."),
        _l("확인했어요. 누가 확인했는지는 투표 화면에 보여요.")),
    moves=(Move("announce", "announcements", frozenset((Stage.PREPARING,)), Stage.ANNOUNCED,
                lambda *arguments, by: PROCESS.announce(*arguments, by=by), _l("모두에게 알렸어요.")),
           Move("prepare", "preparations", frozenset((Stage.ANNOUNCED,)), Stage.ANNOUNCED, prepare,
                _l("투표함을 준비했어요."), lambda poll: f"/desk/votes/{poll.box_id.hex()}")),
    changed=_changed, copying=Copying(policy.may_make, lambda poll: days_of(poll)[0], _after))


def _option(poll: Poll, number: int) -> Option:
    return Option(poll_id=poll.id, number=number)


def _take_down(work: Work, option: Option) -> None:
    before = option.picture
    option.picture = None
    work.session.flush()
    if before is not None:
        attachments.remove(work.session, before.set_id, before.key)


OPTIONS: Ordered[Poll, Option] = Ordered(
    process=PROCESS, name="option", make=_option, relation="options",
    find=lambda poll, number: records.option(poll.id, number), part=OptionText, model=Option, most=rules.MOST_OPTIONS,
    too_many=lambda: _("항목은 %(most)s개까지 넣을 수 있어요.", most=rules.MOST_OPTIONS),
    may_edit=policy.may_edit, may_arrange=policy.may_arrange, removed=_take_down)


def add_option(poll_id: int, text: OptionText, *, version: int, picture: FileStorage | None = None,
               description: str = "", by: User) -> Option:
    """Put an option at the end; its number is fixed once the poll is announced."""
    return OPTIONS.add(poll_id, text, version=version, by=by, then=_pictured(picture, description, by))


def edit_option(poll_id: int, number: int, text: OptionText, *, version: int, picture: FileStorage | None = None,
                description: str = "", by: User) -> Option:
    """Say an option anew; a new picture takes the place of the one before."""
    return OPTIONS.edit(poll_id, number, text, version=version, by=by, then=_pictured(picture, description, by))


def remove_picture(poll_id: int, number: int, *, version: int, by: User) -> None:
    """Leave the option without a picture."""
    with PROCESS.editing(poll_id, version, policy.may_edit, by) as edit:
        _take_down(edit.work, records.option(poll_id, number))
        edit.details |= {"part": "picture", "number": number}


def _pictured(picture: FileStorage | None, description: str, by: User):
    """Hanging the picture on its option. The file is read before the transaction; a picture without words shuts people
    out."""
    refuse_secret(picture_description=description)
    prepared = None
    if picture is not None:
        if not clean(description):
            raise Refusal(_("그림에 무엇이 보이는지 한 문장으로 적어 주세요."), field="picture_description")
        prepared = files.prepare(picture, by=by)
        if not prepared.is_picture:
            raise Refusal(_("그림 파일(JPG, PNG, WEBP, GIF)만 올릴 수 있어요."), field="picture")

    def hang(work: Work, option: Option) -> None:
        if prepared is None:
            if option.picture is not None and description.strip():
                attachments.describe(work.session, option.picture.set_id, option.picture.key, description)
            return
        set_id = _picture_set(work, option)
        before = option.picture
        option.picture = attachments.add(work.session, set_id, prepared=prepared, description=description,
                                         by=work.actor, at=work.at)
        work.session.flush()
        if before is not None:
            attachments.remove(work.session, before.set_id, before.key)

    return hang


def _picture_set(work: Work, option: Option) -> int:
    """Set of the picture of this option; made at the first picture."""
    known = work.session.scalar(sa.select(AttachmentSet.id).filter_by(kind=PICTURES, owner_id=option.id))
    return known or attachments.open_set(work.session, PICTURES, option.id).id


def before_announcing(poll: Poll) -> Iterator[str]:
    """Sentences beside the button that announces it, with a warning where the roll is too small to vote."""
    is_fixed = poll.roll is not None and poll.roll.fixed_at is not None
    if is_fixed and (reason := opening.why_too_few(poll.roll.entries)):
        yield _("지금 명부에 %(count)s명이 있어요.", count=poll.roll.entries)
        yield reason
    yield _("미리보기와 예행연습을 해 본 뒤에 모두에게 알려 주세요. 알린 뒤에는 항목의 번호가 바뀌지 않아요.")
