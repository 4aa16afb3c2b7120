"""HTTP of being forgotten."""

from chalicelib.core.errors import BusyError, NotFoundError, TooManyError
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.insights import deleting, rights
from chalicelib.insights.deletion_schemas import DeletionOrder, DeletionRequest, DeletionView
from chalicelib.insights.errors import DeletionBegunError, DeletionBlockedError
from chalicelib.people.schemas import ActionReason

api = Api(__name__)

DELETIONS = Limit("deletions", calls=30, seconds=3600)


@api.post(
    "/v1/profile/deletion", rights.DELETION_ASK, limit=DELETIONS,
    errors=(DeletionBlockedError, BusyError, TooManyError),
)  # fmt: skip
def ask_for_deletion(caller: Caller, body: DeletionRequest) -> DeletionView:
    """Ask to be forgotten, in two weeks; what is in the way is listed. Repeating changes nothing.

    Until it begins it can be taken back. Then everything goes but what a law demands
    (docs/retention.md), the account last: export what you want to keep first.
    """
    return deleting.ask(caller, body)


@api.get("/v1/profile/deletion", rights.DELETION_READ)
def read_deletion(caller: Caller) -> DeletionView:
    """Read whether the caller is to be forgotten, and when."""
    return deleting.read(caller.id)


@api.delete(
    "/v1/profile/deletion", rights.DELETION_WITHDRAW, errors=(DeletionBegunError, BusyError)
)  # fmt: skip
def withdraw_deletion(caller: Caller) -> None:
    """Stay after all. Repeating it changes nothing."""
    deleting.withdraw(caller)


@api.post(
    "/v1/people/{user}/delete", rights.PERSON_DELETE,
    errors=(NotFoundError, DeletionBlockedError, BusyError),
)  # fmt: skip
def delete_person(caller: Caller, body: DeletionOrder, user: str) -> DeletionView:
    """Have somebody forgotten who has asked for it in another way. The same two weeks pass."""
    return deleting.order(caller, user, body)


@api.post(
    "/v1/people/{user}/keep", rights.PERSON_KEEP,
    errors=(NotFoundError, DeletionBegunError, BusyError),
)  # fmt: skip
def keep_person(caller: Caller, body: ActionReason, user: str) -> DeletionView:
    """Take somebody's deletion back. Repeating it changes nothing."""
    return deleting.keep(caller, user, body.reason)
