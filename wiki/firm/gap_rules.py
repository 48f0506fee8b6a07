"""The rules that find gaps: one small function each, from what an audience sees to what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from wiki.firm.gaps import Gap
from wiki.firm.handoffs import HandoffRow, handoff_rows, role_names, role_title, roles_of
from wiki.firm.known import FirmPage
from wiki.firm.paths import meant
from wiki.firm.steps import named
from wiki.pages.page import Handoff
from wiki.workspace.roles import Roles

__all__ = ["RULES", "Seen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The pages that an audience may read, by what the rules ask of them. `procedures` are by the path of their process."""

    pages: Mapping[str, FirmPage]
    roles: Roles
    people: frozenset[str]
    processes: Mapping[str, FirmPage]
    rows: Mapping[str, tuple[HandoffRow, ...]]
    procedures: Mapping[str, tuple[FirmPage, ...]]
    owners: frozenset[str]

    @classmethod
    def of(cls, pages: Mapping[str, FirmPage], roles: Roles) -> Seen:
        processes = {path: page for path, page in pages.items() if page.front_matter.kind == "process"}
        procedures: dict[str, tuple[FirmPage, ...]] = {}
        for page in pages.values():
            if page.front_matter.kind == "procedure" and (process := meant(page.front_matter.part_of, page.path, processes)):
                procedures[process] = (*procedures.get(process, ()), page)
        return cls(
            pages=pages,
            roles=roles,
            people=frozenset(name for role in roles for name in (role.holder, role.deputy) if name),
            processes=processes,
            rows={path: tuple(handoff_rows(page, roles)) for path, page in processes.items()},
            procedures=procedures,
            owners=frozenset(name for page in pages.values() for name in role_names(page.front_matter.owner)),
        )

    def title(self, name: str) -> str:
        return role_title(self.roles, name)


def _blank_fields(seen: Seen) -> Iterator[Gap]:
    wanted: tuple[tuple[str, Callable[[Handoff], str], str, str], ...] = (
        ("no-sender", lambda handoff: handoff.from_role, "nobody is named who passes it on", "from"),
        ("nobody-receives", lambda handoff: handoff.to_role, "nobody is named who receives it", "to"),
        ("nothing-moves", lambda handoff: handoff.moves, "it does not say what moves", "moves"),
        ("no-owner", lambda handoff: handoff.owner, "nobody owns it", "owner"),
        ("no-done", lambda handoff: handoff.done, "it does not say when it is done", "done"),
    )
    for row in _all_rows(seen):
        for kind, value, message, key in wanted:
            if not value(row.handoff):
                yield _of_handoff(row, kind, message, f"Add `{key}` to the handoff.")


def _left_out(seen: Seen) -> Iterator[Gap]:
    for rows in seen.rows.values():
        if any(row.handoff.receipt for row in rows):
            for row in rows:
                if not row.handoff.receipt:
                    message = "it does not say how the receiver confirms it, as others here do"
                    yield _of_handoff(row, "no-receipt", message, "Add `receipt` to the handoff.")
        if any(row.handoff.if_plan_changes for row in rows):
            for row in rows:
                if not row.handoff.if_plan_changes:
                    message = "nobody is named who decides when the plan changes, as others here do"
                    yield _of_handoff(row, "no-plan-change", message, "Add `if_plan_changes` to the handoff.")


def _to_itself(seen: Seen) -> Iterator[Gap]:
    for row in _all_rows(seen):
        senders = role_names(row.handoff.from_role)
        if senders and senders == role_names(row.handoff.to_role):
            yield _of_handoff(row, "to-itself", "it goes to the role it comes from", "Name the role that receives it in `to`.")


def _roles(seen: Seen) -> Iterator[Gap]:
    """Once for each role of a process, at the first handoff that names it."""
    if not seen.roles:  # without a roles.yml nothing can be said
        return
    for rows in seen.rows.values():
        told: set[str] = set()
        for row in rows:
            for name in roles_of(row.handoff):
                if name in told:
                    continue
                told.add(name)
                role = seen.roles.get(name)
                if role is None and name not in seen.people:
                    message = f"roles.yml has no role {name}"
                    yield _of_role(row, "role-unknown", name, message, "Write the role as roles.yml has it, or add it there.")
                elif role is not None and role.vacant:
                    message = f"nobody is {role.title}: the role is vacant"
                    yield _of_role(row, "role-vacant", name, message, "Name a holder in roles.yml, or hand it to another role.")
                elif role is not None and role.deputy in ("", role.holder):
                    message = f"{role.title} ({role.holder}) has no deputy"
                    yield _of_role(row, "no-deputy", name, message, "Name a deputy in roles.yml.")


def _receivers_page(seen: Seen) -> Iterator[Gap]:
    for rows in seen.rows.values():
        told: set[str] = set()
        for row in rows:
            for name in role_names(row.handoff.to_role):
                role = seen.roles.get(name)
                if role is None or name in told or not seen.owners.isdisjoint({name, role.holder} - {""}):
                    continue
                told.add(name)
                message = f"{role.title} receives it and owns no page that says what happens then"
                hint = "Write the procedure, or make the role the owner of the page that has it."
                yield _of_role(row, "no-receiver-page", name, message, hint)


def _disagree(seen: Seen) -> Iterator[Gap]:
    first: dict[tuple[str, str, str], HandoffRow] = {}
    for row in _all_rows(seen):
        handoff = row.handoff
        if not (handoff.from_role and handoff.to_role and handoff.moves):
            continue
        other = first.setdefault((handoff.from_role, handoff.to_role, _folded(handoff.moves)), row)
        if other.page_path == row.page_path:
            continue
        for key, here, there in (
            ("done", _folded(handoff.done), _folded(other.handoff.done)),
            ("owner", handoff.owner, other.handoff.owner),
        ):
            if here and there and here != there:
                message = f"`{key}` differs from what {other.page_title} says about the same handoff"
                yield _of_handoff(row, "disagree", message, f"Say the same on both pages ({other.page_path}).")
                break


def _chain(seen: Seen) -> Iterator[Gap]:
    for path, process in seen.processes.items():
        there = {name for row in seen.rows[path] for name in role_names(row.handoff.to_role)}
        there |= set(role_names(process.front_matter.owner))
        told: set[str] = set()
        for step in process.steps:
            for target in step.leads_to if step.number else ():
                following = seen.processes.get(target)
                if following is None or target == path or target in told:
                    continue
                starters = set(role_names(following.front_matter.owner))
                starters |= {name for row in seen.rows[target][:1] for name in role_names(row.handoff.from_role)}
                if starters and starters.isdisjoint(there):
                    told.add(target)
                    names = " or ".join(seen.title(name) for name in sorted(starters))
                    message = f"Step {step.number} leads to {following.title}, and no handoff reaches {names}."
                    hint = f"Add the handoff that starts {following.title}."
                    yield replace(_of_page(process, "chain-broken", message, hint, *sorted(starters)), line=step.line)


def _no_handoffs(seen: Seen) -> Iterator[Gap]:
    for path, process in seen.processes.items():
        owners = {page.front_matter.owner for page in seen.procedures.get(path, ())} - {""}
        if len(owners) > 1 and not seen.rows[path]:
            names = ", ".join(seen.title(name) for name in sorted(owners))
            message = f"Its procedures belong to {names}, and no handoff says how work passes between them."
            yield _of_page(process, "no-handoffs", message, "Add `handoffs` to the front matter.", *sorted(owners))


def _process_fields(seen: Seen) -> Iterator[Gap]:
    for process in seen.processes.values():
        for kind, value, message, key in (
            ("no-trigger", process.front_matter.trigger, "It does not say what starts it.", "trigger"),
            ("no-outcome", process.front_matter.outcome, "It does not say what is there at the end.", "outcome"),
            ("process-without-owner", process.front_matter.owner, "Nobody owns the process.", "owner"),
        ):
            if not value:
                yield _of_page(process, kind, message, f"Add `{key}` to the front matter.")


def _procedures(seen: Seen) -> Iterator[Gap]:
    for page in seen.pages.values():
        if page.front_matter.kind != "procedure":
            continue
        part_of = page.front_matter.part_of
        if not part_of:
            if not seen.processes:  # the handbook has procedures alone
                continue
            message = "The procedure belongs to no process."
            yield _of_page(page, "procedure-without-process", message, "Name its process in `part_of`, or make it a reference.")
        elif not meant(part_of, page.path, seen.processes):
            message = f"`part_of` names {part_of}, which is no process."
            yield _of_page(page, "process-unknown", message, "Write the path of the process page, such as sales/index.md.")


def _steps(seen: Seen) -> Iterator[Gap]:
    for path, procedures in seen.procedures.items():
        process = seen.processes[path]
        taken: dict[str, FirmPage] = {}
        for page in procedures:
            name = page.front_matter.step
            if not name:
                continue
            steps = named(process.steps, name)
            if not steps and any(step.number for step in process.steps):
                message = f"{process.title} has no step “{name}”."
                yield _of_page(page, "step-unknown", message, "Write the step as the process has it, or its number.")
            first = taken.setdefault(f"line {steps[0].line}" if steps else _folded(name), page)
            if first is not page:
                message = f"{first.title} describes the same step of {process.title}: {name}."
                yield _of_page(page, "step-twice", message, "Join the two procedures, or name another step.")


RULES: tuple[Callable[[Seen], Iterator[Gap]], ...] = (
    _blank_fields,
    _left_out,
    _to_itself,
    _roles,
    _receivers_page,
    _disagree,
    _chain,
    _no_handoffs,
    _process_fields,
    _procedures,
    _steps,
)


def _all_rows(seen: Seen) -> Iterator[HandoffRow]:
    for rows in seen.rows.values():
        yield from rows


def _of_handoff(row: HandoffRow, kind: str, message: str, hint: str) -> Gap:
    ends = f"{row.from_title or '?'} → {row.to_title or '?'}"
    moves = f", “{row.handoff.moves}”" if row.handoff.moves else ""
    return Gap(
        kind=kind,
        page_path=row.page_path,
        page_title=row.page_title,
        line=row.line,
        message=f"Handoff {row.number} ({ends}{moves}): {message}.",
        hint=hint,
        roles=tuple(dict.fromkeys(roles_of(row.handoff))),
        number=row.number,
    )


def _of_role(row: HandoffRow, kind: str, name: str, message: str, hint: str) -> Gap:
    return replace(_of_handoff(row, kind, message, hint), roles=(name,))


def _of_page(page: FirmPage, kind: str, message: str, hint: str, *roles: str) -> Gap:
    return Gap(kind=kind, page_path=page.path, page_title=page.title, line=1, message=message, hint=hint, roles=roles)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")
