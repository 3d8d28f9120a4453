"""Bodies of the sample district: every figure that the sources print, from the tables and from the pages."""

from datetime import date

import pytest
from lxml import html

from civic_forum.blocks.seats import SeatSide, SeatWay
from civic_forum.bodies import queries
from civic_forum.bodies.rules import BodyAccess
from civic_forum.sample_data.bodies import read_bodies

FIGURES = {"cc-education-culture": (5, 3), "cc-city-safety": (5, 5), "cc-welfare-health": (4, 3),
           "cc-self-planning": (5, 3), "cc-youth-jobs": (5, 4)}
"""Civil and extended seats of each division."""
DAY, VACANT = date(2020, 2, 1), date(2020, 8, 11)
"""Days of meetings of that year: on the second one of four civil seats of a division was empty."""


def shown(district, slug: str) -> str:
    page = district.test_client().get(f"/bodies/{slug}")
    assert page.status_code == 200
    return " ".join(" ".join(html.fromstring(page.text).find(".//main").itertext()).split())


def test_the_council_has_the_seats_that_its_source_prints(district):
    family = queries.family("cooperation-council")
    assert family.sides == {SeatSide.CIVIL: 25, SeatSide.EXTENDED: 18, SeatSide.OFFICE: 3, SeatSide.COUNCIL: 2}
    printed = next(body for body in read_bodies()["bodies"] if body["slug"] == "cooperation-council")["printed"]
    assert list(family.sides.values()) == list(printed.values())
    assert {case.body.slug: (case.roster.number(("civil",)), case.roster.number(("extended",)))
            for case in family.divisions} == FIGURES
    assert family.top.roster.number(("co-chair",)) == 1 and family.number == 48


def test_its_page_says_the_same(district):
    page = shown(district, "cooperation-council")
    for words in ("민간 25", "확대 18", "당연직 3", "구의원 2", "48자리 가운데 45자리가 찼어요", "빈자리 3", "위원 45명"):
        assert words in page, words
    for body, seats in FIGURES.items():
        assert f"{sum(seats)}자리" in shown(district, body), body


def test_every_seat_was_taken_in_2020_and_quorums_are_those_of_that_year(district):
    family = queries.family("cooperation-council")
    assert len(family.roster.sitting(DAY)) == 48
    days = (DAY, VACANT, queries.today())
    assert [(count.members, count.needed) for count in map(family.quorum, days)] == [(30, 16), (29, 15), (28, 15)]
    assert queries.family("cc-welfare-health").quorum(VACANT).needed == 2
    needed = {slug: queries.family(slug).quorum(DAY).needed for slug in FIGURES}
    assert needed == dict.fromkeys(FIGURES, 3)
    assert queries.family("cc-steering").quorum(DAY).needed == 4


def test_a_residents_council_has_up_to_fifty_for_two_years(district):
    family = queries.family("ra-doksan4")
    [seat] = family.top.seats
    assert (seat.number, seat.at_most, seat.way, family.top.body.term_months) == (50, True, SeatWay.DRAW, 24)
    assert "50자리 가운데 44자리가 찼어요" in shown(district, "ra-doksan4")
    assert "50자리 가운데 47자리가 찼어요" in shown(district, "ra-siheung5")
    assert queries.family("ra-siheung5").quorum(queries.today()).needed == 16


@pytest.mark.parametrize("slug, empty", [
    (entry["body"], entry.get("number", 1)) for entry in read_bodies()["vacancies"]])
def test_seats_are_empty_where_the_sample_says_so(district, slug, empty):
    case = queries.family(slug).top
    assert case.roster.empty(queries.today()) == empty


def test_members_are_named_as_they_consented(district):
    consented = {entry["name"] or entry["title"]: entry["consent"] for entry in read_bodies()["memberships"]}
    families = [queries.family(family.top.body.slug) for family in queries.everything()]
    everybody = [membership for family in families for case in (family.top, *family.below)
                 for membership in case.memberships]
    assert len(everybody) == len(read_bodies()["memberships"]) + 2 * 7 + 50, "and who was drawn"
    hidden = {name for name, named in consented.items() if name and not named}
    assert hidden and not hidden & {membership.shown for membership in everybody}
    assert sum(membership.user_id is not None for membership in everybody if membership.begins <= queries.today()) == 20


def test_nobody_sits_on_the_steering_committee_who_has_no_seat_in_the_council(district):
    names = {membership.called for membership in queries.family("cooperation-council").roster.memberships}
    assert {membership.called for membership in queries.family("cc-steering").top.memberships} <= names


def test_the_list_says_who_may_see_what(district):
    accesses = [case.body.access for family in queries.everything() for case in (family.top, *family.below)]
    assert len(accesses) == 11 and accesses.count(BodyAccess.OPEN) == 8 and accesses.count(BodyAccess.MINUTES) == 2
    page = " ".join(html.fromstring(district.test_client().get("/bodies").text).find(".//main").itertext())
    assert "모여서 정하는 곳 11개" in page and "독산4동 주민자치회" in page
