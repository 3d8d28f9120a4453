"""The record: what was said and done, read along the clock, searched, and played again."""

import re
from datetime import datetime, timedelta

from flask import jsonify, render_template, request

from civic_forum.kernel import clock
from civic_forum.kernel.errors import Invalid
from civic_forum.kernel.i18n import _, local
from civic_forum.search import queries as search
from civic_forum.search.rules import wanted

from .. import record_labels
from ..models import Forum
from ..playing import Player
from ..queries import replay, whole
from ..rules import drafting, finding
from ..rules.record import Record
from . import gate
from .blueprint import bp

QUERY_MOST = 100
MINUTE = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
MOST_LINKS = 60
"""So many minutes are linked for those without script; of a longer forum every second, third … of them."""


@bp.get("/<slug>/record")
def record(slug: str):
    """As far as it has come; all of it afterwards."""
    forum = gate.found(slug)
    query = " ".join(request.args.get("q", "").split())[:QUERY_MOST]
    moment = _moment(forum, request.args.get("at"))
    found = whole.record(forum)
    sections = drafting.draft(found)
    shown = finding.found(sections, query) if query else sections
    player = _player(forum, found, sections) if forum.opened_at else None
    return render_template(
        "forums/record.html", forum=forum, sections=shown, labels=record_labels, query=query, moment=moment,
        names=player.names if player else whole.names(_people(shown)), minutes=_minutes(forum),
        played=player.at(moment) if player and moment else None, is_played=player is not None,
        why_nothing=search.why_nothing(query) if query and not wanted(query) else None,
        mark=(lambda text: search.marked(text, query)) if query else None)


@bp.get("/<slug>/record/frames.json")
def record_frames(slug: str):
    """Every moment at which something changed, for the script that plays it."""
    forum = gate.found(slug)
    if forum.opened_at is None:
        return jsonify(length=0, frames=[])
    found = whole.record(forum)
    player = _player(forum, found, drafting.draft(found))
    return jsonify(began=forum.opened_at.isoformat(), length=int((_end(forum) - forum.opened_at).total_seconds()),
                   words={one: str(word) for one, word in record_labels.PULSE.items()},
                   frames=player.frames(forum.opened_at))


def _player(forum: Forum, found: Record, sections: list[drafting.Row]) -> Player:
    recording = replay.recording(forum)
    waiting = {user_id for user_id, _name in recording.called.values()}
    return Player(found, recording, whole.names(_people(sections) | waiting))


def _people(sections: list[drafting.Row]) -> set[int | None]:
    return {row.get("by") for row in drafting.rows_of(sections)}


def _end(forum: Forum) -> datetime:
    return forum.closed_at or clock.now()


def _moment(forum: Forum, asked: str | None) -> datetime | None:
    """The end of the minute that was asked for, on the day of the forum. Raises Invalid for what is no minute."""
    if not asked or forum.opened_at is None:
        return None
    if not (told := MINUTE.fullmatch(asked)):
        raise Invalid(_("시각을 19:20처럼 적어 주세요."))
    began = local(forum.opened_at)
    moment = began.replace(hour=int(told[1]), minute=int(told[2]), second=59, microsecond=999_999)
    return moment if moment >= began else moment + timedelta(days=1)


def _minutes(forum: Forum) -> list[str]:
    """The minutes of the forum as its clock showed them, at most so many."""
    if forum.opened_at is None:
        return []
    began, whole_minutes = local(forum.opened_at), int((_end(forum) - forum.opened_at).total_seconds()) // 60 + 1
    every = -(-whole_minutes // MOST_LINKS)
    return [f"{began + timedelta(minutes=one):%H:%M}" for one in range(0, whole_minutes, every)]
