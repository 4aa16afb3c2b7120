"""What an owner changes of an endpoint: address, filter, secret; paused, and sent to again."""

from datetime import timedelta

from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.idempotency import Key
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller
from chalicelib.integrations import (
    challenging,
    endpoints,
    health,
    jobs,
    rights,
    ringing,
    signing,
)
from chalicelib.integrations.errors import WebhookDisabledError, WebhookUnverifiedError
from chalicelib.integrations.feeding import append
from chalicelib.integrations.lanes import Place
from chalicelib.integrations.making import commit_once
from chalicelib.integrations.models import EndpointItem, EndpointSecret, secret_key
from chalicelib.integrations.schemas import ChangedWebhook, RotatedSecret, WebhookView
from chalicelib.integrations.status import EndpointStatus, Why

OVERLAP = timedelta(hours=24)
RACES = 6


def change(caller: Caller, owner_id: str, endpoint_id: str, wanted: ChangedWebhook) -> WebhookView:
    """Another address or filter. A new address is challenged before it is told anything.

    Safe to repeat. Raises WebhookUrlError (400), NotFoundError (404).
    """
    endpoints.allowed(caller, rights.WEBHOOK_CHANGE, owner_id, endpoint_id)
    url = endpoints.checked(wanted.url) if wanted.url is not None else None
    for _ in range(RACES):
        endpoint = endpoints.load(owner_id, endpoint_id)
        actions = []
        if wanted.event_types is not None:
            actions.append(EndpointItem.event_types.set(list(wanted.event_types)))
        moves = False
        if url is not None and url != endpoint.url:
            moves = True
            actions += [
                EndpointItem.url.set(url),
                EndpointItem.unverified.set(True),
                EndpointItem.status.set(EndpointStatus.DISABLED),
            ]
        if not actions:
            break
        challenged = _challenge(endpoint) if moves and not endpoint.why else []
        changed = health.switched(endpoint, actions, "webhook.changed", actor=caller.actor)
        if _committed(*changed, *challenged):
            ringing.ring([challenging.place(endpoint_id)] if challenged else [])
            break
    else:
        raise BusyError
    return endpoints.view(endpoints.load(owner_id, endpoint_id))


def rotate(caller: Caller, owner_id: str, endpoint_id: str, key: Key) -> tuple[RotatedSecret, bool]:
    """A new secret, shown once; the one before signs too for 24 hours, an older one no more.

    Raises NotFoundError (404), KeyReusedError (422) for a key of another request.
    """
    endpoint = endpoints.allowed(caller, rights.WEBHOOK_ROTATE, owner_id, endpoint_id)
    present, *_ = endpoints.secrets_of(endpoint) or (None,)
    if present is None:
        raise NotFoundError
    secret, until = signing.new_secret(), clock.now() + OVERLAP
    item = EndpointSecret(endpoint.pk, secret_key(endpoint_id))
    turned = parts.update(
        item,
        [
            EndpointSecret.secret.set(secret),
            EndpointSecret.older.set(present),
            EndpointSecret.older_until.set(clock.stamp(until)),
        ],
        BusyError(),
        EndpointSecret.secret == present,
    )
    _, repeated = commit_once(key, endpoint_id, turned)
    if repeated:
        until = endpoints.overlap_of(endpoint) or clock.now()
    shown = None if repeated else secret
    return RotatedSecret(id=endpoint_id, secret=shown, previous_signs_until=until), repeated


def pause(caller: Caller, owner_id: str, endpoint_id: str) -> WebhookView:
    """Send nothing until the owner enables it again; what happens meanwhile waits. Repeatable.

    Raises WebhookDisabledError, WebhookUnverifiedError (409): those are sent nothing as it is.
    """
    endpoint = endpoints.allowed(caller, rights.WEBHOOK_PAUSE, owner_id, endpoint_id)
    for _ in range(RACES):
        status = endpoints.status_of(endpoint)
        if status is EndpointStatus.PAUSED:
            return endpoints.view(endpoint)
        if status is not EndpointStatus.ACTIVE:
            raise _refusal(status)
        actions = [
            EndpointItem.status.set(EndpointStatus.DISABLED),
            EndpointItem.why.set(Why.PAUSED),
        ]
        if _committed(*health.switched(endpoint, actions, "webhook.paused", actor=caller.actor)):
            return endpoints.view(endpoints.load(owner_id, endpoint_id))
        endpoint = endpoints.load(owner_id, endpoint_id)
    raise BusyError


def enable(caller: Caller, owner_id: str, endpoint_id: str) -> WebhookView:
    """Send again, first of all what was not told; where no challenge was answered, another one.

    Safe to repeat. Of what is active, whatever waits is tried at once.
    """
    endpoint = endpoints.allowed(caller, rights.WEBHOOK_ENABLE, owner_id, endpoint_id)
    for _ in range(RACES):
        place, begun = _begun_again(endpoint, caller.actor)
        if _committed(*begun):
            ringing.ring([place])
            return endpoints.view(endpoints.load(owner_id, endpoint_id))
        endpoint = endpoints.load(owner_id, endpoint_id)
    raise BusyError


def demand_active(endpoint: EndpointItem) -> None:
    """Raises WebhookDisabledError or WebhookUnverifiedError (409) for one that is not."""
    if not endpoints.is_active(endpoint):
        raise _refusal(endpoints.status_of(endpoint))


def _refusal(status: EndpointStatus) -> Exception:
    unverified = status is EndpointStatus.UNVERIFIED
    return WebhookUnverifiedError() if unverified else WebhookDisabledError()


def _begun_again(endpoint: EndpointItem, actor: str) -> tuple[Place, list[Part]]:
    anew = [
        attribute.remove()
        for attribute in (
            EndpointItem.why, EndpointItem.failures, EndpointItem.failing_since,
            EndpointItem.unanswered, EndpointItem.held_until,
        )
    ]  # fmt: skip
    if endpoint.unverified:
        switched = health.switched(endpoint, anew, "webhook.challenged", actor=actor)
        return challenging.place(endpoint.id), [*switched, *_challenge(endpoint)]
    place, woken = jobs.wake(endpoint)
    if endpoints.is_active(endpoint):
        return place, woken
    actions = [EndpointItem.status.set(EndpointStatus.ACTIVE), *anew]
    return place, [
        *health.switched(endpoint, actions, "webhook.enabled", actor=actor), *woken,
    ]  # fmt: skip


def _challenge(endpoint: EndpointItem) -> list[Part]:
    lane, over = challenging.renewed(endpoint)
    return [*append(lane, endpoint, [challenging.fact(endpoint)]), *over]


def _committed(*made: Part) -> bool:
    try:
        parts.commit(*made)
    except BusyError:
        return False
    return True
