"""Operations shared by the services of polls inside their transaction; the caller holds the lock of the poll."""

from collections.abc import Iterable
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app

from civic_forum.agendas.queries import records as agendas
from civic_forum.attachments import steps as attachments
from civic_forum.attachments.models import AttachmentSet
from civic_forum.ballots.eligibility import roll_rule
from civic_forum.ballots.steps import opening, rolls
from civic_forum.blocks import about
from civic_forum.kernel import text_checks, rich_text
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.personal_numbers import refuse_secret
from civic_forum.proposals import queries as proposals
from civic_forum.proposals import rules as proposal_rules

from . import readiness, rules, labels
from .definition import definition
from .models import Option, Poll
from .queries import records
from .rules import Electorate, OptionText, Terms, Wording
from .times import Times, why_not_times

PICTURES = "poll_option"
"""The kind of set in which the picture of an option lies."""


def write_wording(poll: Poll, part: Wording) -> None:
    """Raises Refusal naming the field that is empty or too long."""
    check_texts(part)
    text_checks.check_filled(part, "title", "question")
    check_video(part.sign_language_video)
    poll.title, poll.question, poll.programme = part.title, part.question, part.programme
    poll.description, poll.description_html = part.description, rich_text.render(part.description)
    about.write(poll, part.about)
    poll.sign_language_video, poll.texts = part.sign_language_video, clean_texts(part.texts)


def write_times(poll: Poll, part: Times) -> None:
    """Raises Refusal at the field that does not fit the others."""
    if wrong := why_not_times(part):
        raise Refusal(labels.BAD_TIMES[wrong], field=labels.BAD_TIMES_FIELD[wrong])
    for name, value in vars(part).items():
        setattr(poll, name, value)


def write_electorate(poll: Poll, part: Electorate) -> None:
    """Write who may vote. Raises Refusal at the field."""
    check_texts(part)
    if not part.admits_residents and not part.admits_members:
        raise Refusal(_("구민이나 생활권자 가운데 적어도 하나를 골라 주세요."), field="who")
    if part.min_age is not None and not 14 <= part.min_age <= 99:
        raise Refusal(_("나이는 14세에서 99세 사이로 적어 주세요. 14세보다 어린 사람은 회원이 될 수 없어요."), field="min_age")
    poll.eligibility, poll.roll_source, poll.min_age = part.eligibility, part.roll_source, part.min_age
    poll.admits_residents, poll.admits_members = part.admits_residents, part.admits_members
    poll.neighbourhoods = records.neighbourhoods_of(part.neighbourhood_ids)


def write_terms(poll: Poll, part: Terms) -> None:
    """Write how it is answered and what the result needs. Raises Refusal at the field."""
    check_texts(part)
    if part.kind in rules.COUNTED_KINDS and not 1 <= part.max_choices <= rules.MOST_OPTIONS:
        raise Refusal(_("몇 개를 고르는지 1에서 %(most)s 사이로 적어 주세요.", most=rules.MOST_OPTIONS), field="max_choices")
    if part.quorum and not rules.quorum_value_fits(part.quorum, part.quorum_value):
        raise Refusal(_("최소 참여 기준의 숫자를 적어 주세요. 투표율은 1에서 100 사이예요."), field="quorum_value")
    poll.kind, poll.publishes, poll.binding = part.kind, part.publishes, part.binding
    poll.max_choices = part.max_choices if part.kind in rules.COUNTED_KINDS else 1
    poll.quorum, poll.quorum_value = part.quorum, part.quorum_value if part.quorum else None
    poll.quorum_text = part.quorum_text if part.quorum else None


def write_option(option: Option, part: OptionText) -> None:
    """Raises Refusal at the field."""
    check_texts(part)
    text_checks.check_filled(part, "title")
    check_video(part.sign_language_video)
    if part.cost is not None and not 0 <= part.cost <= rules.MOST_WON:
        raise Refusal(_("금액을 원 단위 숫자로 적어 주세요."), field="cost")
    option.proposal_id, option.agenda_id = _proposal_id(part.proposal_number), _agenda_id(part.agenda_slug)
    option.texts = clean_texts(part.texts)
    for name in ("title", "text", "kind", "cost", "cost_note", "neighbourhood_id", "category", "department",
                 "division", "sign_language_video"):
        setattr(option, name, getattr(part, name))


def _proposal_id(number: str | None) -> int | None:
    if not number:
        return None
    found = proposals.numbered(number) if proposal_rules.NUMBER.fullmatch(number) else None
    if found is None or found.published_at is None:
        raise Refusal(_("이런 번호의 제안이 없어요. 제안 주소 끝의 번호를 그대로 적어 주세요."), field="proposal_number")
    return found.id


def _agenda_id(slug: str | None) -> int | None:
    if not slug:
        return None
    found = agendas.slugged(slug)
    if found is None or found.published_at is None:
        raise Refusal(_("이런 주소의 공개한 의제가 없어요. 의제 주소의 끝부분을 그대로 적어 주세요."), field="agenda_slug")
    return found.id


def picture_set(session, option: Option) -> int:
    """Set of the picture of this option; made at the first picture."""
    known = session.scalar(sa.select(AttachmentSet.id).filter_by(kind=PICTURES, owner_id=option.id))
    return known or attachments.open_set(session, PICTURES, option.id).id


def renumber(session, options: Iterable[Option]) -> None:
    """Number them 1, 2, 3 … in this order, past the unique constraint."""
    ordered = list(options)
    for position, option in enumerate(ordered, 1):
        option.number = -position
    session.flush()
    for position, option in enumerate(ordered, 1):
        option.number = position
    session.flush()


def check_texts(part) -> None:
    """Raises Refusal for the first text that is too long or holds a number nobody may publish, naming its field."""
    text_checks.check_lengths(part, rules.LONGEST)
    refuse_secret(**{f"{name}_en": text for name, text in (getattr(part, "texts", {}).get("en") or {}).items()})


def check_video(address: str | None) -> None:
    """An https address; in a sample district also a sentence that says where the video would be."""
    if not address or current_app.config["SAMPLE"] and "://" not in address:
        return
    try:
        parts = urlsplit(address)
        fits = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        fits = False
    if not fits or any(character.isspace() for character in address):
        raise Refusal(_("https://로 시작하는 주소를 적어 주세요."), field="sign_language_video")


def clean_texts(texts: dict) -> dict:
    """English texts that say something, cleaned; anything else is left out."""
    return text_checks.english(texts, rules.LONGEST)


def keep_in_step(session, poll: Poll) -> None:
    """After a change: the roll follows the rule, and a box that is prepared asks what the poll asks now.

    Confirmations of what stood before are void by it. A roll that was fixed by another rule gives way to a new one.
    """
    session.flush()
    session.expire(poll, ["options", "neighbourhoods", "proposals"])
    if poll.admits_residents or poll.admits_members:
        poll.roll = rolls.follow_rule(session, poll.roll, roll_rule(poll))
        session.flush()
    if poll.box is not None and not readiness.missing(poll):
        opening.refresh(poll.box, definition(poll), roll_id=poll.roll_id)


def why_not_ready(poll: Poll) -> str | None:
    """Sentence on what a poll still misses."""
    found = readiness.missing(poll)
    return str(labels.MISSING[found[0]]) if found else None
