"""What can go wrong with quotes and orders."""

from chalicelib.core.errors import (
    ConflictError,
    GoneError,
    InvalidError,
    NotFoundError,
    UnavailableError,
)


class QuoteProblemError(InvalidError):
    status = 422
    code = "quote_impossible"
    sentence = "This cannot be ordered as it is: every problem is listed."


class QuoteExpiredError(GoneError):
    code = "quote_expired"
    sentence = "The quote's time is over. Ask for a new one."


class QuoteUsedError(ConflictError):
    code = "quote_used"
    sentence = "This quote was ordered already."


class DishesGoneError(ConflictError):
    code = "items_gone"
    sentence = "Some of what was quoted cannot be had any more. Nothing was ordered or paid."


class AgeNotToldError(InvalidError):
    status = 422
    code = "age_not_told"
    sentence = "Some of this is not sold to everybody: tell the customer from what age on it is."


class QuoteUnknownError(NotFoundError):
    code = "quote_not_found"
    sentence = "There is no such quote, or it is not yours."


class ImpossibleMoveError(ConflictError):
    code = "impossible_move"
    sentence = "The order is not in a state that allows this."


class NoRequestError(ConflictError):
    code = "no_cancellation_request"
    sentence = "The store does not ask to give this order up, or it was answered already."


class AddressLimitError(ConflictError):
    code = "too_many_addresses"
    sentence = "At most twenty addresses are kept: remove one first."


class WrongCodeError(ConflictError):
    code = "wrong_code"
    sentence = "This is not the code of the order."


class CodeLockedError(ConflictError):
    code = "code_locked"
    sentence = "Too many wrong codes. Ask whoever is there for the number that the order shows."


class DelayLimitError(ConflictError):
    code = "delay_limit"
    sentence = "It cannot be promised for then: so late, so little later, or so often."


class FavouriteLimitError(ConflictError):
    code = "too_many_favourites"
    sentence = "At most a hundred favourites are kept: remove one first."


class OrdersStoppedError(UnavailableError):
    code = "orders_stopped"
    sentence = "New orders are stopped for the moment. Nothing was ordered: try again later."


class PromotionGoneError(ConflictError):
    code = "promotion_gone"
    sentence = "What the price was lowered by is used up or over. Nothing was ordered: quote anew."


class LimitError(ConflictError):
    """A limit of limits.py was met: the problem says which, how much, and where to appeal."""

    sentence = "A limit is reached. You may appeal: a person looks at it."


class WaitingLimitError(LimitError):
    code = "orders_waiting_limit"
    sentence = "Too many of your orders wait for their payment: pay one, or let one lapse."


class CashLimitError(LimitError):
    code = "cash_orders_limit"
    sentence = "Your first order in cash is under way: pay this one otherwise, or wait for it."


class RefusedLimitError(LimitError):
    code = "refused_orders_limit"
    sentence = "Orders were made for you and not taken. For some time no new ones are."


class FailedLimitError(LimitError):
    code = "failed_payments_limit"
    sentence = "Too many payments have failed within the hour. Pay otherwise, or try again later."


class UnknownDeviceLimitError(LimitError):
    code = "unknown_device_limit"
    sentence = "One order of a guest waits at a time unless the app says its device: pay it first."


class DeviceWaitingLimitError(LimitError):
    code = "device_orders_waiting_limit"
    sentence = "Too many orders of this device wait for their payment: pay one, or let one lapse."


class DeviceCashLimitError(LimitError):
    code = "device_cash_orders_limit"
    sentence = "First orders in cash of this device are under way: pay otherwise, or wait for one."


class DeviceRefusedLimitError(LimitError):
    code = "device_refused_orders_limit"
    sentence = "Orders of this device were made and not taken. For some time no new ones are."


class DeviceFailedLimitError(LimitError):
    code = "device_failed_payments_limit"
    sentence = "Too many payments of this device have failed: pay otherwise, or try again later."


class DeviceUnsaidError(InvalidError):
    status = 422
    code = "device_unsaid"
    sentence = "This limit is a device's: say by the header Device-Id which one it is."


class AppealWaitingError(ConflictError):
    code = "appeal_waiting"
    sentence = "You have appealed against this limit already, and a person will look at it."


class AppealAnsweredError(ConflictError):
    code = "appeal_answered"
    sentence = "This appeal was answered otherwise already."


class PromotionUnknownError(NotFoundError):
    code = "promotion_not_found"
    sentence = "There is no such promotion, or it is not yours."


class PromotionImpossibleError(InvalidError):
    status = 422
    code = "promotion_impossible"
    sentence = "This promotion cannot be: every problem is listed."


class CodeTakenError(ConflictError):
    code = "code_taken"
    sentence = "A promotion that is not stopped has this code already."


class PromotionsFullError(ConflictError):
    code = "promotions_full"
    sentence = "There are as many promotions already as may apply by themselves: stop some first."


class RatingLateError(ConflictError):
    code = "rating_late"
    sentence = "An order can be rated within a week after it was there."


class RatingClosedError(ConflictError):
    code = "rating_closed"
    sentence = "A rating can be changed within a day after it was given."


class NobodyBroughtItError(InvalidError):
    status = 422
    code = "nobody_brought_it"
    sentence = "No courier brought this order: rate the store alone."


class RatingUnknownError(NotFoundError):
    code = "rating_not_found"
    sentence = "There is no such rating, or it is not of your store."


class NothingSaidError(ConflictError):
    code = "nothing_said"
    sentence = "This rating has no comment that could be hidden."
