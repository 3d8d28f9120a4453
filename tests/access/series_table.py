"""Rights around series: everybody once they are announced, those who prepare them before."""

from datetime import date

from civic_forum.series import services
from civic_forum.series.parts import Beginning, Step, Wording
from civic_forum.series.process import PROCESS, STEPS
from civic_forum.series.rules import SeriesKind

from .form import Form
from .things import Thing

SERIES = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
GET /assemblies
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /assemblies/<year>/<place>
    assembly_told                                                200  200  200  200  200  200  200  200  200  200
    assembly_prep                                                404  404  404  404  200  200  200  404  404  404
    no_series                                                    404  404  404  404  404  404  404  404  404  404
GET /series
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /series/<slug>
    series_told                                                  200  200  200  200  200  200  200  200  200  200
    series_prep                                                  404  404  404  404  200  200  404  404  404  404
    no_series                                                    404  404  404  404  404  404  404  404  404  404
GET /desk/series
GET /desk/series/new
GET /desk/series/next
    -                                                            in   403  403  403  200  200  200  200  403  403
POST /desk/series/new
    -                                                            401  403  403  403  ok   ok   403  403  403  403
POST /desk/series/next
    assembly_told                                                401  403  403  403  ok   ok   ok   403  403  403
POST /desk/series/announcements
    -                                                            401  403  403  403  ok   ok   ok   ok   403  403
POST /desk/series/<slug>/answers
    assembly_told                                                401  403  403  403  ok   ok   ok   403  403  403
    no_series                                                    401  403  403  403  404  404  404  404  403  403
GET /desk/series/<slug>
GET /desk/series/<slug>/<part>
GET /desk/series/<slug>/target
GET /desk/series/<slug>/steps
GET /desk/series/<slug>/steps/<number>
    series_prep series_told                                      in   403  403  403  200  200  403  403  403  403
    assembly_prep assembly_told                                  in   403  403  403  200  200  200  403  403  403
    no_series                                                    in   403  403  403  404  404  404  404  403  403
POST /desk/series/<slug>/<part>
POST /desk/series/<slug>/steps/<number>/days
POST /desk/series/<slug>/steps/<number>
    series_prep series_told                                      401  403  403  403  ok   ok   403  403  403  403
    assembly_prep assembly_told                                  401  403  403  403  ok   ok   ok   403  403  403
    no_series                                                    401  403  403  403  404  404  404  404  403  403
POST /desk/series/<slug>/announcements
    series_prep                                                  401  403  403  403  ok   ok   403  403  403  403
    assembly_prep                                                401  403  403  403  ok   ok   ok   403  403  403
    series_told                                                  401  403  403  403  403  403  403  403  403  403
    no_series                                                    401  403  403  403  404  404  404  404  403  403
POST /desk/series/<slug>/target
    series_prep series_told                                      401  403  403  403  ok   ok   403  403  403  403
    assembly_prep assembly_told                                  401  403  403  403  ok   ok   ok   403  403  403
    no_series                                                    401  403  403  403  404  404  404  404  403  403
# The eight steps of an assembly stay.
POST /desk/series/<slug>/steps
POST /desk/series/<slug>/steps/<number>/moves
POST /desk/series/<slug>/steps/<number>/removals
    series_prep series_told                                      401  403  403  403  ok   ok   403  403  403  403
    assembly_prep                                                401  403  403  403  403  403  403  403  403  403
    no_series                                                    401  403  403  403  404  404  404  404  403  403
POST /desk/series/<slug>/steps/<number>/things
    assembly_prep                                                401  403  403  403  422  422  422  403  403  403
    no_series                                                    401  403  403  403  404  404  404  404  403  403
POST /desk/series/<slug>/steps/<number>/things/<thing_id>/removals
    assembly_prep                                                401  403  403  403  ok   ok   ok   403  403  403
    no_series                                                    401  403  403  403  404  404  404  404  403  403
"""
HERE = "/desk/series/<slug>"
STEP = {"version": "2", "name": "셋째", "starts_on": "2026-09-01"}
LAST = date(2025, 6, 15)


def add(scene) -> None:
    moderator, department = scene.people["moderator"], scene.town.department()
    place = scene.town.neighbourhood()
    for name, year in (("prep", 2024), ("told", 2025)):
        series = services.begin(Beginning(SeriesKind.YEARLY, year), Wording(f"공론장 {name}", "", department.id, 6),
                                by=moderator)
        for number in (1, 2):
            STEPS.add(series.id, Step(f"{number}회", date(year, number, 1)), version=number, by=moderator)
        assembly = services.begin(Beginning(SeriesKind.ASSEMBLY, year, place.id),
                                  Wording(f"{year} 주민총회", department_id=department.id), LAST.replace(year=year),
                                  by=moderator)
        for kind, made in (("series", series), ("assembly", assembly)):
            if name == "told":
                PROCESS.announce(made.id, by=moderator)
            _year, _dash, end = made.slug.partition("-")
            scene.things[f"{kind}_{name}"] = Thing(
                {"slug": made.slug, "year": year, "place": end, "part": "wording", "number": 2, "thing_id": 1},
                form={"version": str(made.version), "table": f"시흥1동 {LAST.replace(year=2026)}"},
                query=lambda actor: {"year": 2025})
    scene.things["no_series"] = Thing({"slug": "no-series", "year": 2001, "place": "nowhere", "part": "wording",
                                       "number": 1, "thing_id": 1})


ADDRESSES = ["/assemblies?year={}", "/assemblies/2025/{}", "/series/{}", "/desk/series?after={}", "/desk/series/{}",
             "/desk/series/next?year={}"]
FORMS = [
    Form("/desk/series/new", "kind year neighbourhood_id title department_id day", who="official",
         given=lambda scene, _actor: {"kind": "yearly", "year": "2026", "title": "정책공론장",
                                      "department_id": str(scene.town.department().id)}),
    Form("/desk/series/next", "table", who="official", about="assembly_told"),
    Form("/desk/series/announcements", "year", who="official", given={"year": "2024"}),
    Form(f"{HERE}/answers", "days", who="official", about="assembly_told", given={"days": "14"}),
    Form(f"{HERE}/<part>", "version title text department_id promised", who="official", about="series_prep",
         given=lambda scene, _actor: {"title": "정책공론장", "department_id": str(scene.town.department().id)}),
    Form(f"{HERE}/steps", "version name starts_on until_on note", who="official", about="series_prep", given=STEP),
    Form(f"{HERE}/steps/<number>", "version name starts_on until_on note moves_rest", who="official",
         about="series_prep", given=STEP),
    Form(f"{HERE}/steps/<number>/days", "version to", who="official", about="series_prep", given={"to": "2026-09-01"}),
    Form(f"{HERE}/target", "version target", who="official", about="series_prep", given={"target": ""}),
    Form(f"{HERE}/steps/<number>/moves", "version to", who="official", about="series_prep", given={"to": "1"}),
    Form(f"{HERE}/steps/<number>/things", "version kind thing", who="official", about="assembly_prep",
         given={"kind": "forum", "thing": "no-forum"}, refused=True),
    *map(Form, (f"{HERE}/announcements", f"{HERE}/steps/<number>/removals",
                f"{HERE}/steps/<number>/things/<thing_id>/removals")),
]
