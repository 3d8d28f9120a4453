"""Commands on votes: who acts, and what they do with the box of any vote."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import BinaryIO

import click
from flask.cli import with_appcontext

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import users
from civic_forum.accounts import proofs
from civic_forum.platform.base import database_now
from civic_forum.platform.errors import Conflict, Denied, NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require

from . import queries, voted
from .counting import closing, publication
from .officials import queries as confirmations
from .officials import services as four_eyes
from .published import records
from .models import BallotBox
from .policy import may_observe
from .rules.boxes import REASONED, BoxStage, ConfirmedAction, stage_of

ACTIONS = (ConfirmedAction.OPEN, ConfirmedAction.CLOSE_EARLY, ConfirmedAction.COUNT_ANYWAY, ConfirmedAction.DRAW,
           ConfirmedAction.SET_BACK, ConfirmedAction.ANSWER_REFUSAL, ConfirmedAction.WITHOUT_SIGNATURES)
json_option = click.option("--json", "as_json", is_flag=True, help="For programs.")
by_option = click.option("--by", required=True, help="Sign-in name of the person who does it.")
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
new_file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
Find = Callable[[str, ConfirmedAction | None], BallotBox]


def by_official(command):
    """Decorate a command of an official, who types a password, and the code of a second factor where there is one: it
    gets `by`, the user, and `as_json`."""

    @by_option
    @click.option("--password-stdin", is_flag=True,
                  help="Read the password of that person from standard input instead of asking; in a second line the "
                       "code of the second factor, where there is one.")
    @json_option
    @with_appcontext
    @wraps(command)
    def run(by: str, password_stdin: bool, **arguments):
        actor = person(by)
        typed = secret(f"Password of {by}")
        code = secret(f"Code of the second factor of {by}") if actor.totp_confirmed_at else None
        proofs.prove(typed, code, by=actor)
        return command(by=actor, **arguments)

    return run


def secret(question: str, *, twice: bool = False) -> str:
    """Secret that somebody types unseen; one line of standard input where the password comes from there."""
    if click.get_current_context().params["password_stdin"]:
        return sys.stdin.readline().rstrip("\r\n")
    return click.prompt(question, hide_input=True, confirmation_prompt=twice)


def person(name: str) -> User:
    """The user of this sign-in name. Whether they may is the service's to say; why a role does not count yet, ours."""
    user = existing(users.by_name(name), lambda: NotFound(_("%(name)s라는 로그인 이름이 없어요.", name=name)))
    if user.lacks_second_factor:
        raise Denied(_("%(name)s의 역할은 2단계 인증을 켠 뒤에 쓸 수 있어요. 로그인해서 내 정보의 2단계 인증에서 켜 주세요.", name=name))
    if user.must_use_passkey:
        raise Denied(_("명령에서는 패스키를 쓸 수 없어요. 화면에서 확인하거나, 내 정보의 2단계 인증에서 인증 앱도 켜 주세요."))
    return user


def box(name: str) -> BallotBox:
    """By its id in hex, or by what people call its vote. Raises NotFound."""
    return voted.named(name) or queries.by_hex(name.lower())


def say(value: object, lines: list[str], as_json: bool) -> None:
    """The same to a program or to a person."""
    click.echo(json.dumps(value, ensure_ascii=False) if as_json else "\n".join(lines))


def refuse_existing(file: Path) -> None:
    if file.exists():
        raise Conflict(_("%(file)s 파일이 이미 있어요.", file=str(file)))


def write_new(file: Path, content: BinaryIO, mode: int) -> None:
    """Raises FileExistsError where somebody made it in the meantime."""
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as target:
        shutil.copyfileobj(content, target)
        target.flush()
        os.fsync(target.fileno())


def add_commands(group: click.Group, metavar: str, called: str, find: Find) -> None:
    """Give a group the commands on the box of a vote: confirm, publish, record. `called`: as what programs are told the
    name; `find`: the box of that name, and what is proposed or confirmed of it."""
    for add in (_add_confirm, _add_publish, _add_record):
        add(group, click.argument("name", metavar=metavar), called, find)


def _add_confirm(group: click.Group, named: Callable, called: str, find: Find) -> None:
    @group.command()
    @named
    @click.option("--action", type=click.Choice([str(action) for action in ACTIONS]), default=str(ConfirmedAction.OPEN),
                  show_default=True, help="What is proposed or confirmed.")
    @click.option("--note", help="Why a vote ends early, is counted although something is amiss or is set back, "
                                 "said by whoever proposes it; what was drawn, said by both.")
    @by_official
    def confirm(name: str, action: str, note: str | None, as_json: bool, by: User):
        """Propose an action on a vote, or confirm what another official proposed: two people open it, close it early,
        count it although something is amiss, say what was drawn, or set it back to before its count."""
        wanted = ConfirmedAction(action)
        box_id = find(name, wanted).id
        pending = confirmations.alive(box_id, wanted)
        if pending is None:
            state, done = "proposed", four_eyes.propose(wanted, box_id, note=note, by=by)
        else:
            state, done = "confirmed", four_eyes.confirm(pending.id, note=note, by=by)
        box = queries.by_id(box_id)
        report = {called: name, "action": action, "state": state, "confirmation": done.id, "box": box_id.hex(),
                  "fingerprint": box.fingerprint.hex(), "stage": str(stage_of(box, database_now()))}
        reason = {"reason": done.note} if wanted in REASONED else {}
        say(report | reason, ["Proposed. Another official has to confirm it within 24 hours." if state == "proposed"
                              else f"Confirmed: {report['stage']}.", *(f"Reason: {text}" for text in reason.values())],
            as_json)


def _add_publish(group: click.Group, named: Callable, called: str, find: Find) -> None:
    @group.command()
    @named
    @click.option("--copies", help="Which copies of the key there were, and that they are destroyed: said by whoever "
                                   "proposes its destruction, which without it is not proposed.")
    @by_official
    def publish(name: str, copies: str | None, as_json: bool, by: User):
        """Bring a closed vote towards its publication, as far as this official can: count it and write its record,
        which deletes nothing; with --copies propose to delete the ballots and to destroy the key, or confirm that; then
        propose or confirm the publication."""
        box_id = find(name, None).id
        closing.close_if_due(box_id)
        proposed = publication.advance(box_id, copies=copies, by=by)
        stage, waits = stage_of(queries.by_id(box_id), database_now()), proposed and proposed.action
        reason = None if waits else publication.why_it_waits(box_id)
        lines = [f"Stage: {stage}." + (f" Another official has to confirm: {waits}." if waits else "")
                 + (f" {reason}" if reason else "")]
        if stage is BoxStage.RECORDS_WRITTEN and not waits:
            lines.append(f"Keep a copy of {records.directory(box_id)} elsewhere. Nothing is deleted before an official "
                         "runs this again with --copies and another one confirms it.")
        say({called: name, "stage": str(stage), "proposed": waits and str(waits), "waits": reason}, lines, as_json)


def _add_record(group: click.Group, named: Callable, called: str, find: Find) -> None:
    @group.command()
    @named
    @new_file
    @click.option("--observers", is_flag=True, help="The edition for the recount; needs --by.")
    @click.option("--by", help="Sign-in name of the observer who gets it.")
    @json_option
    @with_appcontext
    def record(name: str, file: Path, observers: bool, by: str | None, as_json: bool):
        """Copy the published record of a vote into the new FILE, for `verify` and `budget count`."""
        box = find(name, None)
        if observers:
            if by is None:
                raise click.UsageError("The observers' edition is given to an observer: say who with --by.")
            require(person(by), may_observe, box)
        if stage_of(box, database_now()) is not BoxStage.PUBLISHED:
            raise Conflict(_("아직 공개하지 않은 투표예요."))
        refuse_existing(file)
        digest = box.observers_sha256 if observers else box.public_sha256
        with open(records.observers(box) if observers else records.public(box), "rb") as written:
            write_new(file, written, 0o600 if observers else 0o666)  # choices are for the observer, whatever the umask
        say({called: name, "file": str(file), "sha256": digest.hex(), "bytes": file.stat().st_size},
            [f"Written to {file}: {digest.hex()}"], as_json)
