"""Forms about proposals and comments, filled in as they are meant."""

from io import BytesIO
from secrets import token_hex

from tests.attachments import making

from .form import Form
from .scene import Scene


def comment(_scene: Scene, _actor: str) -> dict:
    return {"text": "저도 그 길을 걸어 다녀요.", "stance": "for", "form_key": token_hex(16)}


def basics(_scene: Scene, _actor: str) -> dict:
    return {"key": token_hex(16), "version": "0", "title": "골목에 가로등을 달아 주세요", "category": "safety",
            "neighbourhood": "0", "go": "next"}


def writing(scene: Scene, actor: str) -> dict:
    text = "밤에 골목이 너무 어두워서 걷기 무서워요."
    return basics(scene, actor) | {"version": "1", "problem": text, "wish": text}


def picture(_scene: Scene, _actor: str) -> dict:
    return {"files": (BytesIO(making.jpeg()), "골목.jpg"), "descriptions": "어두운 골목"}


def held(scene: Scene, _actor: str) -> dict:
    return {"chosen": f"{scene.things['held'].path['number']}/1"}


ADDRESSES = ["/search?q={}", "/search?q=x&kind={}", "/search?q=x&after={}", "/search?q=x&year={}",
             "/proposals?state={}", "/proposals?neighbourhood={}", "/proposals?category={}", "/proposals?year={}",
             "/proposals?sort={}", "/proposals?after={}", "/proposals/{}", "/proposals/{}/supports",
             "/proposals/similar?title={}", "/attachments/{}", "/attachments/{}/thumbnail", "/comments/{}",
             "/proposals/drafts/{}/1", "/desk/held?after={}", "/desk/held?number={}"]
FORMS = [
    Form("/desk/held/approvals", "chosen", who="moderator", given=held),
    Form("/comments/<comment_id>/edit", "text stance", about="comment", given=comment),
    Form("/comments/<comment_id>/replies", "text form_key", who="user", about="comment", given=comment),
    Form("/proposals/<number>/edit", "title problem wish version", about="gathering", given=writing),
    Form("/proposals/<number>/return", "reason", who="moderator", about="held", given={"reason": "전화번호를 지워 주세요."}),
    Form("/proposals/<number>/withdrawal", "reason", about="gathering", given={"reason": "다른 곳에서 해결됐어요."}),
    Form("/proposals/drafts/<key>/<step>", "title category neighbourhood audiences version go", about="step_1",
         given=writing),
    Form("/proposals/drafts/<key>/<step>", "problem wish version go", about="step_2", given=writing),
    Form("/proposals/drafts/<key>/attachments", about="step_3", given=picture),
    Form("/proposals/drafts/<key>/attachments/descriptions", "description-x", about="step_3"),
    Form("/proposals/new", "key title category neighbourhood audiences version go", given=basics),
    Form("/threads/<thread_id>/comments", "text stance form_key", who="user", about="gathering", given=comment),
    *map(Form, ("/comments/<comment_id>/removal", "/comments/<comment_id>/supports",
                "/comments/<comment_id>/supports/end", "/proposals/<number>/approval", "/proposals/<number>/follows",
                "/proposals/<number>/follows/end", "/proposals/<number>/supports", "/proposals/<number>/supports/end",
                "/proposals/drafts/<key>/attachments/<file_key>/removal", "/proposals/drafts/<key>/publication",
                "/proposals/drafts/<key>/removal")),
]
