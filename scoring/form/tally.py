"""What a file holds: the fields of the file beside those of the scheme, and the value that they become."""

from dataclasses import dataclass

from ..facts import Facts
from ..problems import Problem
from ..scheme import Scheme
from ..spec import spec

FORMAT, VERSION = "compete-tally", 1
MARKS = "marks"  # the unit of a field that holds marks; they need the scheme to be read


@dataclass(frozen=True)
class Penalty:
    points: int = spec("分值", "扣几分；负数为加分", 2, unit="points")
    reason: str = spec("理由", "扣分的理由", "超时 30 秒", "")
    part: str = spec("环节", "在哪个环节扣的，写环节的代码；只用来说明，都从总分里扣", "roadshow", "")


@dataclass(frozen=True)
class Decided:
    numbers: tuple[str, ...] = spec("编号", "按决议的先后列出同分者的编号", ["3", "7"])
    reason: str = spec("理由", "决议的依据", "加赛", "")
    recorded_at: str = spec("时间", "登记的时间", "2026-11-22 16:05", "")


@dataclass(frozen=True)
class Entry:
    number: str = spec("编号", "参赛编号，不得重复", "11")
    name: str = spec("名称", "姓名、队名或作品名", "王小明", "")
    organization: str = spec("单位", "所属单位", "合肥一建", "")
    delegation: str = spec("代表队", "所属代表队", "合肥市代表队", "")
    division: str = spec("赛区", "所属赛区", "东区", "")
    persons: tuple[str, ...] = spec("人员", "规则限定每人获奖个数时，据此认人", ["王小明", "李红"], ())
    seeded: bool = spec("直接晋级", "不经本阶段即进入下一阶段", True, False)
    status: str = spec("状态", "参赛状态", "absent", "competing", rules="status")
    figures: dict[str, int] | None = spec("数据", "录入的数据：导入成绩的环节、难度系数、用时等，按代码；时间可写 1:02.5", {"difficulty": "3.2"}, None, unit="points")
    penalties: tuple[Penalty, ...] = spec("扣分", "逐条扣分", [{"points": 2, "reason": "超时 30 秒"}], ())
    marks: dict | None = spec("打分", "按环节、评委列出：一个数，或各评分项的数；文字为评分表的状态；null 为未评",
                       {"run1": {"J1": 89, "J2": {"a": "8.5", "b": 9}, "J3": "recused", "J4": None}}, None, unit=MARKS)
    replacements: dict[str, dict[str, int]] | None = spec("复议分", "按环节（按评分项合成的，为“环节/评分项”）、评委列出复议后的分数；原分保留", {"final": {"J3": "64.81"}}, None, unit="points")


@dataclass(frozen=True)
class File:
    format: str = spec("格式", "固定的标记", FORMAT)
    version: int = spec("版本", "格式的版本", VERSION)
    scheme: Scheme = spec("评分方案", "怎样评分、排名、授奖", {"parts": [{"code": "theory", "name": "理论考试"}]})
    title: str = spec("标题", "竞赛和项目的名称", "2026 年职工技能竞赛 · 焊工", "")
    source: str = spec("来源", "数据的出处", "组委会公布的成绩册", "")
    judges: dict[str, str] | None = spec("评委", "评委的代码和姓名；不列出者以代码为名", {"J1": "评委一"}, None)
    chief: tuple[str, ...] = spec("总评委", "总评委的代码", ["J1"], ())
    entries: tuple[Entry, ...] = spec("参赛对象", "参赛对象和他们的打分", [{"number": "11", "name": "王小明"}], ())
    decisions: tuple[Decided, ...] = spec("决议", "规则分不出先后时登记的决议", [{"numbers": ["3", "7"], "reason": "抽签"}], ())
    vacancies: dict[str, int] | None = spec("空缺", "决定空缺的名额，按奖项代码", {"first": 1}, None)


@dataclass(frozen=True)
class Tally:
    """A file as values of the engine. Entries and judges are counted from 1; `judges` gives a judge's code in the file,
    `facts.judges` the name; `notices` are what an organiser should know although the figures can be worked out."""

    title: str
    source: str
    scheme: Scheme
    facts: Facts
    names: dict[int, str]
    judges: dict[int, str]
    vacancies: dict[str, int]
    notices: tuple[Problem, ...] = ()
