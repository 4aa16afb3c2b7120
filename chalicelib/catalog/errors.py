"""What can go wrong in the catalog, in words for the caller."""

from chalicelib.core.errors import BadRequestError, ConflictError, NotFoundError


class StoreNotFoundError(NotFoundError):
    code = "store_not_found"
    sentence = "There is no such store here, or it is not yours."


class MerchantNotFoundError(NotFoundError):
    code = "merchant_not_found"
    sentence = "There is no such merchant here, or it is not yours."


class MenuNotFoundError(NotFoundError):
    code = "menu_not_found"
    sentence = "This store has not published a menu yet."


class StoreStateError(ConflictError):
    code = "store_state"
    sentence = "The store's state does not allow this."


class LastOwnerError(ConflictError):
    code = "last_owner"
    sentence = "A store keeps at least one owner: name another owner first."


class MenuTooLargeError(BadRequestError):
    code = "menu_too_large"
    sentence = "The menu is larger than 350 KB."


class SoldOutError(ConflictError):
    code = "sold_out"
    sentence = "Others were faster: there is not enough left of an item today."


class KitchenFullError(ConflictError):
    code = "kitchen_full"
    sentence = "The kitchen has no place left at that time. Nothing was ordered."


class PauseOverError(BadRequestError):
    code = "pause_over"
    sentence = "A pause must end in the future."


class RushOverError(BadRequestError):
    code = "rush_over"
    sentence = "A rush must end in the future, and within a day."


class WeatherOverError(BadRequestError):
    code = "weather_over"
    sentence = "What slows a city must end in the future."


class CursorError(BadRequestError):
    code = "cursor_unknown"
    sentence = "This cursor is not one that we gave for this list."
