"""Figures of searches, in small: what measures runs on both databases."""

import pytest
import sqlalchemy as sa

from bench import search
from tests.servers import postgres as server


@pytest.mark.in_turns(of=10)
@pytest.mark.both
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def test_searches_are_measured(request, tmp_path, monkeypatch, database):
    monkeypatch.setattr(search, "SMALL", 200)
    monkeypatch.setattr(search, "LARGE", 300)
    url = f"sqlite:///{tmp_path}/search.db" if database == "sqlite" else server.fresh_database(
        request.getfixturevalue("postgres"))
    names = [figure["name"] for figure in search.figures(sa.create_engine(url))]
    assert {"search: rare word", "search: similar titles", "search: one text put"} <= set(names)
