"""People who use a real site over the network: each with a connection, a cookie and the token of a form."""

import re
from http.client import HTTPConnection, HTTPException
from secrets import token_hex
from urllib.parse import urlencode, urlsplit

GONE = (OSError, HTTPException)
"""The exception that somebody sees when the site dies while it is asked."""


class Somebody:
    """A visitor, or a user with a session."""

    def __init__(self, session=None, seconds=30, address="127.0.0.1"):
        self.cookie = f"session={session}" if session else ""
        self.seconds, self.address = seconds, address
        self.connection = self.token = None

    def arrive(self, url):
        """Ask this site from now on."""
        self.leave()
        self.connection = HTTPConnection(urlsplit(url).netloc, timeout=self.seconds, source_address=(self.address, 0))

    def leave(self):
        if self.connection:
            self.connection.close()

    def ask(self, method, path, body=None, **headers):
        """Status, headers and text of the answer."""
        if self.cookie:
            headers["Cookie"] = self.cookie
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except GONE:
            self.connection.close()
            raise
        for cookie in answer.headers.get_all("Set-Cookie", []):
            if cookie.startswith("session="):
                self.cookie = cookie.split(";")[0]
        return answer.status, answer.headers, text

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def read_form(self, path):
        """Open a page with a form; what is sent afterwards carries its token."""
        status, _headers, text = self.get(path)
        assert status == 200, (status, text[:500])
        self.token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)[1]

    def post(self, path, **fields):
        body = urlencode({"csrf_token": self.token, **fields})
        return self.ask("POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"})

    def comment(self, thread, text, form_key=None):
        """Write a comment; the status of the answer."""
        return self.post(f"/threads/{thread}/comments", text=text, stance="note", form_key=form_key or token_hex(16))[0]
