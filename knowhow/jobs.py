"""Jobs: the pipeline's functions as durable DBOS workflows.

Each step of the pipeline is a DBOS step: what it gave is kept in the jobs' database, so that a run whose process died goes
on after its last finished step when the server starts again. Results carry ids made from the update's id, so that a step
that ran but was not noted does nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ulid import ULID

from ingest import pipeline
from ingest.pipeline import Pipeline

__all__ = ["Jobs"]

QUEUE = "updates"
POLLING_S = 0.1
UNDER_WAY = ("PENDING", "ENQUEUED", "DELAYED")


class Jobs:
    """Runs updates through the pipeline, one after the other, in this process. One per process: DBOS is a singleton."""

    def __init__(self, parts: Pipeline, database_url: str) -> None:
        """`database_url` is where DBOS keeps its own tables."""
        self._parts = parts
        self._url = database_url
        self._enqueue: Callable[[str, str], None] | None = None

    def start(self) -> None:
        """Launch DBOS and go on with what an earlier process left: its unfinished runs, and updates that it never started."""
        from dbos import DBOS, SetWorkflowID

        DBOS(
            config={
                "name": "knowhow",
                "system_database_url": self._url,
                # The same for every build: a new build goes on with what the old one left.
                "application_version": "pipeline-1",
                "log_level": "WARNING",
                "notification_listener_polling_interval_sec": POLLING_S,
            }
        )

        @DBOS.workflow(name="process-update")
        def process_update(update_id: str) -> None:
            def step(name: str, function: Callable[..., Any], *args: Any) -> Any:
                return DBOS.run_step({"name": name}, function, *args)

            pipeline.run(update_id, self._parts, step=step)

        def enqueue(update_id: str, workflow_id: str) -> None:
            with SetWorkflowID(workflow_id):
                DBOS.enqueue_workflow(QUEUE, process_update, update_id)

        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=1, polling_interval_sec=POLLING_S)
        self._enqueue = enqueue
        for status in ("queued", "running"):
            for update in self._parts.updates.list(status=status, limit=10_000):
                runs = DBOS.list_workflows(workflow_id_prefix=f"update-{update.id}", load_input=False, load_output=False)
                if not any(run.status in UNDER_WAY for run in runs):  # those DBOS takes up by itself
                    self.submit(update.id, again=bool(runs))

    def submit(self, update_id: str, *, again: bool = False) -> None:
        """Run an update. The same id twice is one run, unless `again`, for one that failed.

        Before `start` it is left queued, and `start` takes it up.
        """
        if again:
            self._parts.updates.set_status(update_id, "queued")
        if self._enqueue is not None:
            self._enqueue(update_id, f"update-{update_id}" + (f"-{ULID()}" if again else ""))

    def stop(self) -> None:
        """Stop taking new work; what is under way goes on after the next start."""
        if self._enqueue is not None:
            from dbos import DBOS

            self._enqueue = None
            DBOS.destroy(workflow_completion_timeout_sec=2)
