"""A whole round on the real server by forms alone: set up, handed in, reviewed, voted on, counted and published."""

import json
import random
import re
from datetime import date, timedelta
from types import SimpleNamespace
from urllib.parse import urlencode, urljoin

import sqlalchemy as sa
from lxml import html

from civic_forum.accounts.identity import SEALED_BIRTH_DATE, SEALED_NAME, Identity
from civic_forum.accounts.models import Affiliation, Person, RoleGrant, User
from civic_forum.accounts.rules import AffiliationKind, Verification
from civic_forum.blocks.two_people import HELD_FOR
from civic_forum.budgets.models import BudgetRound, Envelope
from civic_forum.budgets.rules import ProjectState
from civic_forum.budgets.projects.models import EligibilityReview, Project
from civic_forum.district.rules import Category
from civic_forum.platform import backups, clock, keys
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from tests import factories
from tests.accounts.people import PASSWORD, password_hash
from tests.ballots.officers.people import granted
from tests.ballots.officials import FIRST, SECOND, observers_sign
from tests.faults import towns
from tests.faults.people import Somebody

ON_PAPER, PROJECTS, NOT_ELIGIBLE = 12, 40, 4
ENVELOPES = (("whole", "구 전체", 150_000_000), ("north", "독산 쪽", 90_000_000), ("south", "시흥 쪽", 90_000_000))
MOST, SLUG = 4, "whole-round"
HERE, DESK = f"/budgets/{SLUG}", f"/desk/budgets/{SLUG}"
FACES = "123456" * 3 + "12"
REASON = "창구에 와서 종이로 투표하겠다고 했어요."
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json", "Accept": "application/json"}


class Resident(Somebody):
    """Somebody who fills in the forms that the pages have."""

    def __init__(self, user, url):
        super().__init__(user.session, seconds=120)
        self.user = user
        self.arrive(url)

    def page(self, path):
        status, _headers, text = self.get(path)
        assert status == 200, (path, status)
        return html.fromstring(text)

    def fill(self, path, action=None, path_follows=True, **facts) -> str:
        """Send the large form of a page, or the one whose address ends so, as it stands but for these fields; the
        address to which the answer leads, or where none follows the page itself."""
        page = self.page(path)
        form = _form(page, action)
        given = [(name, value) for name, value in form.form_values() if name not in facts]
        for name, value in facts.items():
            given += [(name, one) for one in (value if isinstance(value, list) else [value])]
        status, headers, text = self.ask("POST", urljoin(path, form.get("action") or path), urlencode(given), **FORM)
        if not path_follows and status == 200:
            return text
        assert status in (302, 303), (path, facts, status, re.findall(r'class="err[^>]*>([^<]+)', text),
                                      re.sub(r"<[^>]+>|\s+", " ", text)[-1500:-500])
        return headers["Location"]

    def vote(self, choices: dict[str, str], here: str = HERE) -> None:
        """All ballots of the round at once, as the script of the page sends them."""
        page = self.page(f"{here}/ballot/all")
        fields = {one.get("name"): one.get("value") for one in page.xpath("//main//input[@type='hidden']")}
        body = {slug: {name: fields[f"{slug}.{name}"] for name in ("fingerprint", "form_key", "state", "mine")} | {
            "choice": choice} for slug, choice in choices.items()}
        status, _headers, text = self.ask("POST", f"{here}/casts", json.dumps(body), **JSON,
                                          **{"X-CSRFToken": fields["csrf_token"]})
        assert status == 200, (status, text)


    def hand_in_project(self, here: str, title: str, **facts: str) -> None:
        """`facts`: `envelope` and `neighbourhood` by their row numbers, `cost`."""
        self.fill(f"{here}/projects/new", title=title, category=Category.SAFETY.value, place="시흥1동 골목",
                  scope="의자 세 개", text="앉아 쉴 의자를 놓고 밤에도 밝게 해요.", **facts)

    def review_project(self, project: int, cost: int, town, **given) -> None:
        """Give it out to the department of this town and find it eligible; `given`: what is found instead."""
        self.fill(f"/desk/reviews/projects/{project}/assignments", department=str(town.department))
        [(review,)] = town.read(sa.select(EligibilityReview.id).filter_by(project_id=project))
        if callable(reason := given.get("reason_id")):
            given["reason_id"] = reason(self.page(f"/desk/reviews/{review}"))
        self.fill(f"/desk/reviews/{review}", do="hand_in", **{
            "legal": "fine", "technical": "fine", "part_what": ["공사"], "part_won": [str(cost)], "duration": "세 달",
            "running_cost": "0", "text": "할 수 있는 사업이에요.", "verdict": "eligible"} | given)


def _first_reason(page) -> str:
    """Reason why projects are not eligible, as the round has it."""
    return next(one for one in page.xpath("//select[@name='reason_id']/option/@value") if one)


def _form(page, action):
    found = [one for one in page.xpath("//main//form") if
             (one.get("action")
              or "").endswith(action)] if action else page.xpath("//main//form[contains(@class, 'form')]")
    assert found, (action, " ".join(page.xpath("//main")[0].text_content().split())[:900])
    return found[0]


def in_hex(how_many: int, chosen) -> str:
    """A choice as it is sealed; nothing chosen is the explicit blank."""
    return ("00" if chosen else "01") + "".join(f"{int(number in chosen):04x}" for number in range(1, how_many + 1))


class Town:
    """A site of its own with the people of the round, each with a session."""

    def __init__(self, data, voters: int):
        self.data = data
        self.given = {"LIMIT_ADDRESS": 10**6, "LIMIT_POSTS_USER": 10**6, "STAFF_TOTP": "optional"}
        self.app = towns.newest_application(data, **self.given)
        with self.app.app_context():
            town = factories.Town()
            self.department = town.department("도로과").id
            self.places = [town.neighbourhood(name).id for name in ("가산동", "독산1동", "시흥1동", "시흥5동")]
            self.voters = [self.seated(one) for one in self._voters(town, voters)]
            hashed = password_hash()
            self.moderator = self.seated(town.moderator(password_hash=hashed))
            self.official = self.seated(town.official(department=town.department("도로과"), password_hash=hashed))
            self.clerks = [self.seated(town.moderator(password_hash=hashed)) for _one in range(2)]
            self.officers = [granted(db.session.get_one(User, one.id)).id
                             for one in (self.moderator, self.official, self.clerks[0])]
            db.session.execute(sa.update(RoleGrant).values(granted_at=clock.now() - HELD_FOR))
            db.session.commit()
        towns.leave(self.app)

    def _voters(self, town, count: int) -> list:
        """Known by name and birthday since long, so in the roll, and found at the desk."""
        since, made = clock.now() - timedelta(days=90), []
        for number in range(count):
            who = Identity(f"주민 {number}", date(1960, 1, 1) + timedelta(days=number))
            person = Person(identity_hash=who.hash, distinguisher=0, created_at=since,
                            name_sealed=keys.seal(SEALED_NAME, who.name),
                            birth_date_sealed=keys.seal(SEALED_BIRTH_DATE, who.birth_date.isoformat()))
            db.session.add(person)
            made.append((who, person))
        db.session.commit()
        users = []
        for number, (who, person) in enumerate(made):
            place = self.places[number % len(self.places)]
            user = town.resident(person_id=person.id, neighbourhood_id=place)
            user.who = who
            db.session.add(Affiliation(user_id=user.id, person_id=person.id, kind=AffiliationKind.LIVE,
                                       how=Verification.DESK, at=since, neighbourhood_id=place))
            users.append(user)
        db.session.commit()
        return users

    def seated(self, user) -> SimpleNamespace:
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        session = serializer.dumps({"_user_id": factories.signed_in(user), "_fresh": True})
        return SimpleNamespace(id=user.id, session=session, who=getattr(user, "who", None))

    def read(self, statement) -> list:
        """The rows of a statement, as the site has them now."""
        with self.app.app_context():
            found = db.session.execute(statement).all()
        towns.leave(self.app)
        return found


class Whole:
    """One after the other what a round consists of."""

    def __init__(self, town: Town, url: str):
        self.town, self.url = town, url
        self.moderator, self.official = Resident(town.moderator, url), Resident(town.official, url)
        self.clerks = [Resident(one, url) for one in town.clerks]
        self.chance = random.Random(20270317)
        self.ballots: dict[str, list[tuple[int, ...]]] = {slug: [] for slug, _name, _amount in ENVELOPES}

    @property
    def staff(self) -> list[Resident]:
        return [self.moderator, self.official, *self.clerks]

    def go(self):
        """All of it. The server hangs up on who said nothing for a while, so those at the desk come anew to each
        part."""
        for part in (self.set_up, self.hand_in, self.review, self.open, self.vote, self.hand_out_paper, self.close,
                     self.type_paper, self.count_and_publish):
            for one in self.staff:
                one.arrive(self.url)
            part()

    def leave(self):
        for one in self.staff:
            one.leave()

    def visitor(self) -> Somebody:
        found = Somebody(seconds=120)
        found.arrive(self.url)
        return found

    def _calendar(self, **minutes):
        now = local(clock.now())
        self.moderator.fill(f"{DESK}/phases", **{
            name: f"{now + timedelta(minutes=one):%Y-%m-%dT%H:%M}" for name, one in minutes.items()})

    def set_up(self):
        """At the desk: money, limits, who votes, how it is counted, and then everybody is told."""
        desk, fixed_on = self.moderator, local(clock.now()).date() - timedelta(days=8)
        desk.fill("/desk/budgets/new", title="2027년 주민참여예산", year="2027", slug=SLUG)
        for slug, name, amount in ENVELOPES:
            desk.fill(f"{DESK}/money", name=name, slug=slug, amount=str(amount), max_choices=str(MOST), min_votes="5")
        self._calendar(collecting_starts=-300, review_starts=60, voting_starts=120, voting_ends=300)
        desk.fill(f"{DESK}/limits", project_cap="40000000", reasons="이미 하고 있는 사업 | 올해 예산에 있어요.")
        desk.fill(f"{DESK}/electorate", who=["residents"], roll_source="verified",
                  roll_fixed_on=fixed_on.isoformat())
        desk.fill(f"{DESK}/counting", rule="equal-shares", utility="cost", completion="add1", step="100", fill="greedy",
                  draw="dice")
        desk.fill(f"{DESK}/terms", binding="구의회 의결을 거쳐 예산에 담아요.", publishes="ballots")
        desk.fill(DESK, "/announcements")

    def hand_in(self):
        """Forty projects of forty residents."""
        envelopes = dict(self.town.read(sa.select(Envelope.slug, Envelope.id)))
        for number in range(PROJECTS):
            resident = Resident(self.town.voters[number], self.url)
            resident.hand_in_project(HERE, f"{number}번째 골목 사업", envelope=str(envelopes[ENVELOPES[number % 3][0]]),
                                     neighbourhood=str(self.town.places[number % 4]),
                                     cost=str(8_000_000 + 1_300_000 * (number * 7 % 19)))
            resident.leave()

    def review(self):
        """Every project is given out and looked at; four cannot be done."""
        self._calendar(review_starts=-60, voting_starts=60)
        rows = self.town.read(sa.select(Project.id, Project.cost).order_by(Project.id))
        for number, (project, cost) in enumerate(rows):
            refused = {"verdict": "not_eligible", "legal": "not_possible", "legal_text": "조례에 맞지 않아요.",
                       "reason_id": _first_reason, "reason": "올해 예산에 이미 들어 있어요."}
            self.official.review_project(project, cost, self.town, **(refused if number < NOT_ELIGIBLE else {}))

    def open(self):
        """The boxes are made, and two officials open them."""
        self._calendar(voting_starts=-2)
        self.moderator.fill(f"{DESK}/opening", "/preparations")
        self._make_safe(*self.town.read(sa.select(Envelope.box_id).order_by(Envelope.id).limit(1)))
        self.official.fill(f"{DESK}/opening", "/opening/proposals")
        self.moderator.fill(f"{DESK}/opening", "/opening/confirmations", password=PASSWORD)
        self.boxes = {slug: box.hex() for slug, box in self.town.read(sa.select(Envelope.slug, Envelope.box_id))}
        self.sizes = dict(self.town.read(
            sa.select(Envelope.slug, sa.func.count()).join(Project, Project.envelope_id == Envelope.id)
            .where(Project.state == ProjectState.ON_BALLOT).group_by(Envelope.slug)))
        [(opened,)] = self.town.read(sa.select(BudgetRound.opened_at))
        assert opened is not None and sum(self.sizes.values()) == PROJECTS - NOT_ELIGIBLE

    def _make_safe(self, box) -> None:
        """Three officers are named, two copy the keys of all boxes, and a backup is made."""
        here = f"/desk/votes/{box[0].hex()}"
        self.moderator.fill(f"{here}/officers", officers=[str(one) for one in self.town.officers])
        self.official.fill(f"{here}/key", "/key/proposals", phrase=FIRST, repeated=FIRST)
        copied = self.moderator.fill(f"{here}/key", "/key/confirmation", path_follows=False, phrase=SECOND,
                                     repeated=SECOND, password=PASSWORD)
        assert copied.count(self.town.read(sa.select(Envelope.box_id))[0][0].hex()) >= 1
        with self.town.app.app_context():
            backups.backup(str(self.town.data.parent / "before-the-opening"))
        towns.leave(self.town.app)

    def _drawn(self, slug: str) -> tuple[int, ...]:
        """The wishes of one voter in an envelope; some want nothing. Low numbers are liked more."""
        size = self.sizes[slug]
        wanted = {min(self.chance.randrange(size), self.chance.randrange(size)) + 1
                  for _one in range(self.chance.randrange(MOST + 1))}
        return tuple(sorted(wanted))

    def vote(self):
        """All but those on paper over the network, all envelopes at once; some change their mind."""
        for number, user in enumerate(self.town.voters[ON_PAPER:]):
            voter = Resident(user, self.url)
            for _again in range(1 + (number % 25 == 0)):
                drawn = {slug: self._drawn(slug) for slug in self.boxes}
                voter.vote({slug: in_hex(self.sizes[slug], chosen) for slug, chosen in drawn.items()})
            for slug, chosen in drawn.items():
                self.ballots[slug].append(chosen)
            voter.leave()

    def hand_out_paper(self):
        """Twelve take a paper of every envelope and bring it back."""
        for box in self.boxes.values():
            for number, user in enumerate(self.town.voters[:ON_PAPER], start=1):
                desk, here = self.moderator, f"/desk/votes/{box}/papers"
                form = _form(desk.page(here), "/look-ups")
                given = dict(form.form_values()) | {"name": user.who.name, "reason": REASON,
                                                    "birth_date": f"{user.who.birth_date:%Y%m%d}"}
                status, _headers, text = desk.ask("POST", form.get("action"), urlencode(given), **FORM)
                assert status == 200, status
                found = _form(html.fromstring(text), here)
                status, _headers, text = desk.ask("POST", here, urlencode(found.form_values()), **FORM)
                assert status in (302, 303), (status, text[-500:])
                desk.fill(here, "/returns", **{"return-number": str(number)})

    def close(self):
        for box in self.boxes.values():
            self._two_of_them(box, "close_early", proposed={"note": "큰비로 문을 열지 못해요."})

    def _two_of_them(self, box: str, action: str, *, proposed=None, **more):
        """Confirm as moderator what the official proposes; `proposed`: what is said to the proposal."""
        here = f"/desk/votes/{box}"
        page = self.official.page(here)
        [form] = [one for one in page.xpath("//main//form")
                  if one.xpath(f".//input[@name='action'][@value='{action}']")]
        given = dict(form.form_values()) | (proposed or {})
        status, _headers, text = self.official.ask("POST", form.get("action"), urlencode(given), **FORM)
        assert status in (302, 303), (action, status, re.findall(r'class="(?:note|err)[^>]*>([^<]+)', text))
        self.moderator.fill(here, "/confirmation", password=PASSWORD, **more)

    def type_paper(self):
        """Two clerks type the same twelve sheets of every envelope, one of them spoiled."""
        for slug, box in self.boxes.items():
            here = f"/desk/votes/{box}/batches"
            self.clerks[0].fill(here, "/batches", sheets=str(ON_PAPER))
            drawn = [self._drawn(slug) for _one in range(ON_PAPER - 1)]
            lines = [" ".join(map(str, chosen)) or "기권" for chosen in drawn] + ["무효"]
            for clerk in self.clerks:
                for sheet, line in enumerate(lines, start=1):
                    clerk.fill(f"{here}/1?sheet={sheet}", f"/sheets/{sheet}", sheet=line)
                clerk.fill(f"{here}/1", "/typings")
            self.ballots[slug] += drawn

    def count_and_publish(self):
        for box in self.boxes.values():
            self._count(f"/desk/votes/{box}", box)
            with self.town.app.app_context():
                observers_sign(bytes.fromhex(box))
            towns.leave(self.town.app)
            self._two_of_them(box, "destroy_key", proposed={"note": "복사본은 없어요."})
            self._two_of_them(box, "publish")

    def _count(self, here: str, box: str) -> None:
        """Count it; at a tie both type the dice that were thrown."""
        form = _form(self.official.page(here), "/steps")
        status, _headers, text = self.official.ask("POST", form.get("action"), urlencode(form.form_values()), **FORM)
        if status == 409:
            assert "추첨을 기다려요" in text
            self._two_of_them(box, "draw", proposed={"note": FACES}, note=FACES)
            self.official.fill(here, "/steps")
        else:
            assert status in (302, 303), status

    def save(self, path, address) -> None:
        """A file of the site, as everybody can take it home."""
        visitor = self.visitor()
        visitor.connection.request("GET", address)
        answer = visitor.connection.getresponse()
        assert answer.status == 200, (address, answer.status)
        path.write_bytes(answer.read())
        visitor.leave()
