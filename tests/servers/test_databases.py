import re

import psycopg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from . import postgres as server


def test_a_database_is_empty_and_speaks_korean(postgres):
    with server.connect(server.fresh_database(postgres)) as connection:
        tables = connection.execute("SELECT count(*) FROM information_schema.tables "
                                    "WHERE table_schema = 'public'").fetchone()
        assert tables == (0,)
        assert connection.execute("SELECT length('금천구')").fetchone() == (3,)


def test_a_copy_has_what_its_template_has_and_leaves_it_alone(postgres):
    template = server.fresh_database(postgres)
    with server.connect(template) as connection:
        connection.execute("CREATE TABLE town (name text)")
        connection.execute("INSERT INTO town VALUES ('가산동')")

    copy = server.fresh_database(postgres, template.rsplit("/", 1)[1])
    with server.connect(copy) as connection:
        assert connection.execute("DELETE FROM town RETURNING name").fetchall() == [("가산동",)]

    with server.connect(template) as connection:
        assert connection.execute("SELECT count(*) FROM town").fetchone() == (1,)
    server.drop_database(copy)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        server.connect(copy)


def test_nobody_enters_the_database_without_the_password(postgres):
    with pytest.raises(psycopg.OperationalError, match="password"):
        server.connect(postgres, password="guessed")


def test_redis_keeps_what_it_is_given(redis):
    with Redis.from_url(redis) as client:
        client.set("동", "독산동")
        assert client.get("동").decode() == "독산동"


def test_nobody_enters_redis_without_the_password(redis):
    guessed = re.sub(":[^:@]+@", ":guessed@", redis)
    with Redis.from_url(guessed) as client, pytest.raises(AuthenticationError):
        client.ping()
