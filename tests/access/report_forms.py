"""Fields of a moderator who decides about a reported text, or hides several at once."""

from .form import Form
from .report_scene import WHY


def wave(scene, _actor: str) -> dict:
    return {"things": f"comment:{scene.wave_me}", "account": "none", "rule": "advertising", "reason": WHY}


ADDRESSES = ["/reports/new?about={}",
             "/desk/reports?rule={}", "/desk/reports?kind={}", "/desk/reports?after={}", "/desk/reports?q={}",
             "/desk/reports?sort={}",
             "/desk/reports/{}/1", "/desk/waves?by={}", "/desk/waves?by=text&q={}", "/desk/waves?by=new&since={}",
             "/desk/waves?by=account&user={}", "/desk/waves?by=chosen&chosen={}"]
FORMS = [
    Form("/desk/reports/<kind>/<subject_id>", "seen text account length rule reason", who="moderator", about="reported",
         given={"text": "hide", "account": "none", "rule": "advertising", "reason": WHY}),
    Form("/desk/waves", "things account length rule reason", who="moderator", given=wave),
    Form("/reports/new", "about rule sentence", who="user", about="comment",
         given={"rule": "privacy", "sentence": "전화번호가 있어요."}),
    *map(Form, ("/desk/actions/<action_id>/end", "/desk/waves/<bulk_id>/end")),
]
