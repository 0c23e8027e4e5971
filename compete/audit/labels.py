"""What the codes of the audit trail are called on pages. A test finds the actions in the source and misses none here."""

# group code -> (name of the chip, prefixes of actions)
GROUPS = {
    "marks": ("打分", ("sheet", "keying", "late", "signature", "part")),
    "judging": ("评审组织", ("judge", "card", "seat", "panel", "session", "draw", "recusal", "absence", "ruling", "penalty")),
    "stage": ("现场", ("stage", "clock")),
    "blind": ("加密与复核", ("codes", "recheck")),
    "entries": ("参赛对象", ("entry", "import", "attachment")),
    "rules": ("规则", ("contest", "event", "scheme", "budget", "membership")),
    "screens": ("大屏与主持词", ("screen", "showing", "script")),
    "votes": ("公众投票", ("poll",)),
    "rehearsal": ("彩排", ("rehearsal",)),
    "results": ("结果与奖金", ("decision", "award", "release", "payee", "payment", "prizes", "document")),
}

ACTIONS = {
    "late.keep": "收到迟到打分", "late.accept": "采纳迟到打分", "late.reject": "不采纳迟到打分",
    "sheet.save": "打分", "sheet.submit": "提交评分表", "sheet.return": "退回评分表", "signature.make": "签名确认清单",
    "keying.make": "录入纸质评分表", "keying.withdraw": "作废自己的录入",
    "part.lock": "锁定环节", "part.unlock": "解锁环节",
    "judge.add": "添加评委", "judge.change": "修改评委", "judge.withdraw": "移出评委", "judge.restore": "评委放回名单",
    "judge.import": "由名单导入评委", "judge.import_change": "由名单更新评委", "judge.import_undo": "撤销导入评委",
    "card.issue": "制卡", "card.reissue": "换发新卡", "card.revoke": "注销卡", "card.enter": "评委登录", "card.wrong_pin": "PIN 输错",
    "seat.take": "换平板继续",
    "panel.make": "组成评委组", "panel.change": "调整评委组", "panel.remove": "删除评委组",
    "session.make": "新建场次", "session.change": "修改场次", "session.remove": "删除场次", "session.assign": "分配参赛对象",
    "session.open": "开始评分", "session.close": "结束评分", "session.reopen": "重新开放评分",
    "draw.make": "抽签", "draw.again": "重新抽签",
    "recusal.refresh": "核对同单位回避", "recusal.make": "登记回避", "recusal.lift": "解除回避",
    "absence.make": "登记评委缺席", "absence.lift": "撤销缺席", "ruling.make": "登记裁定", "ruling.revoke": "撤销裁定",
    "penalty.make": "扣分", "penalty.revoke": "撤销扣分",
    "codes.plan": "设定加密方案", "codes.keeper": "加密保管人交接", "codes.seal": "编码并封存", "codes.again": "重新编码并封存",
    "codes.ask": "申请启封", "codes.drop": "撤回启封申请", "codes.open": "启封", "codes.emergency": "紧急启封", "codes.broken": "启封时发现封存表不符",
    "codes.reveal": "启封完毕，显示名称", "sheet.correct": "复核更正",
    "recheck.rules": "设定复核规则", "recheck.begin": "抽取复核样本", "recheck.again": "重新抽取复核样本", "recheck.check": "复核一张评分表",
    "recheck.full": "扩大到全部复核", "recheck.sign": "总评委签字更正", "recheck.dismiss": "总评委认定无误",
    "entry.add": "录入参赛对象", "entry.edit": "修改参赛对象", "entry.import": "由名单导入", "entry.import_change": "由名单更新",
    "entry.import_undo": "撤销导入", "entry.approve": "审核通过", "entry.return": "退回修改", "entry.withdraw": "退赛",
    "entry.disqualify": "取消资格", "entry.reopen": "恢复为待审核", "entry.undo": "撤销上一步", "entry.counting": "改计奖方式",
    "entry.distinct": "确认不是重复",
    "import.preview": "上传名单", "import.confirm": "确认导入", "import.drop": "放弃导入", "import.undo": "撤销整次导入",
    "attachment.add": "上传附件", "attachment.remove": "移除附件", "attachment.show": "改附件可见范围",
    "stage.call": "叫上台", "stage.skip": "跳过", "stage.clear": "台上清空", "stage.undo": "撤销上一步（台上）",
    "stage.only": "改只评台上这一项", "stage.notice": "发平板通知",
    "clock.start": "开始计时", "clock.pause": "暂停计时", "clock.reset": "重新计时", "clock.adjust": "调整时长", "clock.finish": "结束一段计时",
    "clock.charge": "超时扣分", "clock.waive": "超时不扣分", "clock.reconsider": "撤销超时处理",
    "contest.create": "新建竞赛", "contest.change": "修改竞赛资料", "contest.archive": "归档", "contest.restore": "取消归档",
    "event.add": "添加赛项", "event.remove": "删去赛项", "scheme.change": "修改评分方案", "scheme.freeze": "冻结评分方案",
    "budget.add": "添加预算", "budget.change": "修改预算", "budget.remove": "删去预算",
    "membership.give": "给予角色", "membership.take": "收回角色",
    "screen.make": "新建大屏", "screen.rename": "大屏改名", "screen.remove": "移除大屏", "screen.direct": "切换大屏画面", "screen.step": "颁奖翻步",
    "showing.make": "亮出", "showing.withdraw": "撤回亮出", "script.note": "姓名读音备注",
    "decision.make": "同分决定", "decision.revoke": "撤销同分决定", "award.vacancy": "空缺名额",
    "release.make": "发布结果", "release.finish": "公示结束，确认生效", "release.withdraw": "撤回发布",
    "payee.draft": "列出收款人", "payee.split": "分配奖金", "payee.edit": "修改收款资料",
    "payment.prepare": "制付款单", "payment.approve": "审批付款单", "payment.paid": "登记已付款", "payment.return": "退回付款单",
    "prizes.export": "下载奖金发放表",
    "poll.make": "新建公众投票", "poll.change": "修改公众投票", "poll.open": "开始公众投票", "poll.close": "结束公众投票",
    "poll.tickets": "制作投票券", "poll.take": "票数计入成绩",
    "rehearsal.start": "开始彩排", "rehearsal.clear": "结束彩排并清空", "rehearsal.paper": "彩排中下载文件",
    "account.first_admin_link": "生成首位管理员链接", "account.link": "生成登录链接", "account.add": "添加用户", "account.claim": "设置密码",
    "account.password": "修改密码", "account.disable": "停用用户", "account.enable": "恢复用户", "account.sign_out_everywhere": "退出所有设备",
}  # fmt: skip

FIELDS = {
    "name": "名称", "title": "名称", "state": "状态", "state_reason": "说明", "reason": "原因", "comment": "评语", "marks": "打分",
    "total": "合计", "revision": "第几稿", "signatures_void": "作废的签名", "signature_void": "签名作废", "entry": "参赛对象",
    "entry_id": "参赛对象", "part": "环节", "part_id": "环节", "judge": "评委", "judge_id": "评委", "session_id": "场次", "panel_id": "评委组",
    "number": "编号", "organization": "单位", "delegation": "代表队", "summary": "简介", "extras": "其他", "members": "人员",
    "in_competition": "计入奖次", "event": "赛项", "import": "导入批次", "other": "比对的编号", "role": "角色", "phone": "电话",
    "epoch": "第几张卡", "seats": "评委", "chief": "总评委", "starts_at": "开始时间", "deadline": "截止时间", "entries_out": "移出本场",
    "entries_in": "加入本场", "seed": "种子", "method": "方式", "order": "顺序", "attempt": "第几次抽取", "made": "新增回避", "lifted": "解除的回避数",
    "not_first": "不排第一", "scene": "画面", "theme": "明暗", "showing": "第几次亮出", "what": "亮出内容", "step": "第几步", "text": "公告",
    "poll": "投票", "reading": "读音",
    "layer": "加密层", "layers": "加密各层", "keeper": "保管人", "confirmers": "启封规则", "minutes": "确认时限（分钟）",
    "top": "前几名必查", "percent": "抽查比例", "threshold": "错误率上限", "required": "复核完才能发布", "when": "何时复核", "found": "应为", "sample": "样本张数", "result": "结果",
    "until": "确认期限", "asked": "申请人", "confirmed": "确认人",
    "cause": "缘由", "ruling": "裁定", "points": "分值", "spread_limit": "分差提醒线", "sheets": "评分表数", "digest": "指纹", "sha256": "文件指纹",
    "by_hand": "手写签名", "device": "平板", "locked": "已锁定", "version": "版本", "counts": "行数", "kept": "保留的", "size": "大小", "for_judges": "评委可看",
    "level": "级别", "hosts": "主办承办", "starts_on": "开始日期", "ends_on": "结束日期", "venue": "地点", "series": "系列赛", "preset": "模板",
    "copied_from": "复制自", "purpose": "用途", "amount_fen": "金额（元）", "basis": "依据", "entry_kind": "参赛对象类型", "awards": "奖项数",
    "count": "数量", "payments": "付款单数", "payees": "收款方数", "tax_rate": "税率", "tax_basis": "税务依据", "bank": "开户行",
    "phase": "计时段", "ran_seconds": "已用秒数", "allotted_seconds": "限时秒数", "over_seconds": "超时秒数", "only_current": "只评台上这一项",
    "notice": "通知", "id_number": "身份证号", "account": "收款账号", "login": "登录名", "is_admin": "管理员",
    "most": "每人最多选", "changeable": "可以改票", "ticketed": "凭券投票", "live": "实时显示票数", "ballots": "选票数",
    "rows": "删除的行数", "entries": "参赛对象数", "judges": "评委数",
}  # fmt: skip


def label(action: str) -> str:
    return ACTIONS.get(action, action)


def actions_like(text: str) -> list[str]:
    """The codes whose words contain the text: a search finds what the page shows."""
    return [code for code, words in ACTIONS.items() if text in words]
