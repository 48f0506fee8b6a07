"""An invented firm's decisions, 50 questions on what it decided and 25 on what it never did. Written before the code that answers them."""

from __future__ import annotations

__all__ = ["DECIDED", "DECISIONS", "NEVER"]


def _page(title: str, status: str, decided: str, deciders: str, reason: str, what: str, why: str, more: str = "") -> str:
    date = f"\ndecided: {decided}" if decided else ""
    return (
        f"---\ntitle: {title}\nkind: decision\nstatus: {status}{date}\ndeciders: [{deciders}]\nreason: {reason}{more}\n---\n\n"
        f"## What we decided\n\n{what}\n\n## Why\n\n{why}\n"
    )


DECISIONS = {
    "decisions/2024-02-05-open-plan.md": _page(
        "One open office for everybody", "superseded", "2024-02-05", "vera, otto", "Two floors kept the teams apart.",
        "All desks stand in one large room on the second floor.", "People met on the stairs only.",
    ),
    "decisions/2025-03-10-quiet-rooms.md": _page(
        "Four quiet rooms and no open office", "accepted", "2025-03-10", "vera", "Nobody could make a call in the large room.",
        "The second floor gets walls again: four rooms with doors, each for six desks.",
        "In the survey 31 of 40 people named noise first.", "\nsupersedes: [2024-02-05-open-plan.md]",
    ),
    "decisions/2024-04-15-invoices-weekly.md": _page(
        "Send invoices every week", "superseded", "2024-04-15", "greta", "Money came in too late.",
        "Each Friday we bill what was delivered in the week.", "Our bank account was empty twice in the winter.",
    ),
    "decisions/2024-10-07-invoices-fortnightly.md": _page(
        "Send invoices every two weeks", "superseded", "2024-10-07", "greta, otto", "Weekly bills annoyed the customers.",
        "We bill on every second Friday.", "Five customers asked for fewer papers.", "\nsupersedes: [2024-04-15-invoices-weekly.md]",
    ),
    "decisions/2025-06-02-invoices-monthly.md": _page(
        "Send invoices once a month", "accepted", "2025-06-02", "greta", "One bill a month is what the customers' bookkeeping can take.",
        "We bill on the last working day of the month.", "It saves two days of work a month.",
        "\nsupersedes: [2024-10-07-invoices-fortnightly.md]",
    ),
    "decisions/2024-05-20-dogs.md": _page(
        "No dogs in the office", "accepted", "2024-05-20", "vera, milo", "Two of us are allergic.",
        "Pets stay at home, on all floors and on all days.", "We tried it for a month, and two people had to work from home.",
    ),
    "decisions/2024-06-17-home-days.md": _page(
        "Three days a week from home", "accepted", "2024-06-17", "otto", "Most of us travel for more than an hour.",
        "Everybody may work from home on three days of their choice; Tuesday is for meeting in the office.",
        "The lease for the third floor could be ended.",
    ),
    "decisions/2024-07-01-four-day-week.md": _page(
        "A four-day week for all", "rejected", "2024-07-01", "otto, vera, greta", "The customers call on five days.",
        "We stay with five days.", "The trial in spring left 60 calls unanswered on Fridays.",
    ),
    "decisions/2024-09-09-paper-archive.md": _page(
        "Throw away the paper archive", "accepted", "2024-09-09", "greta", "Everything in it has been scanned.",
        "The files before 2014 go to the shredder; contracts are kept in the safe.", "The cellar cost 400 euros a month.",
    ),
    "decisions/2024-11-11-second-supplier.md": _page(
        "A second supplier for glass", "accepted", "2024-11-11", "milo, greta", "When Halvorsen closed for three weeks, so did we.",
        "We buy a third of our glass from a second firm, though it costs 4 % more.", "In 2023 we lost two orders.",
    ),
    "decisions/2024-12-02-own-lorry.md": _page(
        "Buy a lorry of our own", "rejected", "2024-12-02", "milo, greta", "It would stand still on three days of five.",
        "We go on hiring carriers.", "A lorry costs 96,000 euros and a driver.",
    ),
    "decisions/2025-01-13-discount-limit.md": _page(
        "Discounts over 10 percent need the sales lead", "accepted", "2025-01-13", "otto", "We sold below cost three times.",
        "Up to 10 percent anybody in sales may give; more needs the sales lead's written yes.", "It happened in December, under pressure.",
    ),
    "decisions/2025-02-03-chat-tool.md": _page(
        "One chat program: Mattermost", "accepted", "2025-02-03", "ines", "News was in three places.",
        "We write in Mattermost. WhatsApp groups are closed by the end of March.", "It runs on our own server.",
    ),
    "decisions/2025-02-24-sponsor-club.md": _page(
        "Sponsor the rowing club", "accepted", "2025-02-24", "vera", "Eight of us row there.",
        "2,000 euros a year, for three years.", "Our name is on the boats.",
    ),
    "decisions/2025-04-07-apprentices.md": _page(
        "Take two apprentices a year", "accepted", "2025-04-07", "vera, milo", "We found no trained glazier in two years.",
        "From September two young people learn with us, one in the workshop and one in the office.", "Six of our people retire by 2030.",
    ),
    "decisions/2025-05-05-ai-drafts.md": _page(
        "Offers may be drafted by a language model", "accepted", "2025-05-05", "ines, otto", "Writing an offer took half a day.",
        "A model on our own machine may write the draft. A person reads every line before it goes out.",
        "No customer data leaves the house.",
    ),
    "decisions/2025-05-19-warranty.md": _page(
        "Five years of warranty on windows", "accepted", "2025-05-19", "milo", "All competitors give five.",
        "We give five years instead of two on every window that we fit ourselves.", "Only 11 windows of 4,000 failed after year two.",
    ),
    "decisions/2025-07-14-canteen.md": _page(
        "A canteen in the yard", "rejected", "2025-07-14", "vera, greta", "Thirty people are too few for a cook.",
        "There will be no canteen; the baker's van comes at ten.", "A cook would cost 45,000 euros a year.",
    ),
    "decisions/2025-08-25-safety-shoes.md": _page(
        "The firm pays for safety shoes", "accepted", "2025-08-25", "milo", "Cheap shoes were worn too long.",
        "Up to 140 euros for each pair, one pair a year.", "Two feet were hurt in 2024.",
    ),
    "decisions/2025-09-15-electric-vans.md": _page(
        "New vans are electric", "accepted", "2025-09-15", "greta, milo", "Diesel may not enter the old town from 2027.",
        "Whenever a van is replaced, the next one is electric. The yard gets six chargers.", "The city pays a fifth.",
    ),
    "decisions/2025-10-06-bonus.md": _page(
        "Replace the yearly bonus by higher wages", "accepted", "2025-10-06", "otto, greta", "Nobody knew what the bonus was for.",
        "The bonus is added to the monthly wage, for the last time in December.", "Staff asked for money that they can count on.",
    ),
    "decisions/2025-11-03-showroom.md": _page(
        "Open a showroom in the harbour", "proposed", "", "otto", "Private customers want to touch what they buy.",
        "We would rent 80 square metres beside the market hall.", "Half of the private customers ask for one.",
    ),
}

OFFICE, QUIET = "decisions/2024-02-05-open-plan.md", "decisions/2025-03-10-quiet-rooms.md"
MONTHLY = "decisions/2025-06-02-invoices-monthly.md"

# question -> (the page of the decision that answers it, the verdict)
DECIDED = {
    "Did we agree to have quiet rooms?": (QUIET, "yes"),
    "Did we decide on one open office for everybody?": (OFFICE, "changed"),
    "Was it decided that all desks stand in one large room?": (OFFICE, "changed"),
    "Do we send invoices once a month?": (MONTHLY, "yes"),
    "Did we agree to bill on the last working day of the month?": (MONTHLY, "yes"),
    "Did we decide to send invoices every week?": ("decisions/2024-04-15-invoices-weekly.md", "changed"),
    "Are invoices sent every two weeks?": ("decisions/2024-10-07-invoices-fortnightly.md", "changed"),
    "Did we agree that dogs may come to the office?": ("decisions/2024-05-20-dogs.md", "no"),
    "Did we say no dogs in the office?": ("decisions/2024-05-20-dogs.md", "yes"),
    "May I bring my dog to the office?": ("decisions/2024-05-20-dogs.md", "no"),
    "Have we decided against dogs at work?": ("decisions/2024-05-20-dogs.md", "yes"),
    "Did we agree on three days a week from home?": ("decisions/2024-06-17-home-days.md", "yes"),
    "Can we work from home on three days?": ("decisions/2024-06-17-home-days.md", "yes"),
    "Is Tuesday the day for meeting in the office?": ("decisions/2024-06-17-home-days.md", "yes"),
    "Did we agree to a four-day week?": ("decisions/2024-07-01-four-day-week.md", "no"),
    "Did we ever decide about the four day week?": ("decisions/2024-07-01-four-day-week.md", "no"),
    "Did we decide to throw away the paper archive?": ("decisions/2024-09-09-paper-archive.md", "yes"),
    "Was it agreed to shred the files before 2014?": ("decisions/2024-09-09-paper-archive.md", "yes"),
    "Did we decide to get rid of the paper archive in the cellar?": ("decisions/2024-09-09-paper-archive.md", "yes"),
    "Did we agree on a second supplier for glass?": ("decisions/2024-11-11-second-supplier.md", "yes"),
    "Do we buy a third of our glass elsewhere?": ("decisions/2024-11-11-second-supplier.md", "yes"),
    "Did we decide to buy a lorry?": ("decisions/2024-12-02-own-lorry.md", "no"),
    "Are we getting our own lorry?": ("decisions/2024-12-02-own-lorry.md", "no"),
    "Did we agree that discounts over 10 percent need the sales lead?": ("decisions/2025-01-13-discount-limit.md", "yes"),
    "Who must agree to a discount of more than 10 percent?": ("decisions/2025-01-13-discount-limit.md", "yes"),
    "Did we decide a limit for discounts?": ("decisions/2025-01-13-discount-limit.md", "yes"),
    "Did we decide to use Mattermost for chat?": ("decisions/2025-02-03-chat-tool.md", "yes"),
    "Did we agree to close the WhatsApp groups?": ("decisions/2025-02-03-chat-tool.md", "yes"),
    "Which chat program did we decide on?": ("decisions/2025-02-03-chat-tool.md", "yes"),
    "Do we sponsor the rowing club?": ("decisions/2025-02-24-sponsor-club.md", "yes"),
    "Did we promise the rowing club 2,000 euros a year?": ("decisions/2025-02-24-sponsor-club.md", "yes"),
    "Did we agree to take two apprentices a year?": ("decisions/2025-04-07-apprentices.md", "yes"),
    "Was it decided to train apprentices?": ("decisions/2025-04-07-apprentices.md", "yes"),
    "May offers be drafted by a language model?": ("decisions/2025-05-05-ai-drafts.md", "yes"),
    "Did we agree that a model may write the draft of an offer?": ("decisions/2025-05-05-ai-drafts.md", "yes"),
    "Did we decide on five years of warranty for windows?": ("decisions/2025-05-19-warranty.md", "yes"),
    "How many years of warranty did we agree on?": ("decisions/2025-05-19-warranty.md", "yes"),
    "Did we agree to build a canteen?": ("decisions/2025-07-14-canteen.md", "no"),
    "Will there be a canteen in the yard?": ("decisions/2025-07-14-canteen.md", "no"),
    "Does the firm pay for safety shoes?": ("decisions/2025-08-25-safety-shoes.md", "yes"),
    "Did we agree on up to 140 euros for safety shoes?": ("decisions/2025-08-25-safety-shoes.md", "yes"),
    "Did we decide that new vans are electric?": ("decisions/2025-09-15-electric-vans.md", "yes"),
    "Was it agreed that the yard gets six chargers?": ("decisions/2025-09-15-electric-vans.md", "yes"),
    "Have we decided to go electric with the vans?": ("decisions/2025-09-15-electric-vans.md", "yes"),
    "Did we replace the bonus by higher wages?": ("decisions/2025-10-06-bonus.md", "yes"),
    "Was the yearly bonus abolished?": ("decisions/2025-10-06-bonus.md", "yes"),
    "Did we agree to add the bonus to the monthly wage?": ("decisions/2025-10-06-bonus.md", "yes"),
    "Did we decide to open a showroom?": ("decisions/2025-11-03-showroom.md", "proposed"),
    "Are we going to open a showroom in the harbour?": ("decisions/2025-11-03-showroom.md", "proposed"),
    "why did we decide on quiet rooms": (QUIET, "yes"),
}

NEVER = (
    "Did we agree to give employees free parking?",
    "Did we decide to move to a new office?",
    "Was it decided to open an office in Oslo?",
    "Did we agree to pay overtime on Sundays?",
    "Did we decide to close between Christmas and New Year?",
    "Did we agree on unlimited holidays?",
    "Did we decide to sell the workshop?",
    "Did we agree to hire a second bookkeeper?",
    "Did we decide to send invoices by post?",
    "Did we agree on discounts for pensioners?",
    "Did we decide to lease bicycles?",
    "Was it agreed that apprentices get a laptop?",
    "Did we decide to give up the website?",
    "Did we agree to sponsor the football team?",
    "Did we decide on a dress code?",
    "Did we agree to record customer calls?",
    "Did we decide to use Teams for video meetings?",
    "Have we agreed to buy a new glass cutter?",
    "Did we decide that vans are washed every week?",
    "Did we agree on ten years of warranty for doors?",
    "Did we decide to paint the cellar?",
    "Did we agree that offers are valid for 60 days?",
    "Did we decide on a works council?",
    "Did we agree to allow cats in the office?",
    "Did we decide to raise prices in January?",
)
