"""People who come with a plain client, through nginx or past it to one worker."""

import re
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from civic_forum.cluster.web import Connection
from tests.running.machine import patience

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def newcomer(name):
    """The form of sign-up, filled in."""
    return {"name": name, "password": "a password of this test", "age": "y", "terms": "y", "privacy": "y"}


class Visitor:
    """Keeps cookies and asks; each request is a connection of its own."""

    def __init__(self, url):
        self.url, self.cookies = url, {}

    def get(self, path, at=None, **headers):
        return self.ask("GET", path, at=at, headers=headers)

    def post(self, path, at=None, headers=None, **fields):
        """Send the form on this page, with its token."""
        return self.post_from(self.get(path, at=at)[2].decode(), path, at, headers, **fields)

    def post_from(self, page, path, at=None, headers=None, **fields):
        """Send a form to this address with the token of a page that was read before."""
        token = TOKEN.search(page)
        fields |= {"csrf_token": token[1]} if token else {}
        return self.ask("POST", path, urlencode(fields), at, (headers or {}) | {
            "Content-Type": "application/x-www-form-urlencoded", "Referer": self.url + path})

    def ask(self, method, path, body=None, at=None, headers=None):
        """Status, headers and body; `at` is a worker that is asked instead of nginx."""
        asked = Connection(at.socket, 30) if at else HTTPConnection(urlsplit(self.url).netloc, timeout=patience(30))
        sent = {"Host": urlsplit(self.url).netloc} | (headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            asked.request(method, path, body, sent)
            answer = asked.getresponse()
            text = answer.read()
        finally:
            asked.close()
        for line in answer.headers.get_all("Set-Cookie", ()):
            self.cookies |= {name: crumb.value for name, crumb in SimpleCookie(line).items()}
        return answer.status, answer.headers, text
