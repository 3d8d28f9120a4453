"""Polls from the command line: bin/civic-forum poll …"""

import json
from pathlib import Path

import click
from flask.cli import with_appcontext

from civic_forum.ballots import terminal
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting import closing
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.terminal import by_option, json_option, person, say
from civic_forum.platform.base import database_now
from civic_forum.platform.errors import Conflict, Refusal, existing
from civic_forum.platform.i18n import _

from . import process
from .models import Poll
from .queries import listing, records
from . import services


@click.group()
def poll():
    """Votes. SLUG is the last part of the address of a vote's page."""


@poll.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@by_option
@json_option
@with_appcontext
def create(file: Path, by: str, as_json: bool):
    """Make the vote that FILE describes (JSON), announced unless its state is "preparing"."""
    try:
        data = json.loads(file.read_text("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as wrong:
        raise Refusal(_("%(file)s 파일을 JSON으로 읽을 수 없어요.", file=str(file))) from wrong
    made = services.create(data, by=person(by))
    say(_summary(made), [f"Made {made.slug}."], as_json)


@poll.command(name="list")
@json_option
@with_appcontext
def list_polls(as_json: bool):
    """All votes, also those in preparation, the latest close first."""
    for box_id in boxes.ids_due(database_now()):
        closing.close_if_due(box_id)
    summaries, after = [], None
    while True:
        page = listing.listed(listing.EVERYTHING.of(), after)
        summaries += [_summary(card.poll) | {"stage": str(card.stage), "voters": card.voters} for card in page.items]
        after = page.after
        if after is None:
            break
    say(summaries, [f"{summary['slug']}\t{summary['stage']}\t{summary['closes_at']}\t{summary['title']}"
                    for summary in summaries], as_json)


@poll.command(name="close-due")
@json_option
@with_appcontext
def close_due(as_json: bool):
    """Close every vote whose time is over. Pages and casts do the same by themselves."""
    closed = [box_id.hex() for box_id in closing.close_due()]
    say({"closed": closed}, [f"{len(closed)} closed."], as_json)


def _box(slug: str, action: ConfirmedAction | None) -> BallotBox:
    """The box of a vote; made now where it is to be opened, once its roll can be fixed."""
    poll = records.by_slug(slug)
    if action is ConfirmedAction.OPEN and (poll.box is None or poll.roll.fixed_at is None):
        process.prepare(poll.id, by=None)
    return existing(records.by_slug(slug).box, lambda: Conflict(_("아직 투표함이 없어요. 먼저 투표를 여는 준비를 해 주세요.")))


def _summary(poll: Poll) -> dict[str, object]:
    box = poll.box
    return {"slug": poll.slug, "title": poll.title, "kind": str(poll.kind), "opens_at": poll.opens_at.isoformat(),
            "closes_at": poll.closes_at.isoformat(), "announced": poll.announced_at is not None, "roll": poll.roll_id,
            "box": box.id.hex() if box else None, "fingerprint": box.fingerprint.hex() if box else None}


terminal.add_commands(poll, "SLUG", "poll", _box)
commands = (poll,)
