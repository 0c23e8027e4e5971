import pytest

from compete.texts import identity

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number(stem):
    """The check digit by the table of GB 11643, written out independently of the library."""
    return stem + "10X98765432"[sum(int(d) * w for d, w in zip(stem, WEIGHTS)) % 11]


def codes(checked):
    return checked.error and checked.error.code, checked.warning and checked.warning.code


def test_a_resident_identity_number_in_its_usual_form():
    good = number("34010219681211000")
    assert identity.resident_id(f" {good[:6]} {good[6:14]}-{good[14:]} ") == (good, None, None)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in good)
    assert identity.resident_id(wide).value == good
    assert identity.resident_id("") == ("", None, None)


def test_a_small_x_is_a_large_one():
    ending = next(n for n in map(number, (f"3401021968121100{d}" for d in range(10))) if n.endswith("X"))
    assert identity.resident_id(ending.lower()) == (ending, None, None)


@pytest.mark.parametrize("prefix", ["810000", "820000", "830000"])
def test_residence_permits_of_hong_kong_macao_and_taiwan_are_valid(prefix):
    assert codes(identity.resident_id(number(prefix + "19900101001"))) == (None, None)


def test_the_foreigners_permanent_residence_card_is_valid():
    assert codes(identity.resident_id(number("911156" + "19900101001"))) == (None, None)


def test_an_unknown_region_is_only_a_warning_and_an_abolished_one_is_none():
    assert codes(identity.resident_id(number("000000" + "19900101001"))) == (None, "id_region")
    # 440305 (南山区) is younger than this person: the number was given out long after the birth.
    assert codes(identity.resident_id(number("440305" + "19550101001"))) == (None, None)
    # 510200 (重庆市 as a part of Sichuan) was abolished in 1997.
    assert codes(identity.resident_id(number("510202" + "19550101001"))) == (None, None)


@pytest.mark.parametrize("text, code", [
    ("340102196812110001", "id_check_digit"),
    (number("34010219680230001"), "id_birth_date"),
    (number("34010218990101001"), "id_birth_date"),
    ("340102681211001", "id_old"), ("34010219681211", "id_form"), ("3401021968121100O8", "id_form"),
    ("3.40102E+17", "id_destroyed")])
def test_errors_name_what_is_wrong(text, code):
    found = identity.resident_id(text, "金成果 第12行")
    assert codes(found) == (code, None)
    assert found.error.where == "金成果 第12行" and found.error.mend
    assert found.value == text.upper()


@pytest.mark.parametrize("text", ["E12345678", "H1234567890", "EA1234567"])
def test_other_papers_are_a_warning(text):
    assert codes(identity.resident_id(text)) == (None, "id_other_paper")


@pytest.mark.parametrize("text", ["13812345678", "138 1234 5678", "138-1234-5678", "+86 13812345678", "86-13812345678", "１３８１２３４５６７８"])
def test_mobile_numbers_in_every_dress(text):
    assert identity.phone(text) == ("13812345678", None, None)


@pytest.mark.parametrize("text, code", [
    ("1787645291", "phone_form"), ("138123456789", "phone_form"), ("12812345678", "phone_form"), ("无", "phone_form")])
def test_what_is_no_phone(text, code):
    assert codes(identity.phone(text)) == (code, None)
    assert identity.phone(text).error.message == "联系电话不是11位手机号"


@pytest.mark.parametrize("text, code, value", [
    ("0551-62812345", "phone_landline", "055162812345"), ("+852 91234567", "phone_abroad", "+85291234567"),
    ("13812345678、13912345678", "phone_several", "13812345678")])
def test_doubtful_phones_are_warnings(text, code, value):
    found = identity.phone(text)
    assert codes(found) == (None, code) and found.value == value


def test_unified_social_credit_codes():
    assert identity.uscc(" 91110000600037341l ".upper()) == ("91110000600037341L", None, None)
    assert codes(identity.uscc("91110000600037341A")) == ("uscc", None)
    assert codes(identity.uscc("9111")) == ("uscc", None)


def test_bank_accounts():
    # 6222021001122334458: its digits, every second one doubled, sum to a multiple of ten.
    assert identity.bank_account(" 6222 0210 0112 2334 458 ") == ("6222021001122334458", None, None)
    assert codes(identity.bank_account("6222021001122334459")) == (None, "account_luhn")
    # A unit's account has no common check.
    assert codes(identity.bank_account("1302010109027309999")) == (None, None)
    assert codes(identity.bank_account("工行1302010109")) == ("account_form", None)
    assert codes(identity.bank_account("1234567")) == ("account_length", None)


def test_masks():
    assert identity.mask_id("340102196812110008") == "3401**********0008"
    assert identity.mask_phone("13812345645") == "138****5645"
    assert identity.mask_account("6222021001122334450") == "***************4450"
    assert identity.mask_id("") == ""
    assert identity.mask_id("1234567") == "*******"
