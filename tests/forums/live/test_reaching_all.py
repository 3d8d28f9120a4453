"""A message reaches everybody: once, in order, none lost."""

import pytest

from . import halls

pytestmark = [pytest.mark.servers, pytest.mark.in_turns(of=10)]
SIZES = [("sqlite", 300), ("postgres", 100), pytest.param("postgres", 1000, marks=pytest.mark.long)]


def everybody_has_everything(hall, url, crowd, count, seconds, a_second=20):
    crowd.come(hall, url, count)
    with halls.writing(hall, url) as writers:
        writers.write(int(seconds * a_second), a_second)
    crowd.until_all_have(writers.count)
    numbers = hall.numbers()
    assert numbers == list(range(1, writers.count + 1))
    assert crowd.lists() == [[numbers, count]]


@pytest.mark.parametrize("database, count", SIZES)
def test_everybody_is_told_everything_once_and_in_order(hall, crowd, database, count):
    made = hall(database)
    with halls.running(made) as site:
        everybody_has_everything(made, site.url, crowd, count, seconds=5)


@pytest.mark.long
@pytest.mark.parametrize("database, count", [("sqlite", 300), ("postgres", 1000)])
def test_for_five_minutes(hall, crowd, database, count):
    made = hall(database)
    with halls.running(made) as site:
        everybody_has_everything(made, site.url, crowd, count, seconds=300)


@pytest.mark.parametrize(("count", "lines"), [(300, 60), pytest.param(1000, 400, marks=pytest.mark.long)])
def test_over_two_workers(cluster, crowd, count, lines):
    made = halls.of_cluster(cluster)
    before = [worker.connections() for worker in cluster.workers]
    crowd.come(made, cluster.url, count)
    after = [worker.connections() for worker in cluster.workers]
    shares = [now - then for now, then in zip(after, before, strict=True)]
    assert min(shares) > 0.3 * count, shares
    with halls.writing(made, cluster.url) as writers:
        writers.write(lines)
    crowd.until_all_have(lines)
    numbers = made.numbers()
    assert numbers == list(range(1, lines + 1)) and crowd.lists() == [[numbers, count]]
