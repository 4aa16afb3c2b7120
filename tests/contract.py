"""Every answer of the application is held against its own OpenAPI document.

What is not documented (a status, a code of an error, a shape) fails the test that met it.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from app import app
from chalicelib.core import openapi

DOCUMENT: dict[str, Any] = openapi.document(app.served)
exercised: dict[tuple[str, str], set[int]] = {}


def hold(method: str, resource: str, status: int, headers: Mapping[str, str], text: str) -> None:
    """Raises AssertionError where an answer is not as the document describes it."""
    if method == "OPTIONS":
        return
    exercised.setdefault((method, resource), set()).add(status)
    responses = DOCUMENT["paths"][resource][method.lower()]["responses"]
    assert str(status) in responses, f"{method} {resource} answered {status}: undocumented\n{text}"
    content = responses[str(status)].get("content")
    if not content or not text:
        return
    sent = headers.get("Content-Type", "").partition(";")[0]
    assert sent in content, f"{method} {resource} answered {status} as {sent}: undocumented"
    errors = sorted(
        map(str, _validator(method, resource, status, sent).iter_errors(json.loads(text)))
    )
    assert not errors, f"{method} {resource} {status} is not as documented:\n{errors[0]}"


@cache
def _validator(method: str, resource: str, status: int, sent: str) -> Draft202012Validator:
    response = DOCUMENT["paths"][resource][method.lower()]["responses"][str(status)]
    schema = {**response["content"][sent]["schema"], "components": DOCUMENT["components"]}
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
