"""Files of an entry: what is taken, where it is kept, who may see it."""

import hashlib
import zipfile
from io import BytesIO
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from compete.models import Attachment, Recusal, db
from tests import support

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def office(folder: str, *more: str, content="x") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in ("[Content_Types].xml", f"{folder}/main.xml", *more):
            package.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def desk(final, people, sign_in):
    final.people, final.alice = people, sign_in(people.alice)
    final.url = f"/contests/{final.contest.id}/entries/{final.entries[0].id}"
    return final


def send(desk, name: str, data: bytes, **fields):
    form = {"file": (BytesIO(data), name), "for_judges": "y", **fields}
    return desk.alice.post(f"{desk.url}/attachments", form, content_type="multipart/form-data", follow_redirects=True, status=200).get_data(as_text=True)


def only():
    return db.session.scalar(sa.select(Attachment))


@pytest.mark.parametrize(("name", "data"), [
    ("路演.pdf", PDF), ("路演.PPTX", office("ppt")), ("说明.docx", office("word")), ("图.png", PNG), ("旧.ppt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 9),
    ("图.jpg", b"\xff\xd8\xff\xe0rest"),
])  # fmt: skip
def test_good_files_are_kept_under_their_digest(desk, app, name, data):
    page = send(desk, name, data)

    kept = only()
    file = app.config["DATA"] / "attachments" / kept.sha256[:2] / kept.sha256
    assert "已上传" in page and kept.sha256 == hashlib.sha256(data).hexdigest()
    assert file.read_bytes() == data
    assert [each.name for each in file.parent.iterdir()] == [kept.sha256]


@pytest.mark.parametrize(("name", "data", "message"), [
    ("程序.exe", b"MZ", "不是可以收的文件类型"),
    ("假.pdf", b"MZ not a pdf", "内容不是PDF文件"),
    ("假.png", PDF, "内容不是图片文件"),
    ("宏.pptx", office("ppt", "ppt/vbaProject.bin"), "内容不是PowerPoint文件"),
    ("假.docx", office("ppt"), "内容不是Word文件"),
    ("满.docx", office("word", content=b"PK\x01\x02" * 10_000), "内容不是Word文件"),  # as many parts as nobody writes
    ("页.svg", b"<svg onload=alert(1)>", "不是可以收的文件类型"),
    ("空.pdf", b"", "文件是空的"),
])  # fmt: skip
def test_bad_files_are_refused_with_the_reason(desk, name, data, message):
    assert message in send(desk, name, data)
    assert only() is None


def test_the_same_file_twice_and_too_many_are_refused(desk):
    send(desk, "一.pdf", PDF)
    told = send(desk, "二.pdf", PDF)
    for number in range(9):
        send(desk, f"{number}.pdf", PDF + bytes([number]))
    over = send(desk, "多.pdf", PDF + b"more")

    assert "已经上传过" in told and "最多 10 个" in over


def test_a_pdf_is_shown_inline_with_safe_headers_and_its_name(desk):
    send(desk, "../..\\路演 <稿>.pdf", PDF)
    answer = desk.alice.get(f"{desk.url}/attachments/{only().id}")

    assert answer.get_data() == PDF
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''")
    assert "/" not in only().name and "\\" not in only().name
    assert (answer.headers["X-Content-Type-Options"], answer.mimetype) == ("nosniff", "application/pdf")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_slides_are_downloaded(desk):
    send(desk, "路演.pptx", office("ppt"))

    assert desk.alice.get(f"{desk.url}/attachments/{only().id}").headers["Content-Disposition"].startswith("attachment")


def test_who_may_see_a_file(desk, sign_in):
    send(desk, "路演.pdf", PDF)
    url = f"{desk.url}/attachments/{only().id}"

    for person in (desk.people.carol, desk.people.eve, desk.judges[0], desk.judges[1]):
        sign_in(person).get(url)
    sign_in(desk.people.bob).get(url, status=403)
    sign_in(desk.people.dan).get(url, status=404)
    sign_in().get(url, status=302)


def test_judges_see_files_of_their_own_entries_that_are_meant_for_them(desk, sign_in):
    send(desk, "路演.pdf", PDF)
    other = support.make_final(entries=1, judges=2)
    url, file, judge = f"{desk.url}/attachments/{only().id}", only(), desk.judges[1]
    sign_in(other.judges[1]).get(url, status=404)

    db.session.add(Recusal(entry_id=file.entry_id, judge_id=judge.id, cause="manual", made_by="x", made_at=support.NOW))
    db.session.commit()
    sign_in(judge).get(url, status=404)
    desk.alice.post(f"{url}/judges", {"shown": "0"})
    sign_in(desk.judges[2]).get(url, status=404)


def test_in_a_blind_event_the_file_name_is_hidden_from_judges(desk, sign_in):
    send(desk, "淮南矿业-高新立.pdf", PDF)
    desk.event.is_blind = True
    db.session.commit()
    url = f"{desk.url}/attachments/{only().id}"

    assert "%" in desk.alice.get(url).headers["Content-Disposition"]
    judge = sign_in(desk.judges[1])
    judge.get(url, status=404)  # the number on the list of entrants
    ((file,),) = [entry["files"] for entry in judge.get("/judge/api/desk").json["sessions"][0]["entries"] if entry["files"]]
    shown = judge.get(file["url"]).headers["Content-Disposition"]
    assert f"{quote('材料1')}.pdf" in shown and "%E9%AB%98" not in shown


def test_removing_keeps_the_file_and_can_be_undone(desk, app, sign_in):
    send(desk, "路演.pdf", PDF)
    url, sha256 = f"{desk.url}/attachments/{only().id}", only().sha256

    desk.alice.post(f"{url}/remove", {})
    gone = only().removed_at
    sign_in(desk.judges[1]).get(url, status=404)
    desk.alice.post(f"{url}/remove?back=1", {})

    assert gone is not None and only().removed_at is None
    assert (app.config["DATA"] / "attachments" / sha256[:2] / sha256).is_file()
