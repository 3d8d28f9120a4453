"""The programme of a forum, who does what at it, and its documents."""

from werkzeug.datastructures import FileStorage

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import users
from civic_forum.attachments import services as files
from civic_forum.attachments import steps as attachments
from civic_forum.attachments.models import Attachment
from civic_forum.kernel.errors import Conflict, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.personal_numbers import refuse_secret
from civic_forum.kernel.work import use_case
from civic_forum.blocks.ordered import renumber

from ..models import ForumDuty, ProgrammeItem
from ..policy.preparing import may_arrange, may_edit
from ..queries import preparing as queries
from ..rules import preparing as rules
from ..rules.kinds import Duty
from ..steps import preparing
from .preparing import held

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
        preparing.finish(work, forum, "item", number=item.number)
        return item


def edit_item(forum_id: int, number: int, title: str, minutes: int | None, text: str = "", *, version: int,
              by: User) -> ProgrammeItem:
    """Say an item anew."""
    _check_item(title, minutes, text)
    with use_case(by) as work:
        forum = held(forum_id, version, may_arrange, by)
        item = queries.item(forum.id, number)
        item.title, item.minutes, item.text = title, minutes, text
        preparing.finish(work, forum, "item", number=number)
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
        preparing.finish(work, forum, "item_moved", number=number)


def remove_item(forum_id: int, number: int, *, version: int, by: User) -> None:
    """Take an item out; those behind it move up."""
    with use_case(by) as work:
        forum = held(forum_id, version, may_arrange, by)
        gone = queries.item(forum.id, number)
        rest = [one for one in forum.items if one.id != gone.id]
        work.session.delete(gone)
        work.session.flush()
        renumber(work.session, rest)
        preparing.finish(work, forum, "item_removed", number=number)


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
        preparing.finish(work, forum, "duty", duty=str(duty), user=user.id if user else 0)
        return appointed


def dismiss(forum_id: int, duty_id: int, *, version: int, by: User) -> None:
    """Somebody does it no longer; what they may do ends with it."""
    with use_case(by) as work:
        forum = held(forum_id, version, may_edit, by)
        gone = queries.duty(forum.id, duty_id)
        work.session.delete(gone)
        preparing.finish(work, forum, "duty_ended", duty=str(gone.duty), user=gone.user_id or 0)


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
        set_id = preparing.document_set(work, forum)
        added = attachments.add(work.session, set_id, prepared=prepared, description=description, by=by, at=work.at)
        preparing.finish(work, forum, "document", document=added.id)
        return added


def remove_document(forum_id: int, key: str, *, version: int, by: User) -> None:
    """Take a document away, from the screen of the hall as well."""
    with use_case(by) as work:
        forum = held(forum_id, version, may_edit, by)
        found = next((one for one in queries.documents(forum) if one.key == key), None)
        if found is not None and forum.shown_id == found.id:
            forum.shown_id = None
            work.session.flush()
        attachments.remove(work.session, preparing.document_set(work, forum), key)
        preparing.finish(work, forum, "document_removed", document=found.id if found else 0)
