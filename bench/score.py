#!/usr/bin/env python3
"""Score a running Knowhow server on a question set and an update set, over its public HTTP API.

    python -m bench.score http://127.0.0.1:8080 --questions FILE --updates FILE [--json FILE] [--verbose]

The server must serve the handbook that the set belongs to (unpack its handbook.tar.gz and adopt it), on loopback, with open access.
A page id is compared by the end of its path, so the set's `_pages/a.md` matches the id `a.md` of a workspace whose docs_dir is `_pages`.
Nothing is accepted: every update is scored alone against the base pages. Standard library only.

Search    page@k: a gold page among the first k distinct pages; mrr: mean reciprocal rank of the first gold page, 0 beyond 10.
Ask       found: answered, and the answer or a cited quote holds one of `answer_any`; cited: a gold page is cited; cited_first: as the first
          citation; refused_wrong: answerable but not answered; refused_right: unanswerable and not answered;
          right: found or refused_right, over all questions.
Updates   page@1: the first suggestion or flag is on a gold page; page@any; place: a suggestion changes or adjoins the gold text;
          edit: a suggestion's page text holds every `new_must_contain` and no `new_must_not_contain` of one gold edit;
          alarm: an update that changes nothing drew a suggestion; alarm_flag: it drew a flag.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any


def call(base: str, path: str, body: dict[str, Any] | None = None, timeout: float = 300) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        base + "/api/v1" + path, data=data, headers={"Content-Type": "application/json", "Accept": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=timeout) as response:
        answer: dict[str, Any] = json.load(response)
        return answer


def squash(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("’", "'")).strip().lower()


def same_page(gold: str, page: str) -> bool:
    gold, page = gold.strip("/"), (page or "").strip("/")
    return bool(page) and (gold == page or gold.endswith("/" + page) or page.endswith("/" + gold))


def is_gold(page: str, gold: list[dict[str, Any]]) -> bool:
    return any(same_page(g["page"], page) for g in gold)


def read(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]


def percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def score_search(base: str, questions: list[dict[str, Any]]) -> dict[str, Any]:
    ranks, times = [], []
    for q in (q for q in questions if q["answerable"]):
        start = time.perf_counter()
        hits = call(base, "/search?" + urllib.parse.urlencode({"q": q["question"], "limit": 40}))["hits"]
        times.append(1000 * (time.perf_counter() - start))
        pages = list(dict.fromkeys(h["page"] for h in hits))[:10]
        ranks.append(next((i for i, p in enumerate(pages, 1) if is_gold(p, q["gold"])), 0))
    n = len(ranks)
    return {
        "n": n,
        **{f"page@{k}": percent(sum(0 < r <= k for r in ranks), n) for k in (1, 3, 10)},
        "mrr": round(sum(1 / r for r in ranks if r) / n, 3) if n else 0.0,
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(sorted(times)[int(0.95 * (n - 1))], 1),
    }


def score_ask(base: str, questions: list[dict[str, Any]], verbose: bool) -> dict[str, Any]:
    rows = []
    for q in questions:
        start = time.perf_counter()
        a = call(base, "/ask", {"question": q["question"]})
        ms = 1000 * (time.perf_counter() - start)
        text = squash(" ".join([a.get("answer") or ""] + [c.get("quote") or "" for c in a.get("citations", [])]))
        cited = [c["page"] for c in a.get("citations", [])]
        rows.append(
            {
                "id": q["id"],
                "answerable": q["answerable"],
                "answered": bool(a["answered"]),
                "ms": ms,
                "found": bool(a["answered"]) and any(squash(s) in text for s in q["answer_any"]),
                "cited": any(is_gold(p, q["gold"]) for p in cited),
                "cited_first": bool(cited) and is_gold(cited[0], q["gold"]),
            }
        )
        if verbose:
            print(
                json.dumps(rows[-1] | {"question": q["question"], "answer": (a.get("answer") or "")[:300]}, ensure_ascii=False),
                file=sys.stderr,
            )
    yes = [r for r in rows if r["answerable"]]
    no = [r for r in rows if not r["answerable"]]
    return {
        "answerable": len(yes),
        "unanswerable": len(no),
        **{k: percent(sum(r[k] and r["answered"] for r in yes), len(yes)) for k in ("found", "cited", "cited_first")},
        "refused_wrong": percent(sum(not r["answered"] for r in yes), len(yes)),
        "refused_right": percent(sum(not r["answered"] for r in no), len(no)),
        "right": percent(sum(r["found"] for r in yes) + sum(not r["answered"] for r in no), len(rows)),
        "median_ms": round(statistics.median(r["ms"] for r in rows), 1),
    }


def touches(diff: str, old: str) -> bool:
    """Whether a unified diff removes a line of `old`, or adds text within three lines of it."""
    wanted = [squash(line) for line in old.splitlines() if len(squash(line)) > 8] or [squash(old)]
    lines = diff.splitlines()
    changed = [i for i, line in enumerate(lines) if line[:1] in "+-" and not line.startswith(("+++", "---"))]
    near = {j for i in changed for j in range(i - 3, i + 4)}
    return any(
        squash(lines[j][1:]).find(w[:60]) >= 0 or (len(squash(lines[j][1:])) > 8 and squash(lines[j][1:]) in w)
        for j in near
        if 0 <= j < len(lines) and lines[j][:1] in "- "
        for w in wanted
    )


def right_edit(text: str, gold: dict[str, Any]) -> bool:
    text = squash(text)
    return all(squash(s) in text for s in gold["new_must_contain"]) and not any(
        squash(s) in text for s in gold["new_must_not_contain"]
    )


def score_updates(base: str, updates: list[dict[str, Any]], verbose: bool) -> dict[str, Any]:
    rows = []
    for u in updates:
        start = time.perf_counter()
        made = call(base, "/updates", {"channel": u["channel"], "text": u["text"]})
        while made["status"] in ("queued", "running"):
            time.sleep(0.05)
            made = call(base, f"/updates/{made['id']}")
        if "suggestions" not in made:
            made = call(base, f"/updates/{made['id']}")
        suggestions = [call(base, f"/suggestions/{i}") for i in made.get("suggestions", [])]
        flags = [call(base, f"/flags/{i}") for i in made.get("flags", [])]
        pages = list(dict.fromkeys([s["page"] for s in suggestions] + [f["page"] for f in flags]))
        rows.append(
            {
                "id": u["id"],
                "none": u["kind"] == "none",
                "failed": made["status"] == "failed",
                "pages": pages,
                "page@1": bool(pages) and is_gold(pages[0], u["gold"]),
                "page@any": any(is_gold(p, u["gold"]) for p in pages),
                "place": any(
                    same_page(g["page"], s["page"]) and touches(s["diff"], g["old"]) for s in suggestions for g in u["gold"]
                ),
                "edit": any(
                    same_page(g["page"], s["page"]) and right_edit(s["new_text"], g) for s in suggestions for g in u["gold"]
                ),
                "suggested": bool(suggestions),
                "flagged": bool(flags),
                "ms": 1000 * (time.perf_counter() - start),
            }
        )
        if verbose:
            print(json.dumps(rows[-1], ensure_ascii=False), file=sys.stderr)
    yes = [r for r in rows if not r["none"]]
    no = [r for r in rows if r["none"]]
    return {
        "change": len(yes),
        "none": len(no),
        "failed": sum(r["failed"] for r in rows),
        **{k: percent(sum(r[k] for r in yes), len(yes)) for k in ("page@1", "page@any", "place", "edit", "suggested")},
        "alarm": percent(sum(r["suggested"] for r in no), len(no)),
        "alarm_flag": percent(sum(r["flagged"] for r in no), len(no)),
        "median_ms": round(statistics.median(r["ms"] for r in rows), 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    parser.add_argument("--questions")
    parser.add_argument("--updates")
    parser.add_argument("--json", help="write the figures to this file")
    parser.add_argument("--verbose", action="store_true", help="one line a question or update on standard error")
    args = parser.parse_args()
    base = args.server.rstrip("/")
    figures: dict[str, dict[str, Any]] = {}
    if args.questions:
        questions = read(args.questions)
        figures["search"] = score_search(base, questions)
        figures["ask"] = score_ask(base, questions, args.verbose)
    if args.updates:
        figures["updates"] = score_updates(base, read(args.updates), args.verbose)
    for part, row in figures.items():
        print(part.ljust(8) + "  ".join(f"{k} {v}" for k, v in row.items()))
    if args.json:
        Path(args.json).write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
