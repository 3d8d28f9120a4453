"""Parts of records: one line a field is enough for form, checks, writing, card and file."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.blocks.kinds import WrongDeclaration
from civic_forum.blocks.ordered import moved
from civic_forum.blocks.part_files import Entry, Unreadable
from civic_forum.blocks.parts import Part, check_columns, copied, line, paragraphs
from civic_forum.platform.errors import Refusal
from civic_forum.platform.personal_numbers import PersonalNumber
from civic_forum.polls import parts as polls
from civic_forum.polls.models import Option, Poll
from civic_forum.polls.process import PROCESS
from tests.polls.making import poll

NOW = datetime(2030, 5, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Leaflet(Part):
    """Texts of something small."""

    title: str = line("제목", 10, needed=True)
    text: str = paragraphs("내용", 30, 3, markdown=True)
    note: str | None = line("덧붙임", 5, empty=None, optional=True, sealed=True, key="more.note")


def typed(app, form, **data):
    """The form as it arrives."""
    with app.test_request_context(method="POST", data=data):
        return form().part()


def test_one_line_makes_a_field_from_the_form_to_the_column(sqlite_app):
    record = SimpleNamespace()
    with sqlite_app.test_request_context():
        typed(sqlite_app, Leaflet.form(), title="골목", text="**밝게**", note="").write(record)
    assert vars(record) == {"title": "골목", "text": "**밝게**", "text_html": "<p><strong>밝게</strong></p>", "note": None}
    assert Leaflet.card(record) == [("제목", "골목"), ("내용", "**밝게**"), ("덧붙임", "–")]
    assert Leaflet.sealed(record) == {} and Leaflet.sealed(SimpleNamespace(note="늦게")) == {"note": "늦게"}
    assert copied(record, [Leaflet], "note") == {"title": "골목", "text": "**밝게**", "text_html": record.text_html}


def test_the_same_line_reads_it_from_a_file():
    read = Leaflet.of_file(Entry({"title": "골목", "more": {"note": "늦게"}}, NOW))
    assert read == Leaflet("골목", "", "늦게") and Leaflet.keys() == {"title", "text", "more"}


@pytest.mark.parametrize(("data", "wrong"), [
    ({}, "title"), ({"title": " "}, "title"), ({"title": 1}, "title"), ({"title": "골목", "text": 1}, "text"),
    ({"title": "골목", "more": "늦게"}, "more"), ({"title": "골목", "more": {"note": []}}, "more.note")])
def test_a_file_is_told_by_its_key_where_it_is_wrong(data, wrong):
    with pytest.raises(Unreadable) as refused:
        Leaflet.of_file(Entry(data, NOW))
    assert refused.value.name == wrong


@given(st.text(alphabet="가나다 ", max_size=14), st.text(alphabet="가나다\n", max_size=40))
def test_a_part_is_refused_just_where_a_text_is_empty_or_too_long(title, text):
    wrong = len(title) > 10 or len(text) > 30 or not title.strip()
    try:
        Leaflet(title, text).check()
    except Refusal as refusal:
        assert wrong and refusal.field in ("title", "text")
    else:
        assert not wrong


def test_a_number_that_nobody_may_publish_is_refused_in_every_text():
    for name in ("title", "text"):
        with pytest.raises(PersonalNumber) as refused:
            replace(PUBLIC_LEAFLET, **{name: "900101-1234568"}).check()
        assert refused.value.field == name


@dataclass(frozen=True)
class PublicLeaflet(Part):
    title: str = line("제목", 30, needed=True)
    text: str = paragraphs("내용", 30, 3)


PUBLIC_LEAFLET = PublicLeaflet("골목", "밝게")


def test_a_part_without_a_column_stops_the_start():
    with pytest.raises(WrongDeclaration, match=r"Leaflet names text, which Poll has not"):
        check_columns(Poll, Leaflet)


def test_a_move_to_an_unknown_stage_stops_the_start():
    moves = (replace(PROCESS.moves[0], after="sealed"),)
    with pytest.raises(WrongDeclaration, match="sealed"):
        replace(PROCESS, moves=moves)


def test_a_process_without_the_columns_that_it_writes_stops_the_start():
    with pytest.raises(WrongDeclaration, match="column version of Option"):
        replace(PROCESS, model=Option, parts={})


@pytest.mark.parametrize("name", polls.PARTS)
def test_the_form_of_a_record_says_again_what_the_record_says(town, app, name):
    made = poll(town, programme="협치 공론장", quorum={"kind": "min_turnout", "value": 20},
                title_en="The lot", opens_at="2030-05-01T09:00+09:00", closes_at="2030-05-08T18:00+09:00")
    part, columns = polls.PARTS[name], polls.PARTS[name].columns()
    before = {column: getattr(made, column) for column in columns}
    with app.test_request_context():
        form = part.form().of(made)
        sent = [(field.name, one) for field in form
                for one in (field.data if isinstance(field.data, list) else [field.data])
                if one is not None and one is not False]
    data: dict[str, list] = {}
    for key, value in sent:
        data.setdefault(key, []).append(value)
    typed(app, part.form(), **data).write(made)
    assert {column: getattr(made, column) for column in columns} == before


@given(st.lists(st.integers(), unique=True, min_size=1, max_size=9), st.data())
def test_a_move_keeps_the_others_in_their_order(rows, data):
    row, to = data.draw(st.sampled_from(rows)), data.draw(st.integers(-1, len(rows) + 2))
    if not 1 <= to <= len(rows):
        with pytest.raises(Refusal):
            moved(rows, row, to)
        return
    after = moved(rows, row, to)
    assert after[to - 1] == row and [one for one in after if one != row] == [one for one in rows if one != row]
