"""Papers of an item that are files: read by whom the access of the body lets read papers."""

from dataclasses import replace
from io import BytesIO

import pytest

from civic_forum.attachments.models import Attachment
from civic_forum.attachments.prepared import PreparedFile
from civic_forum.meetings import services
from civic_forum.platform import clock, storage
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal

from ..attachments.making import jpeg
from ..factories import count
from .making import body, item, record

PREPARED = PreparedFile(name="사람.jpg", media_type="image/gif", is_picture=False, size=6, digest="")


def put(page, item_id, name, description="분과가 쓸 돈의 표"):
    return page.post(f"/desk/bodies/meetings/items/{item_id}/papers", data={
        "file": (BytesIO(jpeg()), name), "description": description})


@pytest.mark.both
def test_a_file_is_read_by_whom_papers_are_open_to_and_stays_with_its_item(town, browse):
    secretary = town.user()
    council, desk = body(town, secretary=secretary), browse(secretary)
    coming = record(item("예산", papers=("지난해 표",)), item("사람", closed_by="법 제9조"), item("등"), days=4)
    meeting = services.give_notice(council.id, coming, by=secretary)
    address, (budget, person, light) = f"/forums/{meeting.forum.slug}", (item.id for item in meeting.items)
    here = f"/desk/bodies/meetings/items/{budget}/papers"
    stranger = browse(town.moderator())
    assert put(stranger, budget, "a.jpg").status_code == stranger.get(here).status_code == 403
    assert put(desk, budget, "예산.jpg").status_code == 303 and count(Attachment) == 1
    db.session.rollback()
    services.add_paper(person, replace(PREPARED, digest=storage.keep(b"GIF89a")), "뽑을 사람", by=secretary)
    files = {file.name: f"/attachments/{file.key}" for file in db.session.query(Attachment)}
    assert "자료 3개를 미리" in desk.get("/me/meetings").text and "예산.jpg" in desk.get(here).text
    assert browse(town.administrator()).get(here.replace(str(budget), str(person))).status_code == 403

    def statuses(reader):
        page = reader.get(address).text
        for name, file in files.items():
            with reader.get(file) as answer:
                assert (name in page) is (answer.status_code == 200)
                yield answer.status_code

    assert [*statuses(browse())] == [200, 404] and [*statuses(desk)] == [200, 200]
    clock.shift(5 * 86_400)
    held = {"starts_at": coming.starts_at, "ends_at": coming.ends_at}
    form = desk.get(f"/desk/bodies/{council.slug}/meetings/record?meeting={meeting.id}").text
    assert f'value="{budget}"' in form and 'value="법 제9조"' in form
    for lost in (item("등"), item("예산 고침", was_id=light)):
        with pytest.raises(Refusal, match="자료가 붙은"):
            services.keep(council.id, record(lost, **held), by=secretary)
    services.keep(council.id, record(item("사람", closed_by="법 제9조"), item("고친 예산", was_id=budget), **held),
                  by=secretary)
    page = desk.get(address).text
    assert page.index("사람.jpg") < page.index("고친 예산") < page.index("지난해 표") < page.index("예산.jpg")
    assert [*statuses(browse())] == [200, 404]
    after = f"/desk/bodies/meetings/items/{meeting.items[1].id}/papers/{files['예산.jpg'].rpartition('/')[2]}/removals"
    assert stranger.post(after).status_code == 403
    assert desk.post(f"{after[:-10]}/removals").status_code == 404
    assert desk.post(after).status_code == 303 and count(Attachment) == 1
