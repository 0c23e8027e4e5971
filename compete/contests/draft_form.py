"""What stands in the scheme editor, right or wrong: a tree of rows that a form, an operation or the database fills."""

import re
from dataclasses import dataclass, field

from wtforms import Form as PlainForm

import scoring
from compete.contests import building, draft_plan
from compete.contests.presets import ANCHORS
from compete.contests.rows import CriterionRow, HeadRow, PartRow, StageRow, TieRow, TierRow
from compete.contests.schemes import FIGURE_KINDS
from scoring import UNIT, WHOLE

KINDS = {"s": StageRow, "p": PartRow, "c": CriterionRow, "r": TieRow, "t": TierRow}
MOST_ROWS = 1000
TIES_OF_PART = ("part",)
TIES_OF_CRITERION = ("criterion", "criterion_mean")
TIES_ALONE = ("untrimmed_mean", "chief_mark", "highest_judge", "lowest_judge", "fewer_penalties", "exact_score", "shared", "decision")


@dataclass
class Node:
    """A row and the rows below it; `key` names it in the form: s stage, p part, c criterion, r tie rule, t tier."""

    key: str
    row: PlainForm
    children: list["Node"] = field(default_factory=list)


class Draft:
    """`problems` of the rows are in their fields; those of the whole scheme come from the engine (see editing)."""

    def __init__(self):
        self.head: HeadRow | None = None
        self.stages: list[Node] = []
        self.ties: list[Node] = []
        self.tiers: list[Node] = []
        self.focus = ""
        self._last = 0

    # Filling

    @classmethod
    def of_form(cls, form) -> "Draft":
        """From a posted form: `row` lists the keys in their order on the page, depth says which criteria lie below which."""
        draft = cls()
        draft.head = HeadRow(form, prefix="head-")
        parents: list[Node] = []
        for key in dict.fromkeys(form.getlist("row")):
            if not re.fullmatch(r"[spcrt][0-9]{1,6}", key):
                continue
            node = Node(key, KINDS[key[0]](form, prefix=f"{key}-"))
            draft._last = max(draft._last, int(key[1:]))
            if key[0] == "c":
                depth = min(int(node.row.depth.data) if (node.row.depth.data or "").isdecimal() else 0, len(parents))
                del parents[depth:]
                siblings = parents[-1].children if parents else (draft._last_part() or Node("", None)).children
                siblings.append(node)
                parents.append(node)
            else:
                parents = []
                draft._place(node)
        draft.offer_ties()
        return draft

    def _last_part(self) -> Node | None:
        return self.stages[-1].children[-1] if self.stages and self.stages[-1].children else None

    def _place(self, node: Node) -> None:
        if node.key[0] == "p":
            if self.stages:
                self.stages[-1].children.append(node)
        else:
            {"s": self.stages, "r": self.ties, "t": self.tiers}[node.key[0]].append(node)

    @classmethod
    def of_plan(cls, plan: dict) -> "Draft":
        draft, rules = cls(), plan["rules"] or {}
        rounding = rules.get("rounding") or {"places": 2, "mode": "half_up"}
        draft.head = HeadRow(prefix="head-", data={
            "name": plan["name"], "entry_kind": plan["entry_kind"], "is_blind": plan["is_blind"], "places": rounding["places"],
            "mode": rounding["mode"], "rank_by": rules.get("rank_by", "rounded"), "minimum_score": rules.get("minimum_score"),
        })  # fmt: skip
        for stage in plan["stages"]:
            node = draft.new("s", stage)
            draft.stages.append(node)
            for part in stage["parts"]:
                panel = {**building.PANEL, **(part["panel"] or {})}
                places = (panel["rounding"] or {}).get("places", "")
                below = draft.new("p", {**panel, **part, "panel_places": str(places)})
                below.children = [draft._criterion(row) for row in part["criteria"]]
                node.children.append(below)
        draft.ties = [draft.new("r", {"rule": f"{tie['code']} {tie.get('argument', '')}".strip()}) for tie in rules.get("ties", ())]
        for tier in plan["tiers"]:
            kind = "count" if tier["count"] is not None else "ratio"
            quota = str(tier["count"]) if kind == "count" else scoring.format_percent((tier["ratio"] or 0) * 100)
            draft.tiers.append(draft.new("t", {**tier, "quota": quota, "quota_kind": kind, "prize": tier["prize_fen"]}))
        draft.offer_ties()
        return draft

    def _criterion(self, row: dict) -> Node:
        anchors = {f"anchor_{_share(units, row['maximum'])}": text for units, text in row["anchors"]}
        node = self.new("c", {**row, **anchors, "weight": row["weight"] or None})
        node.children = [self._criterion(child) for child in row["children"]]
        return node

    def new(self, kind: str, values: dict) -> Node:
        self._last += 1
        key = f"{kind}{self._last}"
        return Node(key, KINDS[kind](prefix=f"{key}-", data=values))

    # Looking

    def nodes(self):
        def below(nodes):
            for node in nodes:
                yield node
                yield from below(node.children)

        yield from below([*self.stages, *self.ties, *self.tiers])

    def siblings(self, key: str) -> tuple[list[Node], int] | None:
        """The list that holds the node, and where."""
        waiting = [self.stages, self.ties, self.tiers]
        while waiting:
            nodes = waiting.pop()
            for position, node in enumerate(nodes):
                if node.key == key:
                    return nodes, position
                waiting.append(node.children)
        return None

    def codes(self, part: Node) -> list[Node]:
        """All criteria of a part, in order."""
        found, waiting = [], list(part.children)
        while waiting:
            node = waiting.pop(0)
            found.append(node)
            waiting[:0] = node.children
        return found

    def offer_ties(self) -> None:
        """What a tie rule may look at: the parts and criteria as they stand in the draft."""
        self.give_codes()
        rules, choices = scoring.TIE_RULES, []
        parts = [part for stage in self.stages if stage.row.is_ranked.data for part in stage.children]
        for part in parts:
            name = part.row.name.data or "未命名环节"
            if len(parts) > 1:
                choices += [(f"{code} {part.row.code.data}", f"{rules[code].label_zh}：{name}") for code in TIES_OF_PART]
            for node in self.codes(part) if part.row.kind.data not in FIGURE_KINDS else ():
                label = f"{name} · {node.row.name.data}" if len(parts) > 1 else node.row.name.data
                target = f"{part.row.code.data}/{node.row.code.data}"
                choices += [(f"{code} {target}", f"{rules[code].label_zh}：{label or '未命名'}") for code in TIES_OF_CRITERION]
        choices += [(code, rules[code].label_zh) for code in TIES_ALONE]
        known = {value for value, _ in choices}
        for node in self.ties:
            value = node.row.rule.data or ""
            extra = [] if value in known else [(value, "（所指的评分项已删去，请另选）" if value else "请选择")]
            node.row.rule.choices = extra + choices

    def give_codes(self) -> None:
        """New parts, criteria and tiers get the next free code; a code never changes afterwards."""
        for stage in self.stages:
            _number(stage.children, "p")
            for part in stage.children:
                _number(self.codes(part), "c")
        _number(self.tiers, "t")

    # Changing

    def change(self, what: str) -> None:
        """One operation of a button: add:part:s1, up:c3, down:c3, remove:c3 …"""
        verb, _, rest = what.partition(":")
        if verb == "add":
            self._add(*rest.partition(":")[::2])
        elif found := self.siblings(rest):
            nodes, at = found
            to = {"up": at - 1, "down": at + 1}.get(verb)
            if verb == "remove":
                nodes.pop(at)
            elif to is not None and 0 <= to < len(nodes):
                nodes[at], nodes[to] = nodes[to], nodes[at]
                self.focus = rest
        self.offer_ties()

    def _add(self, kind: str, above: str) -> None:
        lists = {"stage": ("s", self.stages), "tie": ("r", self.ties), "tier": ("t", self.tiers)}
        if kind in lists:
            letter, nodes = lists[kind]
        elif (kind, above[:1]) in (("part", "s"), ("criterion", "p"), ("criterion", "c")) and (found := self.siblings(above)):
            letter, nodes = kind[0], found[0][found[1]].children
        else:
            return
        node = self.new(letter, self._fresh(letter, nodes, above))
        nodes.append(node)
        self.focus = node.key

    def _fresh(self, letter: str, nodes: list[Node], above: str) -> dict:
        """What a new row starts with: whatever is left of the whole, so that one row alone is right at once."""
        if letter == "c":
            if above[0] == "c":
                upper, at = self.siblings(above)
                top = upper[at].row.maximum.data or 10 * UNIT
                left = top - sum(node.row.maximum.data or 0 for node in nodes)
                return {"maximum": max(left, UNIT), "minimum": 0, "step": upper[at].row.step.data or UNIT // 2}
            left = WHOLE - sum(node.row.weight.data or 0 for node in nodes)
            return {"weight": max(left, 0), "maximum": left if left > 0 else 10 * UNIT, "minimum": 0, "step": UNIT // 2}
        if letter == "p":
            left = WHOLE - sum(node.row.weight.data or 0 for node in nodes)
            return {**building.PANEL, "weight": max(left, 0), "name": ""}
        return {"r": {"rule": ""}, "t": {"quota": "1", "prize": 0}, "s": {"name": ""}}[letter]

    def validate(self) -> bool:
        return all([self.head.validate(), *(node.row.validate() for node in self.nodes())])

    def plan(self) -> dict:
        return draft_plan.read(self)


def _share(units: int, maximum: int) -> int:
    """Which of the three anchors these points are closest to."""
    percent = units * 100 // max(maximum, 1)
    return min(ANCHORS, key=lambda share: abs(share - percent))


def _number(nodes: list[Node], letter: str) -> None:
    taken = {node.row.code.data for node in nodes if node.row.code.data}
    number = 0
    for node in nodes:
        if not node.row.code.data or not re.fullmatch(r"[\w-]{1,16}", node.row.code.data):
            while f"{letter}{(number := number + 1)}" in taken:
                pass
            node.row.code.data = f"{letter}{number}"
            taken.add(node.row.code.data)
