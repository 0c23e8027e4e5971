"""加密: layers of blind codes, e.g. 抽签号 -> 工位号 -> 结果号, each kept by somebody else and opened in reverse order.

Each layer has its own seed, and whoever knows the seed knows the layer: it stays sealed until the layer is opened, and then
anyone can make the layer again by hand. A layer either deals given labels (the stations of a hall) or invents codes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..problems import Problem
from .order import distinct, draw_key, draw_order

SEED_LENGTH = 12   # a short seed is found by trying all of them
SHORTEST = 3       # digits of an invented code
SPARE = 100        # so many times as many numbers as items: a guessed code rarely exists, and a free one is always left

CODE_RULE = (
    "编号从小到大逐个取号：算出“种子:层名:次数:编号”的 SHA-256（64 位小写十六进制），去掉其中的字母，从左取所需位数的数字，就是代号；"
    "次数从 1 起，代号以 0 开头、或与同层已取的代号相同或只差一位的，次数加 1 重算。"
    "发给定号牌（如工位号）的一层，以“种子:层名”为种子抽出先后，排第几就领第几个号牌。"
    "各层的种子分人封存，统分后从最后一层起逐层启封，按上述方法可以重算核对。")


class LayerPlan(NamedTuple):
    """How a layer is made: `labels` are dealt as they are; without them codes of `digits` are invented (None: as many as needed)."""

    name: str
    seed: str
    prefix: str = ""
    digits: int | None = None
    labels: tuple[str, ...] = ()


class CodeStep(NamedTuple):
    """One item of a layer: what it was called before, its code, and the attempt and key the code came from."""

    before: str
    code: str
    attempt: int
    key: str


class Layer(NamedTuple):
    """steps: in the order of the former names, so that the list itself tells nothing about the codes' order."""

    name: str
    seed: str
    steps: tuple[CodeStep, ...]

    @property
    def codes(self) -> dict[str, str]:
        return {step.before: step.code for step in self.steps}

    @property
    def opened(self) -> dict[str, str]:
        """{code: what it stands for}"""
        return {step.code: step.before for step in self.steps}


class Coding(NamedTuple):
    """layers: first to last; the last is what the judges of results see."""

    layers: tuple[Layer, ...]
    problems: tuple[Problem, ...]


def make_layers(items: Iterable[str], plans: Sequence[LayerPlan]) -> Coding:
    """Code the distinct items layer upon layer. Plans that cannot be carried out give problems and no layers."""
    waiting, layers = distinct(items), []
    problems = tuple(_wrong(plans, len(waiting)))
    if problems:
        return Coding((), problems)
    for plan in plans:
        layer = Layer(plan.name, plan.seed, tuple(_dealt(plan, waiting) if plan.labels else _invented(plan, waiting)))
        layers.append(layer)
        waiting = sorted(layer.codes.values())
    return Coding(tuple(layers), tuple(_weak(plans)))


def resolve(layers: Sequence[Layer], code: str) -> tuple[tuple[str, str], ...] | Problem:
    """The way back from a code of the last of these layers: ((layer, its code), …, ("", the first layer's item)).

    Give only the layers that have been opened: `layers[-1:]` leads one step back.
    """
    way, known = [], code
    for layer in reversed(layers):
        found = layer.opened.get(known)
        if found is None:
            return Problem("unknown_code", layer.name, f"没有“{known}”这个号", "请核对号码，可能有一位看错或写错")
        way.append((layer.name, known))
        known = found
    return (*way, ("", known))


def verify_layers(items: Iterable[str], plans: Sequence[LayerPlan], published: Sequence[Mapping[str, str]]) -> bool:
    """Whether the published {before: code} of each layer are those the seeds give."""
    layers = make_layers(items, plans).layers
    return len(layers) == len(published) and all(layer.codes == dict(codes) for layer, codes in zip(layers, published))


def digits_for(count: int) -> int:
    """How many digits make codes sparse among the numbers that do not begin with 0."""
    return max(SHORTEST, len(str(count * SPARE)))


def _dealt(plan, items):
    draw = draw_order(f"{plan.seed}:{plan.name}", items)
    place = {item: at for at, item in enumerate(draw.order)}
    return [CodeStep(item, plan.labels[place[item]], draw.attempt, draw.steps[place[item]].key) for item in items]


def _invented(plan, items):
    """Codes that differ from each other in at least two digits, so that one misread digit is noticed."""
    digits, used = plan.digits or digits_for(len(items)), set()
    for item in items:
        attempt = 0
        while True:
            attempt += 1
            key = draw_key(f"{plan.seed}:{plan.name}", attempt, item)
            number = "".join([sign for sign in key if sign.isdecimal()])[:digits]
            if len(number) == digits and number[0] != "0" and used.isdisjoint(near := _masks(number)):
                break
        used.update(near)
        yield CodeStep(item, plan.prefix + number, attempt, key)


def _masks(number):
    """The code with each of its digits covered: two codes share one exactly if they differ in at most that digit."""
    return [(at, number[:at] + number[at + 1:]) for at in range(len(number))]


def _wrong(plans, count):
    for plan in plans:
        if plan.labels and len(set(plan.labels)) != len(plan.labels):
            yield Problem("same_label", plan.name, "号牌有重复", "每个号牌只能列一次")
        elif plan.labels and len(plan.labels) < count:
            yield Problem("few_labels", plan.name, f"{count} 个对象，只有 {len(plan.labels)} 个号牌", "请补充号牌")
        elif not plan.labels and plan.digits is not None and not digits_for(count) <= plan.digits <= 9:
            yield Problem("code_digits", plan.name, f"{count} 个对象用 {plan.digits} 位代号不合适",
                          f"请用 {digits_for(count)} 到 9 位；位数少了容易猜中、看错一位也发现不了")
    names, seeds = [plan.name for plan in plans], [plan.seed for plan in plans]
    if len(set(names)) != len(names):
        yield Problem("same_layer", "加密", "两层的名称相同", "请给每一层不同的名称")
    if len(set(seeds)) != len(seeds):
        yield Problem("same_seed", "加密", "两层的种子相同，知道一层即知另一层", "请为每一层另取种子，分人保管")


def _weak(plans):
    for plan in plans:
        if len(plan.seed) < SEED_LENGTH:
            yield Problem("weak_seed", plan.name, f"种子只有 {len(plan.seed)} 个字，可以逐个试出来", f"请用至少 {SEED_LENGTH} 个字的随机种子，封存到启封时")
