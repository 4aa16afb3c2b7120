"""What can go wrong with the devices that people are reached on."""

from chalicelib.core.errors import ConflictError, InvalidError


class DeviceLimitError(ConflictError):
    code = "device_limit"
    sentence = "You are signed in on ten devices: sign out on one of them first."


class TokenRefusedError(InvalidError):
    code = "token_refused"
    sentence = "The push service does not take this token."
