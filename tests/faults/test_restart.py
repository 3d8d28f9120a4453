"""Restarts: everything that a visitor's browser keeps is still good, and signed-in people stay so."""

from . import towns
from .people import Somebody

PAGES = ("/", "/proposals", "/accessibility", "/search?q=%EB%B3%B4%EB%8F%84%EB%B8%94%EB%A1%9D", "/terms")


def test_etags_and_sessions_outlive_a_restart(settle):
    town = settle(people=1)
    visitor, user = Somebody(), Somebody(town.sessions[0])
    with towns.running(town, URL="http://forum.example") as site:  # its port is another one afterwards
        visitor.arrive(site.url)
        etags = {path: visitor.get(path)[1]["ETag"] for path in PAGES}
        site.stop()
        site.settings["PYTHONHASHSEED"] = "2"
        site.start()
        visitor.arrive(site.url)
        for path, etag in etags.items():
            status, headers, text = visitor.get(path, **{"If-None-Match": etag})
            assert (status, headers["ETag"], text) == (304, etag, ""), path
        user.arrive(site.url)
        assert user.get("/me")[0] == 200
        visitor.leave()
        user.leave()
