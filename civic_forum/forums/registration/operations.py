"""Places and registrations, written inside the caller's use-case; the caller holds the lock of the forum."""

from dataclasses import replace

from civic_forum.blocks import submissions
from civic_forum.blocks.submissions import Submission
from civic_forum.district.models import Neighbourhood
from civic_forum.platform import keys, plain_text
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work

from .. import operations
from ..events import PlaceGiven
from ..models import Forum
from ..rules import ForumEventKind, Place, Stage, Way
from ..tables import seating
from . import queries, rules
from .models import RecordingConsent, Registration
from .rules import RegistrationRequest, places_of


def fill(work: Work, forum: Forum) -> None:
    """Give the places that are free to those who wait longest, and tell them; nobody is given one once it is over."""
    if forum.stage is Stage.FINISHED:
        return
    work.session.flush()
    held = queries.counts(forum.id).held
    for way in Way:
        free = places_of(forum, way) - held.get(way, 0)
        for registration in queries.waiting_longest(forum.id, way, free):
            registration.place = Place.HELD
            work.record("forums.place_given", registration)
            work.emit(PlaceGiven(registration.id))


KIND = "registration"
"""Of submissions that nobody handed in at a window."""
NEEDS = "forums.needs"
"""The purpose under which needs in own words are sealed."""


def put(work: Work, forum: Forum, known: Registration | None, user_id: int | None, wanted: RegistrationRequest,
        key: str = "", submission: Submission | None = None, applied_id: int | None = None) -> Registration:
    """Register somebody, or write down anew what they asked for; `submission`: by which they asked elsewhere,
    `applied_id`: by which they were chosen. Raises Refusal at the field, Conflict where there is no place to be had."""
    wanted = replace(wanted, words=_checked(wanted.words))
    if wanted.way not in rules.ways_of(forum):
        raise Refusal(_("여기에서는 그렇게 참여할 수 없어요."), field="way")
    registration = known or Registration(
        forum_id=forum.id, user_id=user_id, applied_id=applied_id, place=Place.WITHDRAWN)
    stood = registration.place is not Place.WITHDRAWN
    if not stood or registration.way is not wanted.way:
        _give_place(work, forum, registration, wanted)
    if not stood:
        registration.submission = submission or submissions.hand_in(work.session, KIND, owner_id=user_id, at=work.at)
    registration.needs = [need for need in forum.accessibility if need in wanted.needs]
    registration.needs_sealed = keys.seal(NEEDS, wanted.words) if wanted.words else None
    registration.age_group, registration.neighbourhood_id = (
        wanted.age_group, _neighbourhood(work, wanted.neighbourhood_id))
    work.session.add(registration)
    work.session.flush()
    if forum.stage is Stage.LIVE:
        arrive(work, forum, registration, key)
    if known is not None:
        fill(work, forum)
    return registration


def _checked(words: str) -> str:
    """Raises Refusal for needs in too many words."""
    text = plain_text.clean(words, lines=True)
    if len(text) > rules.LONGEST_NEEDS:
        raise Refusal(_("%(longest)s자까지 쓸 수 있어요.", longest=rules.LONGEST_NEEDS), field="words")
    return text


def _give_place(work: Work, forum: Forum, registration: Registration, wanted: RegistrationRequest) -> None:
    """A place if there is one; else the end of the waiting list, where it makes sense to wait."""
    counts = queries.counts(forum.id)
    taken = counts.held.get(wanted.way, 0) + counts.waiting.get(wanted.way, 0)
    place = rules.place_for(taken, rules.places_of(forum, wanted.way))
    if place is Place.WAITING and forum.stage is Stage.LIVE:
        raise Conflict(_("남은 자리가 없어요. 말과 글은 이 화면에서 그대로 볼 수 있어요."), field="way")
    if place is Place.WAITING and registration.place is Place.HELD:
        raise Conflict(_("그쪽은 자리가 다 찼어요. 그래도 바꾸려면 지금 신청을 거둔 뒤에 다시 신청해 주세요."), field="way")
    registration.way, registration.place, registration.asked_at = wanted.way, place, work.at


def _neighbourhood(work: Work, neighbourhood_id: int | None) -> int | None:
    if neighbourhood_id is None:
        return None
    neighbourhood = work.session.get(Neighbourhood, neighbourhood_id)
    if neighbourhood is None:
        raise Refusal(_("목록에 있는 동만 고를 수 있어요."), field="neighbourhood")
    return neighbourhood.id


def arrive(work: Work, forum: Forum, registration: Registration, key: str = "") -> None:
    """They are there now; only the first time counts."""
    if registration.came_at is None and registration.place is Place.HELD:
        registration.came_at = work.at
        work.session.flush()
        operations.add_event(work, forum, ForumEventKind.PERSON_CAME, registration.id, key=key)


def withdraw(work: Work, forum: Forum, registration: Registration) -> None:
    """Give the place back to those who wait, and the seat at a table; what was needed is forgotten at once."""
    registration.place = Place.WITHDRAWN
    registration.submission.withdrawn_at = registration.submission.withdrawn_at or work.at
    registration.needs, registration.needs_sealed, registration.age_group, registration.neighbourhood_id = (
        [], None, None, None)
    seating.stand_up(work, forum, registration.user_id)
    fill(work, forum)


def hand_to(submission_id: int, user_id: int) -> None:
    """Let who claimed what was handed in at a window hold its place, unless they have a registration of their own."""
    if (place := queries.of_submission(submission_id)) is not None:
        own = queries.of(place.forum_id, user_id)
        place.user_id = user_id if own in (None, place) else None


def consent(work: Work, forum: Forum, user_id: int, agrees: bool) -> RecordingConsent:
    """Write whether somebody agrees to being recorded, from now on."""
    known = work.session.get(RecordingConsent, (forum.id, user_id))
    if known is None:
        known = RecordingConsent(forum_id=forum.id, user_id=user_id)
        work.session.add(known)
    known.given, known.at = agrees, work.at
    return known
