"""What can go wrong with money."""

from chalicelib.core.errors import ConflictError, InvalidError, UnavailableError


class PaymentsImpossibleError(InvalidError):
    status = 422
    code = "payments_impossible"
    sentence = "The order cannot be paid in this way: every problem is listed."


class BalanceUnusableError(PaymentsImpossibleError):
    code = "balance_unusable"
    sentence = "The balance cannot give this amount now."


class BalanceFullError(ConflictError):
    code = "balance_full"
    sentence = "The balance may not hold as much."


class RefundImpossibleError(InvalidError):
    status = 422
    code = "refund_impossible"
    sentence = "This cannot be refunded: every problem is listed."


class TipImpossibleError(ConflictError):
    code = "tip_impossible"
    sentence = "A tip can be given for an order that a courier has brought, within a day."


class ProviderUnavailableError(UnavailableError):
    code = "payment_provider_unavailable"
    sentence = "The payment provider does not answer. The order is kept: repeat the request."


class PaymentsBusyError(UnavailableError):
    code = "payments_busy"
    sentence = "No payment can be begun at this moment. Nothing was ordered: try again."


class ForgedEventError(InvalidError):
    code = "signature_invalid"
    sentence = "The signature does not fit the body, or is not of this moment."


class MethodLimitError(ConflictError):
    code = "payment_method_limit"
    sentence = "You have as many payment methods as can be kept. Remove one first."


class MethodNotSavedError(ConflictError):
    code = "payment_method_not_saved"
    sentence = "This payment method is not confirmed yet."


class MethodNeededError(ConflictError):
    code = "payment_method_needed"
    sentence = "An order that is yet to be paid needs this payment method."
