"""人民币大写: amounts in words as banks read them (支付结算办法, 正确填写票据和结算凭证的基本规定)."""

LIMIT_FEN = 10**14  # a trillion yuan: more than any prize sheet holds, and where the words stop being customary


def rmb_words(fen: int) -> str:
    """人民币壹仟肆佰零玖元伍角 of 140950. 整 stands after 元 and not after 角 or 分.

    Raises ValueError for a negative amount or one of a trillion yuan and more: both are mistakes of the caller.
    """
    if type(fen) is not int or fen < 0 or fen >= LIMIT_FEN:
        raise ValueError(f"no amount in words for {fen!r} fen")
    if fen == 0:
        return "人民币零元整"
    import cn2an  # a tenth of a second, only where an amount is written in words

    yuan, rest = divmod(fen, 100)
    words = cn2an.an2cn(f"{yuan}.{rest:02d}", "rmb")
    if not yuan:
        words = words.removeprefix("零元").removeprefix("零")
    return "人民币" + (words.removesuffix("整") if rest else words)


def rmb_figures(fen: int) -> str:
    """1,409.50"""
    if type(fen) is not int:
        raise ValueError(f"money is whole fen, not {fen!r}")
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
