"""How somebody becomes a merchant: an application is written, submitted, and reviewed.

Approving makes the merchant in the same transaction. Merchants of older releases, and those that
somebody in the group of merchants makes for themselves, have no application and need none.
"""

from collections.abc import Callable, Collection, Sequence

from pynamodb.expressions.update import Action

from chalicelib.catalog import merchants, rights
from chalicelib.catalog.application_models import (
    APPLICATION,
    WAITING,
    Application,
    OwnApplication,
    WaitingApplication,
    application_key,
)
from chalicelib.catalog.application_schemas import (
    EDITABLE,
    ApplicationList,
    ApplicationStatus,
    ApplicationView,
    NewApplication,
    Review,
    Verdict,
)
from chalicelib.catalog.changing import commit_once
from chalicelib.catalog.errors import ApplicationStateError
from chalicelib.catalog.merchant_schemas import NewMerchant
from chalicelib.catalog.models import CatalogEvent, person_key
from chalicelib.core import audit, clock, dynamo, ids, notices, outbox, parts
from chalicelib.core.dynamo import HEAD
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.idempotency import Key
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Right, Role
from chalicelib.people import directory

RACES = 4
SHOWN_WAITING = 100
S = ApplicationStatus

type Decide = Callable[[Application], Sequence[Part]]


def create(caller: Caller, new: NewApplication, key: Key) -> tuple[ApplicationView, bool]:
    """A draft of an application of the caller's, and whether the request is only repeated."""
    application_id = ids.new("app")
    made = Application(
        application_key(application_id),
        HEAD,
        id=application_id,
        version=1,
        status=S.DRAFT,
        applicant=caller.id,
        details=new.model_dump_json(),
        created_at=clock.stamp(clock.now()),
    )
    subject, repeated = commit_once(
        key,
        application_id,
        parts.put(made, BusyError()),
        parts.overwrite(OwnApplication(person_key(caller.id), made.pk)),
        _told(made, 1, "application.created", caller.actor),
    )
    return view(_load(subject)), repeated


def mine(caller: Caller) -> ApplicationList:
    """The caller's applications, the oldest first."""
    found = dynamo.items(OwnApplication, person_key(caller.id), prefix=APPLICATION)
    return ApplicationList(items=[view(_load(one.sk.removeprefix(APPLICATION))) for one in found])


def waiting() -> ApplicationList:
    """The applications that wait for a review, the oldest hundred first."""
    found = dynamo.items(WaitingApplication, WAITING, limit=SHOWN_WAITING)
    return ApplicationList(items=[view(_load(one.id)) for one in found[:SHOWN_WAITING]])


def read(caller: Caller, application_id: str) -> ApplicationView:
    """Raises NotFoundError (404) for another's."""
    return view(_demanded(caller, rights.APPLICATION_READ, application_id))


def change(caller: Caller, application_id: str, new: NewApplication) -> ApplicationView:
    """Write another text into an application that is not submitted. Safe to repeat.

    Raises ApplicationStateError (409) for one that is.
    """

    def decide(found: Application) -> Sequence[Part]:
        if found.details == new.model_dump_json() and found.status in EDITABLE:
            return ()
        _demand_state(found, EDITABLE)
        return _moved(
            found,
            "application.changed",
            caller.actor,
            Application.details.set(new.model_dump_json()),
        )

    return _apply(caller, rights.APPLICATION_CHANGE, application_id, decide)


def submit(caller: Caller, application_id: str) -> ApplicationView:
    """Hand an application in for a review. Safe to repeat.

    Raises ApplicationStateError (409) for one that was decided.
    """

    def decide(found: Application) -> Sequence[Part]:
        if found.status == S.SUBMITTED:
            return ()
        _demand_state(found, EDITABLE)
        now = clock.stamp(clock.now())
        return (
            *_moved(
                found,
                "application.submitted",
                caller.actor,
                Application.status.set(S.SUBMITTED),
                Application.submitted_at.set(now),
                Application.reasons.remove(),
            ),
            parts.overwrite(_queued(found.id, now)),
        )

    return _apply(caller, rights.APPLICATION_SUBMIT, application_id, decide)


def review(caller: Caller, application_id: str, said: Review) -> ApplicationView:
    """Decide about a submitted application. An approval makes the merchant. Safe to repeat.

    Raises ApplicationStateError (409) for one that is not submitted or was decided otherwise.
    """
    actor = caller.acting_as(Role.OPERATOR)

    def decide(found: Application) -> Sequence[Part]:
        if found.status == said.verdict:
            return ()
        _demand_state(found, {S.SUBMITTED})
        return _reviewed(found, said, actor)

    done = _apply(caller, rights.APPLICATION_REVIEW, application_id, decide)
    if done.status is S.APPROVED:
        directory.add_to(_load(application_id).applicant, Role.MERCHANT)
    return done


def _reviewed(found: Application, said: Review, actor: str) -> Sequence[Part]:
    actions: list[Action] = [
        Application.status.set(said.verdict),
        Application.reviewed_at.set(clock.stamp(clock.now())),
        Application.reasons.set([one.model_dump(mode="json") for one in said.reasons]),
    ]
    founded: Sequence[Part] = ()
    if said.verdict is Verdict.APPROVED:
        merchant_id = ids.new("mer")
        new = NewMerchant.model_validate_json(found.details, extra="ignore")
        founded = merchants.founded(merchant_id, new, found.applicant, actor)
        actions.append(Application.merchant_id.set(merchant_id))
    action = f"application.{said.verdict}"
    codes = [one.code for one in said.reasons]
    return (
        *_moved(found, action, actor, *actions),
        parts.forget(_queued(found.id, str(found.submitted_at))),
        audit.entry(actor, action, found.id, said.reason, {"reasons": codes}),
        notices.tell(
            found.applicant,
            f"application_{said.verdict}",
            topic=f"application#{found.id}",
            actor=actor,
            data={"application_id": found.id, "reasons": codes},
        ),
        *founded,
    )


# --- how each of them is done ----------------------------------------------------------------


def _apply(caller: Caller, right: Right, application_id: str, decide: Decide) -> ApplicationView:
    for _ in range(RACES):
        found = _demanded(caller, right, application_id)
        made = decide(found)
        if not made:
            return view(found)
        try:
            parts.commit(*made)
        except BusyError:
            continue
        return view(_load(application_id))
    raise BusyError


def _demanded(caller: Caller, right: Right, application_id: str) -> Application:
    found = dynamo.get(Application, application_key(application_id))
    right.demand(caller, own=found is not None and found.applicant == caller.id)
    if found is None:
        raise NotFoundError
    return found


def _demand_state(found: Application, states: Collection[ApplicationStatus]) -> None:
    if found.status not in states:
        raise ApplicationStateError(current_status=found.status, allowed_in=sorted(states))


def _moved(found: Application, kind: str, actor: str, *actions: Action) -> tuple[Part, Part]:
    version = int(found.version) + 1
    same = Application.version == found.version
    return (
        parts.update(
            found,
            [*actions, Application.version.set(version), Application.v.set(Application.VERSION)],
            BusyError(),
            same,
        ),
        _told(found, version, kind, actor),
    )


def _told(found: Application, version: int, kind: str, actor: str) -> Part:
    return outbox.announce(
        CatalogEvent,
        found.pk,
        kind="application",
        subject=found.id,
        version=version,
        type=kind,
        actor=actor,
    )


def _queued(application_id: str, moment: str) -> WaitingApplication:
    return WaitingApplication(WAITING, f"{moment}#{application_id}", id=application_id)


def _load(application_id: str) -> Application:
    found = dynamo.get(Application, application_key(application_id))
    if found is None:
        raise NotFoundError
    return found


def view(found: Application) -> ApplicationView:
    details = NewApplication.model_validate_json(found.details, extra="ignore")
    return ApplicationView.model_validate(
        {
            **details.model_dump(),
            **{
                name: getattr(found, name)
                for name in ("id", "version", "status", "merchant_id", "created_at",
                             "submitted_at", "reviewed_at")
            },
            "reasons": found.reasons or (),
        }
    )  # fmt: skip
