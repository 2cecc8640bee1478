"""The duty to notify an authority: the deadline that a rule sets, what a person decides, and what is still due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.records import ID, T0, incident_of, minutes, record_of

from okb_incident.core.incident.change import Change
from okb_incident.core.response.duty import (
    Duty,
    changed_incident,
    deadline_by_rule,
    duty_of,
    follow,
    moment_of,
    notified,
    problems,
    waive,
)
from okb_incident.core.timeline.record import Record
from okb_incident.core.values.moment import Moment

RULES = {"personal": timedelta(hours=72), "payment": timedelta(hours=24), "health": None}
BY_RULE = "- 2026-11-23T02:00:00 **note** @a: notify_by: – → 2026-11-26T02:00:00, by rule: personal 72h after declared"
PERSONAL = {"data_classes": ["personal"]}
SET = {**PERSONAL, "notify_by": "2026-11-26T02:00:00"}


def record(properties, timeline="", **facts):
    return record_of(incident_of("investigating", properties=properties, **facts), timeline)


def moved(properties, timeline="", change=None, **facts):
    """Return what becomes of the deadline: its new value, None where it goes away, and "as it was"."""
    done = follow(record(properties, timeline, **facts), change or Change({"cause": "attack"}), RULES, minutes(5))
    return done.properties.get("notify_by", "as it was")


def test_the_shortest_rule_counts_from_the_detection_else_from_the_declaration():
    starts = {"detected": minutes(-10), "declared": T0}
    found = deadline_by_rule(["Personal", "PAYMENT", "other", "health"], starts, RULES)
    assert found is not None
    assert (found.at, str(found)) == (minutes(-10) + timedelta(hours=24), "PAYMENT 24h after detected")
    assert str(deadline_by_rule(["personal"], {"declared": T0}, RULES)) == "personal 72h after declared"


@pytest.mark.parametrize(
    ("classes", "starts"),
    [(["health"], {"declared": T0}), ([], {"declared": T0}), (["personal"], {}), (["personal"], {"started": T0})],
)
def test_without_a_rule_or_a_time_there_is_no_deadline(classes, starts):
    assert deadline_by_rule(classes, starts, RULES) is None


def test_a_deadline_beyond_the_calendar_is_none():
    assert deadline_by_rule(["personal"], {"declared": datetime.max.replace(tzinfo=UTC)}, RULES) is None


def test_seventy_two_hours_are_as_many_across_a_clock_change():
    zurich = ZoneInfo("Europe/Zurich")
    before = datetime(2026, 10, 24, 12, tzinfo=zurich).astimezone(UTC)
    found = deadline_by_rule(["personal"], {"detected": before}, RULES)
    assert found is not None
    assert found.at - before == timedelta(hours=72)
    assert found.at.astimezone(zurich).hour == 11


def test_a_class_of_data_sets_the_deadline_and_a_line_says_by_which_rule():
    change = Change({"data_classes": ("personal",)}, said="data_classes – → personal")
    done = follow(record({}), change, RULES, minutes(5))
    assert done.properties["notify_by"] == T0 + timedelta(hours=72)
    assert done.moments == {"notify_by": T0 + timedelta(hours=72)}
    assert done.said == "data_classes – → personal; notify_by, personal 72h after declared"
    assert [line.text for line in done.lines] == [
        "notify_by: – → 2026-11-26T02:00:00, by rule: personal 72h after declared"
    ]


def test_a_class_that_was_added_in_the_editor_sets_it_with_the_next_change():
    assert moved(PERSONAL) == T0 + timedelta(hours=72)
    assert moved({"cause": "x"}) == "as it was"


def test_a_later_detection_or_another_class_moves_what_the_rule_has_set():
    assert moved(SET, BY_RULE, Change({"detected": minutes(-60)})) == minutes(-60) + timedelta(hours=72)
    assert moved(SET, BY_RULE, Change({"detected": "2026-11-22"})) == datetime(2026, 11, 25, tzinfo=UTC)
    more = Change({"data_classes": ("personal", "payment")})
    assert moved(SET, BY_RULE, more) == T0 + timedelta(hours=24)
    assert moved(SET, BY_RULE) == "as it was"


def test_a_detection_that_was_changed_in_the_editor_moves_it_too():
    assert moved(SET, BY_RULE, detected=-30) == minutes(-30) + timedelta(hours=72)


def test_a_time_in_another_form_is_still_the_one_of_the_rule():
    assert moved({**SET, "notify_by": "2026-11-26T03:00+01:00"}, BY_RULE, detected=-30) == minutes(-30) + timedelta(
        hours=72
    )


def test_without_classes_the_rule_takes_its_deadline_away():
    done = follow(record(SET, BY_RULE), Change({"data_classes": None}), RULES, minutes(5))
    assert done.properties["notify_by"] is None
    assert done.said == "notify_by removed, no class of data asks for a notice"
    assert done.lines[0].text == "notify_by: 2026-11-26T02:00:00 → –, by rule: no class of data asks for a notice"


def test_a_deadline_that_the_rule_took_away_may_be_set_by_it_again():
    gone = BY_RULE + "\n- 2026-11-23T02:01:00 **note** @a: notify_by: 2026-11-26T02:00:00 → –, by rule: no class"
    assert moved(PERSONAL, gone) == T0 + timedelta(hours=72)


@pytest.mark.parametrize(
    ("properties", "timeline"),
    [
        ({**SET, "notify_by": "2026-11-24T10:00:00"}, ""),
        ({**SET, "notify_by": "2026-11-24T10:00:00"}, BY_RULE),
        ({**SET, "notify_by": "soon"}, BY_RULE),
        ({**SET, "notify_by": {}}, ""),
        (PERSONAL, BY_RULE),
        (PERSONAL, f"{BY_RULE}\n- 2026-11-23T02:01:00 **note** @a: notify_by: 2026-11-26T02:00:00 → –, no risk"),
        (SET, f"{BY_RULE}\n- 2026-11-23T02:01:00 **note** @a: notify_by: 2026-11-26T02:00:00, confirmed"),
    ],
)
def test_what_a_person_has_set_or_taken_away_is_never_overwritten(properties, timeline):
    assert moved(properties, timeline, Change({"detected": minutes(-60)})) == "as it was"


def test_a_deadline_in_the_change_itself_is_by_hand():
    given = Change({"data_classes": ("personal",), "notify_by": minutes(60)})
    assert moved({}, "", given) == minutes(60)


def test_nothing_is_due_of_what_is_set_aside():
    aside = record_of(incident_of("declined", properties=PERSONAL))
    assert follow(aside, Change({"cause": "x"}), RULES, minutes(5)).properties == {"cause": "x"}
    assert duty_of(record_of(incident_of("declined", properties=SET)), RULES) is None


def test_a_duty_that_no_command_has_written_can_be_waived_once():
    done = waive(record(PERSONAL), RULES, "no risk", minutes(5))
    assert (done.properties, done.said) == ({"notify_by": None}, 'notify_by removed "no risk"')
    assert done.lines[0].text == "notify_by: – → –, no risk"
    assert waive(record(PERSONAL), RULES, "", minutes(5)).lines[0].text == "notify_by: – → –"
    told = "- 2026-11-23T02:05:00 **note** @a: notify_by: – → –, no risk"
    assert duty_of(record(PERSONAL, told), RULES) is None
    assert moved(PERSONAL, told, Change({"detected": minutes(-60)})) == "as it was"
    assert waive(record(PERSONAL, told), RULES, "no risk", minutes(5)).already
    assert waive(record(SET, BY_RULE), RULES, "no risk", minutes(5)).already


def test_impossible_times_are_a_warning_of_the_change_that_makes_them_and_of_no_other():
    late = {"notify_by": "2026-11-23T01:00:00", "notified": "2026-11-22"}
    both = ("notify_by is 1h00m before detected", "notified is 2h00m before detected")
    assert follow(record(late), Change({"detected": T0}), RULES, T0).warnings == both
    assert follow(record(late, detected=0), Change({"cause": "x"}), RULES, T0).warnings == ()
    assert follow(record({}, detected=0), Change({"notified": minutes(-5)}), RULES, T0).warnings == (
        "notified is 5m before detected",
    )


def test_check_names_a_notice_before_the_detection():
    incident = incident_of(
        "investigating", properties={"notify_by": "2026-11-23T01:00:00"}, detected=0, lines={"notify_by": 9}
    )
    (found,) = problems(incident, UTC)
    assert (found.line, found.code, found.message) == (9, "notice-order", "notify_by is 1h00m before detected")
    assert str(found.hint) == f"set the right one: incident set -i {ID} notify_by"
    assert list(problems(incident._replace(moments={}), UTC)) == []
    assert list(problems(incident._replace(properties={"notified": "2026-11-23T02:00:00"}), UTC)) == []


def test_what_is_due_is_known_before_a_command_has_written_it():
    assert duty_of(record(PERSONAL), RULES) == Duty(T0 + timedelta(hours=72), ("personal",))
    assert duty_of(record(SET, BY_RULE), RULES) == Duty(T0 + timedelta(hours=72), ("personal",))
    assert duty_of(record({"notify_by": "2026-11-24"}), RULES) == Duty(datetime(2026, 11, 25, tzinfo=UTC), ())


@pytest.mark.parametrize(
    ("properties", "timeline"),
    [
        ({}, ""),
        ({"data_classes": ["health", "[[other]]"]}, ""),
        ({**SET, "notified": "2026-11-24T10:00:00"}, BY_RULE),
        ({**SET, "notified": "2026-11-24"}, BY_RULE),
        (PERSONAL, BY_RULE),
    ],
)
def test_nothing_is_due_where_it_was_sent_or_a_person_took_it_away(properties, timeline):
    assert duty_of(record(properties, timeline), RULES) is None


def test_a_deadline_or_a_notice_that_cannot_be_read_leaves_the_duty():
    found = duty_of(record({**PERSONAL, "notify_by": "soon", "notified": "yes"}), RULES)
    assert found == Duty(None, ("personal",), "soon")
    assert found.about == " (data: personal); notify_by cannot be read: soon"
    assert duty_of(record({**SET, "notified": "yes"}, BY_RULE), RULES) == Duty(T0 + timedelta(hours=72), ("personal",))


def test_ten_thousand_letters_do_not_fill_the_screen():
    assert len(Duty(None, (), "x" * 10_000).about) == 120
    assert Duty(T0, ()).about == ""


def test_only_the_first_notice_counts():
    assert notified(record({}), minutes(7)) == {"notified": minutes(7)}
    assert notified(record({"notified": "yes"}), minutes(7)) == {"notified": minutes(7)}
    assert notified(record({"notified": "2026-11-23T02:05:00"}), minutes(7)) == {}


def test_an_incident_after_a_change():
    before = incident_of("investigating", properties={"cause": "x", "tlp": "red"}, detected=-5)
    after = changed_incident(
        before, Change({"cause": None, "detected": None, "declared": minutes(1), "data_classes": ("a", "b")}), UTC
    )
    assert after.properties == {"tlp": "red", "declared": "2026-11-23T02:01:00", "data_classes": ["a", "b"]}
    assert after.moments == {"declared": Moment(minutes(1))}


def test_a_time_of_day_in_the_zone_of_the_vault():
    zurich = ZoneInfo("Europe/Zurich")
    incident = incident_of("investigating", properties=SET)
    assert moment_of(Record(incident, zurich, lambda _: ()).incident, "notify_by", zurich) == datetime(
        2026, 11, 26, 1, tzinfo=UTC
    )
