"""Background work: what is registered, and what is thrown away when."""

import pickle
import re
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

import config
from civic_forum.platform import carriers, jobs, outbox
from civic_forum.platform.jobs import Retention
from civic_forum.platform.work import use_case
from tests.running.machine import patience


@pytest.fixture
def rules(monkeypatch):
    """An empty table of retention."""
    monkeypatch.setattr(jobs, "retention", {})
    return jobs.retention


def test_every_retention_period_of_the_settings_has_a_job_that_enforces_it(sqlite_app):
    named = {name for name in config.BY_NAME if re.fullmatch("RETAIN_.*_DAYS", name)}
    assert named and {rule.setting for rule in jobs.retention.values()} == named


def test_each_rule_gets_the_days_of_its_setting(sqlite_app, rules, monkeypatch):
    seen = {}
    monkeypatch.setitem(sqlite_app.config, "RETAIN_MAIL_DAYS", 3)
    jobs.keep_for("RETAIN_MAIL_DAYS", "mail")(lambda days: seen.setdefault("mail", days))
    assert jobs.enforce_retention(sqlite_app) == {"mail": 3} and seen == {"mail": 3}


def test_a_rule_that_fails_keeps_no_other_from_its_work(sqlite_app, rules):
    def fail(_days):
        raise ZeroDivisionError

    done = []
    rules["first"] = Retention("first", "RETAIN_MAIL_DAYS", fail)
    rules["second"] = Retention("second", "RETAIN_DRAFTS_DAYS", lambda days: done.append(days) or 1)
    with pytest.raises(ZeroDivisionError):
        jobs.enforce_retention(sqlite_app)
    assert done == [180]


def test_the_rules_run_on_both_databases(app, town):
    assert set(jobs.enforce_retention(app)) == set(jobs.retention)


@pytest.mark.both
def test_every_job_runs_on_both_databases_when_there_is_nothing_to_do(app, town):
    assert jobs.periodic
    for job in jobs.periodic.values():
        assert 1 <= job.minutes <= 60
        job.run()


def test_the_queue_knows_every_job_and_the_daily_retention(sqlite_app, tmp_path, monkeypatch):
    monkeypatch.setitem(sqlite_app.config, "DATA", str(tmp_path))
    monkeypatch.setattr(jobs, "queued", {})
    queue = jobs.make_huey(sqlite_app)
    tasks = queue._registry.periodic_tasks
    assert {task.name for task in tasks} == {*jobs.periodic, "retention"}
    from datetime import datetime
    moments = [datetime(2030, 5, 1, hour, minute) for hour in range(24) for minute in range(60)]
    for task in tasks:
        runs = sum(bool(task.validate_datetime(moment)) for moment in moments)
        wanted = 1 if task.name == "retention" else 24 * 60 // jobs.periodic[task.name].minutes
        assert runs == wanted, task.name


class Hostile:
    """A job as whoever had a folder could queue it: unpickled, it runs what it likes."""

    def __init__(self, proof):
        self.proof = proof

    def __reduce__(self):
        return Path.touch, (self.proof,)


def put_into(data, message):
    """As jobs waited on a disk until 2026, at the head of the queue."""
    with closing(sqlite3.connect(data / "jobs.db")) as queue:
        queue.executescript("CREATE TABLE IF NOT EXISTS task (id integer primary key, queue text, data blob,"
                            " priority real not null default 0)")
        queue.execute("INSERT INTO task (queue, data, priority) VALUES ('civic-forum', ?, 1e9)", (message,))
        queue.commit()


def run_until(consumer, event):
    consumer.start()
    try:
        assert event.wait(patience(15))
        time.sleep(0.2)
    finally:
        consumer.stop(graceful=True)


def test_a_job_written_into_the_data_directory_runs_nothing(sqlite_app, tmp_path, monkeypatch):
    """`jobs_pickle.py`: a queue in the data directory let whoever writes it run code beside the keys."""
    monkeypatch.setitem(sqlite_app.config, "DATA", str(tmp_path))
    monkeypatch.setattr(jobs, "periodic", {})
    monkeypatch.setattr(jobs, "queued", {})
    ran, proof = threading.Event(), tmp_path / "run"
    jobs.every(60, "honest", at_start=True)(ran.set)
    put_into(tmp_path, pickle.dumps(Hostile(proof)))
    run_until(jobs.consumer_of(sqlite_app), ran)
    assert not proof.exists() and not list(tmp_path.glob("jobs.db*"))


def test_an_old_queue_that_is_a_link_or_a_folder_harms_nothing(sqlite_app, tmp_path, monkeypatch):
    monkeypatch.setitem(sqlite_app.config, "DATA", str(tmp_path))
    monkeypatch.setattr(jobs, "queued", {})
    (tmp_path / "kept").write_text("kept")
    (tmp_path / "jobs.db").symlink_to(tmp_path / "kept")
    (tmp_path / "jobs.db-wal").mkdir()
    jobs.consumer_of(sqlite_app)
    assert (tmp_path / "kept").read_text() == "kept" and not (tmp_path / "jobs.db").is_symlink()


def test_a_queue_is_of_one_worker_and_holds_names_alone(sqlite_app, monkeypatch):
    """Also of a site with Redis: there is nothing there for others to write."""
    monkeypatch.setitem(sqlite_app.config, "REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(jobs, "periodic", {})
    monkeypatch.setattr(jobs, "queued", {})
    jobs.every(60, "first")(lambda *_given: None)
    queue = jobs.make_huey(sqlite_app)
    jobs.soon("first")
    assert queue.storage.enqueued_items() == ["civic_forum.platform.jobs.first"]
    jobs.queued["first"](7)
    assert queue.dequeue().args == queue.dequeue().args == ()


def test_an_unknown_name_is_refused_and_others_go_on(sqlite_app, tmp_path, monkeypatch):
    monkeypatch.setitem(sqlite_app.config, "DATA", str(tmp_path))
    monkeypatch.setattr(jobs, "periodic", {})
    monkeypatch.setattr(jobs, "queued", {})
    ran = threading.Event()
    jobs.every(60, "honest", at_start=True)(ran.set)
    consumer = jobs.consumer_of(sqlite_app)
    consumer.huey.storage.enqueue("os.system")
    run_until(consumer, ran)


@pytest.mark.both
def test_work_that_waited_in_an_old_queue_is_found_in_the_database(app, town, tmp_path, monkeypatch):
    """An upgrade while jobs wait loses none: each finds its work by itself, here a letter in the post."""
    monkeypatch.setitem(app.config, "DATA", str(tmp_path))
    with use_case(None):
        outbox.post(to="reader@example.org", subject="제목", body="글", kind="notice")
    put_into(tmp_path, b"a job that waits")
    jobs.consumer_of(app)
    jobs.queued.clear()
    jobs.periodic["mail"].run()
    assert len(carriers.files()) == 1
