"""Filling in a poll before it is opened. Afterwards nothing of it changes."""

from werkzeug.datastructures import FileStorage

from civic_forum.accounts.models import User
from civic_forum.attachments import services as files
from civic_forum.attachments import steps as attachments
from civic_forum.kernel.errors import Conflict, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.personal_numbers import refuse_secret
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import Work, use_case

from .. import rules, steps
from ..events import PollEdited
from ..models import Option, Poll
from ..policy import may_arrange, may_edit
from ..queries import records
from ..rules import Electorate, OptionText, Terms, Wording
from ..times import Times

WRITE = {Wording: steps.write_wording, Times: steps.write_times, Electorate: steps.write_electorate,
         Terms: steps.write_terms}


def edit(poll_id: int, part: Wording | Times | Electorate | Terms, *, version: int, by: User) -> Poll:
    """Say one part anew. `version` is what the page had read: Conflict when somebody was faster."""
    with use_case(by) as work:
        poll = _held(poll_id, version, may_edit, by)
        WRITE[type(part)](poll, part)
        if isinstance(part, Times):
            poll.season_accepted_at = poll.season_accepted_by_id = None
        _finish(work, poll, part=type(part).__name__.lower())
        return poll


def add_option(poll_id: int, text: OptionText, *, version: int, picture: FileStorage | None = None,
               description: str = "", by: User) -> Option:
    """Put an option at the end; its number is fixed once the poll is announced."""
    prepared = _prepared(picture, description)
    with use_case(by) as work:
        poll = _held(poll_id, version, may_edit, by)
        if len(poll.options) >= rules.MOST_OPTIONS:
            raise Conflict(_("항목은 %(most)s개까지 넣을 수 있어요.", most=rules.MOST_OPTIONS))
        option = Option(poll_id=poll.id, number=len(poll.options) + 1)
        steps.write_option(option, text)
        work.session.add(option)
        work.session.flush()
        _hang(work, option, prepared, description)
        _finish(work, poll, part="option", number=option.number)
        return option


def edit_option(poll_id: int, number: int, text: OptionText, *, version: int, picture: FileStorage | None = None,
                description: str = "", by: User) -> Option:
    """Say an option anew; a new picture takes the place of the one before."""
    prepared = _prepared(picture, description)
    with use_case(by) as work:
        poll = _held(poll_id, version, may_edit, by)
        option = records.option(poll.id, number)
        steps.write_option(option, text)
        _hang(work, option, prepared, description)
        _finish(work, poll, part="option", number=number)
        return option


def remove_picture(poll_id: int, number: int, *, version: int, by: User) -> None:
    """Leave the option without a picture."""
    with use_case(by) as work:
        poll = _held(poll_id, version, may_edit, by)
        _take_down(work, records.option(poll.id, number))
        _finish(work, poll, part="picture", number=number)


def remove_option(poll_id: int, number: int, *, version: int, by: User) -> None:
    """Take one away before the announcement; those behind it move up."""
    with use_case(by) as work:
        poll = _held(poll_id, version, may_arrange, by)
        option = records.option(poll.id, number)
        _take_down(work, option)
        rest = [one for one in poll.options if one.id != option.id]
        work.session.delete(option)
        work.session.flush()
        steps.renumber(work.session, rest)
        _finish(work, poll, part="option_removed", number=number)


def move_option(poll_id: int, number: int, to: int, *, version: int, by: User) -> None:
    """Give an option another number before the announcement; the others make room."""
    with use_case(by) as work:
        poll = _held(poll_id, version, may_arrange, by)
        moved = records.option(poll.id, number)
        rest = [one for one in poll.options if one.id != moved.id]
        if not 1 <= to <= len(rest) + 1:
            raise Refusal(_("이런 자리는 없어요."), field="to")
        rest.insert(to - 1, moved)
        steps.renumber(work.session, rest)
        _finish(work, poll, part="option_moved", number=number)


def _held(poll_id: int, version: int, predicate, by: User) -> Poll:
    poll = records.locked(poll_id)
    require(by, predicate, poll)
    if version != poll.version:
        raise Conflict(_("그 사이에 다른 사람이 이 투표를 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."))
    return poll


def _finish(work: Work, poll: Poll, **details) -> None:
    poll.version += 1
    steps.keep_in_step(work.session, poll)
    work.record("polls.edited", poll, version=poll.version, **details)
    work.emit(PollEdited(poll.id))


def _prepared(picture: FileStorage | None, description: str):
    """Read before the transaction; a picture without words shuts people out."""
    refuse_secret(picture_description=description)
    if picture is None:
        return None
    if not description.strip():
        raise Refusal(_("그림에 무엇이 보이는지 한 문장으로 적어 주세요."), field="picture_description")
    prepared = files.prepare(picture)
    if not prepared.is_picture:
        raise Refusal(_("그림 파일(JPG, PNG, WEBP, GIF)만 올릴 수 있어요."), field="picture")
    return prepared


def _hang(work: Work, option: Option, prepared, description: str) -> None:
    if prepared is None:
        if option.picture is not None and description.strip():
            attachments.describe(work.session, option.picture.set_id, option.picture.key, description)
        return
    set_id = steps.picture_set(work.session, option)
    before = option.picture
    option.picture = attachments.add(work.session, set_id, prepared=prepared, description=description, by=work.actor,
                                     at=work.at)
    work.session.flush()
    if before is not None:
        attachments.remove(work.session, before.set_id, before.key)


def _take_down(work: Work, option: Option) -> None:
    before = option.picture
    option.picture = None
    work.session.flush()
    if before is not None:
        attachments.remove(work.session, before.set_id, before.key)
