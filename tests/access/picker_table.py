"""Rights to suggestions of things to join to. The columns are those of the first part (`table.py`)."""

from .things import Thing

PICKERS = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Suggestions of what everybody may read are for those who use a form that asks for them.
GET /pick/<name>
    pick_any_agenda pick_project_to_merge pick_committee_member  in   403  403  403  200  403  403  403  403  403
    pick_agenda pick_forum pick_forum_duty pick_project
    pick_forum_decision pick_answer                              in   403  403  403  200  200  200  200  403  403
    pick_poll pick_budget                                        in   403  403  403  200  200  403  403  200  403
    pick_proposal                                                in   403  403  403  200  200  403  403  403  403
    pick_staff                                                   in   403  403  403  403  403  403  403  200  403
    pick_nothing                                                 in   404  404  404  404  404  404  404  404  404
"""
NAMES = ("agenda", "any_agenda", "forum", "forum_duty", "project", "project_to_merge", "forum_decision", "answer",
         "committee_member", "poll", "budget", "proposal",
         "staff", "nothing")


def add(scene):
    for name in NAMES:
        scene.things[f"pick_{name}"] = Thing({"name": name}, query=lambda _actor: {"q": "나무"})
