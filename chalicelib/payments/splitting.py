"""Who of several payments takes how much of what is due: a pure rule."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from chalicelib.payments.errors import PaymentsImpossibleError
from chalicelib.payments.methods import METHODS, maximum, minimum, provider, step, takes
from chalicelib.payments.schemas import PaymentRequest


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a payment cannot be: `code` is for programs, `detail` for people."""

    code: str
    pointer: str
    detail: str


def split(requests: Sequence[PaymentRequest], due: int, currency: str) -> list[int]:
    """How much each requested payment takes of what is due. They sum to it exactly.

    Raises PaymentsImpossibleError (422) with every problem: a sum that does not fit, an amount
    that is less or more than may be charged, a method that does not take the currency. Nothing
    due needs no payment: the list is empty.
    """
    open_ones = [number for number, one in enumerate(requests) if one.amount is None]
    fixed = sum(one.amount or 0 for one in requests)
    if due == fixed == 0:
        return []
    problems: list[Problem] = []
    amounts = [one.amount or 0 for one in requests]
    if len(open_ones) > 1:
        detail = "Only one payment may leave its amount open."
        problems.append(Problem("amounts_open", "/payments", detail))
    elif open_ones:
        amounts[open_ones[0]] = due - fixed
    if not problems and sum(amounts) != due:
        problems.append(Problem("sum_differs", "/payments", f"The payments must sum to {due}."))
    for number, (one, amount) in enumerate(zip(requests, amounts, strict=True)):
        problems += _of_one(f"/payments/{number}", one, amount, currency)
        problems += _again(f"/payments/{number}", one, requests[:number])
    if problems:
        raise PaymentsImpossibleError(errors=[asdict(problem) for problem in problems])
    return amounts


def _again(
    pointer: str, one: PaymentRequest, before: Sequence[PaymentRequest]
) -> Iterator[Problem]:
    """What is named twice: a transaction touches an account, or a saved method, once."""
    if one.balance_id and one.balance_id in {other.balance_id for other in before}:
        detail = "Name each balance once."
        yield Problem("balance_misnamed", f"{pointer}/balance_id", detail)
    if one.method_id and one.method_id in {other.method_id for other in before}:
        yield Problem("method_not_saved", f"{pointer}/method_id", "Name each saved method once.")


def _of_one(pointer: str, one: PaymentRequest, amount: int, currency: str) -> Iterator[Problem]:
    why_not = METHODS[one.method].why_not
    if why_not:
        yield Problem("method_not_offered", f"{pointer}/method", why_not)
    elif not takes(one.method, currency):
        yield Problem("currency_not_taken", f"{pointer}/method", f"Not for {currency}.")
    if (one.method == "balance") != (one.balance_id is not None):
        detail = "A balance is named, and nothing else is."
        yield Problem("balance_misnamed", f"{pointer}/balance_id", detail)
    if one.save and (one.method_id or provider(one.method) != "stripe"):
        detail = "This is saved already, or cannot be."
        yield Problem("method_not_saved", f"{pointer}/save", detail)
    if one.method_id and provider(one.method) != "stripe":
        detail = "This is no method that can be saved."
        yield Problem("method_not_saved", f"{pointer}/method_id", detail)
    least, most = minimum(currency, one.method), maximum(currency, one.method)
    unit = step(currency, one.method)
    if amount < least:
        detail = f"At least {least} can be charged."
        yield Problem("amount_too_small", f"{pointer}/amount", detail)
    if amount > most:
        detail = f"At most {most} can be charged at once."
        yield Problem("amount_too_large", f"{pointer}/amount", detail)
    if amount % unit:
        detail = f"An amount in {currency} is a multiple of {unit}."
        yield Problem("amount_not_rounded", f"{pointer}/amount", detail)
