"""The letters by e-mail about an account: plain text, in the language of its owner."""

from datetime import datetime

from flask import current_app

from civic_forum.platform import outbox, settings
from civic_forum.platform.base import db
from civic_forum.platform.i18n import Language, _, _l, known, moment, speaking

from .invitations.models import Invitation
from .labels import ROLE
from .models import User
from .providers.rules import Provider

TEST = "test"
"""Kind of a message by which an administrator tests a carrier."""


def _post(user: User, to: str, kind: str, subject: str, *paragraphs: str) -> None:
    site = settings.in_words("SITE_NAME")
    text = "\n\n".join((_("%(name)s 님, 안녕하세요.", name=user.name), *paragraphs, f"{site}\n{_address('/')}"))
    outbox.post(to=to, subject=f"[{site}] {subject}", body=text + "\n", kind=kind, user_id=user.id)


def _address(path: str) -> str:
    return current_app.config["URL"].rstrip("/") + path


def invitation(invited: Invitation, token: str) -> outbox.Letter:
    """The only place in which its link stands."""
    with speaking(Language.KO):
        site, place = settings.value("SITE_NAME"), invited.department or invited.neighbourhood
        role = " · ".join(filter(None, (str(ROLE[invited.role]), place and place.name, invited.title)))
        text = "\n\n".join((
            _("%(name)s 님, 안녕하세요.", name=invited.name),
            _("%(site)s에서 일할 사람으로 초대해요: %(role)s. 관리자 두 명이 함께 정했어요.", site=site, role=role),
            _("아래 주소를 열고 계정을 만들거나 로그인해 주세요. 14일 안에 한 번 쓸 수 있어요."), _address(f"/invitations/{token}"),
            _("이 일을 하지 않는다면 이 편지를 지워도 돼요. 14일 뒤에 주소와 이름을 지워요."), f"{site}\n{_address('/')}"))
        return outbox.Letter(to=invited.email, subject=f"[{site}] {_('함께 일해 주세요')}", body=text + "\n",
                             kind="invitation")


def confirm_email(user: User, address: str, code: str) -> None:
    """Into the caller's transaction: the link that proves the address."""
    with speaking(known(user.language)):
        _post(user, address, "confirm_email", _("이메일 주소를 확인해 주세요"),
              _("아래 주소를 열고 단추를 눌러 주세요. 24시간 안에 한 번 쓸 수 있어요."),
              _address(f"/email-confirmations/{code}"),
              _("가입한 적이 없다면 이 편지를 지워도 돼요. 아무 일도 생기지 않아요."))


def test(user: User, to: str, carrier: outbox.Carrier) -> None:
    """A message by which an administrator tests a carrier, into the caller's transaction."""
    with speaking(known(user.language)):
        outbox.post_all(db.session, [outbox.Letter(
            to, _("시험으로 보내요"), _("이 글이 왔으면 잘 나가요."), TEST, user.id, carrier=carrier)])


def address_in_use(user: User, address: str) -> None:
    """Only the owner of the address learns that it belongs to an account."""
    with speaking(known(user.language)):
        _post(user, address, "address_in_use", _("이 주소를 쓰는 계정이 이미 있어요"),
              _("누군가 이 주소를 새 계정에 적었어요. 그런데 이 주소로 확인을 마친 계정이 이미 있어서 새 계정에는 "
                "쓸 수 없어요."),
              _("직접 하신 일이라면 전에 쓰던 계정으로 로그인해 주세요. 비밀번호를 잊었다면 여기에서 다시 정할 수 있어요."),
              _address("/forgotten-password"),
              _("직접 하신 일이 아니라면 이 편지를 지워도 돼요."))


def reset_password(user: User, address: str, code: str) -> None:
    with speaking(known(user.language)):
        _post(user, address, "reset_password", _("비밀번호를 다시 정해 주세요"),
              _("로그인 이름: %(name)s", name=user.sign_in_name),
              _("아래 주소를 열고 새 비밀번호를 적어 주세요. 30분 안에 한 번 쓸 수 있어요."),
              _address(f"/password-resets/{code}"),
              _("요청한 적이 없다면 이 편지를 지워도 돼요. 비밀번호는 그대로예요."))


def password_changed(user: User) -> None:
    """Tells the owner of a confirmed address; nothing where there is none."""
    if user.confirmed_email:
        with speaking(known(user.language)):
            _post(user, user.confirmed_email, "password_changed", _("비밀번호가 바뀌었어요"),
                  _("비밀번호를 바꾸고 열려 있던 로그인을 모두 끝냈어요."),
                  _("직접 하신 일이 아니라면 비밀번호를 바로 다시 정하고 문의해 주세요."),
                  _address("/forgotten-password"))


def new_device(user: User, device: str, at: datetime) -> None:
    """Tells the owner of a confirmed address of a sign-in; nothing where there is none."""
    if user.confirmed_email:
        with speaking(known(user.language)):
            _post(user, user.confirmed_email, "new_device", _("새 기기에서 로그인했어요"),
                  _("%(at)s에 처음 쓰는 기기에서 이 계정에 로그인했어요.", at=moment(at)),
                  _("기기: %(device)s", device=device or _("알 수 없는 기기")),
                  _("직접 하신 일이라면 아무것도 하지 않아도 돼요. 아니라면 아래에서 그 기기를 끝내고 비밀번호를 바꿔 주세요."),
                  _address("/me/sessions"))


def wrong_codes(user: User) -> None:
    """Tells the owner of a confirmed address that the password is known to whoever guesses codes."""
    if user.confirmed_email:
        with speaking(known(user.language)):
            _post(user, user.confirmed_email, "wrong_codes", _("로그인할 때 틀린 번호가 여러 번 나왔어요"),
                  _("누군가 이 계정의 비밀번호를 바르게 적었지만 인증 앱의 숫자를 여러 번 틀렸어요."),
                  _("직접 하신 일이 아니라면 비밀번호가 알려진 것이니 바로 다시 정해 주세요."),
                  _address("/forgotten-password"))


def passkey_made(user: User, name: str) -> None:
    """Tells the owner of a confirmed address; so do the two below."""
    _about_passkey(user, "passkey_made", _l("새 패스키를 만들었어요"), _l("이 계정에 패스키를 만들었어요: %(name)s"), name)


def passkey_removed(user: User, name: str) -> None:
    _about_passkey(user, "passkey_removed", _l("패스키를 지웠어요"), _l("이 계정의 패스키를 지웠어요: %(name)s"), name)


def passkey_copied(user: User, name: str) -> None:
    _about_passkey(user, "passkey_copied", _l("복사된 것으로 보이는 패스키를 막았어요"),
                   _l("다른 곳에서도 쓰인 패스키로 이 계정에 들어오려고 해서 막았어요: %(name)s"), name)


def _about_passkey(user: User, kind: str, subject: object, text: object, name: str) -> None:
    if user.confirmed_email:
        with speaking(known(user.language)):
            _post(user, user.confirmed_email, kind, str(subject), str(text) % {"name": name},
                  _("직접 하신 일이 아니라면 아래에서 패스키를 확인하고 비밀번호를 바꿔 주세요."), _address("/me/passkeys"))


def provider_linked(user: User, provider: Provider) -> None:
    """Tells the owner of a confirmed address of a new way into the account."""
    if user.confirmed_email:
        with speaking(known(user.language)):
            _post(user, user.confirmed_email, "provider_linked", _("로그인하는 방법을 하나 연결했어요"),
                  _("이제 %(name)s 확인으로도 이 계정에 로그인할 수 있어요.", name=provider.name(user.language)),
                  _("직접 하신 일이 아니라면 아래에서 연결을 끊고 비밀번호를 바꿔 주세요."), _address("/me/providers"))


def email_changed(user: User, old_address: str) -> None:
    with speaking(known(user.language)):
        _post(user, old_address, "email_changed", _("이메일 주소를 바꾸고 있어요"),
              _("이 계정의 이메일 주소를 다른 주소로 바꾸겠다는 요청을 받았어요. 새 주소를 확인하면 이 주소는 지워요."),
              _("직접 하신 일이 아니라면 비밀번호를 바로 다시 정하고 문의해 주세요."),
              _address("/forgotten-password"))
