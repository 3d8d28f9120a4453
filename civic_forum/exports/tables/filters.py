"""Filters that tables share."""

from civic_forum.district import queries as district
from civic_forum.kernel.i18n import _, _l
from civic_forum.proposals.queries.listing import years

from ..rules import Filter


def of_words(name: str, label, words: dict, among=None) -> Filter:
    """One of the values of an enumeration."""
    return Filter(name, label, lambda: [(one.value, word) for one, word in words.items()
                                        if among is None or one in among])


NEIGHBOURHOOD = Filter("neighbourhood", _l("동"), lambda: [
    (str(number), name) for number, name in district.neighbourhood_names().items()])
EVERYWHERE = Filter("neighbourhood", _l("동"), lambda: [("0", _("구 전체에 대한 제안")), *NEIGHBOURHOOD.choices()])
DEPARTMENT = Filter("department", _l("부서"), lambda: [(str(one.id), one.name) for one in district.departments()])
YEAR = Filter("year", _l("연도"), lambda: [(str(year), label) for year, label in years().items()])
