"""The prize page tells on which releases it rests, and its foot adds up exactly the rows that the filter leaves."""

import re

import pytest
import sqlalchemy as sa

from compete.audit.service import SYSTEM
from compete.awards import service as awards
from compete.contests import schemes
from compete.database import write
from compete.models import Payee, db
from compete.results.facts import board
from tests import support
from tests.support import NOW


@pytest.fixture
def prizes(app, sign_in):
    final = support.make_final(marked=True)
    people = support.make_people(final.contest)
    with write():
        final.part.locked_at = NOW
    with write():
        awards.release(board=board(schemes.load(final.event.id)), notice_days=0, actor=SYSTEM, now=NOW)
    final.page = f"/contests/{final.contest.id}/prizes"
    final.bob, final.alice, final.carol = (sign_in(getattr(people, name)) for name in ("bob", "alice", "carol"))
    return final


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def foot(page: str) -> str:
    return words(page[page.index("<tfoot>"):page.index("</tfoot>")]).strip()


def test_before_the_payees_are_listed_the_page_offers_to_list_them(prizes):
    page = words(prizes.bob.get(prizes.page).text)
    assert "第 1 号发布" in page and "已生效" in page and "还有 3 个奖项未列收款人" in page and "列出收款人" in page
    assert "由财务列出" in prizes.alice.get(prizes.page).text
    assert "下载奖金发放表" not in page


def test_the_foot_adds_up_what_the_filter_leaves(prizes):
    prizes.bob.post(f"{prizes.page}/draft")
    row = db.session.scalar(sa.select(Payee).order_by(Payee.id))
    row.id_number, row.account, row.bank = "610113197012110004", "6222020000000000123", "工商银行"
    db.session.commit()
    prizes.bob.post(f"{prizes.page}/prepare")
    assert foot(prizes.bob.get(prizes.page).text) == "合计 3 位 350,000.00 70,000.00 280,000.00 实发人民币贰拾捌万元整"
    assert foot(prizes.bob.get(f"{prizes.page}?state=prepared").text) == "合计 1 位 200,000.00 40,000.00 160,000.00 实发人民币壹拾陆万元整"
    assert foot(prizes.bob.get(f"{prizes.page}?q=三等奖").text) == "合计 1 位 50,000.00 10,000.00 40,000.00 实发人民币肆万元整"
    assert "没有符合的收款人" in prizes.bob.get(f"{prizes.page}?state=none&q=完成人1").text


def test_each_role_is_offered_its_own_next_step(prizes):
    prizes.bob.post(f"{prizes.page}/draft")
    for row in db.session.scalars(sa.select(Payee)):
        row.id_number, row.account, row.bank = "610113197012110004", "6222020000000000123", "工商银行"
    db.session.commit()
    prizes.bob.post(f"{prizes.page}/prepare")
    finance, organiser, supervisor = (words(one.get(prizes.page).text) for one in (prizes.bob, prizes.alice, prizes.carol))
    assert "撤下这张付款单" in finance and "审批 3 张付款单" not in finance
    assert "审批 3 张付款单" in organiser and "撤下" not in organiser and "下载奖金发放表" not in organiser
    assert "审批 3 张" not in supervisor and "撤下" not in supervisor
    prizes.alice.post(f"{prizes.page}/approve")
    assert "登记已付" in words(prizes.bob.get(prizes.page).text)


def test_a_wrong_amount_is_told_with_the_name_of_the_person(prizes):
    prizes.bob.post(f"{prizes.page}/draft")
    award = db.session.scalar(sa.select(Payee.award_id))
    member = prizes.entries[0].members[0]
    page = prizes.bob.post(f"{prizes.page}/awards/{award}/split", {f"member-{member.id}": "二十万", "unit": "0"}, status=200).text
    assert member.name in words(page[page.index("notice-problem"):])[:60]
