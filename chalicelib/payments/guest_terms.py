"""What a guest may pay with: what is held at once. See docs/decisions/guests.md."""

from chalicelib.payments.beginning import Tender
from chalicelib.payments.errors import PaymentsImpossibleError
from chalicelib.people import guests


def demand(chosen: Tender) -> None:
    """Raises PaymentsImpossibleError (422) with every payment that only an account can make."""
    if not guests.is_guest(chosen.payer):
        return
    problems: list[dict[str, str]] = []
    for number, request in enumerate(chosen.requests):
        pointer = f"/payments/{number}"
        if request.method == "cash":
            detail = "A guest does not pay cash: sign up, or pay at once."
            problems.append({"pointer": f"{pointer}/method", "detail": detail})
        if request.save or request.method_id:
            detail = "A guest saves no payment method: sign up, or pay without."
            problems.append({"pointer": pointer, "detail": detail})
        if chosen.charge_at(request):
            detail = "A guest does not order so far ahead: sign up, or choose an earlier time."
            problems.append({"pointer": pointer, "detail": detail})
    if problems:
        raise PaymentsImpossibleError(errors=problems)
