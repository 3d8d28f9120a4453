"""Rights at the window, where a clerk takes down what somebody says."""

from civic_forum.intake import queries
from civic_forum.intake.rules import ItemForm, ItemRecord, WindowAct, fingerprint
from civic_forum.intake.signatures import services as signatures
from civic_forum.intake.window import services

from tests.picking import chosen

from .form import Form
from .things import Thing

WINDOW = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Clerks take down at the windows of their own neighbourhoods, moderators at all. A second one confirms, of any.
GET /desk/window
GET /desk/window/requests
GET /desk/window/sheets
    -                                                            in   403  403  403  200  403  200  200  403  403
GET /desk/window/acts/<act>
    window_new_comment                                           in   403  403  403  200  403  200  200  403  403
POST /desk/window/acts/<act>
    window_new_comment                                           401  403  403  403  200  403  200  403  403  403
GET /desk/window/acts/<item_id>
GET /desk/window/acts/<item_id>/text
    window_comment                                               in   403  403  403  200  403  200  200  403  403
    window_request no_window_item                                in   403  403  403  404  403  404  404  403  403
POST /desk/window/acts/<item_id>
    window_comment                                               401  403  403  403  403  403  ok   ok   403  403
    window_request                                               401  403  403  403  404  403  404  404  403  403
POST /desk/window/acts/<item_id>/text
    window_comment                                               401  403  403  403  ok   403  403  403  403  403
    window_request                                               401  403  403  403  404  403  404  404  403  403
POST /desk/window/requests
    window_new                                                   401  403  403  403  200  403  200  403  403  403
GET /desk/window/requests/<item_id>/contact
    window_request                                               in   403  403  403  200  403  200  403  403  403
POST /desk/window/requests/<item_id>/contact
    window_request                                               401  403  403  403  200  403  200  403  403  403
POST /desk/window/sheets
    window_sheet                                                 401  403  403  403  ok   403  ok   403  403  403
GET /desk/window/sheets/<item_id>
    window_sheet                                                 in   403  403  403  200  403  200  200  403  403
POST /desk/window/sheets/<item_id>
    window_sheet                                                 401  403  403  403  403  403  ok   ok   403  403
POST /desk/window/sheets/<item_id>/shredding
    window_sheet                                                 401  403  403  403  409  403  409  409  403  403
    window_request                                               401  403  403  403  404  403  404  404  403  403
POST /desk/window/duties
    window_paper                                                 401  403  403  403  403  403  ok   ok   403  403
"""
CONTACT = "김금천 010-0000-0000"


def add(scene) -> None:
    moderator, clerk, place = scene.people["moderator"], scene.people["clerk"], scene.town.neighbourhood().id
    record = {"neighbourhood_id": place}
    request = services.take_request(ItemRecord(
        form=ItemForm.SPOKEN, text="보안등이 꺼져 있어요.", key="window-request", **record), contact=CONTACT, by=clerk)
    supported, enough = scene.town.proposal(), scene.town.proposal(threshold=5)
    sheet = signatures.count_first(ItemRecord(
        form=ItemForm.SIGNATURE, text="", key="window-sheet", names=3, **record), supported.number, by=moderator)
    counted = signatures.count_first(ItemRecord(
        form=ItemForm.SIGNATURE, text="", key="window-paper", names=9, **record), enough.number, by=moderator)
    signatures.count_again(counted.id, 9, by=clerk)
    said = {"proposal": supported.number, "text": "우리 골목에도 놓아 주세요.", "stance": "for"}
    comment = queries.by_number(services.take(ItemRecord(
        form=ItemForm.SPOKEN, text="", key="window-comment", act=WindowAct.COMMENT, **record),
        said, by=moderator).number)
    said |= chosen("proposal", supported.number)
    words = {"place": str(place), "contact": CONTACT}
    scene.things |= {
        "window_new": Thing(form=words | {"text": "보안등이 꺼져 있어요.", "key": "new at the window"}),
        "window_request": Thing({"item_id": queries.by_number(request.number).id},
                                form=words | {"reason": "다시 연락해요."}),
        "window_new_comment": Thing({"act": "comment"}, form=words | said | {"key": "new comment"}),
        "window_comment": Thing({"item_id": comment.id}, form=words | said | {"text": fingerprint(comment.facts)}),
        "window_sheet": Thing({"item_id": sheet.id}, form={
            "names": "3", "proposal": supported.number, "place": str(place), "key": "another sheet"}),
        "window_paper": Thing(form={"proposal": enough.number, "looked": "y"}),
        "no_window_item": Thing({"item_id": 999_999})}


FORMS = [
    Form("/desk/window/requests", "text contact place key", about="window_new", who="clerk"),
    Form("/desk/window/requests/<item_id>/contact", "reason", about="window_request", who="clerk"),
    Form("/desk/window/acts/<act>", "proposal text stance desk_number contact place key", about="window_new_comment",
         who="clerk"),
    Form("/desk/window/acts/<item_id>", "text reason", about="window_comment", who="clerk"),
    Form("/desk/window/acts/<item_id>/text", "proposal text stance", about="window_comment", who="moderator"),
    Form("/desk/window/sheets", "number proposal names place key", about="window_sheet", who="clerk"),
    Form("/desk/window/sheets/<item_id>", "names", about="window_sheet", who="clerk"),
    Form("/desk/window/sheets/<item_id>/shredding", about="window_sheet", who="clerk", refused=True),
    Form("/desk/window/duties", "proposal", about="window_paper", who="clerk"),
]
