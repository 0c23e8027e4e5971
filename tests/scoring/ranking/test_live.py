"""Standings kept up to date mark by mark are those of `compute` after every single change."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import UNIT, Decision, EntryFact, Facts, Panel, Part, PenaltyFact, Rounding, Scheme, Standard, Step, TieRule, compute
from scoring.ranking.live import Line, Live, why_not
from scoring.ranking.shelf import BLOCK, Shelf
from tests.scoring.build import entry, field, plain, roadshow
from tests.scoring.contests import contests, fields


def same(live, facts):
    outcome = compute(live.scheme, facts)
    expected = {standing.entry: Line(standing.entry, standing.status, standing.score, standing.place, standing.shared, standing.undecided,
                                     standing.outside_place) for standing in outcome.standings}
    assert {number: live.place_of(number) for number in expected} == expected
    placed = [expected[standing.entry] for standing in outcome.standings if standing.place is not None]
    assert (live.page(0, len(placed) + 1), live.placed) == (placed, len(placed))
    assert (live.top(2), live.page(1, 3)) == (placed[:2], placed[1:4])
    assert [told(standing) for standing in live.standings()] == [told(standing) for standing in outcome.standings]


def told(standing):
    """What a table says of a standing; exactly ranked scores write as many decimals as their field needs."""
    texts = standing.place_text, standing.score_text, [(part.text, part.judges) for part in standing.parts.values()]
    return standing.entry, standing.status, standing.rank, texts, standing.reason if standing.run.scheme.rank_by == "rounded" else ""


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_after_every_change_the_standings_are_those_of_compute(data):
    scheme, facts = data.draw(contests(most=8))
    live, now = Live(scheme, facts), {fact.entry: fact for fact in facts.entries}
    same(live, facts)
    for changed in data.draw(fields(scheme, most=6)).entries:
        if data.draw(st.integers(0, 5)) == 5 and changed.entry in now:
            del now[changed.entry]
            live.remove(changed.entry)
        else:
            now[changed.entry] = changed
            live.update(changed)
        same(live, facts._replace(entries=tuple(now.values())))


@pytest.mark.parametrize("ranking", ["standard", "mean", "modified", "ordinal", "dense"])
def test_every_way_of_writing_places(ranking):
    part = roadshow()
    scheme = plain(part, ranking=ranking, ties=(TieRule("fewer_penalties"), TieRule("shared")))
    facts = field(*(entry(number, part, 70 + number % 3, penalties=(PenaltyFact(0, "无"),)) for number in range(1, 9)))
    live = Live(scheme, facts)
    same(live, facts)
    changed = entry(5, part, 72)
    live.update(changed)
    same(live, facts._replace(entries=(*facts.entries[:4], changed, *facts.entries[5:])))


def test_exact_scores_over_panels_of_different_size():
    part = roadshow()
    facts = field(entry(1, part, 70, 71, 71), entry(2, part, 70, 71), entry(3, part, 71))
    live = Live(plain(part, rank_by="exact"), facts)
    same(live, facts)
    for changed in (entry(2, part, 71, 71, 71, 70, 71, 71, 71), entry(1, part, 70, 71, 71, 71)):
        live.update(changed)
        facts = facts._replace(entries=tuple(changed if fact.entry == changed.entry else fact for fact in facts.entries))
        same(live, facts)


def test_a_decision_parts_a_tie_and_leaves_when_it_is_revoked():
    part = roadshow()
    facts = field(entry(1, part, 80), entry(2, part, 80), entry(3, part, 90))
    live = Live(plain(part), facts)
    same(live, facts)
    decided = facts._replace(decisions=(Decision((2, 1), "抽签"),))
    live.decide(decided.decisions)
    same(live, decided)
    assert live.place_of(2).place == 2
    live.decide(())
    same(live, facts)


@pytest.mark.parametrize(("scheme", "word"), [
    (Scheme((roadshow(Panel("mean", standard=Standard())),)), "全体对象的打分"),
    (Scheme((roadshow(),), steps=(Step("best", "折算", "of_best", ("roadshow",)),), total="best"), "折算"),
    (Scheme((roadshow(),), tolerance=UNIT), "同分范围"),
    (Scheme((roadshow(),), ranking="dense"), "不占位"),
])
def test_where_one_mark_moves_everybody_the_field_is_computed_again_and_said_so(scheme, word):
    assert any(word in reason for reason in why_not(scheme))
    part = scheme.parts[0]
    facts = field(*(entry(number, part, 70 + number, 75 - number, 80) for number in range(1, 6)))
    live = Live(scheme, facts)
    same(live, facts)
    changed = entry(3, part, 99, 99, 80)
    live.update(changed)
    same(live, facts._replace(entries=tuple(changed if fact.entry == 3 else fact for fact in facts.entries)))


def test_totals_from_steps_of_one_entry_follow_too():
    runs = (Part("run1", "一轮", 100 * UNIT, "figure", required=False), Part("run2", "二轮", 100 * UNIT, "figure", required=False))
    scheme = Scheme(runs, Rounding(2), steps=(Step("best", "最好一轮", "best", ("run1", "run2")),), total="best")
    assert why_not(scheme) == ()
    facts = Facts(tuple(EntryFact(number, str(number), figures={"run1": number * UNIT}) for number in range(1, 6)) + (EntryFact(6, "6"),))
    live = Live(scheme, facts)
    same(live, facts)
    better = EntryFact(2, "2", figures={"run1": UNIT, "run2": 9 * UNIT})
    live.update(better)
    same(live, facts._replace(entries=tuple(better if fact.entry == 2 else fact for fact in facts.entries)))
    assert live.top(1)[0].entry == 2 and live.place_of(6).status == "no_score"


def test_blocks_split_and_vanish():
    chance, shelf, kept = random.Random(5), Shelf({}), []
    for _ in range(6 * BLOCK):
        key = chance.randrange(4 * BLOCK)
        shelf.add(key)
        kept.append(key)
    assert len(shelf.blocks) > 1
    chance.shuffle(kept)
    while kept:
        for key in (kept[0], -1, 5 * BLOCK):
            assert shelf.before(key) == sum(other < key for other in kept)
        offset = len(kept) // 2
        assert next(shelf.since(offset))[0] == sorted(kept)[offset]
        for key in kept[-97:]:
            shelf.remove(key)
        del kept[-97:]
    assert (len(shelf), shelf.counts, len(shelf.blocks)) == (0, {}, 1)
