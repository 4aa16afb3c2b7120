"""What botocore works out for every request anew, and nobody reads when the table is in memory.

Nothing of what botocore does about errors, retries and answers is touched.
"""

from typing import Any

import botocore


def quicken(client: Any) -> None:  # noqa: ANN401 - any client of botocore's
    """Leave out the signature of each request, and say one user agent in all of them."""
    service = client.meta.service_model.service_name
    client.meta.events.register(f"choose-signer.{service}", lambda **_: botocore.UNSIGNED)
    client._user_agent_creator.to_string = lambda: "simulated"
