"""What commands do with the box of any vote: confirm in pairs, bring it to its publication, copy its record."""

import os
import shutil
from pathlib import Path

import click

from civic_forum.accounts.models import User
from civic_forum.kernel.base import database_now
from civic_forum.kernel.errors import Conflict
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require

from . import records
from .models import BallotBox
from .policy.observers import may_observe
from .queries import boxes, confirmations
from .rules.boxes import BoxStage, ConfirmedAction, stage_of
from .services import closing, publication
from .services import confirmations as four_eyes
from .terminal import person, say

ACTIONS = (ConfirmedAction.OPEN, ConfirmedAction.CLOSE_EARLY)
action_option = click.option("--action", type=click.Choice([str(action) for action in ACTIONS]),
                             default=str(ConfirmedAction.OPEN), show_default=True,
                             help="What is proposed or confirmed.")
copies_option = click.option("--copies", help="Which copies of the key there were, and that they are destroyed: "
                                              "said by whoever confirms its destruction.")
observers_option = click.option("--observers", is_flag=True, help="The edition for the recount; needs --by.")
observer_option = click.option("--by", help="Sign-in name of the observer who gets it.")


def confirm(called: dict[str, str], box_id: bytes, action: str, as_json: bool, *, by: User) -> None:
    """Propose an action, or confirm what another official proposed, and say which. `called`: what the vote is named."""
    wanted = ConfirmedAction(action)
    pending = confirmations.alive(box_id, wanted)
    if pending is None:
        state, done = "proposed", four_eyes.propose(wanted, box_id, by=by)
    else:
        state, done = "confirmed", four_eyes.confirm(pending.id, by=by)
    box = boxes.by_id(box_id)
    said = called | {"action": action, "state": state, "confirmation": done.id, "box": box_id.hex(),
                     "fingerprint": box.fingerprint.hex(), "stage": str(stage_of(box, database_now()))}
    say(said, ["Proposed. Another official has to confirm it within 24 hours." if state == "proposed"
               else f"Confirmed: {said['stage']}."], as_json)


def publish(called: dict[str, str], box_id: bytes, copies: str | None, as_json: bool, *, by: User) -> None:
    """As far as this official can, and say how far that was."""
    closing.close_if_due(box_id)
    progress = publication.advance(box_id, copies=copies, by=by)
    waits = progress.proposed.action if progress.proposed else None
    said = called | {"stage": str(progress.stage), "proposed": waits and str(waits)}
    say(said, [f"Stage: {progress.stage}." + (f" Another official has to confirm: {waits}." if waits else "")], as_json)


def record(called: dict[str, str], box: BallotBox, file: Path, observers: bool, by: str | None, as_json: bool) -> None:
    """Copy a published record into a new file; `by` is the sign-in name of the observer."""
    if observers:
        if by is None:
            raise click.UsageError("The observers' edition is given to an observer: say who with --by.")
        require(person(by), may_observe, box)
    if stage_of(box, database_now()) is not BoxStage.PUBLISHED:
        raise Conflict(_("아직 공개하지 않은 투표예요."))
    if file.exists():
        raise Conflict(_("%(file)s 파일이 이미 있어요.", file=str(file)))
    source = records.observers(box) if observers else records.public(box)
    mode = 0o600 if observers else 0o666  # choices are for the observer alone, whatever the shell's umask says
    made = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    with os.fdopen(made, "wb") as copy, open(source, "rb") as given:
        shutil.copyfileobj(given, copy)
    digest = box.observers_sha256 if observers else box.public_sha256
    say(called | {"file": str(file), "sha256": digest.hex(), "bytes": file.stat().st_size},
        [f"Written to {file}: {digest.hex()}"], as_json)
