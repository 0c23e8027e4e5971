"""What the tests of entries share: an empty contest with the two events of the innovation final, and its workbooks."""

from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import Workbook

from compete.models import Contest, Event, db
from tests import support

SHARED = Path(__file__).resolve().parents[3] / "shared" / "inputs"


@pytest.fixture
def innovation(app):
    """A contest with the events 金成果 and 金项目, nothing in them, and its people."""
    contest = Contest(name="技术创新竞赛", hosts={}, settings={}, created_at=support.NOW)
    events = [Event(contest=contest, name=name, position=place, entry_kind="project", rules={}) for place, name in enumerate(("金成果", "金项目"))]
    db.session.add_all([contest, *events])
    db.session.commit()
    return SimpleNamespace(contest=contest, events=events, people=support.make_people(contest), url=f"/contests/{contest.id}")


@pytest.fixture
def alice(innovation, sign_in):
    """The organiser's browser."""
    return sign_in(innovation.people.alice)


HEAD = ("序号", "赛道", "成果名称", "申报单位", "第一完成人", "其他完成人", "联系电话", "身份证号", "节约成本（万元）")


def book(*rows, head=HEAD, sheet="名单") -> bytes:
    """A workbook of one sheet."""
    made = Workbook()
    made.active.title = sheet
    made.active.append(head)
    for row in rows:
        made.active.append(row)
        for cell in made.active[made.active.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def upload(client, url: str, data: bytes, *, kind: str = "entries", name: str = "名单.xlsx", roster: str = "projects") -> str:
    """Uploads a workbook; the address of its preview."""
    answer = client.post(f"{url}/imports/new?kind={kind}", {"file": (BytesIO(data), name), "roster": roster}, content_type="multipart/form-data")
    return answer.headers["Location"]
