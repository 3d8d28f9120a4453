"""Items are typed in, checked by a second person, withdrawn with their code."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import same_person
from civic_forum.answers import operations as duties
from civic_forum.answers.rules import DutyEnd
from civic_forum.attachments import operations as attachments
from civic_forum.attachments import queries as files
from civic_forum.attachments.prepared import PreparedFile
from civic_forum.blocks import submissions
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.submissions import Submission
from civic_forum.district import queries as district
from civic_forum.forums import queries as forums
from civic_forum.forums.models import Forum
from civic_forum.forums.rules import Form
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from . import labels, queries, rules
from .events import ItemChecked, ItemsTaken, ItemWithdrawn
from .models import IntakeItem
from .operations import check_choices
from .policy import may_take
from .rules import KIND, WAITING, ItemRecord, SheetForm, Taken, TakenState, WindowAct


def take(records: Sequence[ItemRecord], forum_id: int | None = None, *, by: User) -> list[Taken]:
    """Type in a batch, of a visit or of a desk; the answer has a line for each row, also for one that is refused. A row
    that came before is not taken again. Raises Refusal for a batch that is too long, Denied, NotFound."""
    with use_case(by) as work:
        forum = None if forum_id is None else visit(forum_id)
        require(by, may_take, forum)
        return take_all(work, records, forum, by)


def visit(forum_id: int) -> Forum:
    """A visit, locked, at which things are typed in. Raises NotFound."""
    forum = forums.locked(forum_id)
    if forum.form is not Form.VISIT or forum.is_closed:
        raise NotFound(_("찾아가는 날을 목록에서 골라 주세요."))
    return forum


def take_all(work: Work, records: Sequence[ItemRecord], forum: Forum | None, by: User,
             pass_id: int | None = None) -> list[Taken]:
    """The rows of a batch, of `by`, or typed with a pass for which they answer. Raises Refusal."""
    if len(records) > rules.BATCH_MOST:
        raise Refusal(_("한 번에 %(most)s개까지 보낼 수 있어요.", most=rules.BATCH_MOST))
    known = {key: (item.number, item.typed_by_id, item.pass_id) for key, item in queries.of_keys(
        [record.key for record in records]).items()}
    answers, item_ids = [], []
    for record in records:
        if record.key in known:
            number, *typist = known[record.key]
            answers.append(Taken(record.key, TakenState.SAME, number if typist == [by.id, pass_id] else ""))
            continue
        answer, item = take_in(work, record, forum, by)
        answers.append(answer)
        if item is not None:
            item.pass_id, known[record.key] = pass_id, (item.number, by.id, pass_id)
            item_ids.append(item.id)
    if item_ids:
        work.record("intake.taken", forum or "desk", items=len(item_ids), helper=pass_id)
        work.emit(ItemsTaken(tuple(item_ids)))
    return answers


def take_in(work: Work, record: ItemRecord, forum: Forum | None, by: User) -> tuple[Taken, IntakeItem | None]:
    """A row of a batch, with the item where it is taken."""
    try:
        fault = rules.row_fault(record)
        if fault is not None:
            raise Refusal(str(labels.FAULT[fault]) % {"most": f"{rules.most(record.form):,}"}, field="text")
        refuse_secret(text=record.text)
        facts = _facts(record, forum)
        slip, clash = _slip(work, record)
    except Refusal as refusal:
        return Taken(record.key, TakenState.REFUSED, why=str(refusal)), None
    slip.submission.handed_in_at = work.at
    item = IntakeItem(submission=slip.submission, clash=clash, row_key=record.key, form=record.form,
                      text=plain_text.clean(record.text, lines=True), names=record.names, became=record.became,
                      act=record.act, typed_by_id=by.id, typed_at=work.at, forum_id=forum.id if forum else None,
                      **facts)
    work.session.add(item)
    work.session.flush()
    if record.sheet and (first := queries.of_keys([record.sheet]).get(record.sheet)) is not None and \
            first.typed_by_id == by.id and first.submission.stands:
        item.attachment_set_id = _picture_set(work, queries.locked(first.id))
    state = TakenState.NEW if clash is None else TakenState.CLASH
    return Taken(record.key, state, slip.submission.number, slip.code), item


def _facts(record: ItemRecord, forum: Forum | None) -> dict[str, object]:
    """Raises Refusal for what the district does not have."""
    place = record.neighbourhood_id or (forum.neighbourhood_id if forum else None)
    check_choices(record.category, place)
    if record.audience_id is not None and record.audience_id not in {known.id for known in district.audiences()}:
        raise Refusal(_("목록에서 골라 주세요."), field="audience")
    said_at = min(forum.starts_at, clock.now()) if forum else clock.now()
    return {"neighbourhood_id": place, "audience_id": record.audience_id, "category": record.category,
            "language": record.language[:5], "day": local(said_at).date()}


def _slip(work: Work, record: ItemRecord) -> tuple[submissions.Slip, Submission | None]:
    """The number of a row: that of its paper, or a new one; and what uses that of its paper already. Raises Refusal for
    a number that is wrong or was never printed."""
    if not record.number:
        is_coded = record.form in rules.CODED and record.act is not WindowAct.ANSWER  # nothing joins it to a person
        return submissions.begin(work.session, KIND, at=work.at, coded=is_coded), None
    printed = submissions.held(work.session, KIND, submissions.read_number(record.number))
    if printed is None:
        raise Refusal(_("이 번호로 인쇄한 종이가 없어요. 번호를 다시 확인해 주세요."), field="number")
    if printed.handed_in_at is None:
        return submissions.Slip(printed, None), None
    return submissions.begin(work.session, KIND, at=work.at, coded=False), printed


def check(item_id: int, text: str, *, by: User) -> IntakeItem:
    """Say as a second person that this text, the one that was shown, is what stands on the original and names nobody.
    Raises Denied for who typed it, Conflict for another text and for one that was checked."""
    return check_each({item_id: text}, by=by)[0]


def check_each(texts: Mapping[int, str], *, by: User) -> list[IntakeItem]:
    """The same of several, by their ids, all or none. Raises Refusal for none and for more than
    `rules.CHECKED_AT_ONCE`."""
    if not 0 < len(texts) <= rules.CHECKED_AT_ONCE:
        raise Refusal(_("확인한 글이 없어요."))
    with use_case(by) as work:
        items = [_waiting(work, item_id, by) for item_id in sorted(texts)]
        for item in items:
            if item.text != texts[item.id]:
                raise Conflict(_("그 사이에 글이 바뀌었어요. 지금 글을 확인해 주세요."))
            item.checked_by_id, item.checked_at, item.returned_because = by.id, work.at, None
            work.record("intake.checked", item)
            work.emit(ItemChecked(item.id))
        return items


def send_back(item_id: int, reason: str, *, by: User) -> IntakeItem:
    """The text is not what the original says, or names somebody: who typed it mends it."""
    reason = words_given(reason, 2, 300, "reason")
    with use_case(by) as work:
        item = _waiting(work, item_id, by)
        item.returned_because = reason
        work.record("intake.sent_back", item)
        return item


def _waiting(work: Work, item_id: int, by: User) -> IntakeItem:
    item = queries.locked(item_id)
    require(by, may_take)
    if item.state not in WAITING or item.about is not None or item.act is not None:
        raise Conflict(_("이미 확인했거나 거둔 것이에요."))
    if same_person(work.session.get_one(User, item.typed_by_id), by):
        raise Denied(_("적은 사람이 아닌 다른 사람이 확인해야 해요."))
    return item


def mend(item_id: int, text: str, *, by: User) -> IntakeItem:
    """Write the text anew: who typed it, until a second person checked it."""
    with use_case(by) as work:
        item = queries.locked(item_id)
        require(by, may_take, item.forum)
        if item.typed_by_id != by.id:
            raise Denied(_("적은 사람만 고칠 수 있어요."))
        if item.state not in WAITING or item.about is not None or item.act is not None:
            raise Conflict(_("이미 확인했거나 거둔 것이에요."))
        item.text, item.returned_because = words_given(text, 1, rules.most(item.form), "text"), None
        item.became = None
        work.record("intake.mended", item)
        return item


def photograph(key: str, prepared: PreparedFile, *, by: User) -> IntakeItem:
    """Keep a picture of the original of a row; a second time it is there already. Who typed the row. Raises Denied,
    NotFound, Refusal for a file that is no picture."""
    if not prepared.is_picture:
        raise Refusal(_("사진(JPG, PNG, WEBP)만 올릴 수 있어요."), field="photograph")
    with use_case(by) as work:
        item = queries.locked_by_key(key)
        require(by, may_take, item.forum)
        if item.typed_by_id != by.id:
            raise Denied(_("적은 사람만 고칠 수 있어요."))
        if item.submission.stands and not files.of_set(item.attachment_set_id):
            attachments.add(work.session, _picture_set(work, item), prepared=prepared, by=by, at=work.at)
            work.record("intake.photographed", item)
        return item


def _picture_set(work: Work, item: IntakeItem) -> int:
    """Number of the set of its pictures, which other notes of its sheet share."""
    item.attachment_set_id = item.attachment_set_id or attachments.open_set(work.session, KIND, item.id).id
    return item.attachment_set_id


def print_sheets(sheets: Mapping[SheetForm, int], *, by: User) -> dict[SheetForm, list[submissions.Slip]]:
    """Reserve numbers for so many sheets of each form. Raises Refusal for none, and for more numbers than
    `rules.PRINTED_MOST`."""
    wanted = {form: count * rules.NUMBERS[form] for form, count in sheets.items()}
    if not 0 < sum(wanted.values()) <= rules.PRINTED_MOST or min(wanted.values()) < 0:
        raise Refusal(_("몇 장인지 적어 주세요. 한 번에 번호 %(most)s개까지 인쇄할 수 있어요.",
                        most=rules.PRINTED_MOST), field="proposal")
    with use_case(by) as work:
        require(by, may_take)
        slips = {form: [submissions.begin(work.session, KIND, at=work.at, coded=form is SheetForm.PROPOSAL)
                        for _place in range(count)] for form, count in wanted.items()}
        work.record("intake.printed", "submission", numbers=sum(wanted.values()))
        return slips


def opened(number: str, code: str) -> IntakeItem:
    """An item with the code on its slip. Raises Refusal for a wrong one, NotFound."""
    item = queries.by_number(number)
    if not submissions.opens(item.submission, code):
        raise Refusal(_("번호와 코드가 맞지 않아요. 받은 종이에서 다시 확인해 주세요."), field="code")
    return item


def withdraw(number: str, code: str) -> IntakeItem:
    """Take back what was said, with the code on its slip, within `rules.WITHDRAWN_WITHIN`. Raises Refusal, Conflict."""
    item_id = opened(number, code).id
    with use_case(None) as work:
        item = queries.locked(item_id)
        submission = submissions.held(work.session, KIND, item.number)
        if submission is None or submission.handed_in_at is None or not submissions.opens(submission, code):
            raise queries.missing()
        if not rules.may_still_withdraw(submission.handed_in_at, work.at, item.act):
            raise Conflict(_("낸 지 %(days)s일이 지나서 거둘 수 없어요.", days=rules.WITHDRAWN_WITHIN.days))
        submissions.withdraw(submission, at=work.at)
        item.text, item.facts = "", None
        throw_away_pictures(work.session, item)
        duties.owe_no_more(work, Ref(rules.ITEM, item.id), DutyEnd.WITHDRAWN)
        work.record("intake.withdrawn", item)
        work.emit(ItemWithdrawn(item.id))
        return item


def throw_away_pictures(session: Any, item: IntakeItem) -> None:
    """With a sheet goes the picture of all its notes: what one of them says could be read in it."""
    if (set_id := item.attachment_set_id) is not None:
        session.execute(sa.update(IntakeItem).filter_by(attachment_set_id=set_id).values(attachment_set_id=None))
        attachments.throw_away(session, set_id)


def forget() -> int:
    """Erase names and telephones whose day has come."""
    with use_case(None) as work:
        count = submissions.forget(work.session, queries.today())
        if count:
            work.record("intake.forgotten", "submission", count=count)
        return count


