"""What every route asks for: the services and the viewer, as annotated parameters; and the cursor of lists."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from fastapi import Depends, Query, Request

from knowhow.access import current_viewer
from knowhow.services import Services
from wiki.access import Viewer
from wiki.errors import InvalidInput

__all__ = ["Asking", "Cursor", "InUse", "Limit", "after", "next_cursor"]


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


InUse = Annotated[Services, Depends(_services)]
Asking = Annotated[Viewer, Depends(current_viewer)]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the part before")]
Limit = Annotated[int, Query(ge=1, le=200)]


def after(cursor: str | None) -> str:
    """The key that a cursor stands for; "" for the beginning. Raises InvalidInput."""
    if not cursor:
        return ""
    try:
        return base64.b64decode(cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError) as error:
        raise InvalidInput("This cursor was not made here.", hint="Leave it out to start at the beginning.") from error


def next_cursor(keys: list[str], limit: int) -> str | None:
    """The cursor after the last of `keys`, None where the list ended before `limit`."""
    return base64.urlsafe_b64encode(keys[-1].encode()).decode().rstrip("=") if len(keys) == limit else None
