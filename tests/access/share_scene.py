"""Things that people pass on, by the addresses of their sheets."""

from .things import Thing

PLACES = {
    "proposals": ("number", ("gathering", "answered", "held", "withdrawn", "merged", "hidden", "unknown")),
    "polls": ("slug", ("poll_unannounced", "poll_announced", "poll_open", "poll_rehearsed")),
    "forums": ("slug", ("forum_preparing", "forum_announced", "forum_live")),
    "agendas": ("slug", ("agenda_draft", "agenda_answered")),
    "outcomes": ("outcome_id", ("outcome_draft", "outcome_published")),
    "budgets": ("slug", ("round_unannounced", "round_collecting")),
}


def add(scene) -> None:
    for place, (key, names) in PLACES.items():
        for name in names:
            _share(scene, name, place, str(scene.things[name].path[key]))
    for name in ("round_unannounced", "round_collecting"):
        path = scene.things[name].path
        _share(scene, f"{name}_project", "projects", f"{path['slug']}.{path['code']}")
    scene.things["site_picture"] = Thing({"mark": "0" * 20})
    scene.things["sheet_unknown"] = Thing({"kind": "nothing", "key": "1", "ending": "pdf"})


def _share(scene, name: str, place: str, named: str) -> None:
    """The mark is one of no picture, so the address leads to the one that stands there."""
    scene.things[f"shared_{name}"] = Thing({"place": place, "name": named, "mark": "0" * 20})
