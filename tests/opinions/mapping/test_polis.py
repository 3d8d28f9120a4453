"""Polis CSV: read with the faults that real exports have, refused with the line, written and read again."""

import string

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from civic_forum.opinions.formats import polis, polis_writing
from civic_forum.opinions.formats.faults import Fault, Unreadable
from civic_forum.opinions.formats.polis import Comment, Conversation, Vote
from civic_forum.opinions.mapping import Matrix, Statement, compute

from . import slow

HEADER = "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,2,7\n"
ROWS = "5,1,0,3,2,1,1,1,-1\n6,,0,2,1,0,1,,0\n9,0,0,0,0,0,,,\n"
COMMENTS = ("timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
            "1400000000,x,0,3,2,0,1,plain, with commas, and \"marks\"\n"
            "1400000000123,x,2,3,1,0,-1,\"quoted, with\nlines\"\n1,x,7,4,0,1,0,'=1+1\n")


@pytest.fixture
def folder(tmp_path):
    def make(**files):
        for name, text in {"participants_votes": HEADER + ROWS, "comments": COMMENTS, **files}.items():
            path = tmp_path / f"{name.replace('_', '-')}.csv"
            path.unlink(missing_ok=True)
            if text is not None:
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path
    return make


def fault(path, **given):
    with pytest.raises(Unreadable) as found:
        polis.read(path, **given)
    return found.value.fault, found.value.line


def test_an_export_is_read(folder):
    found = polis.read(folder(votes="timestamp,datetime,comment-id,voter-id,vote\n1400000000,x,0,5,-1\n"
                                    "1400000001000,x,0,5,1\n", summary="topic,Bins\nurl,x\nlines, more\n"))
    assert found.matrix.participants == ("5", "6", "9") and found.matrix.statements == ("0", "2", "7")
    assert list(found.matrix.triples()) == [("5", "0", 1), ("5", "2", 1), ("5", "7", -1), ("6", "0", 1), ("6", "7", 0)]
    assert found.groups == {"5": "1", "9": "0"}
    assert [one.body for one in found.comments] == ['plain, with commas, and "marks"', "quoted, with\nlines", "=1+1"]
    assert [one.created for one in found.comments] == [1400000000000, 1400000000123, 1000]
    assert found.statements() == [Statement("0"), Statement("2", taken_out=True), Statement("7")]
    assert [(one.at, one.value) for one in found.votes] == [(1400000000000, -1), (1400000001000, 1)]
    assert found.summary["topic"] == "Bins"


def test_the_other_name_of_the_matrix_is_known(folder):
    assert polis.read(folder(participants_votes=None, participant_votes=HEADER + ROWS)).matrix.participants
    assert fault(folder(participants_votes=None, participant_votes=None)) == (Fault.NO_FILE, None)


def test_reversed_signs_are_asked_about(folder):
    path = folder(participants_votes=HEADER + "5,1,0,3,1,2,1,1,-1\n6,,0,2,0,1,1,,0\n")
    assert fault(path) == (Fault.REVERSED, None)
    assert polis.read(path, turned=False).matrix.values.tolist() == [1, 1, -1, 1, 0]
    assert polis.read(path, turned=True).matrix.values.tolist() == [-1, -1, 1, -1, 0]


def test_counts_that_are_swapped_beside_sure_responses_are_put_right(folder):
    swapped = COMMENTS.replace(",2,0,1,", ",0,2,1,").replace(",1,0,-1,", ",0,1,-1,").replace(",0,1,0,", ",1,0,0,")
    found = polis.read(folder(comments=swapped))
    assert [one.agrees for one in found.comments] == [2, 1, 0]
    bare = folder(comments=swapped, participants_votes="participant,0,2,7\n5,1,1,-1\n6,1,,0\n")
    assert fault(bare) == (Fault.REVERSED, None)


@pytest.mark.parametrize("row,why", [
    ("7,0,0,1,1,0,2,,\n", Fault.NO_RESPONSE), ("7,0,0,1,1,0,yes,,\n", Fault.NO_RESPONSE),
    ("7,0,0,1,1,0,1\n", Fault.WRONG_LENGTH), ("7,0,0,1,1,0,1,,,\n", Fault.WRONG_LENGTH),
    ("5,0,0,1,1,0,1,,\n", Fault.ROW_TWICE), ("9,0,0,1,1,0,1,,\n", Fault.ROW_TWICE),
    (",0,0,1,1,0,1,,\n", Fault.NO_ID), ("7,0,0,1,x,0,1,,\n", Fault.NO_NUMBER), ("7,0,0,1,inf,0,1,,\n", Fault.NO_NUMBER),
    ("7\0,0,0,1,1,0,1,,\n", Fault.NOT_TEXT), (b"\xff,0,0,1,1,0,1,,\n", Fault.NOT_TEXT),
    (f"{'7' * 70},0,0,1,1,0,1,,\n", Fault.NO_ID), (f"{'7' * 140_000},0,0,1,1,0,1,,\n", Fault.BROKEN),
])
def test_a_wrong_row_is_named(row, why, folder):
    row = row if isinstance(row, bytes) else row.encode()
    assert fault(folder(participants_votes=(HEADER + ROWS).encode() + row)) == (why, 5)


@pytest.mark.parametrize("files,why,line", [
    ({"participants_votes": ""}, Fault.NO_COLUMN, 1), ({"participants_votes": "a,b\n"}, Fault.NO_COLUMN, 1),
    ({"participants_votes": "participant,1,1\n"}, Fault.COLUMN_TWICE, 1),
    ({"participants_votes": "participant," + ",".join(map(str, range(20_001)))}, Fault.TOO_MANY, 1),
    ({"comments": "body\nx\n"}, Fault.NO_COLUMN, 1), ({"comments": COMMENTS + "1,x,0,4,0,1,0,y\n"}, Fault.ROW_TWICE, 6),
    ({"comments": COMMENTS + "1,x,8,4,many,1,0,y\n"}, Fault.NO_NUMBER, 6),
    ({"votes": "timestamp,comment-id,voter-id,vote\n1,2,3,4\n"}, Fault.NO_RESPONSE, 2),
    ({"votes": "timestamp,comment-id\n"}, Fault.NO_COLUMN, 1),
])
def test_a_wrong_file_is_refused(files, why, line, folder):
    assert fault(folder(**files)) == (why, line)


def test_a_file_without_end_is_not_opened(folder):
    path = folder()
    with (path / "participants-votes.csv").open("ab") as file:
        file.truncate(2**31)
    assert fault(path) == (Fault.TOO_LARGE, None)


def test_a_conversation_without_comments_has_nothing_taken_out(folder):
    assert polis.read(folder(comments=None)).statements() == [Statement("0"), Statement("2"), Statement("7")]


def written(conversation, path, found=None):
    for name, chunks in polis_writing.files(conversation, found).items():
        (path / name).write_bytes(b"".join(chunks))
    return polis.read(path)


IDS = st.integers(0, 99).map(str)
BODY = st.text(st.sampled_from(string.ascii_letters + " ,;\"\n=+-@가나다"), max_size=30)
WHOLE = st.builds(
    lambda triples, bodies, groups, votes: (triples, bodies, groups, votes),
    st.lists(st.tuples(IDS, st.integers(0, 9).map(str), st.sampled_from([-1, 0, 1])), max_size=60),
    st.lists(st.tuples(BODY, st.integers(0, 2 * 10**12), st.sampled_from([-1, 0, 1]), st.booleans()), min_size=10,
             max_size=10), st.dictionaries(IDS, st.sampled_from("0123")),
    st.lists(st.tuples(st.integers(10**11, 2 * 10**12), IDS, IDS, st.sampled_from([-1, 0, 1])), max_size=5))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WHOLE)
def test_a_written_conversation_is_read_again(tmp_path, whole):
    triples, bodies, groups, votes = whole
    for one in tmp_path.glob("*.csv"):
        one.unlink()
    matrix = Matrix.of(triples, statements=[str(n) for n in range(10)])
    counted = slow.counts(list(matrix.triples()), {}, matrix.statements)[None]
    comments = tuple(Comment(str(n), body.strip("'"), "", max(at, 10**11) if at else 0, *counted[str(n)][:2], moderated,
                             meta) for n, (body, at, moderated, meta) in enumerate(bodies))
    groups = {one: group for one, group in groups.items() if one in matrix.participants}
    given = Conversation(matrix, comments, groups, tuple(Vote(*one) for one in votes), {})
    again = written(given, tmp_path)
    assert list(again.matrix.triples()) == sorted(
        matrix.triples(), key=lambda one: (matrix.participants.index(one[0]), int(one[1])))
    assert (again.comments, again.groups, again.votes) == (given.comments, given.groups, given.votes)


def test_no_cell_is_run_by_a_spreadsheet(folder):
    given = Conversation(Matrix.of([("=1+1", "0", 1)]), (Comment("0", "=HYPERLINK(1)", "@x"),))
    for chunks in polis_writing.files(given, compute(given.matrix, [])).values():
        for line in b"".join(chunks).decode("utf-8-sig").splitlines():
            assert not [cell for cell in line.split(",") if cell.strip('"').startswith(("=", "+", "@"))]


def test_counts_by_group_are_written(folder):
    triples = slow.made(40, 4, density=1)
    found = compute(Matrix.of(triples), [])
    given = Conversation(Matrix.of(triples), tuple(Comment(str(n), f"s{n}") for n in range(4)), found.groups)
    rows = b"".join(polis_writing.files(given, found)["comment-groups.csv"]).decode("utf-8-sig").splitlines()
    assert rows[0].replace('"', "").startswith("comment-id,comment,total-votes,total-agrees,total-disagrees,"
                                               "total-passes,group-a-votes,group-a-agrees")
    agrees, disagrees, seen = found.counts["0"]["2"]
    assert rows[3].split(",")[6:10] == [str(n) for n in (seen, agrees, disagrees, seen - agrees - disagrees)]
