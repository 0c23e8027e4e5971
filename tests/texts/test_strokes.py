"""姓氏笔画: the customary order, and what is not known is said."""

import pytest

from compete.texts.strokes import _counts, _orders, doubtful, sort_by_strokes, stroke_key, unknown_characters


def test_four_strokes_in_the_customary_order():
    assert sort_by_strokes("孔尹方文毛牛王") == list("王牛毛文方尹孔")


@pytest.mark.parametrize(
    "names",
    [
        ["丁一", "王伟", "王明", "王毅", "王小洪", "王伟民", "李芳"],
        ["刘洋", "李静", "杨帆", "张敏", "陈晨", "赵磊", "黄海", "董洁"],
        ["司马光", "司徒南"],
        ["马云", "王云", "石云", "朱云", "李云", "欧阳云", "金云", "胡云", "徐云", "梅云", "韩云", "蒙云", "蔡云"],
    ],
)
def test_lists_as_they_are_printed(names):
    assert sort_by_strokes(reversed(names)) == names


def test_one_character_given_name_comes_first():
    assert sort_by_strokes(["王伟东", "王一民", "王毅"]) == ["王毅", "王一民", "王伟东"]
    assert sort_by_strokes(["欧阳明远", "欧阳毅", "欧小洪", "欧毅"]) == ["欧毅", "欧小洪", "欧阳毅", "欧阳明远"]


def test_only_names_whose_place_hangs_on_an_unknown_character_are_doubtful():
    assert doubtful(["王䶮", "王伟", "李龑"]) == ()  # no other name of that surname has as many strokes there
    assert doubtful(["王一䶮", "王一龘", "王一𬱖"]) == ()
    assert doubtful(["王犇", "王焱", "王淼"]) == ("王犇", "王焱", "王淼")  # twelve strokes each, orders unknown
    assert doubtful(["王\ue000"]) == ("王\ue000",)  # not even its count is known


def test_spaces_in_a_name_do_not_count():
    assert stroke_key("王　伟") == stroke_key("王伟")


def test_unknown_order_stands_behind_the_known_of_the_same_count_and_is_named():
    assert sort_by_strokes(["䶮一", "王一", "丸一"])[0] == "丸一"
    assert unknown_characters("王䶮") == ("䶮",)
    assert sort_by_strokes(["𬱖", "王"]) == ["王", "𬱖"]


def test_override_by_hand():
    assert unknown_characters("䶮", {"䶮": "41431251135345134"}) == ()


def test_table_agrees_with_the_counts_of_unihan():
    """范 differs: Unihan counts its traditional form."""
    assert {name for name, order in _orders().items() if _counts()[name] != len(order)} <= {"范"}
