"""Giving people stored value at the platform's expense, and showing them what they have."""

from chalicelib.core import audit, idempotency, ids, parts
from chalicelib.core.errors import BusyError, NotFoundError, Value
from chalicelib.core.idempotency import Key, RepeatedError
from chalicelib.core.money import Money
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Role
from chalicelib.payments import balances, ledger, rights
from chalicelib.payments.balances import Balance
from chalicelib.payments.errors import BalanceFullError
from chalicelib.payments.ledger import Entry
from chalicelib.payments.payment import Subject
from chalicelib.payments.schemas import (
    BalanceDetail,
    BalanceList,
    BalanceRequest,
    BalanceView,
    MoveView,
)

RACES = 6


def credit(caller: Caller, key: Key, request: BalanceRequest) -> tuple[BalanceView, bool]:
    """Give a person stored value. The balance, and whether this repeats an earlier request.

    A wallet that is there grows; a voucher and a gift are accounts of their own.
    Raises BalanceFullError (409), KeyReusedError (422).
    """
    try:
        return view(_demand(_credit(caller, key, request))), False
    except (RepeatedError, BalanceFullError) as error:
        record = error.record if isinstance(error, RepeatedError) else idempotency.find(key)
        if record is None:
            raise
        idempotency.resume(key, record)
        return view(_demand(record.subject)), True


def _credit(caller: Caller, key: Key, request: BalanceRequest) -> str:
    for _ in range(RACES):
        balance_id = (
            balances.wallet_id(request.owner, request.currency)
            if request.kind == "wallet"
            else ids.new("bal")
        )
        ref = ids.new("mov")
        claim = idempotency.claim(key, balance_id, done=True)
        posted = ledger.post(
            Subject("balance", balance_id),
            f"credit:{ref}",
            request.currency,
            [
                Entry("expense:goodwill", request.amount, "credit"),
                Entry(balances.account(request.kind), -request.amount, "credit"),
            ],
        )
        try:
            parts.commit(
                claim,
                *_moved(balance_id, ref, request),
                *posted,
                _kept(caller, balance_id, request),
            )
        except BusyError:
            continue
        return balance_id
    raise BusyError


def _kept(caller: Caller, balance_id: str, request: BalanceRequest) -> Part:
    said: dict[str, Value] = {
        "balance_id": balance_id,
        "amount": request.amount,
        "currency": request.currency,
    }
    actor = caller.acting_as(Role.OPERATOR)
    return audit.entry(actor, "balance.credited", request.owner, request.reason, said)


def _moved(balance_id: str, ref: str, request: BalanceRequest) -> tuple[Part, ...]:
    found = balances.find(balance_id)
    if found:
        return balances.credited(found, request.amount, ref)
    return balances.opened(
        balance_id,
        request.kind,
        request.owner,
        request.currency,
        request.amount,
        ref,
        until=request.usable_until,
    )


def listing(caller: Caller) -> BalanceList:
    """Everything that the caller may pay with."""
    return BalanceList(items=[view(balance) for balance in balances.owned_by(caller.id)])


def detail(balance_id: str, caller: Caller) -> BalanceDetail:
    """One balance with its movements. Raises NotFoundError (404) for another's."""
    balance = _demand(balance_id)
    own = {Role.CUSTOMER} if balance.owner == caller.id else set()
    rights.BALANCE_READ.demand(caller, own=own)
    return BalanceDetail(
        **view(balance).model_dump(),
        moves=[
            MoveView(
                amount=Money(amount=int(move.amount), currency=balance.currency),
                why=move.why,
                at=move.at,
            )
            for move in balances.moves(balance_id)
        ],
    )


def _demand(balance_id: str) -> Balance:
    balance = balances.find(balance_id)
    if balance is None:
        raise NotFoundError
    return balance


def view(balance: Balance) -> BalanceView:
    return BalanceView(
        id=balance.id,
        kind=balance.kind,
        amount=Money(amount=balance.amount, currency=balance.currency),
        most=Money(amount=balance.most, currency=balance.currency),
        usable_from=balance.usable_from,
        usable_until=balance.usable_until,
    )
