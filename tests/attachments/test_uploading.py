"""Files on their way in and out: what is kept, who may read it, and with which headers it leaves."""

import os
import time
from dataclasses import dataclass
from io import BytesIO
from threading import Thread

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin
from werkzeug.datastructures import FileStorage

from civic_forum.attachments import queries, services
from civic_forum.attachments import operations
from civic_forum.attachments.models import Attachment, AttachmentSet
from civic_forum.attachments.rules import MAX_BYTES_EACH, MAX_FILES, Kind, claimed_kind
from civic_forum.blocks import kinds
from civic_forum.platform import storage
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.work import use_case
from tests.attachments import making
from tests.hostile.files import FILES, NAMES
from tests.running.turns import some


def sent(data: bytes, name="사진.jpg") -> FileStorage:
    return FileStorage(BytesIO(data), filename=name)


@dataclass
class Shed:
    """A thing with files; who may read it is what the test says."""

    set_id: int
    user: object
    why_not_read: str | None = None

    def put(self, data=None, name="사진.jpg", description="골목 사진이에요."):
        prepared = services.prepare(sent(making.jpeg() if data is None else data, name))
        return self.add(prepared, description)

    def add(self, prepared, description=""):
        with use_case(self.user) as work:
            return operations.add(work.session, self.set_id, prepared=prepared, description=description, by=self.user,
                                  at=work.at)

    @property
    def files(self):
        db.session.rollback()
        return queries.of_set(self.set_id)


class ShedKind(kinds.Kind):
    """A kind of thing without a table."""

    def record(self, record_id):
        return record_id


@pytest.fixture
def shed(town, monkeypatch):
    place = Shed(0, town.user())
    monkeypatch.setitem(kinds._kinds, "shed", ShedKind(
        "shed", AttachmentSet, label="헛간", title=str, url=str, why_not_read=lambda actor, _one: None,
        missing=NotFound, capabilities=(
            kinds.Attached(sets="shed", why_not_read=lambda actor, _one: place.why_not_read),)))
    place.set_id = operations.open_set(db.session, "shed", 1).id
    db.session.commit()
    return place


class TestTakingIn:
    def test_a_picture_is_written_anew_without_what_was_hidden_in_it(self, shed):
        data = making.jpeg(exif=making.exif(1, b"CAMRA"))
        file = shed.put(data, "IMG 0001.JPG")
        kept = storage.path_of(file.digest).read_bytes()
        assert b"CAMRA" in data and b"CAMRA" not in kept and b"CAMRA" not in (
            storage.path_of(file.thumbnail_digest).read_bytes())
        assert (file.media_type, file.is_picture, file.width, file.height) == ("image/jpeg", True, 120, 80)
        assert (file.size, file.name, file.position) == (len(kept), "IMG 0001.jpg", 1)

    def test_a_document_is_written_anew(self, shed):
        file = shed.put(making.pdf(trailer=b"/Info << /Author (Kim) >> "), "계획.pdf")
        assert b"Kim" not in storage.path_of(file.digest).read_bytes()
        assert (file.media_type, file.is_picture, file.thumbnail_digest) == ("application/pdf", False, None)

    @pytest.mark.in_turns(of=10)
    @pytest.mark.parametrize("case", some(FILES, 4), ids=lambda case: case.case)
    def test_hostile_files_are_refused_with_their_name_or_made_harmless(self, shed, case):
        if case.reason is None:
            assert shed.put(case.make(), case.name).size
            return
        with pytest.raises(Refusal) as refusal:
            shed.put(case.make(), case.name)
        assert refusal.value.field == "files" and refusal.value.status == 422
        assert shed.files == []

    def test_the_sentence_names_the_file_harmlessly(self, shed):
        with pytest.raises(Refusal) as refusal:
            shed.put(b"MZ", "a\u202e\x00\n" + "b" * 5000 + ".exe")
        assert len(str(refusal.value)) < 300 and not set("\u202e\x00\n") & set(str(refusal.value))

    def test_no_more_is_read_than_may_be_kept(self, shed):
        stream = BytesIO(bytes(MAX_BYTES_EACH + 10_000_000))
        with pytest.raises(Refusal, match="20MB"):
            services.prepare(FileStorage(stream, filename="큰.pdf"))
        assert stream.tell() == MAX_BYTES_EACH + 1

    def test_nothing_is_read_inside_a_transaction(self, shed):
        with pytest.raises(RuntimeError, match="transaction"), use_case(shed.user):
            services.prepare(sent(making.jpeg()))

    def test_a_set_holds_five_files(self, shed):
        prepared = services.prepare(sent(making.jpeg()))
        for _ in range(MAX_FILES):
            shed.add(prepared)
        with pytest.raises(Refusal, match="5개"):
            shed.add(prepared)
        assert [file.position for file in shed.files] == [1, 2, 3, 4, 5]

    def test_a_set_holds_25_megabytes(self, shed):
        big = making.hwp3() + b" " * (13 * 1024 * 1024)
        shed.put(big, "하나.hwp")
        with pytest.raises(Refusal, match="25MB"):
            shed.put(big + b"\n", "둘.hwp")
        assert len(shed.files) == 1

    def test_many_at_once_never_go_over_the_limit(self, app, shed):
        prepared = services.prepare(sent(making.jpeg()))
        outcomes = []

        def put():
            with app.app_context():
                try:
                    shed.add(prepared)
                    outcomes.append("added")
                except Refusal:
                    outcomes.append("refused")

        threads = [Thread(target=put) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["added"] * 5 + ["refused"] * 7
        assert len(shed.files) == 5

    def test_a_description_is_one_clean_line(self, shed):
        assert shed.put(description=" 왼쪽\u202e\n오른쪽 ").description == "왼쪽 오른쪽"

    def test_a_full_disk_leaves_nothing_behind(self, shed, monkeypatch):
        def full(_data):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(storage, "keep", full)
        with pytest.raises(OSError):
            shed.put()
        assert shed.files == []


class TestThrowingAway:
    def test_a_blob_goes_when_no_row_names_it_and_a_day_has_passed(self, shed):
        file, other = shed.put(), shed.put(making.png(30, 30), "다른.png")
        with use_case(shed.user) as work:
            operations.remove(work.session, shed.set_id, file.key)
        assert services.forget_unnamed() == 0
        make_old(file, other)
        assert services.forget_unnamed() >= 1
        assert not storage.path_of(file.digest).exists() and not storage.path_of(file.thumbnail_digest).exists()
        assert storage.path_of(other.digest).exists() and storage.path_of(other.thumbnail_digest).exists()

    @pytest.mark.both
    def test_a_blob_that_two_files_share_stays_with_the_other(self, shed):
        prepared = services.prepare(sent(making.jpeg()))
        first, second = shed.add(prepared), shed.add(prepared)
        with use_case(shed.user) as work:
            operations.remove(work.session, shed.set_id, first.key)
        make_old(second)
        services.forget_unnamed()
        assert storage.path_of(second.digest).exists()

    def test_a_file_sent_again_counts_as_new(self, shed):
        prepared = services.prepare(sent(making.jpeg(77, 77)))
        make_old(prepared)
        services.prepare(sent(making.jpeg(77, 77)))
        services.forget_unnamed()
        assert prepared.is_kept()

    def test_a_file_that_waited_too_long_is_asked_for_again(self, shed):
        prepared = services.prepare(sent(making.jpeg(66, 66)))
        storage.forget(prepared.digest)
        with pytest.raises(Conflict, match="다시 골라"):
            shed.add(prepared)

    def test_a_set_is_thrown_away_whole(self, shed):
        shed.put()
        with use_case(shed.user) as work:
            operations.throw_away(work.session, shed.set_id)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == 0

    @pytest.mark.both
    def test_a_file_of_another_set_is_not_there(self, shed):
        file = shed.put()
        with use_case(shed.user) as work:
            other = operations.open_set(work.session, "shed", 2).id
        for act in (lambda work: operations.remove(work.session, other, file.key),
                    lambda work: operations.describe(work.session, other, file.key, "글")):
            with pytest.raises(NotFound), use_case(shed.user) as work:
                act(work)


def make_old(*kept):
    for one in kept:
        for digest in filter(None, (one.digest, one.thumbnail_digest)):
            os.utime(storage.path_of(digest), (time.time() - 2 * 86_400,) * 2)


class TestGivingOut:
    def test_a_picture_is_shown_and_its_thumbnail_too(self, shed, browse):
        file = shed.put()
        for address, kind in ((f"/attachments/{file.key}", "jpeg"), (f"/attachments/{file.key}/thumbnail", "webp")):
            answer = look(browse(), address)
            assert answer.status_code == 200 and answer.mimetype == f"image/{kind}"
            assert answer.headers["Content-Disposition"].startswith("inline")
            harmless(answer)

    def test_a_document_is_only_saved(self, shed, browse):
        answer = look(browse(), f"/attachments/{shed.put(making.pdf(), '계획.pdf').key}")
        assert answer.mimetype == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert "filename*=UTF-8''%EA%B3%84%ED%9A%8D.pdf" in answer.headers["Content-Disposition"]
        harmless(answer)

    @pytest.mark.parametrize("case", some(NAMES, 4), ids=lambda case: case.case)
    def test_no_name_breaks_out_of_its_header(self, shed, browse, case):
        makers = {Kind.PDF: making.pdf, Kind.HWP: making.hwp5, Kind.HWPX: making.hwpx}
        data = makers.get(claimed_kind(case.name), making.jpeg)()
        answer = look(browse(), f"/attachments/{shed.put(data, case.name).key}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].isascii()
        harmless(answer)

    def test_it_is_asked_for_once_only(self, shed, browse):
        address = f"/attachments/{shed.put().key}"
        etag = look(browse(), address).headers["ETag"]
        again = look(browse(), address, headers={"If-None-Match": etag})
        assert (again.status_code, again.data) == (304, b"")

    def test_a_document_has_no_thumbnail(self, shed, browse):
        assert look(browse(), f"/attachments/{shed.put(making.pdf(), 'a.pdf').key}/thumbnail").status_code == 404

    def test_somebody_who_may_not_read_the_thing_does_not_learn_that_there_is_a_file(self, shed, browse):
        file = shed.put()
        look(browse(), f"/attachments/{file.key}")
        shed.why_not_read = "아직 공개하지 않았어요."
        hidden, unknown = look(browse(), f"/attachments/{file.key}"), look(browse(), f"/attachments/{'A' * 22}")
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.text.replace(file.key, "") == unknown.text.replace("A" * 22, "")
        with pytest.raises(NotFound):
            queries.readable(file.key, AnonymousUserMixin())

    @pytest.mark.parametrize("key", ["%00", "..%2f..%2fetc%2fpasswd", "a" * 500, "%F0%9F%92%A9", "'", "A B"])
    def test_strange_addresses_are_not_there(self, shed, browse, key):
        assert look(browse(), f"/attachments/{key}").status_code == 404

    def test_a_file_costs_one_query(self, shed, browse, queries):
        address, browser = f"/attachments/{shed.put().key}", browse()
        with queries() as seen:
            look(browser, address)
        assert len(seen) <= 1


def look(browser, address, **more):
    """The whole answer; its file is closed, as a server would."""
    with browser.get(address, **more) as answer:
        answer.get_data()
        return answer


def harmless(answer):
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    lasting = "31536000, immutable" if answer.request.path.endswith("/thumbnail") else "3600"
    assert answer.headers["Cache-Control"] == f"private, max-age={lasting}"
