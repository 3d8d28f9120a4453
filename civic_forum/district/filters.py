"""Filters of lists by what the district has."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from civic_forum.blocks.filters import Filter
from civic_forum.platform.i18n import _l

from . import labels, queries

EVERYWHERE = 0
"""Stands for the whole district where a neighbourhood is asked for."""


def neighbourhood(where: Any, everywhere: sa.ColumnElement[bool] | None = None, label: object = None) -> Filter:
    """`everywhere`: condition of what is for the whole district, which the label names; without it no choice."""
    def choices() -> Mapping[int, object]:
        names = queries.neighbourhood_names()
        return names if everywhere is None else {EVERYWHERE: label, **names}

    return Filter("neighbourhood", _l("동"), where, choices, _l("모든 동"), type=sa.BigInteger(),
                  cases={} if everywhere is None else {EVERYWHERE: everywhere}, alone={EVERYWHERE: _l("구 전체")})


def category(where: Any) -> Filter:
    return Filter("category", _l("분야"), where, labels.CATEGORY, _l("모든 분야"))
