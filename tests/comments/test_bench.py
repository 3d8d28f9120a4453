"""Figures of growth, in small: a reader is signed in and comments, on the site as it is measured."""

import pytest

from bench import growth, servers


@pytest.mark.in_turns(of=10)
@pytest.mark.district
def test_an_own_page_and_a_comment_are_measured(sample_copy, tmp_path, monkeypatch):
    monkeypatch.setattr(growth, "ASKED", 1)
    monkeypatch.setattr(servers, "ROUNDS", 1)
    data = sample_copy(tmp_path)
    with servers.serving("made", data, servers.free_port(), **growth.ANY) as site:
        assert growth._own_page_ms(site, "") > 0
        assert growth._comment_ms(site, growth.long_page(data)) > 0
