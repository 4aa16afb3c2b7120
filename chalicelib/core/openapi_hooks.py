"""What is sent to others, as the document shows it: its `webhooks`.

https://spec.openapis.org/oas/v3.1.1.html#openapi-object
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.core.routing import Hook

JSON = "application/json"
TEXT = {"type": "string"}
SIGNED: list[dict[str, Any]] = [
    {"name": name, "in": "header", "required": True, "description": said, "schema": TEXT}
    for name, said in (
        ("webhook-id", "The message's id: who knows it already drops it."),
        ("webhook-timestamp", "Seconds since the epoch; too old is a replay."),
        ("webhook-signature", "Of Standard Webhooks, over id, timestamp and the raw body."),
    )
]
ANSWERS = {
    "2XX": {"description": "It was taken."},
    "410": {"description": "Nothing more is to be sent here: the webhook is disabled."},
    "default": {"description": "It was not taken, and is sent again."},
}


def operation(hook: Hook, refs: Mapping[Any, Any]) -> dict[str, Any]:
    """The operation by which somebody is told of a type of event, with an example of its own."""
    schema = refs[type(hook.example), "serialization"]
    example = hook.example.model_dump(mode="json", exclude_none=True)
    name = hook.type.replace(".", "_")
    return {
        "operationId": f"hear_{name}",
        "summary": hook.sentence,
        "tags": ["webhooks"],
        "security": [],
        "parameters": SIGNED,
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": schema, "example": example}},
        },
        "responses": ANSWERS,
    }
