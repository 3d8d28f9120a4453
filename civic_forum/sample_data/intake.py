"""Items of the visits of the sample district: intake.json, typed, checked, sorted and answered by the services, on the
evenings of its days (`taken`, `settled`, `answered`: days from the one of loading; 1: just before it)."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from civic_forum.answers.models import LaterAnswer
from civic_forum.answers.queries import records as duties
from civic_forum.answers.rules import AnswerState
from civic_forum.answers.services.later import APPROVAL
from civic_forum.attachments.services import prepare
from civic_forum.blocks import submissions
from civic_forum.blocks.kinds import Ref
from civic_forum.district import queries as district
from civic_forum.intake import queries, services
from civic_forum.intake.events import ItemChecked
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.replies import services as replies
from civic_forum.intake.rules import ITEM, KIND, Became, ItemForm, ItemRecord
from civic_forum.intake.sorting.services import Sorting, sort
from civic_forum.moderation.rules import Decision, Rule
from civic_forum.moderation.services import cases
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL, local
from civic_forum.platform.work import use_case
from civic_forum.proposals.models import Proposal

from .people import read
from .pictures import paper
from .timeline import TimelineEvent

if TYPE_CHECKING:
    from .steps import Script

AFTER_ALL = 400_000
EVENINGS = {"taken": time(20), "settled": time(21), "answered": time(22)}
TYPIST, SORTER = "moderator1", "moderator2"
Entry = dict[str, Any]


def happenings(script: "Script") -> list[TimelineEvent]:
    sample, groups = SampleIntake(script), defaultdict(list)
    for entry in read("intake"):
        for act in EVENINGS.keys() & entry.keys():
            groups[entry[act], act, entry["visit"]].append(entry)
    today, last = local(script.loaded).date(), script.loaded - timedelta(minutes=1)
    return [TimelineEvent(min(datetime.combine(today + timedelta(days=day), EVENINGS[act], SEOUL), last),
                          AFTER_ALL + order, partial(getattr(sample, act), groups[day, act, visit]))
            for order, (day, act, visit) in enumerate(sorted(groups))]


class SampleIntake:
    """Acts about items."""

    def __init__(self, script: "Script"):
        self.script = script
        self.ids: dict[str, int] = {}

    def _user(self, name: str) -> Any:
        return self.script.people.user(name)

    def taken(self, entries: list[Entry]) -> None:
        """Typed by one and read by another; some are hidden, or taken back."""
        taken = services.take([self._record(entry) for entry in entries if "names" not in entry],
                              self.script.ids[f"visit:{entries[0]['visit']}"], by=self._user(TYPIST))
        self._check(entries)
        codes = {answer.key: answer.code for answer in taken}
        for entry in entries:
            if entry.get("photographed"):
                services.photograph(entry["key"], prepare(paper(entry["text"])), by=self._user(TYPIST))
            if hidden := entry.get("hidden"):
                cases.decide(ITEM, self.ids[entry["key"]], Decision(True, None, rule=Rule(hidden[0]), reason=hidden[1]),
                             by=self._user(SORTER))
            elif entry["ends"] == "withdrawn":
                services.withdraw(self._number(entry["key"]), codes[entry["key"]] or "")

    def _record(self, entry: Entry) -> ItemRecord:
        keys = {str(name): key for key, name in district.open_categories().items()}
        return ItemRecord(
            form=ItemForm(entry["form"]), text=entry["text"], key=entry["key"], category=keys.get(entry["category"]),
            neighbourhood_id=self.script.ids[f"neighbourhood:{entry['neighbourhood']}"],
            audience_id=self.script.ids.get(f"audience:{entry.get('audience')}"), language=entry.get("language", "ko"))

    def _check(self, entries: list[Entry]) -> None:
        """Texts that name nobody are read by everybody, sheets of names counted; items of somebody known are theirs."""
        checker = self._user(SORTER).id
        with use_case(None) as work:
            for entry in entries:
                if "names" in entry:
                    submission = submissions.begin(work.session, KIND, at=work.at, coded=False).submission
                    submission.handed_in_at = work.at
                    work.session.add(IntakeItem(
                        submission=submission, row_key=entry["key"], form=ItemForm.SIGNATURE, text=entry["text"],
                        names=entry["names"], typed_by_id=self._user(TYPIST).id, typed_at=work.at,
                        reply=entry["answer"], day=local(work.at).date(), became=Became.COUNTED,
                        sorted_by_id=checker, sorted_at=work.at))
            work.session.flush()
            items = queries.of_keys([entry["key"] for entry in entries])
            self.ids |= {key: item.id for key, item in items.items()}
            for entry in entries:
                item = items[entry["key"]]
                if "hidden" not in entry:
                    item.checked_by_id, item.checked_at = checker, work.at
                    work.emit(ItemChecked(item.id))
                if "owner" in entry:
                    item.submission.owner_id = self._user(entry["owner"]).id
            work.record("sample_data.intake", "submission", count=len(items))

    def settled(self, entries: list[Entry]) -> None:
        groups = defaultdict(list)
        for entry in entries:
            groups[self._sorting(**entry["sorting"])].append(self.ids[entry["key"]])
        for sorting, ids in groups.items():
            sort(ids, sorting, by=self._user(SORTER))
            if sorting.became is Became.ANSWERED:
                replies.confirm({item.id: replies.shown(item) for item in queries.of_ids(ids)}, by=self._user(TYPIST))

    def _sorting(self, became: str, department: str = "", to: str = "", into: Any = None, **words: Any) -> Sorting:
        if into and into[0] == "proposal":
            into = into[0], db.session.get_one(Proposal, self.script.ids[":".join(into)]).number
        number = {"number": self._number(to)} if to else {}
        return Sorting(became=Became(became), department_id=self.script.ids.get(f"department:{department}", 0),
                       into=into and tuple(into), **number, **words)

    def answered(self, entries: list[Entry]) -> None:
        """As departments answered, each with a second official."""
        with use_case(None) as work:
            for entry in entries:
                item = queries.locked(self.ids[entry["key"]])
                duty = duties.duty_about(Ref(ITEM, item.id))
                answer = LaterAnswer(duty=duty, department_id=duty and duty.department_id, state=AnswerState.DRAFT,
                                     written_by_id=self._user(SORTER).id, written_at=work.at, text=entry["answer"])
                work.session.add(answer)
                work.session.flush()
                APPROVAL.publish(work, duty, answer)

    def _number(self, key: str) -> str:
        return queries.by_id(self.ids[key]).number
