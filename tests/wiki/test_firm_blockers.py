"""The board of blockers: states, ages in working days, whose turn it is."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiki.access import Audience, everyone_audience
from wiki.firm import Blocker, Firm, blocker_board
from wiki.firm.working_days import after_working_days, in_working_days, working_days_between
from wiki.workspace.workspace import Workspace, create_workspace

FRIDAY, MONDAY = date(2026, 11, 13), date(2026, 11, 16)
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))


@given(start=DAYS, length=st.integers(0, 60))
def test_working_days_are_counted_as_one_counts_them_on_a_calendar(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    counted = sum((start + timedelta(days=n)).weekday() < 5 for n in range(1, length + 1))
    assert working_days_between(start, end) == counted
    assert working_days_between(end, start) == 0


@given(start=DAYS, days=st.integers(0, 40))
def test_the_day_after_so_many_working_days_is_so_many_away(start: date, days: int) -> None:
    end = after_working_days(start, days)
    assert end.weekday() < 5
    assert working_days_between(start, end) == days or (days == 0 and start.weekday() >= 5)


@pytest.mark.parametrize(("days", "working"), [(0, 0), (1, 1), (2, 2), (5, 5), (6, 6), (7, 5), (14, 10), (30, 21)])
def test_a_duration_is_working_days_and_a_week_has_five(days: int, working: int) -> None:
    assert in_working_days(timedelta(days=days)) == working


def board(root: Path, today: date, audience: Audience | None = None, **fronts: str) -> list[Blocker]:
    (root / "docs").mkdir(parents=True, exist_ok=True)
    (root / "mkdocs.yml").write_text("site_name: Firm\n")
    (root / "roles.yml").write_text("lead: {title: Team lead, holder: ann, deputy: bo}\n")
    for name, front in fronts.items():
        (root / "docs" / f"{name}.md").write_text(f"---\ntitle: {name}\nkind: blocker\n{front}\n---\n\nText.\n")
    return blocker_board(Firm(Workspace.open(root)), audience or everyone_audience(), today)


def one(root: Path, today: date, front: str) -> Blocker:
    return board(root, today, it=front)[0]


def test_a_blocker_is_late_on_the_first_working_day_after_its_time_is_up(tmp_path: Path) -> None:
    front = f"status: open\nowner: ann\nraised: {FRIDAY}\nescalate_after: 2d\nescalated_to: lead"
    on_time = one(tmp_path, date(2026, 11, 17), front)
    assert (on_time.state, on_time.age, on_time.escalate_on, on_time.turn) == ("open", 2, date(2026, 11, 17), "ann")
    late = one(tmp_path, date(2026, 11, 18), front)
    assert (late.state, late.age, late.turn, late.next_step) == ("late", 3, "ann", "Pass it on to Team lead.")


def test_each_state_says_whose_turn_it_is(tmp_path: Path) -> None:
    raised = f"raised: {FRIDAY}"
    turns = {
        "status: open\nescalated_to: lead": ("unowned", "Team lead", "Name an owner."),
        "status: open": ("unowned", "", "Name an owner."),
        "status: open\nowner: lead": ("open", "Team lead", "Keep after it."),
        "status: escalated\nowner: ann\nescalated_to: lead": ("escalated", "Team lead", "Say who does what by when."),
        "status: escalated\nowner: ann": ("escalated", "ann", "Write to whom it was passed on."),
        f"status: resolved\nowner: ann\nresolved: {MONDAY}": (
            "unlearned",
            "ann",
            "Write what was learned, or that nothing changes and why.",
        ),
        f"status: resolved\nresolved: {MONDAY}\nlesson: Ask first.": ("resolved", "", ""),
    }
    for front, expected in turns.items():
        found = one(tmp_path, date(2026, 11, 16), f"{raised}\n{front}")
        assert (found.state, found.turn, found.next_step) == expected, front


def test_the_age_of_what_is_over_stands_still(tmp_path: Path) -> None:
    assert one(tmp_path, date(2026, 12, 24), f"status: resolved\nraised: {FRIDAY}\nresolved: {MONDAY}\nlesson: A").age == 1


def test_a_slip_in_the_status_or_a_missing_date_loses_no_blocker(tmp_path: Path) -> None:
    odd = one(tmp_path, MONDAY, "status: opne\nowner: ann")
    assert (odd.state, odd.age, odd.escalate_on) == ("open", None, None)
    assert one(tmp_path, MONDAY, f"status: done\nresolved: {MONDAY}\nlesson: A").state == "resolved"
    assert one(tmp_path, MONDAY, "escalate_after: 99999y\nraised: 2026-11-01\nowner: ann").state == "open"


def test_the_board_is_by_state_the_oldest_first_and_what_is_over_newest_first(tmp_path: Path) -> None:
    names = [
        blocker.title
        for blocker in board(
            tmp_path,
            date(2026, 11, 20),
            a="status: open\nowner: ann\nraised: 2026-11-18",
            b="status: open\nowner: ann\nraised: 2026-11-12",
            c="status: open\nowner: ann\nraised: 2026-11-02\nescalate_after: 1d",
            d="status: resolved\nraised: 2026-10-02\nresolved: 2026-10-05\nlesson: A",
            e="status: resolved\nraised: 2026-10-01\nresolved: 2026-10-09\nlesson: A",
            f="status: escalated\nowner: ann\nescalated_to: lead\nraised: 2026-11-03",
        )
    ]
    assert names == ["c", "b", "a", "f", "e", "d"]


def test_a_blocker_that_may_not_be_read_is_not_on_the_board(tmp_path: Path) -> None:
    secret = "status: open\nvisibility: restricted\ngroups: [board]"
    assert board(tmp_path, MONDAY, Audience(team=True), secret=secret) == []
    assert len(board(tmp_path, MONDAY, Audience(team=True, groups=frozenset({"board"})), secret=secret)) == 1


def test_the_board_of_the_starter_handbook(tmp_path: Path) -> None:
    firm = Firm(create_workspace(tmp_path / "starter"))
    found = {blocker.page_path: blocker for blocker in blocker_board(firm, everyone_audience(), date(2026, 11, 22))}
    states = {path.split("/")[1][:10]: (b.state, b.age, b.turn) for path, b in found.items()}
    assert states == {
        "2026-11-18": ("open", 2, "jonas"),
        "2026-11-10": ("escalated", 8, "Account manager"),
        "2026-09-03": ("resolved", 12, ""),
    }
