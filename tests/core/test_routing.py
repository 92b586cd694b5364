from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.routing import COMMUNE_OF_PLACE, DISTRICT_OF_PLACE, Facts, Rule, decide, ties

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

DAYS = st.none() | st.dates(date(2025, 6, 25), date(2025, 7, 5))
AREAS = st.sampled_from([(None, None), ("commune", "19333"), ("commune", "19351"), ("district", "461")])
RULES = st.builds(
    lambda id_, category, area, first, last: Rule(id_, "U", category, area[0], area[1], first, last),
    st.integers(1, 99),
    st.sampled_from([None, "den_duong", "rac_thai"]),
    AREAS,
    DAYS,
    DAYS,
)
RULEBOOKS = st.lists(RULES, max_size=12, unique_by=lambda rule: rule.id)
FACTS = st.builds(
    lambda category, day, commune: Facts(category, day, {"commune": commune, "district": "461"}),
    st.sampled_from(["den_duong", "rac_thai", "khac"]),
    st.dates(date(2025, 6, 24), date(2025, 7, 6)),
    st.sampled_from(["19333", "19351"]),
)


@pytest.mark.parametrize("strongest", range(1, 9))
def test_the_most_specific_rule_wins_and_says_why(strongest):
    decision = decide(EVERY_SHAPE[:strongest], LIGHTS_THEN, "IOC")
    assert decision.rule_id == strongest
    assert decision.lead == EVERY_SHAPE[strongest - 1].lead
    assert decision.why == REASONS[strongest - 1]
    assert decision.matched == tuple(range(strongest, 0, -1))


def test_without_a_rule_the_coordination_centre_answers():
    elsewhere = [Rule(1, "X", "rac_thai"), Rule(2, "Y", area_level="commune", area="19351")]
    decision = decide(elsewhere, LIGHTS_THEN, "IOC")
    assert (decision.lead, decision.rule_id, decision.matched, decision.why) == ("IOC", None, (), "fallback")


@pytest.mark.parametrize(
    ("day", "areas", "lead"),
    [(LAST_DAY, DONG_HA_BEFORE, DISTRICT_OF_PLACE), (REFORM, DONG_HA, COMMUNE_OF_PLACE)],
)
def test_the_reform_hands_over_at_midnight(day, areas, lead):
    rules = [
        Rule(1, DISTRICT_OF_PLACE, "den_duong", valid_until=LAST_DAY),
        Rule(2, COMMUNE_OF_PLACE, "den_duong", valid_from=REFORM),
    ]
    assert decide(rules, Facts("den_duong", day, areas), "IOC").lead == lead
    assert ties(rules) == []


def test_a_rule_for_districts_is_silent_where_there_are_none():
    rules = [Rule(1, "X", area_level="district", area="461")]
    assert decide(rules, Facts("den_duong", REFORM, DONG_HA), "IOC").why == "fallback"


def test_among_equals_the_lowest_id_wins_in_whatever_order():
    rules = [Rule(3, "C", "den_duong"), Rule(1, "A", "den_duong"), Rule(2, "B", "den_duong")]
    decisions = {decide(order, LIGHTS_THEN, "IOC") for order in permutations(rules)}
    assert [(decision.lead, decision.matched) for decision in decisions] == [("A", (1, 2, 3))]


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
    decision = decide(rules, facts, "IOC")
    fitting = {rule.id: rule for rule in rules if rule.fits(facts)}
    assert set(decision.matched) == set(fitting)
    if fitting:
        winner = fitting[decision.rule_id]
        assert winner.specificity == max(rule.specificity for rule in fitting.values())


@given(RULEBOOKS)
def test_every_tie_is_real(rules):
    for one, other in ties(rules):
        first = max(one.valid_from or date.min, other.valid_from or date.min)
        areas = {one.area_level: one.area} if one.area_level else {}
        that_day = Facts(one.category or "khac", first, areas)
        assert one.fits(that_day)
        assert other.fits(that_day)
        assert one.specificity == other.specificity


@pytest.mark.parametrize(
    ("level", "area"), [("commune", None), (None, "19333"), ("village", "1"), ("", "19333")]
)
def test_half_a_place_is_no_rule(level, area):
    with pytest.raises(ValueError, match="belong together"):
        Rule(1, "A", area_level=level, area=area)
