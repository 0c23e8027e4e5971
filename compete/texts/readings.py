"""How names are read aloud: pinyin for characters that a host may misread.

A surname has a reading of its own more often than its character (单 Shàn, 仇 Qiú); those stand in SURNAMES, after 《现代汉语词典》
and 《新华字典》. Where a surname is in use with several readings all are told, to be asked for: no table knows how a
family reads its name. Beyond surnames, characters outside the 3,755 most common ones (GB/T 2312, level 1) and those with
several readings in given names are told; all others need no help.
"""

import re
from functools import lru_cache

from compete.texts.strokes import COMPOUND

# Single surnames read otherwise than the character usually is; a slash divides readings that are both in use.
SURNAMES = {
    "单": "Shàn", "曾": "Zēng", "仇": "Qiú", "解": "Xiè", "查": "Zhā", "区": "Ōu", "翟": "Zhái", "朴": "Piáo", "任": "Rén", "华": "Huà",
    "应": "Yīng", "纪": "Jǐ", "燕": "Yān", "葛": "Gě", "盖": "Gě/Gài", "召": "Shào", "哈": "Hǎ", "乜": "Niè", "员": "Yùn", "种": "Chóng",
    "缪": "Miào", "折": "Shé", "洗": "Xiǎn", "冼": "Xiǎn", "覃": "Qín/Tán", "卜": "Bǔ", "逄": "Páng", "宿": "Sù", "牟": "Mù/Móu", "宁": "Nìng/Níng",
    "贾": "Jiǎ", "隗": "Wěi/Kuí", "郇": "Xún/Huán", "过": "Guō", "谌": "Chén/Shèn", "祭": "Zhài", "盛": "Shèng", "能": "Nài", "黑": "Hè", "秘": "Bì",
    "薄": "Bó", "尉": "Wèi", "那": "Nā", "幺": "Yāo", "都": "Dū", "句": "Gōu", "繁": "Pó", "柏": "Bǎi", "干": "Gān", "撒": "Sǎ", "相": "Xiàng",
    "佘": "Shé", "臧": "Zāng", "阚": "Kàn", "乐": "Yuè/Lè", "车": "Chē", "沈": "Shěn", "石": "Shí", "瞿": "Qú", "曲": "Qū", "谷": "Gǔ", "贲": "Bēn",
    "晁": "Cháo", "郄": "Qiè", "郗": "Xī/Chī", "亓": "Qí", "妫": "Guī", "芮": "Ruì", "麴": "Qū", "訾": "Zī", "蹇": "Jiǎn", "万": "Wàn", "行": "Xíng",
    "降": "Jiàng", "长": "Cháng", "重": "Chóng", "钭": "Tǒu", "眭": "Suī", "厍": "Shè", "肖": "Xiāo", "娄": "Lóu", "邸": "Dǐ", "呙": "Guō", "不": "Fǒu",
    "要": "Yāo", "占": "Zhān", "於": "Yū", "晟": "Chéng",
}  # fmt: skip
PAIRS = {"尉迟": "Yùchí", "万俟": "Mòqí", "澹台": "Tántái", "令狐": "Línghú", "长孙": "Zhǎngsūn", "鲜于": "Xiānyú", "呼延": "Hūyán", "宇文": "Yǔwén",
         "单于": "Chányú", "赫连": "Hèlián", "皇甫": "Huángfǔ", "轩辕": "Xuānyuán", "拓跋": "Tuòbá", "亓官": "Qíguān", "闾丘": "Lǘqiū"}  # fmt: skip
# Surnames so common that nobody misreads them, although their character has other readings.
PLAIN = frozenset("万石沈车贾曲谷肖娄瞿")
# In given names, characters with several readings that are all heard.
GIVEN = {
    "乐": "lè/yuè", "行": "xíng/háng", "长": "cháng/zhǎng", "朝": "cháo/zhāo", "重": "chóng/zhòng", "茜": "qiàn/xī", "晟": "shèng/chéng",
    "隽": "juàn/jùn", "曾": "zēng/céng", "单": "shàn/dān", "柏": "bǎi/bó", "泊": "bó/pō", "莞": "guǎn/wǎn", "蕃": "fán/fān", "盛": "shèng/chéng",
    "禅": "chán/shàn", "殷": "yīn/yān", "娜": "nà/nuó", "颉": "jié/xié",
}  # fmt: skip
_HAN = re.compile(r"[㐀-鿿豈-﫿𠀀-𲎯]")


@lru_cache(maxsize=4096)
def reading(name: str) -> str:
    """What to print beside a name, or "": 单雄信 is "Shàn", 王翀 is "chōng", 覃玥 is "Qín 或 Tán，请问本人；yuè"."""
    if not name or not _HAN.match(name):
        return ""
    pair = name[:2] if len(name) > 2 and name[:2] in (COMPOUND | PAIRS.keys()) else ""
    told = [_pair(pair) if pair else _surname(name[0])]
    told += [_given(sign) for sign in name[len(pair) or 1 :]]
    return "；".join(filter(None, told))


def asks(name: str) -> bool:
    """Whether the reading is one that only the person can tell."""
    return "请问本人" in reading(name)


def _pair(pair: str) -> str:
    return PAIRS.get(pair, "")


def _surname(sign: str) -> str:
    if sign in PLAIN:
        return ""
    if sign in SURNAMES:
        return _choice(SURNAMES[sign])
    return "" if common(sign) else _usual(sign).capitalize()


def _given(sign: str) -> str:
    if sign in GIVEN:
        return f"{sign} {_choice(GIVEN[sign])}"
    return "" if common(sign) or not _HAN.match(sign) else f"{sign} {_usual(sign)}"


def _choice(readings: str) -> str:
    several = readings.split("/")
    return several[0] if len(several) == 1 else f"{' 或 '.join(several)}，请问本人"


def _usual(sign: str) -> str:
    import pypinyin  # 55 MB of phrases: only where a name is read aloud

    return pypinyin.pinyin(sign, style=pypinyin.Style.TONE)[0][0]


def common(sign: str) -> bool:
    """Whether the character is among the 3,755 of GB/T 2312, level 1 (its rows 16 to 55)."""
    try:
        first = sign.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return 0xB0 <= first <= 0xD7
