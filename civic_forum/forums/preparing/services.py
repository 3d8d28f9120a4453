"""Use-cases of preparing, announcing, opening and closing a forum."""

from werkzeug.datastructures import FileStorage

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import users
from civic_forum.attachments import services as files, steps as attachments
from civic_forum.attachments.models import Attachment
from civic_forum.ballots.queries.seasons import seasons
from civic_forum.kernel.errors import Conflict, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.personal_numbers import refuse_secret
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import use_case
from civic_forum.blocks.ordered import renumber

from .. import labels
from .. import queries as forums
from ..events import ForumAnnounced, ForumClosed, ForumOpened
from ..models import Forum, ForumDuty, ProgrammeItem
from ..operations import add_event, end_everything, entered
from ..policy import may_prepare, may_run
from ..rules import Duty, ForumEventKind
from . import operations, queries, rules
from .policy import may_announce, may_arrange, may_edit, may_open
from .rules import Access, Times, Wording

WRITE = {Wording: operations.write_wording, Times: operations.write_times, Access: operations.write_access}
MAY = {Wording: may_edit, Times: may_arrange, Access: may_edit}


def create(slug: str | None, wording: Wording, times: Times, *, by: User) -> Forum:
    """A forum that only those who prepare it see; everything else is filled in afterwards. Without a slug its address
    is made from its title.

    Raises Refusal naming the field, Conflict for an address that is taken.
    """
    with use_case(by) as work:
        require(by, may_prepare)
        forum = operations.new(work, slug, wording, times)
        work.record("forums.made", forum)
        return forum


def edit(forum_id: int, part: Wording | Times | Access, *, version: int, by: User) -> Forum:
    """Say one part anew. `version` is what the page had read: Conflict when somebody was faster."""
    with use_case(by) as work:
        forum = held(forum_id, version, MAY[type(part)], by)
        WRITE[type(part)](work, forum, part)
        operations.finish(work, forum, type(part).__name__.lower())
        return forum


def held(forum_id: int, version: int, predicate, by: User) -> Forum:
    """The forum, locked, after the policy was asked and nobody had changed it since the page was read."""
    forum = forums.locked(forum_id)
    require(by, predicate, forum)
    if version != forum.version:
        raise Conflict(_("그 사이에 다른 사람이 이 공론장을 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."))
    return forum


PDF = "application/pdf"


def add_item(forum_id: int, title: str, minutes: int | None, text: str = "", *, version: int,
             by: User) -> ProgrammeItem:
    """Put an item at the end of the programme. Raises Refusal at the field."""
    _check_item(title, minutes, text)
    with use_case(by) as work:
        forum = held(forum_id, version, may_arrange, by)
        if len(forum.items) >= rules.MOST_ITEMS:
            raise Conflict(_("순서는 %(most)s개까지 넣을 수 있어요.", most=rules.MOST_ITEMS))
        item = ProgrammeItem(forum_id=forum.id, number=len(forum.items) + 1, title=title, minutes=minutes, text=text)
        work.session.add(item)
        operations.finish(work, forum, "item", number=item.number)
        return item


def edit_item(forum_id: int, number: int, title: str, minutes: int | None, text: str = "", *, version: int,
              by: User) -> ProgrammeItem:
    """Say an item anew."""
    _check_item(title, minutes, text)
    with use_case(by) as work:
        forum = held(forum_id, version, may_arrange, by)
        item = queries.item(forum.id, number)
        item.title, item.minutes, item.text = title, minutes, text
        operations.finish(work, forum, "item", number=number)
        return item


def move_item(forum_id: int, number: int, to: int, *, version: int, by: User) -> None:
    """Give an item another place; the others make room."""
    with use_case(by) as work:
        forum = held(forum_id, version, may_arrange, by)
        moved = queries.item(forum.id, number)
        rest = [one for one in forum.items if one.id != moved.id]
        if not 1 <= to <= len(rest) + 1:
            raise Refusal(_("이런 자리는 없어요."), field="to")
        rest.insert(to - 1, moved)
        renumber(work.session, rest)
        operations.finish(work, forum, "item_moved", number=number)


def remove_item(forum_id: int, number: int, *, version: int, by: User) -> None:
    """Take an item out; those behind it move up."""
    with use_case(by) as work:
        forum = held(forum_id, version, may_arrange, by)
        gone = queries.item(forum.id, number)
        rest = [one for one in forum.items if one.id != gone.id]
        work.session.delete(gone)
        work.session.flush()
        renumber(work.session, rest)
        operations.finish(work, forum, "item_removed", number=number)


def _check_item(title: str, minutes: int | None, text: str) -> None:
    if not title.strip():
        raise Refusal(_("여기를 채워 주세요."), field="title")
    if len(title) > 200 or len(text) > 2_000:
        raise Refusal(_("제목은 200자, 설명은 2,000자까지 쓸 수 있어요."), field="title" if len(title) > 200 else "text")
    if minutes is None or not 1 <= minutes <= rules.MOST_MINUTES:
        raise Refusal(_("몇 분인지 1부터 %(most)s 사이의 숫자로 적어 주세요.", most=rules.MOST_MINUTES), field="minutes")
    refuse_secret(title=title, text=text)


def appoint(forum_id: int, duty: Duty, *, sign_in_name: str = "", name: str = "", about: str = "", topic: str = "",
            version: int, by: User) -> ForumDuty:
    """Name who does something at the forum: an account by its sign-in name, or a name alone.

    Only an account can lead on the site or type captions, so host and captioner need one. Raises Refusal at the field.
    """
    for field, text, longest in (("name", name, 60), ("about", about, 100), ("topic", topic, 200)):
        if len(text) > longest:
            raise Refusal(_("%(longest)s자까지 쓸 수 있어요.", longest=longest), field=field)
    refuse_secret(name=name, about=about, topic=topic)
    if not sign_in_name and (duty in (Duty.HOST, Duty.CAPTIONER) or not name):
        raise Refusal(_("진행과 속기는 이 누리집에서 하니까 로그인 이름을 적어 주세요. 패널과 통역사는 이름만 적어도 돼요."),
                      field="sign_in_name")
    with use_case(by) as work:
        forum = held(forum_id, version, may_edit, by)
        user = users.by_name(sign_in_name) if sign_in_name else None
        if sign_in_name and (user is None or not user.is_active):
            raise Refusal(_("이런 로그인 이름을 쓰는 사람이 없어요. 다시 확인해 주세요."), field="sign_in_name")
        if len(forum.duties) >= rules.MOST_DUTIES:
            raise Conflict(_("사람은 %(most)s명까지 넣을 수 있어요.", most=rules.MOST_DUTIES))
        if user is not None and any(one.duty is duty and one.user_id == user.id for one in forum.duties):
            raise Conflict(_("이미 그 일을 맡은 사람이에요."), field="sign_in_name")
        appointed = ForumDuty(forum_id=forum.id, duty=duty, user_id=user and user.id, name=None if user else name,
                              about=about or None, topic=topic or None)
        work.session.add(appointed)
        operations.finish(work, forum, "duty", duty=str(duty), user=user.id if user else 0)
        return appointed


def dismiss(forum_id: int, duty_id: int, *, version: int, by: User) -> None:
    """Somebody does it no longer; what they may do ends with it."""
    with use_case(by) as work:
        forum = held(forum_id, version, may_edit, by)
        gone = queries.duty(forum.id, duty_id)
        work.session.delete(gone)
        operations.finish(work, forum, "duty_ended", duty=str(gone.duty), user=gone.user_id or 0)


def add_document(forum_id: int, file: FileStorage | None, description: str = "", *, version: int,
                 by: User) -> Attachment:
    """Put a PDF or a picture among the documents; a picture says what it shows. Raises Refusal at the field."""
    refuse_secret(description=description)
    if file is None:
        raise Refusal(_("파일을 골라 주세요."), field="file")
    try:
        prepared = files.prepare(file)
    except Refusal as refusal:
        raise Refusal(str(refusal), field="file") from refusal
    if not prepared.is_picture and prepared.media_type != PDF:
        raise Refusal(_("PDF와 그림 파일(JPG, PNG, WEBP, GIF)만 올릴 수 있어요."), field="file")
    if not description.strip():
        raise Refusal(_("무엇이 담긴 자료인지 한 문장으로 적어 주세요."), field="description")
    with use_case(by) as work:
        forum = held(forum_id, version, may_edit, by)
        set_id = operations.document_set(work, forum)
        added = attachments.add(work.session, set_id, prepared=prepared, description=description, by=by, at=work.at)
        operations.finish(work, forum, "document", document=added.id)
        return added


def remove_document(forum_id: int, key: str, *, version: int, by: User) -> None:
    """Take a document away, from the screen of the hall as well."""
    with use_case(by) as work:
        forum = held(forum_id, version, may_edit, by)
        found = next((one for one in queries.documents(forum) if one.key == key), None)
        if found is not None and forum.shown_id == found.id:
            forum.shown_id = None
            work.session.flush()
        attachments.remove(work.session, operations.document_set(work, forum), key)
        operations.finish(work, forum, "document_removed", document=found.id if found else 0)


def announce(forum_id: int, *, by: User) -> Forum:
    """Let everybody see it, and register. Raises Conflict for what is missing, and in election season until somebody
    took that upon themselves."""
    with use_case(by) as work:
        forum = forums.locked(forum_id)
        require(by, may_announce, forum)
        if missing := queries.missing(forum, work.at):
            raise Conflict(labels.MISSING[missing[0]])
        if reason := why_not_in_season(forum):
            raise Conflict(reason)
        forum.announced_at = work.at
        forum.version += 1
        work.record("forums.announced", forum)
        work.emit(ForumAnnounced(forum.id))
        return forum


def accept_season(forum_id: int, *, by: User) -> Forum:
    """Take it upon oneself that the forum is held in an election season; who did is public."""
    with use_case(by) as work:
        forum = forums.locked(forum_id)
        require(by, may_arrange, forum)
        season = queries.season_of(forum, seasons())
        if season is None:
            raise Conflict(_("선거 기간과 겹치지 않는 공론장이에요."))
        if forum.season_accepted_at is not None:
            raise Conflict(_("이미 확인한 공론장이에요."))
        forum.season_accepted_at, forum.season_accepted_by_id = work.at, by.id
        work.record("forums.season_accepted", forum, season=season.id)
        return forum


def why_not_in_season(forum: Forum) -> str | None:
    """Refusal near an election, unless somebody answers for holding the forum all the same."""
    season = queries.season_of(forum, seasons())
    if season is None or forum.season_accepted_at is not None:
        return None
    return _("선거 기간(%(name)s)과 겹쳐요. 그래도 열려면 공론장 준비 화면에서 한 번 더 확인해 주세요.", name=season.name)


def open_forum(forum_id: int, key: str = "", *, by: User) -> Forum:
    """Open it: from now on people write, ask and speak."""
    with use_case(by) as work:
        forum = entered(work, forum_id, by, may_open).forum
        if reason := why_not_in_season(forum):
            raise Conflict(reason)
        forum.opened_at = work.at
        add_event(work, forum, ForumEventKind.FORUM_OPENED, key=key)
        work.record("forums.opened", forum)
        work.emit(ForumOpened(forum.id))
        return forum


def close_forum(forum_id: int, key: str = "", *, by: User) -> Forum:
    """Close it: whatever still runs ends with it, and nothing is written any more."""
    with use_case(by) as work:
        forum = entered(work, forum_id, by, may_run).forum
        end_everything(work, forum)
        forum.closed_at, forum.floor_open, forum.chat_open = work.at, False, False
        add_event(work, forum, ForumEventKind.FORUM_CLOSED, key=key)
        work.record("forums.closed", forum)
        work.emit(ForumClosed(forum.id))
        return forum
