"""Polls from the command line: bin/civic-forum poll …"""

import json
import os
import shutil
from pathlib import Path

import click
from flask.cli import with_appcontext

from civic_forum.ballots import records as record_files
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.policy.observers import may_observe
from civic_forum.ballots.queries import boxes, confirmations
from civic_forum.ballots.rules.boxes import BoxStage, ConfirmedAction, stage_of
from civic_forum.ballots.services import closing, publication
from civic_forum.ballots.services import confirmations as four_eyes
from civic_forum.ballots.terminal import by_option, json_option, password, password_option, person, say
from civic_forum.kernel.base import database_now
from civic_forum.kernel.errors import Conflict, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require

from .models import Poll
from .queries import listing, records
from .services import making, opening

ACTIONS = (ConfirmedAction.OPEN, ConfirmedAction.CLOSE_EARLY)
copies_option = click.option("--copies", help="Which copies of the key there were, and that they are destroyed: "
                                              "said by whoever confirms its destruction.")


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
    made = making.create(data, by=person(by))
    say(_summary(made), [f"Made {made.slug}."], as_json)


@poll.command(name="list")
@json_option
@with_appcontext
def list_polls(as_json: bool):
    """All votes, also those in preparation, the latest close first."""
    for box_id in boxes.ids_due(database_now()):
        closing.close_if_due(box_id)
    found, after = [], None
    while True:
        page = listing.everything(after)
        found += [_summary(card.poll) | {"stage": str(card.stage), "voters": card.voters} for card in page.items]
        after = page.after
        if after is None:
            break
    say(found, [f"{one['slug']}\t{one['stage']}\t{one['closes_at']}\t{one['title']}" for one in found], as_json)


@poll.command()
@click.argument("slug")
@click.option("--action", type=click.Choice([str(action) for action in ACTIONS]), default=str(ConfirmedAction.OPEN),
              show_default=True, help="What is proposed or confirmed.")
@by_option
@password_option
@json_option
@with_appcontext
def confirm(slug: str, action: str, by: str, password_stdin: bool, as_json: bool):
    """Propose an action on a vote, or confirm what another official proposed: two people open it, or close it early."""
    actor, wanted = person(by), ConfirmedAction(action)
    four_eyes.confirm_password(password(password_stdin, by), by=actor)
    box_id = _box(slug, wanted).id
    pending = confirmations.alive(box_id, wanted)
    if pending is None:
        state, done = "proposed", four_eyes.propose(wanted, box_id, by=actor)
    else:
        state, done = "confirmed", four_eyes.confirm(pending.id, by=actor)
    box = boxes.by_id(box_id)
    said = {"poll": slug, "action": action, "state": state, "confirmation": done.id, "box": box_id.hex(),
            "fingerprint": box.fingerprint.hex(), "stage": str(stage_of(box, database_now()))}
    say(said, ["Proposed. Another official has to confirm it within 24 hours." if state == "proposed"
               else f"Confirmed: {said['stage']}."], as_json)


@poll.command(name="close-due")
@json_option
@with_appcontext
def close_due(as_json: bool):
    """Close every vote whose time is over. Pages and casts do the same by themselves."""
    closed = [box_id.hex() for box_id in closing.close_due()]
    say({"closed": closed}, [f"{len(closed)} closed."], as_json)


@poll.command()
@click.argument("slug")
@copies_option
@by_option
@password_option
@json_option
@with_appcontext
def publish(slug: str, copies: str | None, by: str, password_stdin: bool, as_json: bool):
    """Bring a closed vote towards its publication, as far as this official can; then another one runs the same."""
    actor = person(by)
    four_eyes.confirm_password(password(password_stdin, by), by=actor)
    box = _made(slug)
    closing.close_if_due(box.id)
    progress = publication.advance(box.id, copies=copies, by=actor)
    waits = progress.proposed.action if progress.proposed else None
    said = {"poll": slug, "stage": str(progress.stage), "proposed": waits and str(waits)}
    say(said, [f"Stage: {progress.stage}." + (f" Another official has to confirm: {waits}." if waits else "")], as_json)


@poll.command()
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--observers", is_flag=True, help="The edition for the recount; needs --by.")
@click.option("--by", help="Sign-in name of the observer who gets it.")
@json_option
@with_appcontext
def record(slug: str, file: Path, observers: bool, by: str | None, as_json: bool):
    """Copy the published record of a vote into the new FILE, for `verify`."""
    box = _made(slug)
    if observers:
        if by is None:
            raise click.UsageError("The observers' edition is given to an observer: say who with --by.")
        require(person(by), may_observe, box)
    if stage_of(box, database_now()) is not BoxStage.PUBLISHED:
        raise Conflict(_("아직 공개하지 않은 투표예요."))
    if file.exists():
        raise Conflict(_("%(file)s 파일이 이미 있어요.", file=str(file)))
    source = record_files.observers(box) if observers else record_files.public(box)
    mode = 0o600 if observers else 0o666  # choices are for the observer alone, whatever the shell's umask says
    made = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    with os.fdopen(made, "wb") as copy, open(source, "rb") as given:
        shutil.copyfileobj(given, copy)
    digest = box.observers_sha256 if observers else box.public_sha256
    say({"poll": slug, "file": str(file), "sha256": digest.hex(), "bytes": file.stat().st_size},
        [f"Written to {file}: {digest.hex()}"], as_json)


def _box(slug: str, action: ConfirmedAction) -> BallotBox:
    """The box of a vote; made now where it is to be opened, once its roll can be fixed."""
    found = records.by_slug(slug)
    if action is ConfirmedAction.OPEN and (found.box is None or found.roll.fixed_at is None):
        opening.prepare(found.id, by=None)
    return _made(slug)


def _made(slug: str) -> BallotBox:
    box = records.by_slug(slug).box
    if box is None:
        raise Conflict(_("아직 투표함이 없어요. 먼저 투표를 여는 준비를 해 주세요."))
    return box


def _summary(found: Poll) -> dict[str, object]:
    box = found.box
    return {"slug": found.slug, "title": found.title, "kind": str(found.kind),
            "opens_at": found.opens_at.isoformat(), "closes_at": found.closes_at.isoformat(),
            "announced": found.announced_at is not None, "roll": found.roll_id,
            "box": box.id.hex() if box else None, "fingerprint": box.fingerprint.hex() if box else None}


commands = (poll,)
