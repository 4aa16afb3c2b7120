"""What can go wrong with couriers, offers and deliveries."""

from chalicelib.core.errors import ConflictError, GoneError, InvalidError


class OffDutyError(ConflictError):
    code = "off_duty"
    sentence = "You are not on duty there."


class NoProfileError(ConflictError):
    code = "no_profile"
    sentence = "Say who you are first: PUT /v1/courier."


class OnboardingError(ConflictError):
    code = "onboarding"
    sentence = "Your city asks for documents first: `missing` are those that it has not seen."


class DocumentsExpiredError(ConflictError):
    code = "documents_expired"
    sentence = "Documents of yours are over: hand in new ones of the kinds in `expired`."


class SuspendedError(ConflictError):
    code = "courier_suspended"
    sentence = "You may not go on duty. GET /v1/courier says why, and you may appeal."


class HoursUsedError(ConflictError):
    code = "hours_used"
    sentence = "You have been on duty for as long as your city allows: rest until `may_start_at`."


class OnBreakError(ConflictError):
    code = "on_break"
    sentence = "You have a break: nobody needs to know where you are."


class NotSuspendedError(ConflictError):
    code = "not_suspended"
    sentence = "You are not suspended: there is nothing to appeal against."


class FileNotThereError(ConflictError):
    code = "file_not_there"
    sentence = "The file is not there yet: PUT it to the address that you were given first."


class DocumentStateError(ConflictError):
    code = "document_state"
    sentence = "The document is not in a state that allows this."


class TooManyDocumentsError(ConflictError):
    code = "too_many_documents"
    sentence = "You have handed in so many documents that nobody has looked at: wait for a while."


class OnDutyElsewhereError(ConflictError):
    code = "on_duty_elsewhere"
    sentence = "You are on duty in another zone. End that duty first."


class OnAJobError(ConflictError):
    code = "on_a_job"
    sentence = "You have a delivery in hand."


class CourierNotFreeError(ConflictError):
    code = "courier_not_free"
    sentence = "This courier is not on duty there, has a job, or is being asked for something else."


class AlreadyTakenError(ConflictError):
    code = "already_taken"
    sentence = "Another courier has taken this delivery."


class OfferGoneError(GoneError):
    code = "offer_gone"
    sentence = "This offer is over: its time has passed, or the order was given up."


class ImpossibleStepError(ConflictError):
    code = "impossible_step"
    sentence = "The delivery is not in a state that allows this."


class NotReadyError(ConflictError):
    code = "not_ready"
    sentence = "The store has not said yet that this order is ready."


class NotHandedOverError(ConflictError):
    code = "not_handed_over"
    sentence = "This store says itself when a courier has fetched it, and has not said so yet."


class WrongPinError(ConflictError):
    code = "wrong_pin"
    sentence = "This is not the customer's PIN."


class PinLockedError(ConflictError):
    code = "pin_locked"
    sentence = "Too many wrong PINs. A person must complete this delivery: ask support."


class PinNeededError(InvalidError):
    status = 422
    code = "pin_needed"
    sentence = "This order is handed over for its PIN."


class AgeNotCheckedError(InvalidError):
    status = 422
    code = "age_not_checked"
    sentence = "This is not for everybody: say that you have seen the age of who takes it."


class NoChoiceError(ConflictError):
    code = "no_choice"
    sentence = "There is nothing to choose at the moment."
