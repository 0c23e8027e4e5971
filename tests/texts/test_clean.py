from hypothesis import given
from hypothesis import strategies as st

from compete.texts import clean


def test_half_width_keeps_chinese_punctuation():
    assert clean.half_width("１３０３．２５万元（３号），ＡＢｃ　％") == "1303.25万元（3号），ABc %"


def test_tidy_takes_out_what_nobody_sees():
    assert clean.tidy(" 马鞍山钢铁集团\n") == "马鞍山钢铁集团"
    assert clean.tidy("节约成本\n（万元）") == "节约成本（万元）"
    assert clean.tidy("Dreams\nFly  2") == "Dreams Fly 2"
    assert clean.tidy("张\u200b三\ufeff\u00a0\x07李\x00四") == "张三 李四"
    assert clean.tidy("\u202e倒\u202c") == "倒"


def test_rare_characters_and_emoji_stay():
    for text in ("䶮", "㛃", "𬱖", "㙟", "😀", "👨\u200d👩\u200d👧"):
        assert clean.tidy(text) == text


def test_names():
    assert clean.name("高　国艳") == "高国艳"
    assert clean.name("阿依古丽．买买提") == clean.name("阿依古丽•买买提") == "阿依古丽·买买提"
    assert clean.name(" Li   Ming ") == "Li Ming"
    assert clean.name("") == ""


def test_lists_of_names():
    assert clean.split_names("马辉，徐永刚,袁兰洋；邓兰伟") == ("马辉", "徐永刚", "袁兰洋", "邓兰伟")
    assert clean.split_names("张 三 李四 王 五") == ("张三", "李四", "王五")
    assert clean.split_names("张三  欧阳明日") == ("张三", "欧阳明日")
    assert clean.split_names("欧阳 明日", spaces=False) == ("欧阳明日",)
    assert clean.split_names("1、张三\n2、李四等5人") == ("张三", "李四")
    assert clean.split_names("John Smith、Wang Wu") == ("John Smith", "Wang Wu")
    assert clean.split_names(" 、；") == ()


def test_keys_compare_what_matters():
    assert clean.key("ＡＧＶ 小车（2号）") == clean.key("agv小车(２号)") == "AGV小车2号"
    assert clean.key("甲一") != clean.key("甲二")


def test_compact():
    assert clean.compact(" 138-0000 ０００１") == "13800000001"
    assert clean.compact("'34010219900101004X") == "34010219900101004X"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    once = clean.tidy(text)
    assert clean.tidy(once) == once
    assert clean.name(clean.name(text)) == clean.name(text)
    assert all(letter.isprintable() or letter == "\u200d" for letter in once) or not once.isascii()


@given(st.text())
def test_no_name_is_empty_or_padded(text):
    for name in clean.split_names(text):
        assert name and name == name.strip()
