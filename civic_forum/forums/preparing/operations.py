"""Parts of a forum, written inside the caller's use-case; the caller holds the lock of the forum."""

from secrets import randbelow

from flask import current_app

from civic_forum.attachments import steps as attachments
from civic_forum.blocks import about, slugs
from civic_forum.kernel import rich_text, text_checks
from civic_forum.kernel.errors import Conflict, Refusal
from civic_forum.kernel.i18n import _, local
from civic_forum.kernel.personal_numbers import refuse_secret
from civic_forum.kernel.work import Work

from .. import labels, operations
from .. import queries as forums
from ..events import ForumEdited
from ..models import Forum
from ..registration import operations as places
from ..registration import queries as registering
from ..rules import ForumEventKind, Stage, Way
from . import rules
from .rules import Access, Times, Wording

DOCUMENTS = "forum"
"""The kind of set in which the documents of a forum lie."""


def write_wording(_work: Work, forum: Forum, part: Wording) -> None:
    """Write the texts of a forum. Raises Refusal naming the field."""
    text_checks.check_lengths(part, rules.LONGEST_TEXT)
    text_checks.check_filled(part, "title", "question")
    forum.title, forum.question = part.title, part.question
    forum.programme_name, forum.label = part.programme_name, part.label
    forum.description, forum.description_html = part.description, rich_text.render(part.description)
    about.write(forum, part.about)


def write_times(work: Work, forum: Forum, part: Times) -> None:
    """Write when, where and for how many. More places go to those who wait. Raises Refusal at the field."""
    text_checks.check_lengths(part, rules.LONGEST_TEXT)
    text_checks.check_filled(part, "place")
    if wrong := rules.why_not_times(part):
        raise Refusal(labels.BAD_TIMES[wrong], field=labels.BAD_TIMES_FIELD[wrong])
    held = registering.held(forum.id) if forum.id else {}
    for way in Way:
        name = f"{way}_places"
        if not 0 <= getattr(part, name) <= rules.MOST_PLACES:
            raise Refusal(_("자리 수를 0부터 %(most)s 사이로 적어 주세요.", most=f"{rules.MOST_PLACES:,}"), field=name)
        if getattr(part, name) < held.get(way, 0):
            raise Refusal(_("이미 %(count)s명이 자리를 받았어요. 그보다 적게 줄일 수 없어요.", count=held[way]), field=name)
    if (forum.starts_at, forum.ends_at) != (part.starts_at, part.ends_at):
        forum.season_accepted_at = forum.season_accepted_by_id = None
    for name, value in vars(part).items():
        setattr(forum, name, value)
    if forum.id:
        places.fill(work, forum)


def write_access(_work: Work, forum: Forum, part: Access) -> None:
    """Write what is offered, and the addresses from outside. Raises Refusal at the field."""
    text_checks.check_lengths(part, rules.LONGEST_TEXT)
    if len(part.accessibility) > rules.MOST_OFFERED or any(len(one) > rules.LONGEST_OFFER
                                                           for one in part.accessibility):
        raise Refusal(_("한 줄에 %(longest)s자까지, %(most)s가지까지 적을 수 있어요.", longest=rules.LONGEST_OFFER,
                        most=rules.MOST_OFFERED), field="accessibility")
    refuse_secret(accessibility=" ".join(part.accessibility))
    for name in ("video_url", "interpreter_url"):
        if getattr(part, name) and rules.address(getattr(part, name)) is None and not _stands_for(getattr(part, name)):
            raise Refusal(_("https://로 시작하는 주소를 적어 주세요."), field=name)
    forum.accessibility = list(dict.fromkeys(part.accessibility))
    for name in ("accessibility_note", "recording_note", "video_url", "interpreter_url"):
        setattr(forum, name, getattr(part, name) or None)


def _stands_for(text: str) -> bool:
    """In a sample district a sentence may say where a video would be."""
    return current_app.config["SAMPLE"] and "://" not in text


def new(work: Work, slug: str | None, wording: Wording, times: Times) -> Forum:
    """A forum that only those who prepare it see; without a slug its address is made from its title. Raises Refusal
    naming the field, Conflict for a taken address.
    """
    if slug is None:
        slug = slugs.proposed(wording.title, lambda end: forums.slugged(end) is not None, on=local(work.at).date(),
                              reserved=rules.RESERVED)
    if not rules.slug_fits(slug):
        raise Refusal(_("주소는 영어 소문자, 숫자, 붙임표(-)로 60자까지 적어 주세요."), field="slug")
    if forums.slugged(slug) is not None:
        raise Conflict(_("이 주소를 쓰는 공론장이 이미 있어요. 다른 주소를 적어 주세요."), field="slug")
    forum = Forum(slug=slug, code=fresh_code(), created_by_id=work.actor.id, created_at=work.at, accessibility=[])
    write_wording(work, forum, wording)
    write_times(work, forum, times)
    work.session.add(forum)
    work.session.flush()
    return forum


def fresh_code() -> str:
    """Six digits that no forum has; two that are made at once are told apart by the constraint."""
    while forums.coded(code := f"{randbelow(900_000) + 100_000}") is not None:
        continue
    return code


def finish(work: Work, forum: Forum, part: str, **details) -> None:
    """After an edit: the next version, the audit entry, the fact, and while it runs an event for those who look on."""
    forum.version += 1
    work.record("forums.edited", forum, version=forum.version, part=part, **details)
    if forum.stage is Stage.LIVE:
        operations.add_event(work, forum, ForumEventKind.FORUM_CHANGED)
    work.emit(ForumEdited(forum.id))


def document_set(work: Work, forum: Forum) -> int:
    """Set of its documents; made with the first."""
    if forum.documents_id is None:
        forum.documents_id = attachments.open_set(work.session, DOCUMENTS, forum.id).id
        work.session.flush()
    return forum.documents_id
