"""What audit events show of the answers of Organizations (`responseElements`).

Source: Organizations User Guide, "Logging AWS Organizations API calls with AWS CloudTrail", whose examples
hide names and addresses of accounts.
"""

from collections.abc import Mapping

from keystead.service.call import WriteCall
from keystead.service.recording import elements_of
from keystead.shapes.record import Record


def whole(_call: WriteCall, response: Record) -> Mapping[str, object]:
    """The whole answer, without what AWS's model calls sensitive."""
    return elements_of(response)
