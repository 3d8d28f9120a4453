"""Chromium's virtual authenticator: a device with finger, face or PIN, through the debugger."""

from contextlib import contextmanager

OPTIONS = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
           "isUserVerified": True, "automaticPresenceSimulation": True}


class Virtual:
    def __init__(self, session):
        self._send = session.send
        self._send("WebAuthn.enable")
        self.id = self._send("WebAuthn.addVirtualAuthenticator", {"options": OPTIONS})["authenticatorId"]

    def credentials(self) -> list[dict]:
        return self._send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]

    def recognises(self, owner: bool) -> None:
        self._send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": owner})

    def restore(self, credential: dict) -> None:
        """A passkey as it was, in the place of what it is by now: a copy."""
        self._send("WebAuthn.clearCredentials", {"authenticatorId": self.id})
        self._send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": credential})


@contextmanager
def authenticator(page):
    """The device of this page."""
    session = page.context.new_cdp_session(page)
    try:
        yield Virtual(session)
    finally:
        session.detach()
