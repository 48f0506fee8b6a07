"""A firm of ten processes with 25 gaps in its handoffs, at least one of every kind, beside what looks like a gap and is none."""

from __future__ import annotations

__all__ = ["PAGES", "PLANTED", "ROLES"]

ROLES = """\
sales-lead: {title: Sales lead, holder: ann, deputy: bo}
account-manager: {title: Account manager, holder: cy, deputy: di}
tech-lead: {title: Technical lead, holder: ed, deputy: flo}
finance-lead: {title: Finance lead, holder: gus, deputy: hal}
people-lead: {title: People lead, holder: ida, deputy: jo}
office-manager: {title: Office manager, holder: kit, deputy: ""}
support-lead: {title: Support lead, holder: "", deputy: ""}
security-officer: {title: Security officer, holder: lou, deputy: mo}
buyer: {title: Buyer, holder: ned, deputy: oz}
"""

PLANTED = {
    ("no-trigger", "sales/index.md", 0),
    ("nobody-receives", "sales/index.md", 2),
    ("no-owner", "onboarding/index.md", 2),
    ("role-unknown", "onboarding/index.md", 3),
    ("to-itself", "build/index.md", 1),
    ("no-done", "build/index.md", 2),
    ("chain-broken", "build/index.md", 0),
    ("role-vacant", "release/index.md", 1),
    ("no-receipt", "release/index.md", 2),
    ("no-outcome", "release/index.md", 0),
    ("process-without-owner", "support/index.md", 0),
    ("no-sender", "support/index.md", 1),
    ("nothing-moves", "support/index.md", 2),
    ("no-deputy", "billing/index.md", 1),
    ("no-plan-change", "billing/index.md", 2),
    ("no-handoffs", "hiring/index.md", 0),
    ("disagree", "payroll/index.md", 1),
    ("step-twice", "payroll/pay-the-tax.md", 0),
    ("step-unknown", "payroll/print-the-slips.md", 0),
    ("no-receiver-page", "purchasing/index.md", 1),
    ("no-done", "purchasing/index.md", 2),
    ("role-unknown", "purchasing/index.md", 2),
    ("no-outcome", "security/index.md", 0),
    ("procedure-without-process", "security/lock-up.md", 0),
    ("process-unknown", "security/report-a-theft.md", 0),
}
"""(kind, page, number of the handoff)"""


def _page(front: str, body: str = "") -> str:
    return f"---\n{front}\n---\n\n{body}"


def _procedure(title: str, owner: str, part_of: str = "", step: str = "") -> str:
    more = (f"\npart_of: {part_of}" if part_of else "") + (f"\nstep: {step}" if step else "")
    return _page(f"title: {title}\nkind: procedure\nowner: {owner}{more}", "1. Do it.\n")


PAGES = {
    "index.md": "# Handbook\n\n1. See [billing](billing/index.md).\n",
    "sales/index.md": _page(
        """title: Sales
kind: process
owner: sales-lead
outcome: The client has said yes.
handoffs:
  - from: sales-lead
    to: account-manager
    moves: The proposal
    owner: sales-lead
    done: It is read
  - from: account-manager
    moves: The signed letter
    owner: account-manager
    done: It is filed"""
    ),
    "onboarding/index.md": _page(
        """title: Onboarding
kind: process
owner: account-manager
trigger: The client has said yes.
outcome: The work can start.
handoffs:
  - {from: sales-lead, to: account-manager, moves: The notes, owner: sales-lead, done: They are read}
  - {from: account-manager, to: "tech-lead, finance-lead", moves: The goals, done: They are agreed}
  - {from: account-manger, to: ed, moves: The access, owner: account-manager, done: It works}""",
        "## The flow\n\n1. **Meet.** All of us.\n2. Pass on to [Build](../build/index.md).\n\nSee also [hiring](../hiring/index.md).\n",
    ),
    "build/index.md": _page(
        """title: Build
kind: process
owner: tech-lead
trigger: The work can start.
outcome: The client has accepted it.
handoffs:
# The first one is old.
- from: tech-lead
  to: tech-lead
  moves: The plan
  owner: tech-lead
  done: It is drawn

- from: tech-lead
  to: account-manager
  moves: The build
  owner: tech-lead""",
        "1. Draw.\n2. Build, then [Release](../release/index.md).\n3. Send the bill:\n   [Billing](../billing/index.md)\n",
    ),
    "release/index.md": _page(
        """title: Release
kind: process
owner: tech-lead
trigger: The build is tested.
handoffs:
  - {from: tech-lead, to: support-lead, moves: The sheet, owner: tech-lead, done: It is read, receipt: A yes on the ticket}
  - {from: tech-lead, to: account-manager, moves: The news, owner: tech-lead, done: The client knows}"""
    ),
    "support/index.md": _page(
        """title: Support
kind: process
trigger: A client calls.
outcome: The client can go on.
handoffs:
  - {to: tech-lead, moves: The fault, owner: tech-lead, done: It is on the list}
  - {from: tech-lead, to: account-manager, owner: tech-lead, done: The client is told}"""
    ),
    "support/answer-a-call.md": _procedure("Answer a call", "support-lead", "support"),
    "billing/index.md": _page(
        """title: Billing
kind: process
owner: finance-lead
trigger: The month ends.
outcome: The money is in the bank.
handoffs:
  - from: finance-lead
    to: office-manager
    moves: The printed bills
    owner: finance-lead
    done: They are in the post
    if_plan_changes: finance-lead
  - from: finance-lead
    to: account-manager
    moves: The late bills
    owner: finance-lead
    done: The client is called""",
        "1. **Count.** Everything.\n2. **Send.** By post.\n",
    ),
    "billing/send.md": _procedure("Send the bills", "office-manager", "index.md", "Send"),
    "hiring/index.md": _page(
        "title: Hiring\nkind: process\nowner: people-lead\ntrigger: A seat is free.\noutcome: Somebody sits there.",
        "## 1. Look\n\nEverywhere.\n\n## 2. Talk\n\nTwice.\n",
    ),
    "hiring/look.md": _procedure("Look for people", "people-lead", "hiring/index.md", "Look"),
    "hiring/talk.md": _procedure("Talk with people", "tech-lead", "hiring/index.md", "Talk"),
    "payroll/index.md": _page(
        """title: Payroll
kind: process
owner: finance-lead
trigger: The 20th.
outcome: Everybody is paid.
handoffs:
  - from: finance-lead
    to: account-manager
    moves: The late bills.
    owner: finance-lead
    done: The client has paid""",
        "1. Add up.\n2. Pay.\n3. Pay the tax.\n",
    ),
    "payroll/add-up.md": _procedure("Add up the hours", "finance-lead", "payroll/index.md", "'1'"),
    "payroll/pay-by-bank.md": _procedure("Pay by bank", "finance-lead", "payroll/index.md", "2"),
    "payroll/pay-the-tax.md": _procedure("Pay the tax", "finance-lead", "payroll/index.md", "Pay"),
    "payroll/print-the-slips.md": _procedure("Print the slips", "finance-lead", "payroll/index.md", "Print"),
    "purchasing/index.md": _page(
        """title: Purchasing
kind: process
owner: finance-lead
trigger: Somebody needs a thing.
outcome: The thing is here.
handoffs:
  - {from: finance-lead, to: buyer, moves: The order, owner: finance-lead, done: It is sent}
  - {from: buyer, to: warehouse, moves: The thing, owner: buyer}
  - {from: warehouse, to: finance-lead, moves: The slip, owner: buyer, done: It is booked}"""
    ),
    "security/index.md": _page(
        """title: Security
kind: process
owner: security-officer
trigger: Something is odd.
handoffs:
  - {from: security-officer, to: tech-lead, moves: The report, owner: security-officer, done: It is read}"""
    ),
    "security/lock-up.md": _procedure("Lock up", "security-officer"),
    "security/report-a-theft.md": _procedure("Report a theft", "security-officer", "security/rules.md"),
    "security/rules.md": _page("title: Rules\nkind: policy\nowner: security-officer", "Lock the door.\n"),
}
