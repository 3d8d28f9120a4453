"""A site that is no sample, served from this process, with the people of a vote: each has an account and a password."""

from collections import Counter
from contextlib import contextmanager
from types import SimpleNamespace

import pyotp

from civic_forum.accounts import totp
from civic_forum.accounts.identity import SEALED_BIRTH_DATE, SEALED_NAME
from civic_forum.accounts.models import RoleGrant
from civic_forum.accounts.rules import Role
from civic_forum.platform import clock, jobs, keys
from civic_forum.platform.base import db
from tests import factories
from tests.accounts.people import password_hash
from tests.ballots.officials import with_codes
from tests.faults import towns
from tests.polls.making import voter
from tests.servers import in_process

DAY, HOUR = 86_400, 3_600
LEAVES_TIMERS = "write-ahead log of open votes"
"""A job that goes on by itself for a minute, in a process that lives longer than the data of a test."""
NEW_CODE_S = 31
"""After so long an authenticator app shows other figures."""
BY_REQUESTS = 10
STAFF = {"moderator": Role.MODERATOR, "official": Role.OFFICIAL, "deputy": Role.MODERATOR, "admin1": Role.ADMINISTRATOR,
         "admin2": Role.ADMINISTRATOR, "clerk": Role.CLERK, "typist1": Role.CLERK, "typist2": Role.CLERK,
         "observer1": Role.OBSERVER, "observer2": Role.OBSERVER}
VOTERS = ("changing", "plain", "paper", "kiosk", "struck")
PLACE = "시흥1동"


class Town:
    """A running site with the people in it; `given` are settings."""

    def __init__(self, data, **given):
        self.app = towns.newest_application(data, **{"URL": "http://127.0.0.1:8000"} | given)
        with self.app.app_context():
            self._settle(factories.Town())
        self.clicks, self.part = Counter(), None
        self.looked_at = set()

    def _settle(self, town) -> None:
        self.places = [town.neighbourhood(name).id for name in (PLACE, "독산1동")]
        self.department = town.department("도로과").id
        self.accounts = {name: self._account(town, name) for name in (*STAFF, *VOTERS)}
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        self.many = [SimpleNamespace(session=serializer.dumps({"_user_id": factories.signed_in(voter(town)),
                                                               "_fresh": True})) for _one in range(BY_REQUESTS)]

    def _account(self, town, name: str) -> SimpleNamespace:
        """Somebody whom a clerk has seen, with the role that a command gave and the second factor that staff needs."""
        user = voter(town, place=PLACE, sign_in_name=name, sign_in_key=name, password_hash=password_hash())
        secret = None
        if role := STAFF.get(name):
            db.session.add(RoleGrant(user_id=user.id, role=role, granted_at=clock.now(),
                                     department_id=self.department if role is Role.OFFICIAL else None,
                                     neighbourhood_id=self.places[0] if role is Role.CLERK else None))
            db.session.commit()
            secret = totp.readable(with_codes(user).totp_secret)
        born = keys.unseal(SEALED_BIRTH_DATE, user.person.birth_date_sealed).replace("-", "")
        return SimpleNamespace(name=name, secret=secret, born=born,
                               real_name=keys.unseal(SEALED_NAME, user.person.name_sealed))

    def read(self, statement) -> list:
        """The rows of a statement, as the site has them now."""
        with self.app.app_context():
            return db.session.execute(statement).all()

    def code_of(self, name: str) -> str:
        """The next code of their authenticator app: each works once."""
        self.wait(NEW_CODE_S)
        return pyotp.TOTP(self.accounts[name].secret).at(clock.now())

    def wait(self, seconds: int) -> None:
        clock.shift(clock.offset_seconds() + seconds)
        with self.app.app_context():
            factories.signed_in_anew()

    def work(self) -> None:
        """Have done what the worker of the site does by itself every few minutes."""
        for job in jobs.periodic.values():
            if job.name != LEAVES_TIMERS:
                with self.app.app_context():
                    job.run()

    @contextmanager
    def served(self):
        with in_process.served(self.app) as self.url:
            yield self
        towns.leave(self.app)
