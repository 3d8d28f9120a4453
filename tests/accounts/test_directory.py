"""Directory of the office as a CSV: who is invited by it, and what is wrong with the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.accounts.invitations import directory
from civic_forum.accounts.invitations.directory import Fault, Known, NoDirectory
from civic_forum.accounts.rules import Post, Role
from civic_forum.platform import csv_tables

HEADER = "이름,메일,부서,역할,부서장,직함"
KNOWN = Known(departments={"도로과": 1, "마을자치과": 2}, neighbourhoods={"독산1동": 7}, invited={"asked@example.org"},
              held={("held@example.org", (Role.OFFICIAL, 1, None))})


def rows(*lines, header=HEADER):
    return list(csv_tables.rows("\n".join((header, *lines))))


def read(*lines, header=HEADER):
    return directory.read(rows(*lines, header=header), KNOWN)


def test_every_role_stands_where_it_belongs():
    people = read("김하늘,Haneul@Example.org,마을 자치과,부서 담당자,예,주무관", "이바다,b@example.org,독산1동,동 담당자,,",
                  "박산,s@example.org,도로과,운영자,,", "최들,d@example.org,,reader,,감사 담당").people
    assert [(invitee.email, invitee.post) for invitee in people] == [
        ("haneul@example.org", Post(Role.OFFICIAL, 2, None, True)), ("b@example.org", Post(Role.CLERK, None, 7)),
        ("s@example.org", Post(Role.MODERATOR)), ("d@example.org", Post(Role.READER, title="감사 담당"))]


@pytest.mark.parametrize("line, fault", [
    ("김,a@example.org,도로과,담당자,,", Fault.NAME), ("김하늘,a@,도로과,담당자,,", Fault.EMAIL),
    ("김하늘,first@example.org,도로과,담당자,,", Fault.TWICE), ("김하늘,a@example.org,도로과,대장,,", Fault.ROLE),
    ("김하늘,a@example.org,없는과,담당자,,", Fault.PLACE), ("김하늘,a@example.org,도로과,동 담당자,,", Fault.PLACE),
    ("김하늘,a@example.org,도로과,담당자,아마,", Fault.HEAD), ("김하늘,a@example.org,,운영자,예,", Fault.HEAD),
    ("김하늘,a@example.org,도로과,담당자,예,", Fault.TWO_HEADS), ("김하늘,a@example.org,,보기만,,", Fault.TITLE),
    ("김하늘,asked@example.org,도로과,담당자,,", Fault.INVITED), ("김하늘,held@example.org,도로과,담당자,,", Fault.HELD),
    ("=cmd|' /C calc'!A0,a@example.org,도로과,담당자,,", Fault.FORMULA),
    ("김하늘,a@example.org,도로과,담당자,,=1+1", Fault.FORMULA), ("", None)])
def test_each_fault_is_told_by_its_line(line, fault):
    reading = read("이바다,first@example.org,도로과,담당자,예,", line)
    assert [(wrong.line, wrong.fault) for wrong in reading.faults] == ([(3, fault)] if fault else [])
    assert len(reading.people) == 1


def test_a_choice_mends_a_cell_and_lines_keep_their_numbers():
    table = rows("", "김하늘,a@example.org,도로,담당자,,", "", "이바다,b@example.org,도로과,대장,,")
    mended = directory.rewritten(table, {(3, "department"): "도로과", (5, "role"): "observer"})
    reading = directory.read(list(csv_tables.rows(mended)), KNOWN)
    assert [invitee.post for invitee in reading.people] == [Post(Role.OFFICIAL, 1), Post(Role.OBSERVER)]
    unmended = directory.rewritten(table, {(3, "department"): "", (9, "department"): "x"})
    assert [fault.line for fault in directory.read(list(csv_tables.rows(unmended)), KNOWN).faults] == [3, 5]


def test_columns_that_are_not_known_are_not_kept():
    text = directory.rewritten(rows("010-1234-5678,김하늘,a@example.org,도로과,담당자", header="전화,이름,메일,부서,역할"), {})
    assert "010" not in text and "전화" not in text and "김하늘" in text


@pytest.mark.parametrize("header", ["", "이름,메일,부서", "이름,메일,메일,부서,역할", "가,나,다,라"])
def test_a_table_that_is_no_directory_is_refused(header):
    with pytest.raises(NoDirectory):
        read("김하늘,a@example.org,도로과,담당자", header=header or "\n")


WORDS = ["김하늘", "a@example.org", "b@example.org", "도로과", "담당자", "예", "", "=1", "운영자"]
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
CELLS = st.lists(st.one_of(st.sampled_from(WORDS), TEXTS), max_size=8)


@given(st.lists(CELLS, max_size=12))
def test_every_row_is_somebody_or_a_fault_and_nobody_is_named_twice(cells):
    table = [csv_tables.Row(1, tuple(HEADER.split(","))), *(csv_tables.Row(number, tuple(row)) for number, row in
                                                            enumerate(cells, 2))]
    reading = directory.read(table, KNOWN)
    assert len(reading.people) + len(reading.faults) == len(cells)
    emails = [invitee.email for invitee in reading.people]
    heads = [invitee.post.department_id for invitee in reading.people if invitee.post.is_head]
    assert len(set(emails)) == len(emails) and len(set(heads)) == len(heads) and "asked@example.org" not in emails
