"""Accounts from the command line: bin/civic-forum user …"""

import json
import sys
from collections.abc import Iterable

import click
from flask import current_app
from flask.cli import with_appcontext

from civic_forum.district import queries as district
from civic_forum.platform.errors import Denied, NotFound, Refusal, existing
from civic_forum.platform.i18n import _

from .models import User
from .providers import services as providers
from .queries import users
from .rules import Role
from .services import entry as sign_up
from .services import first_links
from .services import people as roles
from .services import profile as second_factor

by_option = click.option("--by", help="Sign-in name of the administrator who does it.")


@click.group()
def user():
    """Accounts and their roles."""


@user.command()
@click.argument("name")
@click.option("--nickname", help="What pages call them; default: the sign-in name.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@by_option
@with_appcontext
def create(name: str, nickname: str | None, password_stdin: bool, by: str | None):
    """Open an account called NAME. Without --by only while nobody is administrator."""
    password = _password(password_stdin)
    made = sign_up.create_user(name, password, nickname or name, by=_administrator(by) if by else None)
    click.echo(f"Created {made.sign_in_name}.")


@user.command()
@click.argument("name")
@click.argument("role", type=click.Choice([str(role) for role in Role]))
@click.option("--department", help="Korean name of the department (officials).")
@click.option("--neighbourhood", help="Korean name of the neighbourhood (clerks).")
@by_option
@with_appcontext
def grant(name: str, role: str, department: str | None, neighbourhood: str | None, by: str | None):
    """Give ROLE to NAME. Without --by only while nobody is administrator."""
    if by is None and users.there_is_an_administrator():
        raise Refusal("There is an administrator: say who grants the role with --by NAME.")
    roles.grant(_somebody(name), Role(role), by=_administrator(by) if by else None,
                department_id=_named(department, district.departments()),
                neighbourhood_id=_named(neighbourhood, district.neighbourhoods()))
    click.echo(f"{name} is {role} now.")


@user.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_appcontext
def list_users(as_json: bool):
    """Everybody with an account, by number."""
    accounts, after = [], 0
    while some := users.everybody(after=after):
        after = some[-1].id
        accounts += [_summary(user) for user in some]
    if as_json:
        click.echo(json.dumps(accounts, ensure_ascii=False))
        return
    for person in accounts:
        click.echo(f"{person['name']}\t{person['nickname']}\t{', '.join(grant['role'] for grant in person['roles'])}")


@user.command(name="remove-second-factor")
@click.argument("name")
@click.option("--by", required=True, help="Sign-in name of the administrator who does it.")
@with_appcontext
def remove_second_factor(name: str, by: str):
    """For NAME who lost the telephone with the codes."""
    second_factor.remove(_somebody(name), by=_administrator(by))
    click.echo(f"{name} signs in with the password alone now.")


@user.command(name="link-provider")
@click.argument("name")
@click.argument("provider")
@click.argument("subject")
@click.option("--by", required=True, help="Sign-in name of the administrator who does it.")
@with_appcontext
def link_provider(name: str, provider: str, subject: str, by: str):
    """Let NAME sign in by the account SUBJECT (claim `sub`) of PROVIDER, the office's directory."""
    providers.link_for(_somebody(name), provider, subject, by=_administrator(by))
    click.echo(f"{name} signs in by {provider} now.")


@click.command(name="first-links")
@with_appcontext
def make_first_links():
    """Make the links by which the first two administrators open their accounts; earlier ones that nobody used end."""
    show_links(first_links.make())


def show_links(tokens: Iterable[str]) -> None:
    """Print links where whoever runs the machine reads them, and nowhere else: each makes an administrator."""
    for token in tokens:
        click.echo(f"An administrator begins here, once, within an hour: "
                   f"{current_app.config['URL'].rstrip('/')}/first/{token}")


def _summary(user: User) -> dict:
    return {"id": user.id, "name": user.sign_in_name, "nickname": user.nickname, "resident": user.is_resident,
            "created_at": user.created_at.isoformat(), "blocked": user.is_blocked,
            "roles": [{"role": str(grant.role), "department_id": grant.department_id,
                       "neighbourhood_id": grant.neighbourhood_id} for grant in user.grants]}


def _somebody(name: str) -> User:
    return existing(users.by_name(name), lambda: NotFound(_("%(name)s라는 로그인 이름이 없어요.", name=name)))


def _administrator(name: str) -> User:
    """The acting administrator. Whether they may is the service's to say; why a role does not count yet is said
    here."""
    user = _somebody(name)
    if user.lacks_second_factor:
        raise Denied(_("%(name)s의 역할은 2단계 인증을 켠 뒤에 쓸 수 있어요. 로그인해서 내 정보의 2단계 인증에서 켜 주세요.", name=name))
    return user


def _named(name: str | None, entries) -> int | None:
    if name is None:
        return None
    known = district.ids_by_name(entries)
    if name not in known:
        raise NotFound(_("%(name)s: 이런 부서나 동이 없어요.", name=name))
    return known[name]


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return click.prompt("Password", hide_input=True, confirmation_prompt=True)


commands = (user, make_first_links)
