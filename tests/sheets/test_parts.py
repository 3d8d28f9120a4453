"""Papers: cells fill their tables, names stay whole, and too much is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from civic_forum.blocks.sheets import Column, Facts, Table
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import Language, speaking
from civic_forum.sheets import parts

from . import made

NAMES = some.sampled_from(["", "가", "나", "a" * 200])
COLUMNS = some.lists(some.builds(lambda name, above: Column(name=name, above=tuple(above)), NAMES,
                                 some.lists(NAMES, max_size=3)), min_size=1, max_size=6)


@settings(max_examples=40)
@given(columns=COLUMNS, data=some.data(), merged=some.integers(0, 3), facts=some.integers(1, 9),
       across=some.integers(0, 4))
def test_cells_fill_every_table_once(columns, data, merged, facts, across):
    rows = data.draw(some.lists(some.tuples(*[some.sampled_from(["가", "나", "", 3])] * len(columns)), max_size=9))
    blocks = (Table(columns=tuple(columns), rows=tuple(rows), merged=min(merged, len(columns)), foot=tuple(rows[:1])),
              Facts(rows=tuple((str(place), place) for place in range(facts)), across=across))
    with speaking(Language.KO):
        (paper,) = parts.papers(made.quarter(blocks=blocks))
    for grid in paper.parts:
        if isinstance(grid, parts.Grid):
            filled = sorted((place + down, box.column + right) for place, row in enumerate(grid.rows) for box in row
                            for down in range(box.down) for right in range(box.across))
            assert filled == [(place, column) for place in range(len(grid.rows)) for column in range(len(grid.widths))]
            assert sum(grid.widths) == pytest.approx(1)


@settings(max_examples=40)
@given(text=some.text(), most=some.integers(2, 30))
def test_a_cleaned_text_stays_as_it_is(text, most):
    cleaned = parts.clean(text, most)
    assert parts.clean(cleaned, most) == cleaned and len(cleaned) <= most and cleaned.isprintable()


def test_too_much_for_a_file_is_refused():
    with speaking(Language.KO), pytest.raises(Refusal):
        parts.papers(made.long(parts.MOST_ROWS))
