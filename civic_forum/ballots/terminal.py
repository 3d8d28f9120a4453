"""Who acts on the command line, and what commands on votes have in common."""

import json
import sys

import click

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import users
from civic_forum.kernel.errors import Denied, NotFound
from civic_forum.kernel.i18n import _

from . import subjects
from .models import BallotBox
from .queries import boxes

json_option = click.option("--json", "as_json", is_flag=True, help="For programs.")
by_option = click.option("--by", required=True, help="Sign-in name of the person who does it.")
password_option = click.option("--password-stdin", is_flag=True,
                               help="Read the password of that person from standard input instead of asking.")


def person(name: str) -> User:
    """Whose sign-in name this is. Whether they may is the service's to say; why a role does not count yet, ours."""
    found = users.by_name(name)
    if found is None:
        raise NotFound(_("%(name)s라는 로그인 이름이 없어요.", name=name))
    if found.lacks_second_factor:
        raise Denied(_("%(name)s의 역할은 두 번째 확인을 켠 뒤에 쓸 수 있어요. 로그인해서 내 정보의 두 번째 확인에서 켜 주세요.", name=name))
    return found


def password(from_stdin: bool, name: str) -> str:
    """What this person types; of standard input the first line."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return click.prompt(f"Password of {name}", hide_input=True)


def box(name: str) -> BallotBox:
    """By its id in hex, or by what people call its vote. Raises NotFound."""
    found = subjects.named(name)
    return found if found is not None else boxes.by_hex(name.lower())


def say(value: object, lines: list[str], as_json: bool) -> None:
    """The same to a program or to a person."""
    click.echo(json.dumps(value, ensure_ascii=False) if as_json else "\n".join(lines))
