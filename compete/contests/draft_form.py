"""What stands in the scheme editor, right or wrong: a tree of rows that a form, an operation or the database fills.

A row's `kept` holds the rules that only a scheme file can bring, as a JSON document: they pass through the editor unchanged.
"""

import re
from dataclasses import dataclass, field

from wtforms import Form as PlainForm

import scoring
from compete.contests import building, draft_choices, draft_plan, minutes
from compete.contests.draft_plan import share
from compete.contests.rows import CriterionRow, HeadRow, PartRow, StageRow, TeamRow, TieRow, TierRow
from compete.contests.rule_fields import data_of
from compete.contests.schemes import more

KINDS = {"s": StageRow, "p": PartRow, "c": CriterionRow, "r": TieRow, "t": TierRow, "u": TierRow, "g": TeamRow, "h": TierRow}
BELOW = {("part", "s"): "p", ("criterion", "p"): "c", ("criterion", "c"): "c", ("award", "g"): "h"}
MOST_ROWS = 1000


@dataclass
class Node:
    """A row and the rows below it; `key` names it in the form: s stage, p part, c criterion, r tie rule, t tier, u title,
    g list of teams, h award of teams."""

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
        self.titles: list[Node] = []
        self.teams: list[Node] = []
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
            if not re.fullmatch(r"[spcrtugh][0-9]{1,6}", key):
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
        draft_choices.offer(draft)
        return draft

    def _last_part(self) -> Node | None:
        return self.stages[-1].children[-1] if self.stages and self.stages[-1].children else None

    def _place(self, node: Node) -> None:
        above = {"p": self.stages, "h": self.teams}.get(node.key[0])
        if above is None:
            self._lists()[node.key[0]].append(node)
        elif above:
            above[-1].children.append(node)

    def _lists(self) -> dict[str, list[Node]]:
        return {"s": self.stages, "r": self.ties, "t": self.tiers, "u": self.titles, "g": self.teams}

    @classmethod
    def of_plan(cls, plan: dict) -> "Draft":
        draft, rules = cls(), {name: value for name, value in (plan["rules"] or {}).items() if name not in building.BESIDE}
        scheme = scoring.Scheme((), **more(scoring.Scheme, rules))
        draft.head = HeadRow(prefix="head-", data={
            "name": plan["name"], "entry_kind": plan["entry_kind"], "is_blind": plan["is_blind"], "places": scheme.rounding.places,
            "mode": scheme.rounding.mode, "rank_by": scheme.rank_by, "minimum_score": scheme.minimum_score, "kept": {"rules": rules},
            "promotes": scheme.promotion is not None, **data_of("more", scoring.Scheme, scheme),
            **data_of("promotion", scoring.Promotion, scheme.promotion),
        })  # fmt: skip
        for stage in plan["stages"]:
            node = draft.new("s", stage)
            draft.stages.append(node)
            node.children = [draft._part(part) for part in stage["parts"]]
        for tie in scheme.ties:
            rule = f"{tie.code} {tie.argument}".strip()
            draft.ties.append(draft.new("r", {"rule": rule, "kept": {"rule": rule, "label": tie.label} if tie.label else {}}))
        draft.tiers = [draft._tier("t", tier, tier["rules"]) for tier in plan["tiers"]]
        draft.titles = [draft._title("u", tier) for tier in rules.get("titles", ())]
        draft.teams = [draft._team(team) for team in rules.get("teams", ())]
        draft_choices.offer(draft)
        return draft

    def _part(self, part: dict) -> Node:
        panel = {**building.PANEL, **(part["panel"] or {})}
        value = scoring.Part("", "", **more(scoring.Part, part["rules"]))
        rounding = panel["rounding"]
        node = self.new("p", {
            **panel, **part, "kept": {"rules": part["rules"]}, "panel_places": f"{rounding['places']} {rounding['mode']}" if rounding else "",
            **data_of("panel", scoring.Panel, scoring.Panel(**more(scoring.Panel, panel))), **data_of("more", scoring.Part, value),
            **minutes.data_of(part["timing"]),
        })  # fmt: skip
        node.children = [self._criterion(row) for row in part["criteria"]]
        return node

    def _criterion(self, row: dict) -> Node:
        anchors = {f"anchor_{share(units, row['maximum'])}": text for units, text in row["anchors"]}
        kept = {"rules": row["rules"], "anchors": row["anchors"], "maximum": row["maximum"]}
        value = scoring.Criterion("", "", **more(scoring.Criterion, row["rules"]))
        node = self.new("c", {**row, **anchors, "weight": row["weight"] or None, "kept": kept, **data_of("more", scoring.Criterion, value)})
        node.children = [self._criterion(child) for child in row["children"]]
        return node

    def _tier(self, letter: str, tier: dict, rules: dict) -> Node:
        kind = "ratio" if tier["ratio"] is not None else "count"
        quota = scoring.format_percent(tier["ratio"] * 100) if kind == "ratio" else "" if tier["count"] is None else str(tier["count"])
        value = scoring.Tier("", "", **more(scoring.Tier, rules))
        return self.new(letter, {**tier, "quota": quota, "quota_kind": kind, "prize": tier["prize_fen"], "kept": {"rules": rules},
                                 **data_of("more", scoring.Tier, value)})  # fmt: skip

    def _title(self, letter: str, document: dict) -> Node:
        """A title or an award of teams stands whole in the event's rules."""
        tier = scoring.Tier(**more(scoring.Tier, document))
        return self._tier(letter, draft_plan.tier_columns(tier), draft_plan.tier_rules(tier))

    def _team(self, document: dict) -> Node:
        team = scoring.Team(**more(scoring.Team, document))
        node = self.new("g", {"code": team.code, "name": team.name, "kept": {"rules": document}, **data_of("more", scoring.Team, team)})
        node.children = [self._title("h", tier) for tier in document.get("tiers", ())]
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

        for nodes in self._lists().values():
            yield from below(nodes)

    def siblings(self, key: str) -> tuple[list[Node], int] | None:
        """The list that holds the node, and where."""
        waiting = list(self._lists().values())
        while waiting:
            nodes = waiting.pop()
            for position, node in enumerate(nodes):
                if node.key == key:
                    return nodes, position
                waiting.append(node.children)
        return None

    def places(self, problems) -> tuple[dict[str, list], list]:
        """({key of a row: its problems}, the others): a problem stands where the part, award or list that it names stands."""
        rows = {node.row.name.data: node.key for node in self.nodes() if node.key[0] in "ptugh" and node.row.name.data}
        told, others = {}, []
        for problem in problems:
            head = problem.where.split(" · ")[0]
            key = rows.get(problem.where) or rows.get(head) or ("promotion" if head.startswith("晋级") else None)
            (told.setdefault(key, []) if key else others).append(problem)
        return told, others

    def codes(self, part: Node) -> list[Node]:
        """All criteria of a part, in order."""
        found, waiting = [], list(part.children)
        while waiting:
            node = waiting.pop(0)
            found.append(node)
            waiting[:0] = node.children
        return found

    def give_codes(self) -> None:
        """New parts, criteria, tiers, titles and teams get the next free code; a code never changes afterwards."""
        for stage in self.stages:
            _number(stage.children, "p")
            for part in stage.children:
                _number(self.codes(part), "c")
        for letter, nodes in (("t", self.tiers), ("u", self.titles), ("g", self.teams)):
            _number(nodes, letter)
        _number([tier for team in self.teams for tier in team.children], "h")

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
        draft_choices.offer(self)

    def _add(self, kind: str, above: str) -> None:
        lists = {"stage": ("s", self.stages), "tie": ("r", self.ties), "tier": ("t", self.tiers),
                 "title": ("u", self.titles), "team": ("g", self.teams)}  # fmt: skip
        if kind in lists:
            letter, nodes = lists[kind]
        elif (letter := BELOW.get((kind, above[:1]))) and (found := self.siblings(above)):
            nodes = found[0][found[1]].children
        else:
            return
        upper = found[0][found[1]] if kind not in lists else None
        node = self.new(letter, draft_choices.fresh(letter, nodes, upper))
        nodes.append(node)
        self.focus = node.key

    def validate(self) -> bool:
        return all([self.head.validate(), *(node.row.validate() for node in self.nodes())])

    def plan(self) -> dict:
        return draft_plan.read(self)


def _number(nodes: list[Node], letter: str) -> None:
    taken = {node.row.code.data for node in nodes if node.row.code.data}
    number = 0
    for node in nodes:
        if not node.row.code.data or not re.fullmatch(r"[\w-]{1,40}", node.row.code.data):
            while f"{letter}{(number := number + 1)}" in taken:
                pass
            node.row.code.data = f"{letter}{number}"
            taken.add(node.row.code.data)
