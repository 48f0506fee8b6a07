"""The HTTP API under /api/v1. Routes parse, call one function of the layers below, and print; no more."""

from __future__ import annotations

from fastapi import APIRouter

from knowhow.api import ask, blockers, decisions, flags, handoffs, health, home, pages, search, suggestions, updates
from knowhow.problems import PROBLEM_RESPONSES

__all__ = ["create_router"]


def create_router() -> APIRouter:
    router = APIRouter(prefix="/api/v1", responses=PROBLEM_RESPONSES)
    for module in (search, ask, updates, suggestions, flags, handoffs, decisions, blockers, health, pages, home):
        router.include_router(module.router)
    return router
