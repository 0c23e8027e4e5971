"""What the columns of a roster may be called, and which field of an entry each one fills.

A label is first stripped of everything that is not its name (brackets, asterisks, 必填), then compared
with patterns from the surest to the vaguest. The surest match wins a field; a person may change it.
"""

import functools
import re
from typing import NamedTuple

from compete.texts import clean

KINDS = ("projects", "individuals", "teams", "judges")


class Field(NamedTuple):
    code: str
    label: str
    kinds: tuple[str, ...]
    patterns: tuple[str, ...]
    several: bool = False


_ALL = KINDS
_ENTRIES = ("projects", "individuals", "teams")
_PERSON_OWN = r"(?:第一完成人|负责人|项目负责人|队长|本人|选手|申报人|作者|评委|专家)?的?"

FIELDS_IN_ORDER = (
    Field("number", "序号或编号", _ALL, (
        r"队号|参赛(?:编)?号|(?:项目|作品|成果|选手|团队|队伍|报名|抽签|出场)(?:编|序)?号(?:码)?",
        r"序号|编号|号码?|顺序|no|num|number|id")),
    Field("event", "赛道或赛项", _ENTRIES, (
        r"(?:所属|参赛|申报|报名|竞赛|比赛)?(?:赛道|赛项)(?:名称)?",
        r"(?:参赛|申报|竞赛|比赛|报名)(?:类别|组别|工种|类型|职业|专业)|赛道类别",
        r"(?:比赛|竞赛)项目", r"参赛项目", r"类别|组别|工种|奖项类别")),
    Field("title", "名称", ("projects", "teams"), (
        r"(?:参赛|申报|创新|参评|获奖|路演|技术创新|职工)*(?:成果|项目|作品|课题|方案|案例|工法|场景|技术)(?:的)?(?:名称|名|题目|标题)",
        r"(?:题目|标题|参赛作品|申报项目|申报成果|作品|成果|项目)", r"参赛项目|名称|title|projectname",
        r".{0,8}(?:成果|项目|作品|课题|方案|案例)(?:中文)?(?:名称|题目)")),
    Field("team", "队伍名称", ("teams",), (
        r"(?:参赛|竞赛)?(?:队伍|团队|战队|小组|班组|队)(?:的)?(?:名称|名)|参赛队|队名", r"参赛(?:队伍|团队)|队伍|团队|战队", r"代表队")),
    Field("organization", "单位", _ALL, (
        r"申报单位|参赛单位|工作单位|所在单位|完成单位|第一完成单位|选送单位|报送单位|供职单位|单位全称|(?:所在|申报|参赛)(?:企业|公司)(?:名称)?",
        r"(?:所属|申报|参赛|工作|所在|完成)?单位(?:名称|全称)?", r"(?:企业|公司|学校|院校|机构|组织)(?:名称|全称)?|获奖学校|organization|company",
        r"(?!填报|报表|推荐|主管|协作|合作|开票|发证|指导|主办|承办|组队).{0,6}单位(?:名称|全称)?")),
    Field("delegation", "代表队或所在地", _ENTRIES, (
        r"代表(?:队|团)(?:名称)?|(?:所在|所属)?(?:分)?赛区|(?:所在|所属|推荐)(?:地)?市(?:州)?",
        r"(?:所在|所属)?(?:省|市|州|盟|县|区)(?:份|州|县|区)*|地市|盟市|市州|(?:所在|所属|推荐)(?:地区|省份|区域|省市|省|区县)|地区",
        r"推荐单位|组队单位|delegation|city|province")),
    Field("leader", "姓名或第一完成人", _ALL, (
        r"第一完成人(?:姓名)?|(?:项目|团队|成果)?负责人(?:姓名)?|队长(?:姓名)?|第一作者(?:姓名)?|(?:选手|评委|专家|裁判|参赛者|参赛人|参赛人员|申报人|队员|成员|作者|本人)姓名",
        r"姓名|名字|name", r"参赛选手|选手|参赛者|参赛人员?|作者|申报人|申报者|主创(?:人员)?|评委|专家|裁判|获奖人|(?:主要)?完成人",
        r".{0,8}姓名")),
    Field("members", "其他成员", ("projects", "teams"), (
        r"(?:其他|其它|其余)(?:主要)?(?:完成人|成员|作者|队员|参与人|参与者|人员|主创)(?:员)?(?:姓名|名单)?",
        r"(?:团队|项目|主要|参与|核心|参赛|获奖)?(?:成员|队员|组员|参与人|参与人员|参加人员|合作者)(?:姓名|名单)?[0-9一二三四五六七八九十]*",
        r"(?:选手|参赛选手|完成人)[0-9一二三四五六七八九十]+|第[二三四五六七八九十]+(?:完成人|作者)"), several=True),
    Field("role", "角色", _ALL, (r"(?:评委|队内|参赛|成员)?角色|担任角色|队内职务", r"身份|分工|(?:评委|人员)类(?:型|别)|role")),
    Field("position", "职称或职务", _ALL, (r"(?:技术|专业)?职称|专业技术(?:职务|职称)|职称职务|职务职称", r"职务|技能等级|职业资格(?:等级)?|技术等级")),
    Field("phone", "联系电话", _ALL, (
        _PERSON_OWN + r"(?:联系)?(?:手机|移动电话)(?:号码?|电话)?", _PERSON_OWN + r"(?:联系)?电话(?:号码)?", r"联系方式|phone|mobile|tel",
        r"(?!单位|办公|紧急|家庭).{0,8}(?:手机|电话|联系方式)(?:号码?)?")),
    Field("id_number", "身份证号", _ALL, (
        _PERSON_OWN + r"(?:居民)?身份证(?:件)?(?:号码?)?|公民身份号码", r"(?:身份)?证件号码?|idnumber|idcard", r".{0,8}身份证(?:件)?(?:号码?)?")),
    Field("member_id", "其他成员身份证号", ("projects", "teams"), (
        r"(?:其他|其它)?(?:完成人|成员|队员|作者)[0-9一二三四五六七八九十]*身份证(?:件)?(?:号码?)?",), several=True),
    Field("member_phone", "其他成员电话", ("projects", "teams"), (
        r"(?:其他|其它)?(?:完成人|成员|队员|作者)[0-9一二三四五六七八九十]*(?:联系)?(?:手机|电话)(?:号码?)?",), several=True),
    Field("bank_account", "银行账号", _ALL, (r"(?:收款|开户)?银行(?:账号|帐号|卡号|账户|帐户)|银行卡(?:号码)?", r"(?:收款|开户)?(?:账号|帐号)|卡号")),
    Field("bank", "开户行", _ALL, (r"开户(?:银行|行|网点|支行)(?:名称|全称)?|收款银行", r"银行(?:名称)?")),
    Field("account_name", "账户名", _ALL, (r"(?:银行|收款|开户)?(?:户名|账户名称?|帐户名称?)", r"收款人(?:姓名|名称)?")),
    Field("uscc", "统一社会信用代码", _ENTRIES, (r"(?:统一)?(?:社会)?信用代码",)),
)
FIELDS = {field.code: field.label for field in FIELDS_IN_ORDER}
SEVERAL = {field.code for field in FIELDS_IN_ORDER if field.several}
_COMPILED = {field.code: tuple(re.compile(pattern) for pattern in field.patterns) for field in FIELDS_IN_ORDER}

# The columns under these headings belong to someone who is no entrant.
_OTHER_PERSON = re.compile(r"联系人|领队|指导|教练|推荐人|填表|填报人|制表|经办|审核|带队|联络")
_MEMBER_GROUP = re.compile(r"(?:其他|其它)?(?:完成人|成员|队员|选手|作者)[0-9一二三四五六七八九十]+|其他(?:完成人|成员)")

# Headings that span columns, and facts about an entry: known words of a header, though no field.
_HEADER_WORDS = re.compile(
    r"完成人|联系方式|联系人|参赛选手|选手信息|基本信息|应用效果|实施效果|是否应用|备注|性别|年龄|民族|学历|政治面貌|出生(?:年月|日期)|行业|"
    r"所属行业|领队|领队电话|指导教师|指导老师|节约成本.*|工期.*|经济效益.*|社会效益.*|邮箱|电子邮箱|地址|得分|总分|成绩|最终成绩|名次|排名|奖项|"
    r"等级|年份|日期|时间|专家编码|原始分|标准分|金额|奖金|签字|简介|成果简介|项目简介|专利.*")


def fields_for(kind: str) -> dict[str, str]:
    """code → Chinese label of the fields a column may fill, in the order of a form."""
    return {field.code: field.label for field in FIELDS_IN_ORDER
            if kind in field.kinds and not (kind == "teams" and field.code == "title")}


def bare(label: str) -> str:
    """The name in a label: '*身份证号\\n（18位，必填）' → '身份证号'."""
    text = re.sub(r"[（(【\[][^）)】\]]*[）)】\]]", "", clean.tidy(label))
    text = clean.key(text) or clean.key(label)
    return re.sub(r"(必填|选填|可选)$", "", text).lower()


@functools.lru_cache(maxsize=8192)
def is_header_word(text: str) -> bool:
    """Is this a word one finds in a header rather than in the rows below?"""
    name = bare(text)
    if not name or len(name) > 16:
        return False
    if _HEADER_WORDS.fullmatch(name):
        return True
    return any(pattern.fullmatch(name) for patterns in _COMPILED.values() for pattern in patterns)


def candidates(label: str, kind: str) -> list[tuple[int, str]]:
    """(doubt, field code) for a flattened label such as 联系方式/身份证号; doubt 0 is the surest."""
    parts = [bare(part) for part in label.split("/") if part.strip()]
    if not parts:
        return []
    group, leaf = "".join(parts[:-1]), parts[-1]
    if _OTHER_PERSON.search(group) or _OTHER_PERSON.match(leaf):
        return []
    if group and _MEMBER_GROUP.fullmatch(group):
        leaf = {"姓名": "成员姓名"}.get(leaf, group + leaf)
    found = _matches(leaf, kind)
    # 单位／部门, 姓名或负责人: one of the names will do, with more doubt.
    for other in re.split(r"[／、或]", label.split("/")[-1]):
        found += [(doubt + 4, code) for doubt, code in _matches(bare(other), kind) if not found]
    if group and _MEMBER_GROUP.fullmatch(group):
        found = [(doubt, code) for doubt, code in found if code.startswith("member")]
    return found


def _matches(name: str, kind: str) -> list[tuple[int, str]]:
    found = []
    for field in FIELDS_IN_ORDER:
        if kind in field.kinds:
            doubts = (doubt for doubt, pattern in enumerate(_COMPILED[field.code]) if pattern.fullmatch(name))
            found += [(doubt, field.code) for doubt in [next(doubts, None)] if doubt is not None]
    return found


_UNIT = re.compile(r"[/／](天|日|月|年|人|岁|次|个|项|件|台|套|%|小时)$")


def extra_name(leaf: str) -> str:
    """The name under which a further column is kept: 节约成本（万元） → 节约成本万元, 工期/天 → 工期."""
    text = _UNIT.sub("", clean.tidy(leaf).replace(" ", ""))
    if len(text) <= 20:
        text = re.sub(r"[（）()【】\[\]“”\"*＊/／:：]", "", text)
    return text
