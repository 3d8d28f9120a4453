"""A process of its own that casts ballots, as a worker of a larger site does: one line of JSON in, one out.

Its clock may be another one (libfaketime); what it says of its own clock shows that it really is.
"""

import json
import select
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from civic_forum.app import ROOT
from tests.running.machine import patience
from tests.servers.site import environment

LIBFAKETIME = "faketime/libfaketime.so.1"


def main() -> None:
    time.sleep = lambda seconds: select.select([], [], [], seconds)  # libfaketime breaks the other one
    app = _application(json.loads(sys.stdin.readline()))
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        with app.app_context():
            print(json.dumps(_answers(json.loads(line))), flush=True)


def _application(given: dict):
    import config
    from civic_forum.app import create_app

    app = create_app(config.load({}, **given))
    with app.app_context():
        _warm_up()
    return app


def _warm_up() -> None:
    import sqlalchemy as sa

    from civic_forum.platform.base import db

    db.session.execute(sa.text("SELECT 1"))
    db.session.remove()


def _answers(job: dict) -> dict:
    """Casts the forms of a job one after another, each at its moment of the wall clock outside (`pause` between)."""
    from civic_forum.platform import clock

    return {"own_clock": clock.now().timestamp(), "answers": [_cast(one, job.get("pause", 0)) for one in job["casts"]]}


def _cast(one: dict, pause: float) -> dict:
    from civic_forum.ballots.box.casting import CastForm
    from civic_forum.ballots.box.sealing import Channel
    from civic_forum.ballots.voting import services as casting
    from civic_forum.platform.base import database_now, db
    from civic_forum.platform.errors import Refusal

    if pause:
        time.sleep(pause)
    box, person, fingerprint, form_key, state, mine, choice = map(bytes.fromhex, (
        one["box"], one["person"], one["fingerprint"], one["form_key"], one["state"], one["mine"], one["choice"]))
    before = database_now()
    db.session.remove()
    try:
        receipt = casting.cast(box, person, CastForm(fingerprint, form_key, state, mine, choice), Channel.ONLINE)
        said = {"receipt": receipt.to_json()}
    except Refusal as refusal:
        said = {"refused": type(refusal).__name__, "status": refusal.status}
    said |= {"before": before.timestamp(), "after": database_now().timestamp()}
    db.session.remove()
    return said


def form_json(made, person: bytes, form) -> dict:
    """One cast of a job."""
    return {"box": made.id.hex(), "person": person.hex(), "fingerprint": form.fingerprint.hex(),
            "form_key": form.form_key.hex(), "state": form.state.hex(), "mine": form.mine.hex(),
            "choice": form.choice.hex()}


class Voter:
    """Such a process, seen from the test."""

    def __init__(self, app, shift_s: float = 0):
        fake = {"LD_PRELOAD": _library(), "FAKETIME": f"{shift_s:+f}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.ballots.voter_process"], cwd=ROOT, text=True,
            env=environment() | (fake if shift_s else {}), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.send({name: app.config[name] for name in ("DATA", "KEYS", "DATABASE_URL", "SECRET_KEY")})

    def send(self, job: dict) -> None:
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()

    def receive(self):
        line = self.process.stdout.readline()
        assert line, f"the voter's process ended: {self.process.wait()}"
        return json.loads(line)

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(patience(20))
        self.process.stdout.close()


@contextmanager
def voters(app, *shifts_s: float):
    """Ready processes, one for each shift of the clock in seconds."""
    started = [Voter(app, shift) for shift in shifts_s]
    try:
        assert [voter.receive() for voter in started] == ["ready"] * len(started)
        yield started
    finally:
        for voter in started:
            voter.end()


def _library() -> str:
    return str(next(Path("/usr/lib").glob(f"*/{LIBFAKETIME}")))


if __name__ == "__main__":
    main()
