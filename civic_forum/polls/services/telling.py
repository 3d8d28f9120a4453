"""Texts beside a poll: notices, what came of the result, election seasons."""

from collections.abc import Iterable
from datetime import date, datetime

from civic_forum.accounts.models import User
from civic_forum.ballots.models import ElectionSeason, VoteNotice
from civic_forum.ballots.box.alarms import announce
from civic_forum.platform.errors import NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from ..models import PollStep
from ..policy import may_notify, may_set_seasons, may_tell_outcome
from ..queries import records

MOST_TITLE, MOST_TEXT, MOST_STEP, MOST_NAME = 200, 3_000, 100, 100


def notify(poll_id: int, title: str, text: str, *, by: User) -> VoteNotice:
    """Write a public notice. After the opening it is the only way to correct something, and says so."""
    with use_case(by) as work:
        poll = records.locked(poll_id)
        require(by, may_notify, poll)
        _check("title", title, MOST_TITLE)
        _check("text", text, MOST_TEXT)
        opened = poll.box is not None and poll.box.opened_at is not None and poll.box.published_at is None
        notice = announce(work, poll.subject, kind="correction" if opened else "notice", title=title, text=text)
        work.record("polls.notified", poll, notice=notice.id)
        return notice


def tell_outcome(poll_id: int, *, at: datetime, step: str, text: str, selected: Iterable[int] | None = None,
                 by: User) -> PollStep:
    """Say what came of a published result. `selected`: the options that are carried out, if this step decided it."""
    with use_case(by) as work:
        poll = records.locked(poll_id)
        require(by, may_tell_outcome, poll)
        _check("step", step, MOST_STEP)
        _check("text", text, MOST_TEXT)
        if at > work.at:
            raise Refusal(_("앞으로 있을 일은 알림으로 알려 주세요."), field="at")
        numbers = sorted(set(selected)) if selected is not None else None
        if numbers and not set(numbers) <= {option.number for option in poll.options}:
            raise Refusal(_("이 투표에 있는 항목만 고를 수 있어요."), field="selected")
        told = PollStep(poll_id=poll.id, at=at, step=step, text=text, selected=numbers or None, by_id=by.id)
        work.session.add(told)
        work.record("polls.outcome_told", poll)
        return told


def set_season(name: str, first_day: date, last_day: date, *, by: User) -> ElectionSeason:
    """From when to when opening a vote warns and asks again."""
    with use_case(by) as work:
        require(by, may_set_seasons)
        _check("name", name, MOST_NAME)
        if first_day > last_day:
            raise Refusal(_("마지막 날은 첫날보다 빠를 수 없어요."), field="last_day")
        season = ElectionSeason(name=name, first_day=first_day, last_day=last_day, set_by_id=by.id, set_at=work.at)
        work.session.add(season)
        work.record("polls.season_set", season, first_day=first_day.isoformat(), last_day=last_day.isoformat())
        return season


def remove_season(season_id: int, *, by: User) -> None:
    """Raises NotFound where it is gone already."""
    with use_case(by) as work:
        require(by, may_set_seasons)
        season = work.session.get(ElectionSeason, season_id, with_for_update=True)
        if season is None:
            raise NotFound(_("이미 지운 선거 기간이에요."))
        work.record("polls.season_removed", season, name=season.name, first_day=season.first_day.isoformat(),
                    last_day=season.last_day.isoformat())
        work.session.delete(season)


def _check(field: str, text: str, most: int) -> None:
    if not text.strip():
        raise Refusal(_("여기를 채워 주세요."), field=field)
    if len(text) > most:
        raise Refusal(_("%(longest)s자까지 쓸 수 있어요.", longest=f"{most:,}"), field=field)
    refuse_secret(**{field: text})
