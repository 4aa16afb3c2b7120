"""What can go wrong in the catalog, in words for the caller."""

from chalicelib.core.errors import (
    BadRequestError,
    ConflictError,
    InvalidError,
    NotFoundError,
)


class StoreNotFoundError(NotFoundError):
    code = "store_not_found"
    sentence = "There is no such store here, or it is not yours."


class MerchantNotFoundError(NotFoundError):
    code = "merchant_not_found"
    sentence = "There is no such merchant here, or it is not yours."


class MenuNotFoundError(NotFoundError):
    code = "menu_not_found"
    sentence = "This store has not published a menu yet."


class ImageNotFoundError(NotFoundError):
    code = "image_not_found"
    sentence = "There is no such picture, or it was forgotten before it was ready."


class ImageNotThereError(ConflictError):
    code = "image_not_there"
    sentence = "Nothing was put at the address that you were given: put the file there first."


class UploadNotFoundError(NotFoundError):
    code = "upload_not_found"
    sentence = "There is no such upload, or it was forgotten after a week."


class StoreStateError(ConflictError):
    code = "store_state"
    sentence = "The store's state does not allow this."


class StoreIncompleteError(ConflictError):
    code = "store_incomplete"
    sentence = "The store is not complete: `missing` says what it needs."


class ApplicationStateError(ConflictError):
    code = "application_state"
    sentence = "The application's state does not allow this."


class CityFixedError(ConflictError):
    code = "city_fixed"
    sentence = "A city's time zone and currency stay what they are: its stores have them."


class CityMismatchError(InvalidError):
    code = "city_mismatch"
    sentence = "The store does not fit into its city."


class LastOwnerError(ConflictError):
    code = "last_owner"
    sentence = "A store keeps at least one owner: name another owner first."


class InvitationLimitError(ConflictError):
    code = "invitation_limit"
    sentence = "A store has at most twenty open invitations: withdraw one first."


class MenuTooLargeError(BadRequestError):
    code = "menu_too_large"
    sentence = "The menu is larger than 350 KB."


class TaxCategoryUnknownError(InvalidError):
    code = "tax_category_unknown"
    sentence = "The menu names tax categories that the store does not have."


class SoldOutError(ConflictError):
    code = "sold_out"
    sentence = "Others were faster: there is not enough left of an item today."


class KitchenFullError(ConflictError):
    code = "kitchen_full"
    sentence = "The kitchen has no place left at that time. Nothing was ordered."


class PauseOverError(BadRequestError):
    code = "pause_over"
    sentence = "A pause must end in the future."


class SoldOutOverError(BadRequestError):
    code = "sold_out_over"
    sentence = "What is sold out must come back in the future."


class NotOnMenuError(InvalidError):
    code = "not_on_menu"
    sentence = "The menu has not all of this."


class TooMuchSoldOutError(ConflictError):
    code = "too_much_sold_out"
    sentence = "At most 200 items and options can be sold out: pause the store, or change its menu."


class MenuMovedError(ConflictError):
    code = "menu_moved"
    sentence = "The store changed its menu or what of it is sold out."
    retryable = True


class RushOverError(BadRequestError):
    code = "rush_over"
    sentence = "A rush must end in the future, and within a day."


class WeatherOverError(BadRequestError):
    code = "weather_over"
    sentence = "What slows a city must end in the future."


class CursorError(BadRequestError):
    code = "cursor_unknown"
    sentence = "This cursor is not one that we gave for this list."
