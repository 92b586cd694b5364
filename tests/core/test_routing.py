from collections.abc import Iterable
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.routing import (
    COMMUNE_OF_PLACE,
    DISTRICT_OF_PLACE,
    Decision,
    Facts,
    Fault,
    Rule,
    RuleBook,
    ties,
)
from portal.core.routing import decide as decide_by_book

DONG_HA = {"commune": "19333", "province": "44"}
DONG_HA_BEFORE = {"commune": "19333", "district": "461", "province": "45"}
REFORM = date(2025, 7, 1)
LAST_DAY = date(2025, 6, 30)

EVERY_SHAPE = [
    Rule(1, "ANY"),
    Rule(2, "PROVINCE", area_level="province", area="45"),
    Rule(3, "DISTRICT", area_level="district", area="461"),
    Rule(4, "COMMUNE", area_level="commune", area="19333"),
    Rule(5, "LIGHTS", "den_duong"),
    Rule(6, "LIGHTS_PROVINCE", "den_duong", "province", "45"),
    Rule(7, "LIGHTS_DISTRICT", "den_duong", "district", "461"),
    Rule(8, "LIGHTS_COMMUNE", "den_duong", "commune", "19333"),
]
REASONS = [
    "any",
    "province",
    "district",
    "commune",
    "category",
    "category+province",
    "category+district",
    "category+commune",
]
LIGHTS_THEN = Facts("den_duong", LAST_DAY, DONG_HA_BEFORE)

ROADS = st.dictionaries(
    st.sampled_from(["road_class", "hours"]),
    st.frozensets(st.sampled_from(["national", "village", "office"]), min_size=1),
)
KNOWN = st.dictionaries(
    st.sampled_from(["road_class", "hours"]), st.sampled_from(["national", "village", "office"])
)
DAYS = st.none() | st.dates(date(2025, 6, 25), date(2025, 7, 5))
AREAS = st.sampled_from([(None, None), ("commune", "19333"), ("commune", "19351"), ("district", "461")])
RULES = st.builds(
    lambda id_, category, area, first, last, when: Rule(
        id_, "U", category, area[0], area[1], first, last, when
    ),
    st.integers(1, 99),
    st.sampled_from([None, "den_duong", "rac_thai"]),
    AREAS,
    DAYS,
    DAYS,
    ROADS,
)
RULEBOOKS = st.lists(RULES, max_size=12, unique_by=lambda rule: rule.id)
FACTS = st.builds(
    lambda category, day, commune, known: Facts(
        category, day, {"commune": commune, "district": "461"}, known=known
    ),
    st.sampled_from(["den_duong", "rac_thai", "khac"]),
    st.dates(date(2025, 6, 24), date(2025, 7, 6)),
    st.sampled_from(["19333", "19351"]),
    KNOWN,
)
GONE = {"GONE", "UNKNOWN"}


def appoint(code: str, _facts: Facts) -> str:
    """Every code is a unit but those that are not."""
    if code in GONE:
        raise Fault("unit_gone", code)
    return code


def decide(rules: Iterable[Rule], facts: Facts) -> Decision[str]:
    return decide_by_book(RuleBook(rules), facts, appoint)


def ids(rules: Iterable[Rule]) -> list[int]:
    return [rule.id for rule in rules]


@pytest.mark.parametrize("strongest", range(1, 9))
def test_the_most_specific_rule_wins_and_says_why(strongest):
    decision = decide(EVERY_SHAPE[:strongest], LIGHTS_THEN)
    assert decision.rule == EVERY_SHAPE[strongest - 1]
    assert decision.lead == EVERY_SHAPE[strongest - 1].lead
    assert decision.why == REASONS[strongest - 1]
    assert ids(decision.matched) == list(range(strongest, 0, -1))


def test_without_a_rule_the_coordination_centre_answers():
    elsewhere = [Rule(1, "X", "rac_thai"), Rule(2, "Y", area_level="commune", area="19351")]
    decision = decide(elsewhere, LIGHTS_THEN)
    assert (decision.lead, decision.rule, decision.matched, decision.why) == (None, None, (), "fallback")


@pytest.mark.parametrize(
    ("day", "areas", "lead"),
    [(LAST_DAY, DONG_HA_BEFORE, DISTRICT_OF_PLACE), (REFORM, DONG_HA, COMMUNE_OF_PLACE)],
)
def test_the_reform_hands_over_at_midnight(day, areas, lead):
    rules = [
        Rule(1, DISTRICT_OF_PLACE, "den_duong", valid_until=LAST_DAY),
        Rule(2, COMMUNE_OF_PLACE, "den_duong", valid_from=REFORM),
    ]
    assert decide(rules, Facts("den_duong", day, areas)).lead == lead
    assert ties(rules) == []


def test_a_rule_for_districts_is_silent_where_there_are_none():
    rules = [Rule(1, "X", area_level="district", area="461")]
    assert decide(rules, Facts("den_duong", REFORM, DONG_HA)).why == "fallback"


def test_among_equals_the_lowest_id_wins_in_whatever_order():
    rules = [Rule(3, "C", "den_duong"), Rule(1, "A", "den_duong"), Rule(2, "B", "den_duong")]
    for order in permutations(rules):
        decision = decide(order, LIGHTS_THEN)
        assert (decision.lead, ids(decision.matched)) == ("A", [1, 2, 3])


@pytest.mark.parametrize(
    ("other", "tied"),
    [
        (Rule(2, "B", "den_duong", "commune", "19333"), True),
        (Rule(2, "B", "den_duong", "commune", "19333", valid_from=LAST_DAY), True),
        (Rule(2, "B", "den_duong", "commune", "19333", valid_from=REFORM), False),
        (Rule(2, "B", "rac_thai", "commune", "19333"), False),
        (Rule(2, "B", "den_duong", "commune", "19351"), False),
        (Rule(2, "B", "den_duong", "district", "19333"), False),
        (Rule(2, "B", "den_duong"), False),
        (Rule(2, "B", None, "commune", "19333"), False),
    ],
)
def test_two_rules_for_the_same_case_on_the_same_day_are_tied(other, tied):
    one = Rule(1, "A", "den_duong", "commune", "19333", valid_until=LAST_DAY)
    assert ties([other, one]) == ([(one, other)] if tied else [])


@given(RULEBOOKS, FACTS)
def test_wherever_the_id_has_to_decide_the_rules_are_tied(rules, facts):
    fitting = [rule for rule in rules if rule.fits(facts)]
    equals = {
        frozenset({one.id, other.id})
        for one in fitting
        for other in fitting
        if one.id < other.id and one.specificity == other.specificity
    }
    assert equals <= {frozenset({one.id, other.id}) for one, other in ties(rules)}


@given(RULEBOOKS, FACTS)
def test_the_winner_fits_and_nothing_that_fits_is_more_specific(rules, facts):
    decision = decide(rules, facts)
    fitting = {rule.id: rule for rule in rules if rule.fits(facts)}
    assert sorted(ids(decision.matched)) == sorted(fitting)
    if fitting:
        winner = decision.rule
        assert winner.specificity == max(rule.specificity for rule in fitting.values())


@given(RULEBOOKS)
def test_every_tie_is_real(rules):
    for one, other in ties(rules):
        first = max(one.valid_from or date.min, other.valid_from or date.min)
        areas = {one.area_level: one.area} if one.area_level else {}
        known = {
            subject: min(one.conditions.get(subject, values) & other.conditions.get(subject, values))
            for subject, values in (one.conditions | other.conditions).items()
        }
        that_day = Facts(one.category or "khac", first, areas, known=known)
        assert one.fits(that_day)
        assert other.fits(that_day)
        assert one.specificity == other.specificity


@pytest.mark.parametrize(
    ("level", "area"), [("commune", None), (None, "19333"), ("village", "1"), ("", "19333")]
)
def test_half_a_place_is_no_rule(level, area):
    with pytest.raises(ValueError, match="belong together"):
        Rule(1, "A", area_level=level, area=area)


NATIONAL = {"road_class": frozenset({"national"})}
NATIONAL_AT_NIGHT = NATIONAL | {"hours": frozenset({"outside"})}


def lights_on(**known: str) -> Facts:
    return Facts("den_duong", LAST_DAY, DONG_HA_BEFORE, known=known)


def test_more_conditions_beat_fewer_and_an_unanswered_question_holds_nothing():
    rules = [
        Rule(1, "WARD", "den_duong"),
        Rule(2, "ROADS", "den_duong", conditions=NATIONAL),
        Rule(3, "NIGHT", "den_duong", conditions=NATIONAL_AT_NIGHT),
        Rule(4, "WARD_ITSELF", "den_duong", "commune", "19333", conditions={"hours": frozenset({"office"})}),
    ]
    for facts, lead, matched in (
        (lights_on(), "WARD", [1]),
        (lights_on(road_class="village"), "WARD", [1]),
        (lights_on(road_class="national"), "ROADS", [2, 1]),
        (lights_on(road_class="national", hours="outside"), "NIGHT", [3, 2, 1]),
        (lights_on(road_class="national", hours="office"), "WARD_ITSELF", [4, 2, 1]),
    ):
        decision = decide(rules, facts)
        assert (decision.lead, ids(decision.matched)) == (lead, matched)


def test_conditions_tie_only_where_both_can_be_true():
    one = Rule(1, "A", "den_duong", conditions={"road_class": frozenset({"national", "provincial"})})
    for values, tied in (({"provincial", "village"}, True), ({"village"}, False)):
        other = Rule(2, "B", "den_duong", conditions={"road_class": frozenset(values)})
        assert bool(ties([one, other])) is tied
    assert ties([one, Rule(2, "B", "den_duong", conditions={"hours": frozenset({"office"})})])
    assert not ties([one, Rule(2, "B", "den_duong", conditions=NATIONAL_AT_NIGHT)])
    assert not ties([one, Rule(2, "B", "den_duong")])


def test_a_rule_that_cannot_be_used_is_named_and_the_next_decides():
    rules = [
        Rule(1, "WARD", "den_duong", cooperating=("ELECTRIC", "WARD", "ELECTRIC")),
        Rule(2, "GONE", "den_duong", conditions=NATIONAL),
        Rule(3, "ROADS", "den_duong", conditions=NATIONAL_AT_NIGHT, cooperating=("UNKNOWN",)),
        Rule(4, "ROADS", "den_duong", fault="conditions"),
    ]
    decision = decide(rules, lights_on(road_class="national", hours="outside"))
    assert (decision.lead, decision.cooperating) == ("WARD", ("ELECTRIC",))
    assert [(rule.id, reason) for rule, reason in decision.faults] == [
        (4, "conditions"),
        (3, "unit_gone UNKNOWN"),
        (2, "unit_gone GONE"),
    ]
    nothing_left = decide(rules[1:], lights_on(road_class="national"))
    assert (nothing_left.lead, nothing_left.why, len(nothing_left.faults)) == (None, "fallback", 2)
