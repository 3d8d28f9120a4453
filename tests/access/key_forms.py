"""Fields for copying a key and for striking from a roll, as they are meant."""

from io import BytesIO

from tests.ballots.officials import FIRST, SECOND

from .form import Form
from .key_table import REASON
from .scene import PASSWORD


def whom(scene, _actor: str) -> dict:
    return {"name": scene.people["user"].sign_in_name, "reason": REASON}


def password(scene, _actor: str) -> dict:
    return {f"strike{scene.strike}-password": PASSWORD}


def second_phrase(_scene, _actor: str) -> dict:
    return {"phrase": SECOND, "repeated": SECOND, "password": PASSWORD}


def no_copy(_scene, _actor: str) -> dict:
    return {"file": (BytesIO(b"{}"), "copy.json"), "first": FIRST, "second": SECOND}


FORMS = [
    Form("/desk/votes/<box>/key/proposals", "seen phrase repeated", who="moderator", about="running_vote",
         given={"phrase": FIRST, "repeated": FIRST}),
    Form("/desk/votes/<box>/key/confirmation", "seen phrase repeated password", who="moderator", about="waiting_vote",
         given=second_phrase),
    Form("/desk/votes/<box>/key/restoration", "file first second", who="moderator", about="running_vote", given=no_copy,
         refused=True),
    Form("/desk/votes/<box>/strikes", "name reason", who="moderator", about="running_vote", given=whom),
    Form("/desk/votes/<box>/strikes/<proposal>/confirmation", "strike{scene.strike}-password", who="moderator",
         about="waiting_vote", given=password),
    Form("/desk/votes/<box>/backups", refused=True),
    *map(Form, ("/desk/votes/<box>/key/withdrawal", "/desk/votes/<box>/strikes/<proposal>/withdrawal")),
]
