"""What `catalog` stores of menus that are sent in bulk. Private to this domain."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.catalog.models import ControlMeta
from chalicelib.core.dynamo import Item


class MenuUpload(Item):
    """A bulk upload: forgotten after a week, with its text and its results."""

    class Meta(ControlMeta):
        pass

    id = UnicodeAttribute()
    store_id = UnicodeAttribute()
    actor = UnicodeAttribute()
    status = UnicodeAttribute()
    problem = UnicodeAttribute(null=True)
    menu_version = NumberAttribute(null=True)
    tries = NumberAttribute()
    received_at = UnicodeAttribute()
    expires_at = NumberAttribute()


class UploadText(Item):
    """What was sent, and (as JSON) how it is meant. Written once."""

    class Meta(ControlMeta):
        pass

    content = UnicodeAttribute()
    meant = UnicodeAttribute()
    expires_at = NumberAttribute()


class UploadResults(Item):
    """What became of each line, as JSON."""

    class Meta(ControlMeta):
        pass

    lines = UnicodeAttribute()
    expires_at = NumberAttribute()


class WaitingUpload(Item):
    """That an upload waits to be worked: for who works."""

    class Meta(ControlMeta):
        pass

    id = UnicodeAttribute()


WAITING = "UPLOADS"


UPLOADED = "TEXT"


RESULTS = "RESULTS"


def upload_key(upload_id: str) -> str:
    return f"UPLOAD#{upload_id}"
