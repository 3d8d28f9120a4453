"""What a moderator sends who decides about a reported text, or hides several at once."""

from .report_scene import WHY


def wave(scene, _actor: str) -> dict:
    return {"things": f"comment:{scene.wave_me}", "account": "none", "rule": "advertising", "reason": WHY}


FORMS = {
    "/desk/reports/<kind>/<subject_id>": {"text": "hide", "account": "none", "rule": "advertising", "reason": WHY},
    "/desk/waves": wave,
}
FIELDS = {
    "/desk/reports/<kind>/<subject_id>": "seen text account length rule reason",
    "/desk/waves": "things account length rule reason",
}
ABOUT = {"/desk/reports/<kind>/<subject_id>": "reported"}
WHO = {rule: "moderator" for rule in FORMS}
ENDS = {"/desk/reports/<kind>/<subject_id>"}
BUTTONS = {"/desk/actions/<action_id>/end", "/desk/waves/<bulk_id>/end"}
ADDRESSES = ["/desk/reports?rule={}", "/desk/reports?kind={}", "/desk/reports?after={}", "/desk/reports/{}/1",
             "/desk/waves?by={}", "/desk/waves?by=text&q={}", "/desk/waves?by=new&since={}",
             "/desk/waves?by=account&user={}"]
