"""Who of several payments takes how much of what is due: a pure rule."""

from collections.abc import Sequence

from chalicelib.payments.errors import PaymentsImpossibleError
from chalicelib.payments.methods import maximum, minimum, provider, takes
from chalicelib.payments.schemas import PaymentRequest


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
    problems: list[tuple[str, str]] = []
    amounts = [one.amount or 0 for one in requests]
    if len(open_ones) > 1:
        problems.append(("/payments", "Only one payment may leave its amount open."))
    elif open_ones:
        amounts[open_ones[0]] = due - fixed
    if not problems and sum(amounts) != due:
        problems.append(("/payments", f"The payments must sum to {due}."))
    for number, (one, amount) in enumerate(zip(requests, amounts, strict=True)):
        problems += _of_one(f"/payments/{number}", one, amount, currency)
    if problems:
        errors = [{"pointer": pointer, "detail": detail} for pointer, detail in problems]
        raise PaymentsImpossibleError(errors=errors)
    return amounts


def _of_one(pointer: str, one: PaymentRequest, amount: int, currency: str) -> list[tuple[str, str]]:
    problems = []
    if not takes(one.method, currency):
        problems.append((f"{pointer}/method", f"Not for {currency}."))
    if (one.method == "balance") != (one.balance_id is not None):
        problems.append((f"{pointer}/balance_id", "A balance is named, and nothing else is."))
    if one.save and (one.method_id or provider(one.method) != "stripe"):
        problems.append((f"{pointer}/save", "This is saved already, or cannot be."))
    if one.method_id and provider(one.method) != "stripe":
        problems.append((f"{pointer}/method_id", "This is no method that can be saved."))
    least, most = minimum(currency, one.method), maximum(currency, one.method)
    if amount < least:
        problems.append((f"{pointer}/amount", f"At least {least} can be charged."))
    if amount > most:
        problems.append((f"{pointer}/amount", f"At most {most} can be charged at once."))
    return problems
