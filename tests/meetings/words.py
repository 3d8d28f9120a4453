"""Meetings of every access, each full of words that stand nowhere else, and every address that may say them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product
from urllib.parse import quote, unquote

from civic_forum.attachments import operations
from civic_forum.attachments.prepared import PreparedFile
from civic_forum.blocks import pickers
from civic_forum.bodies import services as bodies
from civic_forum.bodies.models import Body
from civic_forum.bodies.parts import BodyFacts
from civic_forum.bodies.rules import BodyAccess
from civic_forum.exports.tables import TABLES
from civic_forum.meetings import services
from civic_forum.meetings.models import Meeting
from civic_forum.meetings.records import DecisionRecord, Money
from civic_forum.meetings.rules import Attendance, ItemResult, Votes
from civic_forum.platform import clock, storage
from civic_forum.platform.base import db

from ..agendas.test_branching import begun
from ..answered_words import text_of
from .making import body, item, members_of, record, signed

NOTICE = {"title": "고래모임", "place": "구름계단방", "item": "달팽이정원안", "closed item": "여우비안건"}
RESULTS = {"official": "바람개비팀장", "money": "조약돌운영비", "decision": "반딧불의결", "seat": "느티나무자리"}
OPINIONS = {"opinion": "종이배의견", "reported": "물수제비설명", "paper": "도토리자료",
            "file": "너와집파일", "file text": "모닥불표", "bytes": "조각보내용"}
INSIDE = {"closed opinion": "소나기의견", "closed report": "고드름설명", "closed paper": "솔방울자료",
          "closed file": "나룻배파일", "closed file text": "뻐꾸기표", "closed bytes": "징검돌내용",
          "left over": "그루터기글", "member": "가재울사람"}
WORDS = NOTICE | RESULTS | OPINIONS | INSIDE
"""Field → word, by the part of a meeting that it belongs to."""
SIGNS = {"open": "뷁", "minutes": "쀍", "results": "뾃", "closed": "쪲", "later": "꿻"}
"""Meeting → first syllable of all its words. `later`: its body was open when it was written down."""
OF_MEETINGS = re.compile("/attachments/|/bodies/|/forums/|/f/|/share/|outcomes/<any")
OTHER = re.compile("(/desk)?/(budgets|consultations|polls|providers|receipts|reviews|votes)/")
"""Pages of single things of other kinds, of which there are none."""
_ANY = re.compile(r"<any\(([^)]*)\):(\w+)>")


@dataclass(frozen=True)
class Marked:
    """A meeting with its words."""

    sign: str
    body: Body
    meeting: Meeting
    numbers: dict[str, object]
    """Ids and names of what belongs to it, as parts of addresses call them."""

    def word(self, field: str) -> str:
        return self.sign + WORDS[field]


class Scene:
    """One meeting of each access about the same agenda, with an item that the open body passed on to the closed one."""

    def __init__(self, town):
        self.secretary, self.author, self.department = town.user(), town.resident(), town.department()
        proposal = town.proposal(author=self.author)
        self.agenda = begun(town.moderator(), "night-walks", proposal)
        self.proposal, administrator = proposal, town.administrator()
        self.meetings: dict[str, Marked] = {}
        for name, sign in SIGNS.items():
            self.meetings[name] = self._held(town, name, sign)
        later = self.meetings["later"].body
        bodies.edit(later.id, replace(BodyFacts.of_record(later), access=BodyAccess.CLOSED, access_reason="법 제9조"),
                    version=1, by=administrator)
        db.session.commit()
        words = {sign + word: (name, field) for name, sign in SIGNS.items() for field, word in WORDS.items()}
        slugs = {marked.numbers["forum"]: (name, "address") for name, marked in self.meetings.items()}
        self.known = words | slugs
        self._sought = re.compile("|".join(map(re.escape, sorted(self.known, key=len, reverse=True))))

    def _held(self, town, name: str, sign: str) -> Marked:
        access = BodyAccess.OPEN if name == "later" else BodyAccess(name)
        council = body(town, access=access, members=1, secretary=self.secretary, name=f"{name} 위원회",
                       department_id=self.department.id)
        [member] = members_of(council.id)
        user = town.user(nickname=sign + WORDS["member"])
        member.user_id, member.name, member.seat.name = user.id, None, sign + WORDS["seat"]
        db.session.commit()
        if name == "closed":
            services.forward(self.meetings["open"].numbers["item_id"], council.id, by=self.secretary)
        meeting = services.keep(council.id, self._record(sign, member.id), by=self.secretary)
        if name in ("open", "minutes"):
            signed(meeting)
        first = meeting.items[0]
        keys = [self._file(sign, each, word) for each, word in zip(meeting.items, ("", "closed "), strict=True)]
        numbers = {"forum": meeting.forum.slug, "body": council.slug, "code": meeting.forum.code,
                   "key": ["civil", *keys],
                   "membership_id": member.id, "item_id": first.id, "place": "forums", "user_id": user.id,
                   "decision_id": next(iter(first.decision_ids), 1)}
        return Marked(sign, council, meeting, numbers)

    def _file(self, sign: str, of, closed: str) -> str:
        """Key of a paper, kept as `services.add_paper` does once it has read the file."""
        words = [sign + WORDS[closed + field] for field in ("file", "file text", "bytes")]
        content = words[2].encode()
        prepared = PreparedFile(name=words[0], media_type="application/pdf", is_picture=False, size=len(content),
                                digest=storage.keep(content))
        of.files_id = operations.open_set(db.session, "meeting_item", of.id).id
        paper = operations.add(db.session, of.files_id, prepared=prepared, description=words[1], by=self.secretary,
                               at=clock.now())
        db.session.commit()
        return paper.key

    def _record(self, sign: str, member_id: int):
        said = {field: sign + word for field, word in WORDS.items()}
        return record(
            item(said["item"], about=("agenda", self.agenda.slug), result=ItemResult.CARRIED, votes=Votes(1, 0, 0),
                 present=1, opinions=(said["opinion"],), reported=said["reported"], papers=(said["paper"],),
                 money=Money(source=said["money"], target="사무관리비", whole=5_000_000, moved=4_000_000),
                 decisions=(DecisionRecord(text=said["decision"], department_id=self.department.id),)),
            item(said["closed item"], closed_by="법 제9조", opinions=(said["closed opinion"],),
                 reported=said["closed report"], papers=(said["closed paper"],)),
            title=said["title"], place=said["place"], officials=[said["official"]], left_over=said["left over"],
            came=[(said["seat"], 1, 1)], present={member_id: Attendance.ON_SITE})

    def words_in(self, text: str) -> set[tuple[str, str]]:
        """(meeting, field) of every word."""
        return {self.known[word] for word in self._sought.findall(text)}

    def said_at(self, address: str, answer) -> set[tuple[str, str]]:
        """Words of an answer, its headers included, that were not in its address."""
        return self.words_in(text_of(answer)) - self.words_in(unquote(address))


def addresses(app, scene: Scene) -> list[str]:
    """Every route that answers GET, with the numbers and names of each meeting, lists with what narrows them too."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint != "static"
             and not (rule.arguments and OTHER.match(rule.rule))]
    return sorted({address for rule in rules for name, marked in scene.meetings.items()
                   if name == "closed" or OF_MEETINGS.search(rule.rule)
                   for address in _of_rule(rule, scene, marked.numbers)} | {*_lists(scene)})


def _of_rule(rule, scene: Scene, numbers: dict[str, object]) -> Iterator[str]:
    """One that its meeting has, or the first of what there is; of a few words each."""
    beginnings = {"/bodies/": numbers["body"], "/agendas/": scene.agenda.slug, "/proposals": scene.proposal.number}
    own = next((value for part, value in beginnings.items() if part in rule.rule), numbers["forum"])
    fixed = {name: [word.strip(" '\"") for word in words.split(",")] for words, name in _ANY.findall(rule.rule)}
    named = {"/pick": pickers.known, "/data": TABLES, "/desk/exports": TABLES}
    fixed["name"] = next((list(names) for part, names in named.items() if rule.rule.startswith(part)),
                         [numbers["forum"]])
    fixed["key"] = numbers["key"] if rule.rule.startswith("/attachments/") else numbers["key"][:1]
    parts = sorted(rule.arguments)
    for chosen in product(*(fixed.get(name, [numbers.get(name, own if name in ("slug", "number") else 1)])
                            for name in parts)):
        values = dict(zip(parts, chosen, strict=True))
        if values.get("kind") == "decisions":
            values["name"] = numbers["decision_id"]
        with suppress(ValueError):
            yield rule.build(values)[1]


def _lists(scene: Scene) -> Iterator[str]:
    held = scene.meetings["open"].meeting.starts_on
    yield from ("/forums?form=meeting", "/forums?stage=finished&form=meeting", "/bodies?access=closed",
                f"/calendar?month={held:%Y-%m}", f"/calendar?month={held:%Y-%m}&department={scene.department.id}",
                f"/calendar.ics?department={scene.department.id}",
                f"/desk/bodies/meetings/matters?subject=agenda:{scene.agenda.slug}")


def searches(scene: Scene) -> list[str]:
    """Searches for each word, address and code, and what forms suggest for a title; of open meetings for titles."""
    codes = (str(marked.numbers["code"]) for marked in scene.meetings.values())
    words = (word for word, (name, field) in scene.known.items() if name not in ("open", "minutes") or field == "title")
    titles = [quote(scene.meetings[name].word("title")) for name in ("open", "closed", "later")]
    return [*(f"/search?q={quote(word)}" for word in (*words, *codes)),
            *(f"/pick/{name}?q={title}" for name in pickers.known for title in titles)]
