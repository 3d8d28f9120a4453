"""Votes from the command line: bin/civic-forum ballots …, roll …, verify …"""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import click
from flask.cli import with_appcontext

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _, local

from . import terminal
from .counting import closing, publication
from .keys import keyring
from .keys import backups as backup_list
from .keys import services as key_copies
from .observing import queries
from .observing import services as observing
from .observing.rules import Observer
from .published import queries as log
from .rolls import queries as rolls
from .rolls import services as roll_services
from .officers import queries as officer_queries
from .officers import services as officer_services
from .voted import roll_named
from .terminal import box, by_official, json_option, person, say
from .labels import WRONG_LINE


@click.group()
def ballots():
    """Boxes, their heads, proofs and keys. BOX is the id of a box, or what its vote is called: the
    short name of a poll, or ROUND/ENVELOPE of a budget round."""


@ballots.command()
@click.argument("name", metavar="BOX")
@click.option("--all", "all_heads", is_flag=True, help="Every head with its consistency proof, as in heads.json.")
@json_option
@with_appcontext
def head(name: str, all_heads: bool, as_json: bool):
    """The newest signed head of BOX: keep it, and give it to `verify --head` later."""
    vote = box(name)
    closing.close_if_due(vote.id)
    signed = log.heads_json(vote.id)
    if not signed:
        raise Conflict(_("아직 공개 기록부가 없어요. 투표가 시작되면 생겨요."))
    newest = {field: value for field, value in signed[-1].items() if field != "consistency"}
    say(signed if all_heads else newest, [f"{head['kind']}\t{head['size']}\t{head['at']}\t{head['root']}"
                                          for head in (signed if all_heads else signed[-1:])], as_json)


@ballots.command()
@click.argument("name", metavar="BOX")
@click.argument("number", type=click.IntRange(0), required=False)
@click.option("--old", type=click.IntRange(0), help="Show instead that the log of size OLD is the beginning of NEW.")
@click.option("--new", type=click.IntRange(0))
@json_option
@with_appcontext
def proof(name: str, number: int | None, old: int | None, new: int | None, as_json: bool):
    """Proof that leaf NUMBER of the log of BOX is in it, or that the log only grew."""
    vote = box(name)
    closing.close_if_due(vote.id)
    if (number is None) == (old is None) or (old is None) != (new is None):
        raise click.UsageError("Say either NUMBER, or --old and --new.")
    shown = log.inclusion(vote.id, number) if number is not None else log.consistency(vote.id, old, new)
    say(shown, shown["proof"], as_json)


@ballots.command()
@click.argument("name", metavar="BOX")
@click.argument("named", metavar="NAME=KEY", nargs=-1)
@click.option("--signatures", type=click.IntRange(0), help="How many have to agree; default: all but one.")
@by_official
def observers(name: str, named: tuple[str, ...], signatures: int | None, as_json: bool, by: User):
    """Name the observers of BOX before it is opened: each with a public name and the key that `verify.py keygen`
    printed. What two officials confirmed of BOX before is void by it."""
    pairs = [text.rpartition("=") for text in named]
    chosen = [Observer(label.strip(), _key(key)) for label, _equals, key in pairs]
    wanted = max(0, len(chosen) - 1) if signatures is None else signatures
    vote = observing.name_observers(box(name).id, chosen, wanted, by=by)
    report = {"box": vote.id.hex(), "observers": [observer.name for observer in chosen], "signatures": wanted,
              "fingerprint": vote.fingerprint.hex()}
    say(report, [f"{len(chosen)} observers, {wanted} have to agree. New fingerprint: {report['fingerprint']}"], as_json)


@ballots.command()
@click.argument("name", metavar="BOX")
@click.argument("files", metavar="[SIGNATURE.json]...", nargs=-1, type=terminal.EXISTING)
@json_option
@with_appcontext
def observed(name: str, files: tuple[Path, ...], as_json: bool):
    """Take what observers of BOX signed with `verify.py sign`, check it and publish it unchanged; then list it all."""
    vote = box(name)
    for file in files:
        observing.take(vote.id, file.read_bytes(), by=None)
    box_now, names = box(name), {observer.key.hex(): observer.name for observer in queries.observers(vote)}
    signed, tally = queries.statements(box_now), queries.counted(box_now)
    report = {"box": vote.id.hex(), "observers": len(names), "needed": queries.needed(vote), "agreed": tally.agreed,
              "refused": tally.refused, "statements": [statement.to_json() for statement in signed]}
    lines = [f"{names[signature.public_key]}\t{'agrees' if signature.agrees else 'REFUSES'}\t{signature.text}"
             for signature in signed]
    say(report, [*lines, f"{tally.agreed} of {len(names)} agree, {tally.refused} refuse; {report['needed']} are "
                         "needed."], as_json)


@ballots.group()
def officers():
    """Positions that may be officers of votes."""


@officers.command(name="list")
@json_option
@with_appcontext
def list_officers(as_json: bool):
    """Every position with the day of its grant, as the public page has it."""
    officers = officer_queries.granted()
    say([{"position": officer.position, "granted_at": officer.granted_at.isoformat(),
          "by_command": officer.granted_by_id is None} for officer in officers],
        [f"{officer.position}\t{officer.granted_at:%Y-%m-%d}\t{officer.user.sign_in_name}" for officer in officers],
        as_json)


@officers.command()
@click.argument("name", metavar="NAME")
@click.argument("position")
@json_option
@with_appcontext
def grant(name: str, position: str, as_json: bool):
    """Make NAME an officer, listed publicly as POSITION: for the first ones, and where only one administrator is left.
    Everybody reads that a command did it; otherwise two administrators do, on /desk/officers."""
    done = officer_services.grant_by_command(person(name), position)
    acts = local(done.granted_at + people.held_for())
    say({"officer": done.id, "position": done.position, "acts_from": acts.isoformat()},
        [f"Granted: {done.position}, acts from {acts:%Y-%m-%d %H:%M}."], as_json)


@ballots.command(name="name-officers")
@click.argument("name", metavar="BOX")
@click.argument("positions", metavar="POSITION", nargs=-1)
@by_official
def name_officers(name: str, positions: tuple[str, ...], as_json: bool, by: User):
    """Name the officers of BOX, three to six, before it is opened."""
    known = {officer.position: officer.id for officer in officer_queries.granted()}
    done = officer_services.name(box(name).id, [known.get(position, 0) for position in positions], by=by)
    say({"boxes": [vote.id.hex() for vote in done], "officers": list(positions)}, [", ".join(positions)], as_json)


@ballots.group()
def key():
    """The key of a box, and the key that the site signs with."""


@key.command()
@json_option
@with_appcontext
def fingerprint(as_json: bool):
    """Of the signing key: publish it elsewhere too, and give it to `verify --key`."""
    key = keyring.key_fingerprint()
    say({"key": key}, [key], as_json)


@key.command()
@click.argument("name", metavar="BOX")
@terminal.new_file
@by_official
def export(name: str, file: Path, as_json: bool, by: User):
    """Copy the key of BOX, and of those that are voted on with it, into the new FILE. The first official proposes it,
    the second gets the copy; each types a pass phrase, and both phrases together open it."""
    terminal.refuse_existing(file)
    vote = box(name)
    phrase = terminal.secret("Your pass phrase for the copy", twice=True)
    pending = key_copies.offer(vote).pending
    if pending is None or pending.proposed_by_id == by.id:
        key_copies.propose(vote.id, phrase, by=by)
        say({"box": vote.id.hex(), "state": "proposed"}, [
            "Proposed. Another official has to run this command too; nothing was written yet."], as_json)
        return
    copy = key_copies.confirm(vote.id, phrase, by=by)
    terminal.write_new(file, BytesIO(copy.written()), 0o600)
    say({"box": vote.id.hex(), "state": "exported", "file": str(file), "keys": len(copy.keys)}, [
        f"Written to {file}, with {len(copy.keys)} keys. Keep it on two media in two places, and the phrases in two "
        "envelopes; destroy them when the key of this box is destroyed."], as_json)


@key.command()
@click.argument("file", type=terminal.EXISTING)
@by_official
def restore(file: Path, as_json: bool, by: User):
    """Put back every key of FILE that is lost here. Asks for the phrase of who proposed the copy, then for that of who
    confirmed it."""
    phrases = [terminal.secret(f"Phrase of the official who {did} the copy") for did in ("proposed", "confirmed")]
    boxes = key_copies.restore(file.read_bytes()[:key_copies.MOST_BYTES], *phrases, by=by)
    say({"boxes": [vote.id.hex() for vote in boxes], "state": "put_back"}, [f"{len(boxes)} keys are back."], as_json)


@ballots.command()
@click.argument("name", metavar="BOX")
@click.argument("gone", nargs=-1, metavar="[DIRECTORY]...")
@by_official
def backups(name: str, gone: tuple[str, ...], as_json: bool, by: User):
    """Backups made while BOX held ballots. With each DIRECTORY an official says that this backup is deleted, wherever
    it was kept; before that the key is not destroyed."""
    vote = box(name)
    if gone:
        publication.say_backups_gone(vote.id, gone, by=by)
    left = backup_list.left(vote.id)
    say({"box": vote.id.hex(), "left": left}, left or ["None is left."], as_json)


@click.group()
def roll():
    """Electoral rolls: who may vote."""


@roll.command(name="import")
@click.argument("file", type=terminal.EXISTING)
@click.option("--roll", "roll_id", type=click.IntRange(1), help="Number of the roll to fill.")
@click.option("--for", "name", help="Fill the roll of this vote (the short name of a poll, or ROUND/ENVELOPE).")
@click.option("--by", help="Sign-in name of the moderator who does it; default: whoever runs the server.")
@json_option
@with_appcontext
def import_roll(file: Path, roll_id: int | None, name: str | None, by: str | None, as_json: bool):
    """Take over FILE (CSV with the columns name, birth_date, neighbourhood, or 이름, 생년월일, 동), all of it or nothing.

    Names and birth dates become keyed hashes while they are read and are kept nowhere. Delete FILE afterwards.
    """
    if (roll_id is None) == (name is None):
        raise click.UsageError("Either --for or --roll names the roll.")
    try:
        done = roll_services.import_list(file.read_bytes(), roll_id or roll_named(str(name)),
                                         by=person(by) if by else None)
    except roll_services.NotImported as refused:
        say({"imported": 0, "problems": [problem.to_json() for problem in refused.problems]},
            [(f"{problem.line}: " if problem.line else "") + str(WRONG_LINE[problem.wrong])
             + (f" ({problem.same_as})" if problem.same_as else "") for problem in refused.problems], as_json)
        raise
    say({"imported": done.entries, "roll": done.id, "problems": []},
        [f"Roll {done.id}: {done.entries} entries. Delete {file} now."], as_json)


@roll.command()
@click.argument("number", type=click.IntRange(1), required=False)
@click.option("--by", help="Sign-in name of the moderator who does it; default: whoever runs the server.")
@json_option
@with_appcontext
def fix(number: int | None, by: str | None, as_json: bool):
    """Fix roll NUMBER on its day; without a number every roll whose day is over."""
    if number is None:
        count = roll_services.fix_due()
        say({"fixed": count}, [f"{count} fixed."], as_json)
        return
    fixed = roll_services.fix(number, by=person(by) if by else None)
    say({"roll": fixed.id, "entries": fixed.entries}, [f"Roll {fixed.id}: {fixed.entries} entries."], as_json)


@roll.command()
@click.argument("number", type=click.IntRange(1))
@json_option
@with_appcontext
def show(number: int, as_json: bool):
    """The number of entries of roll NUMBER, and its rule. Nobody's name is in it."""
    roll = rolls.roll(number)
    names = rolls.sizes(roll.id)
    report = {"roll": roll.id, "rule": rolls.rule_of(roll).to_json(), "entries": rolls.size(roll.id),
              "fixed_at": roll.fixed_at and roll.fixed_at.isoformat(), "neighbourhoods": names}
    say(report, [f"entries\t{report['entries']}", f"fixed\t{report['fixed_at'] or 'not yet'}",
                 *(f"{place}\t{count}" for place, count in names.items())], as_json)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="RECORD.zip [OPTIONS]")
def verify(arguments: tuple[str, ...]):
    """Check a published record, exactly as anybody can with verifier/verify.py, which this runs.

    Options: --key FINGERPRINT, --head HEAD.json, --count COUNT.json, --receipt RECEIPT.json, --draw FIGURES,
    --same-as OTHER.zip, --signatures SIGNATURES.json, --language en|ko. Exit code 0: everything holds; 1: something is
    wrong, and it says what; 3: everything holds, but an observer refused or too few agreed.
    """
    sys.stdout.flush()
    sys.exit(subprocess.run([sys.executable, "-I", "-S", str(publication.VERIFIER), *arguments]).returncode)


def _key(text: str) -> bytes:
    """Empty for what is no key, which is refused with a sentence."""
    try:
        return bytes.fromhex(text.strip())
    except ValueError:
        return b""


terminal.add_commands(ballots, "BOX", "name", lambda name, _action: box(name))
commands = (ballots, roll, verify)
