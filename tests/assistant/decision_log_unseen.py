"""A second invented log, with questions written when the answering code and its thresholds were set: what holds on texts not seen before."""

from __future__ import annotations

__all__ = ["DECIDED", "DECISIONS", "NEVER"]


DECISIONS = {
    "d/one-on-ones.md": "---\ntitle: 'One-on-ones every two weeks'\nkind: decision\nstatus: accepted\ndecided: 2026-01-01\ndeciders: [ann]\nreason: Monthly was too rare to catch problems.\n---\n\n## Decision\n\nEvery lead meets each report for 30 minutes every second week.\n",
    "d/postgres.md": "---\ntitle: 'Use PostgreSQL for all new services'\nkind: decision\nstatus: accepted\ndecided: 2026-01-02\ndeciders: [ann]\nreason: Three databases were too many to operate.\n---\n\n## Decision\n\nNew services store data in PostgreSQL 16. MySQL stays only where it runs today.\n",
    "d/mongo.md": "---\ntitle: 'MongoDB for the catalogue'\nkind: decision\nstatus: rejected\ndecided: 2026-01-03\ndeciders: [ann]\nreason: Nobody on call knows it.\n---\n\n## Decision\n\nWe keep the catalogue in the relational database.\n",
    "d/oncall.md": "---\ntitle: 'On-call engineers get a day off'\nkind: decision\nstatus: accepted\ndecided: 2026-01-04\ndeciders: [ann]\nreason: Nights cost sleep.\n---\n\n## Decision\n\nWhoever was called between 22:00 and 6:00 takes the next day off.\n",
    "d/remote.md": "---\ntitle: 'Remote hires outside the EU'\nkind: decision\nstatus: rejected\ndecided: 2026-01-05\ndeciders: [ann]\nreason: Payroll and tax would need a partner in each country.\n---\n\n## Decision\n\nWe hire inside the European Union only.\n",
    "d/kpi-old.md": "---\ntitle: 'Track velocity per sprint'\nkind: decision\nstatus: superseded\ndecided: 2026-01-06\ndeciders: [ann]\nreason: We wanted forecasts.\n---\n\n## Decision\n\nTeams report story points each sprint.\n",
    "d/kpi-new.md": "---\ntitle: 'Measure cycle time instead of velocity'\nkind: decision\nstatus: accepted\ndecided: 2026-01-07\ndeciders: [ann]\nreason: Points were gamed.\nsupersedes: [kpi-old.md]\n---\n\n## Decision\n\nTeams look at how long a ticket takes from start to done.\n",
    "d/logo.md": "---\ntitle: 'Keep the old logo'\nkind: decision\nstatus: accepted\ndecided: 2026-01-08\ndeciders: [ann]\nreason: A new one would cost 30,000 pounds.\n---\n\n## Decision\n\nThe logo stays as it is until 2028.\n",
    "d/training.md": "---\ntitle: 'A training budget of 1,000 pounds per person'\nkind: decision\nstatus: accepted\ndecided: 2026-01-09\ndeciders: [ann]\nreason: People asked for courses.\n---\n\n## Decision\n\nEach employee may spend 1,000 pounds a year on courses and books.\n",
    "d/support-hours.md": "---\ntitle: 'Phone support from 8 to 18'\nkind: decision\nstatus: accepted\ndecided: 2026-01-01\ndeciders: [ann]\nreason: Customers in the west start late.\n---\n\n## Decision\n\nThe support line is staffed from 8 to 18 on working days.\n",
    "d/feature-flags.md": "---\ntitle: 'Every feature ships behind a flag'\nkind: decision\nstatus: accepted\ndecided: 2026-01-02\ndeciders: [ann]\nreason: Rollbacks took hours.\n---\n\n## Decision\n\nA new feature is released switched off and turned on for 5 percent of users first.\n",
    "d/meeting-free.md": "---\ntitle: 'No meetings on Wednesday'\nkind: decision\nstatus: accepted\ndecided: 2026-01-03\ndeciders: [ann]\nreason: Developers need a day of focus.\n---\n\n## Decision\n\nWednesday is free of internal meetings.\n",
    "d/pets.md": "---\ntitle: 'Open the API to partners'\nkind: decision\nstatus: proposed\ndecided: 2026-01-04\ndeciders: [ann]\nreason: Two partners asked.\n---\n\n## Decision\n\nPartners would get a key and 1,000 calls an hour.\n",
}

DECIDED = {
    "Did we agree on one-on-ones every two weeks?": ("d/one-on-ones.md", "yes"),
    "How often did we decide to hold one-on-ones?": ("d/one-on-ones.md", "yes"),
    "Did we decide to use PostgreSQL for new services?": ("d/postgres.md", "yes"),
    "Is PostgreSQL our standard database?": ("d/postgres.md", "yes"),
    "Did we decide to use MongoDB?": ("d/mongo.md", "no"),
    "Are we moving the catalogue to MongoDB?": ("d/mongo.md", "no"),
    "Do on-call engineers get a day off?": ("d/oncall.md", "yes"),
    "Did we agree that people who are called at night take the next day off?": ("d/oncall.md", "yes"),
    "Did we decide to hire outside the EU?": ("d/remote.md", "no"),
    "Can we make remote hires outside the EU?": ("d/remote.md", "no"),
    "Do we track velocity?": ("d/kpi-old.md", "changed"),
    "Did we agree to measure cycle time?": ("d/kpi-new.md", "yes"),
    "Did we decide to keep the old logo?": ("d/logo.md", "yes"),
    "Was it decided that the logo stays until 2028?": ("d/logo.md", "yes"),
    "Is there a training budget per person?": ("d/training.md", "yes"),
    "Did we agree on 1,000 pounds a year for courses?": ("d/training.md", "yes"),
    "Did we agree on phone support from 8 to 18?": ("d/support-hours.md", "yes"),
    "Until when is the support line staffed?": ("d/support-hours.md", "yes"),
    "Must every feature ship behind a flag?": ("d/feature-flags.md", "yes"),
    "Did we decide to use feature flags?": ("d/feature-flags.md", "yes"),
    "Are meetings allowed on Wednesday?": ("d/meeting-free.md", "no"),
    "Did we decide on no meetings on Wednesdays?": ("d/meeting-free.md", "yes"),
    "Did we decide to open the API to partners?": ("d/pets.md", "proposed"),
    "Have we agreed to open our API?": ("d/pets.md", "proposed"),
}

NEVER = (
    "Did we agree to skip one-on-ones in summer?",
    "Did we decide to hire a data scientist?",
    "Did we decide to use Kubernetes?",
    "Did we agree to migrate from MySQL to Oracle?",
    "Do engineers get a bonus for on-call?",
    "Did we decide to open an office outside the EU?",
    "Did we agree to publish the roadmap?",
    "Did we decide on a logo for the new product?",
    "Is there a budget for team dinners?",
    "Did we agree on email support at weekends?",
    "Did we decide to drop feature requests after a year?",
    "Are standups on Monday?",
    "Did we agree to open source the API client?",
    "Did we decide to measure customer satisfaction?",
    "Did we agree that meetings are recorded?",
    "Did we agree to give partners a discount?",
    "Did we decide on a new ticket system?",
    "Did we agree to train managers?",
    "Did we decide to pay for books of customers?",
    "Did we agree to call customers every month?",
    "Did we decide to release on Wednesday?",
    "Did we agree to hire more developers?",
    "Did we decide on a training for new hires?",
    "Did we agree to store data in the cloud?",
)
