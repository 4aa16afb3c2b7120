"""One request from its headers to its answer: key, parameters, idempotency, effect, faults."""

import json
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from http import HTTPStatus
from threading import RLock

from sandbox.stripe.account import API_VERSION, Account
from sandbox.stripe.deadlines import run_due
from sandbox.stripe.errors import INVALID, StripeError, no_route, refused, unauthorized
from sandbox.stripe.faults import Call, Fault, FaultHook
from sandbox.stripe.idempotency import Keys
from sandbox.stripe.lists import expanded
from sandbox.stripe.params import Params, parse_form, read
from sandbox.stripe.routes import Route, find
from sandbox.stripe.store import Json

type Answer = tuple[int, dict[str, str], Json]

_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z]+)?")
_KEY = re.compile(r"(?P<kind>sk|rk|pk)_test_[A-Za-z0-9_]+")


class Api:
    """Answers requests to one account. `lock` guards it; `changed` is called inside the lock."""

    def __init__(
        self, account: Account, lock: RLock, fault: FaultHook, changed: Callable[[], None]
    ) -> None:
        self.fault = fault
        self.keys = Keys(account)
        self._account = account
        self._lock = lock
        self._changed = changed

    def request(self, method: str, path: str, headers: Mapping[str, str], form_body: str) -> Answer:
        lower = {name.lower(): value for name, value in headers.items()}
        key = lower.get("idempotency-key") if method.upper() == "POST" else None
        bare, _, query = path.partition("?")
        call = Call(method.upper(), bare, key, self._account.new_id("req"))
        try:
            publishable = _authenticate(lower.get("authorization"))
            params = parse_form("&".join(filter(None, (query, form_body))))
            version = _version(lower.get("stripe-version"))
            answer = self._guarded(call, params, version, publishable=publishable)
        except StripeError as error:
            answer = (error.status, _advice(error.status), error.body())
        return answer[0], {**_headers(call), **answer[1]}, answer[2]

    def _guarded(self, call: Call, params: Params, version: str, *, publishable: bool) -> Answer:
        """Around the effect: the key before it, faults on both sides of it."""
        key = call.idempotency_key
        with self._lock:
            kept = self.keys.begin(key, call.path, params) if key else None
        try:
            broken = self.fault("before", call)
            if broken is None:
                answer = (
                    _replayed(kept)
                    if kept
                    else self._executed(call, params, version, publishable=publishable)
                )
                broken = self.fault("after", call)
            return answer if broken is None else self._broken(call, params, broken)
        finally:
            if key and not kept:
                with self._lock:
                    self.keys.end(key)

    def _executed(self, call: Call, params: Params, version: str, *, publishable: bool) -> Answer:
        """The effect and its remembered answer, as one change."""
        with self._lock:
            run_due(self._account)
            self._account.version = version
            self._account.cause = {"id": call.request_id, "idempotency_key": call.idempotency_key}
            try:
                found = find(call.method, call.path)
                if found is None:
                    raise no_route(call.method, call.path)
                body = self._dispatch(*found, params, publishable=publishable)
                status, saved = 200, True
            except StripeError as error:
                status, body, saved = error.status, error.body(), error.saved
            body = detached(body)
            if call.idempotency_key and saved:
                self._keep(call, params, status, body)
            self._changed()
        return status, _advice(status), body

    def _dispatch(
        self, route: Route, ident: str | None, params: Params, *, publishable: bool
    ) -> Json:
        spec = route.client if publishable else route.accepts
        if spec is None:
            message = (
                "This API call cannot be made with a publishable API key. Please use a secret "
                "API key."
            )
            raise StripeError(403, INVALID, message, code="secret_key_required", saved=False)
        values = read(params, spec, route.requires)
        if publishable:
            self._check_secret(str(ident), values.get("client_secret"))
        run: Callable[..., Json] = route.run
        answer = run(self._account, ident, values) if ident else run(self._account, values)
        if publishable and route.for_client:
            return route.for_client(answer)
        return expanded(self._account, answer, values.get("expand") or [])

    def _check_secret(self, ident: str, secret: str | None) -> None:
        kind = "setup_intent" if ident.startswith("seti_") else "payment_intent"
        found = self._account.store.get(kind, ident)
        if found is None or found["client_secret"] != secret:
            message = "The client_secret provided does not match any associated intent."
            raise refused(message, code="resource_missing", param="client_secret")

    def _broken(self, call: Call, params: Params, broken: Fault) -> Answer:
        error = {"type": broken.kind, "message": broken.message}
        body: Json = {"error": error | ({"code": broken.code} if broken.code else {})}
        if broken.saved and call.idempotency_key:
            with self._lock:
                self._keep(call, params, broken.status, body)
                self._changed()
        advice = {}
        if broken.should_retry is not None:
            advice = {"Stripe-Should-Retry": str(broken.should_retry).lower()}
        return broken.status, advice, body

    def _keep(self, call: Call, params: Params, status: int, body: Json) -> None:
        answer = {"status": status, "body": body, "request": call.request_id}
        self.keys.keep(str(call.idempotency_key), call.path, params, answer)


def detached[T](thing: T) -> T:
    """A copy that later changes do not reach."""
    copied: T = json.loads(json.dumps(thing))
    return copied


def _authenticate(authorization: str | None) -> bool:
    """True for a publishable key, False for a secret one; anything else is a 401.

    Bearer, or Basic with the key as the user. https://docs.stripe.com/api/authentication
    """
    scheme, _, key = (authorization or "").partition(" ")
    if not key:
        raise unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization "
            "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        )
    if scheme.lower() == "basic":
        key = _user(key)
    match = _KEY.fullmatch(key.strip())
    if match is None:
        raise unauthorized(f"Invalid API Key provided: {key[:8]}{'*' * 8}")
    return match["kind"] == "pk"


def _user(credentials: str) -> str:
    try:
        return b64decode(credentials).decode().partition(":")[0]
    except ValueError:  # neither base64 nor text
        return ""


def _version(asked: str | None) -> str:
    """The API version of a request: the account's own, or the one it asks for."""
    if asked is None:
        return API_VERSION
    if not _VERSION.fullmatch(asked):
        raise refused(f"Invalid Stripe API version: {asked}")
    return asked


def _headers(call: Call) -> dict[str, str]:
    told = {"Request-Id": call.request_id, "Stripe-Version": API_VERSION}
    if call.idempotency_key:
        told["Idempotency-Key"] = call.idempotency_key
    return {"Content-Type": "application/json", **told}


def _advice(status: int) -> dict[str, str]:
    """Whether the same request may be sent again. https://docs.stripe.com/error-low-level."""
    if status == HTTPStatus.CONFLICT:
        return {"Stripe-Should-Retry": "true"}
    return {"Stripe-Should-Retry": "false"} if status >= HTTPStatus.BAD_REQUEST else {}


def _replayed(kept: Json) -> Answer:
    told = {"Idempotent-Replayed": "true", "Original-Request": kept["request"]}
    return kept["status"], {**_advice(kept["status"]), **told}, detached(kept["body"])
