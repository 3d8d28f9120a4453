"""Rights to each table, by its address."""

from .form import Form
from .things import Thing

EXPORTS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# What everybody may read is a table for everybody. Names of formal proposals are for the department that works on
# them, verified residents for the clerks of their neighbourhood and for administrators.
GET /data
    -                                                            200  200  200  200  200  200  200  200  200  200
GET /data/<name>.csv
    table_proposals                                              200  200  200  200  200  200  200  200  200  200
    table_formal table_residents no_table                        404  404  404  404  404  404  404  404  404  404
GET /desk/exports
    -                                                            in   403  403  403  200  200  200  200  200  403
GET /desk/exports/<name>
    table_proposals                                              in   403  403  403  200  200  200  200  200  403
    table_formal                                                 in   403  403  403  403  200  403  403  403  403
    table_residents                                              in   403  403  403  403  403  200  200  200  403
    no_table                                                     in   404  404  404  404  404  404  404  404  404
POST /desk/exports/<name>
    table_proposals                                              401  403  403  403  200  200  200  200  200  403
    table_formal                                                 401  403  403  403  403  200  403  403  403  403
    table_residents                                              401  403  403  403  403  403  200  200  200  403
    no_table                                                     401  404  404  404  404  404  404  404  404  404
"""
ADDRESSES = ["/data/{}.csv", "/data/proposals.csv?state={}", "/data/answers.csv?department={}",
             "/desk/exports/{}", "/desk/exports/residents?kind={}"]


def add(scene) -> None:
    for name in ("proposals", "formal", "residents"):
        scene.things[f"table_{name}"] = Thing({"name": name})
    scene.things["no_table"] = Thing({"name": "nothing"})


FORMS = [
    Form("/desk/exports/<name>", "format reason neighbourhood kind", who="administrator", about="table_residents",
         given={"format": "csv", "reason": "안내 우편을 보내요", "state": "", "neighbourhood": ""}),
]
