"""Why a mark is refused: each reason has its code, its words and the way out, and the HTTP status that carries it."""

from datetime import datetime

from compete import clock
from scoring.problems import Problem

HERE = "评分表"

STATUS = {
    "malformed": 400,
    "signed_out": 401, "card_revoked": 401, "card_replaced": 401, "stale_page": 401, "rehearsal_over": 401,
    "recused": 403, "judge_absent": 403,
    "foreign": 404,
    "conflict": 409, "already_submitted": 409, "rubric_changed": 409, "already_signed": 409, "list_changed": 409,
    "session_waiting": 423, "session_closed": 423, "after_deadline": 423, "locked": 423, "not_on_stage": 423,
}  # fmt: skip
UNFIT = 422  # everything else: a value that the rubric does not allow, an entry that is out

# What becomes of a refused message, per code; the tablet hears it as "fate". Codes not named: STAY.
WAIT = "wait"  # stays on the tablet and is asked again by itself: the reason will pass
LATE = "late"  # the world moved on: kept as a late mark for the chief judge, and only then done with on the tablet
ASK = "ask"  # stays on the tablet: the judge chooses between two versions
STAY = "stay"  # stays on the tablet, with what to do about it: sign in again, mend a value, call for help
THERE = "there"  # nothing is lost: the server holds the very same content already
FATES = {
    "session_waiting": WAIT, "not_on_stage": WAIT,
    "locked": LATE, "already_submitted": LATE, "session_closed": LATE, "after_deadline": LATE, "rubric_changed": LATE,
    "recused": LATE, "judge_absent": LATE, "foreign": LATE, "entry_absent": LATE, "entry_disqualified": LATE, "entry_vetoed": LATE,
    "entry_withdrawn": LATE,
    "card_revoked": LATE,  # only where the organiser brings it by hand: a tablet with such a card is not let in (401) and keeps it
    "conflict": ASK,
}  # fmt: skip


def fate_of(problem: Problem) -> str:
    return FATES.get(problem.code, STAY)


def status_of(problem: Problem) -> int:
    return STATUS.get(problem.code, UNFIT)


def malformed(detail: str) -> Problem:
    return Problem("malformed", HERE, f"收到的内容不完整（{detail}）", "请刷新页面后重试")


def foreign() -> Problem:
    return Problem("foreign", HERE, "这个参赛对象不在您的场次里", "请回到列表，选择您场次里的参赛对象")


def recused(reason: str) -> Problem:
    why = f"（{reason}）" if reason else ""
    return Problem("recused", HERE, f"您对这个参赛对象回避{why}，不需要打分", "如有疑问请联系组织者")


def judge_absent() -> Problem:
    return Problem("judge_absent", HERE, "您在本场已记为缺席，不能打分", "请让组织者取消缺席记录后再打分")


def nobody_to_finish() -> Problem:
    """An absent judge's sheet is not waited for: adopted without being handed in it would count nowhere, and nobody would see that."""
    return Problem("judge_absent", "迟到打分", "该评委在本场已记为缺席，没有提交的评分表不会计入", "打全了的，请计为已提交；没打全的，请先由组织者撤销缺席")


ENTRY_OUT = {
    "absence": ("entry_absent", "这个参赛对象已记为缺考（弃权），不需要打分"),
    "disqualification": ("entry_disqualified", "这个参赛对象已被取消资格，不需要打分"),
    "veto": ("entry_vetoed", "这个参赛对象已被一票否决，不需要打分"),
    "withdrawn": ("entry_withdrawn", "这个参赛对象已退赛，不需要打分"),
    "disqualified": ("entry_disqualified", "这个参赛对象已被取消资格，不需要打分"),
}


def entry_out(cause: str) -> Problem:
    code, message = ENTRY_OUT[cause]
    return Problem(code, HERE, message, "请继续下一个参赛对象；如有疑问请联系组织者")


def locked() -> Problem:
    return Problem("locked", HERE, "总评委已锁定本环节，分数不能再改", "确需更正，请总评委说明理由后解锁并退回")


def already_submitted(when: datetime | None) -> Problem:
    at = f"（{clock.show_time(when)}）" if when else ""
    return Problem("already_submitted", HERE, f"这张评分表已经提交{at}，不能再改，也不用再交一次", "确需更正，请总评委或组织者退回给您")


def session_waiting() -> Problem:
    return Problem("session_waiting", HERE, "本场评分还没有开始", "请等组织者宣布开始")


def session_closed() -> Problem:
    return Problem("session_closed", HERE, "本场评分已经结束", "确需补交，请联系组织者重新开放本场")


def after_deadline(deadline: datetime) -> Problem:
    return Problem("after_deadline", HERE, f"已过截止时间 {clock.show_time(deadline)}", "确需补交，请联系组织者延长截止时间")


def not_on_stage() -> Problem:
    return Problem("not_on_stage", HERE, "这一项还没有上台，现在不收分", "请等主持人叫到这一项；已打的分数留在平板上，到时自动送达")


def rubric_changed() -> Problem:
    return Problem("rubric_changed", HERE, "评分标准刚刚改过，与您看到的不同", "请刷新页面，按新的评分项核对后再打分")


def conflict() -> Problem:
    return Problem("conflict", HERE, "另一台设备（或另一个页面）改过这张评分表", "请比较两边的分数，选择保留哪一份")


def unsigned_sheets(labels: list[str]) -> Problem:
    return Problem("not_all_submitted", "签名", f"还有 {len(labels)} 张评分表没有提交：{'、'.join(labels)}", "请全部提交后再签名")


def list_changed() -> Problem:
    return Problem("list_changed", "签名", "签名前有评分表发生了变化", "请重新核对清单后再签名")


def already_signed(when: datetime) -> Problem:
    return Problem("already_signed", "签名", f"您已于 {clock.show_time(when)} 签过这份清单", "评分表被退回重交后才需要重新签名")


def bad_signature(detail: str) -> Problem:
    return Problem("bad_signature", "签名", detail, "请在签名框内手写姓名，或输入与评委卡相同的姓名")


def card_revoked() -> Problem:
    return Problem("card_revoked", "评委卡", "这张评委卡已经停用", "请向组织者领取新卡，扫码后继续；未送达的分数仍保留在这台设备上")


def card_replaced() -> Problem:
    return Problem("card_replaced", "评委卡", "您已换发新卡或在别处重新登录，这里的登录已失效", "请扫描新的评委卡；未送达的分数仍保留在这台设备上")


def rehearsal_over() -> Problem:
    return Problem("rehearsal_over", "评委卡", "彩排已结束，彩排的打分已清空", "请再扫一次评委卡，进入正式评分")


def stale_page() -> Problem:
    return Problem("stale_page", "评委卡", "这台设备后来换了人登录", "请重新扫描您的评委卡并输入密码；未送达的分数仍保留在这台设备上")


def signed_out() -> Problem:
    return Problem("signed_out", "评委卡", "登录已失效", "请重新扫描评委卡并输入密码；未送达的分数仍保留在这台设备上")
