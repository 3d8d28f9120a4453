"""Real files, where they are: none is part of this project."""

import pytest

from civic_forum.budgets.formats.pabulib import differences
from civic_forum.budgets.formats.pabulib.making import election_of, write
from civic_forum.budgets.formats.pabulib.parsing import read
from tests.budgets import elections


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("path", elections.FILES, ids=lambda path: path.stem)
def test_a_real_file_comes_back_but_for_its_line_ends(path):
    data = path.read_bytes()
    file = read(data)
    assert write(file) == data.replace(b"\r\n", b"\n")
    assert read(write(file)) == file


@pytest.mark.parametrize("path", [path for path in elections.FILES if path.name in elections.expected()],
                         ids=lambda path: path.stem)
def test_a_real_file_says_what_two_other_programs_read(path):
    file, expected = read(path.read_bytes()), elections.expected()[path.name]
    election = election_of(file)
    assert (election.voters, len(election.candidates)) == (expected["voters"], expected["projects"])
    assert str(election.budget) == expected["budget"] and file.vote_type == expected["vote_type"]
    assert differences(file) == []
