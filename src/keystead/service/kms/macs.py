"""GenerateMac and VerifyMac."""

from keystead.crypto.key_material import InvalidMac, MacKey
from keystead.kinds import KeyUsage, MacAlgorithm
from keystead.service.call import Call
from keystead.service.kms.material import current_material, refuse_algorithm
from keystead.service.operation import OnKey, reads, recorded
from keystead.shapes.kms import GenerateMacRequest, GenerateMacResponse, VerifyMacRequest, VerifyMacResponse
from keystead.shapes.kms_errors import KMSInvalidMacException


def _on_key(action: str) -> OnKey:
    return OnKey(action, aliases=True, cross_account=True, usage=KeyUsage.GENERATE_VERIFY_MAC)


_RECORDED = recorded("key_id", "mac_algorithm")


@reads("kms", "GenerateMac", _on_key("kms:GenerateMac"), recorded=_RECORDED)
def generate_mac(call: Call, request: GenerateMacRequest) -> GenerateMacResponse:
    """The HMAC of a message."""
    entry, algorithm = call.key, MacAlgorithm(request.mac_algorithm)
    refuse_algorithm(entry, algorithm)
    mac = current_material(call, entry, MacKey).mac(algorithm, request.message)
    return GenerateMacResponse(mac=mac, mac_algorithm=request.mac_algorithm, key_id=entry.arn)


@reads("kms", "VerifyMac", _on_key("kms:VerifyMac"), recorded=_RECORDED)
def verify_mac(call: Call, request: VerifyMacRequest) -> VerifyMacResponse:
    """Whether an HMAC is that of the message; another one, of whatever length, is an exception."""
    entry, algorithm = call.key, MacAlgorithm(request.mac_algorithm)
    refuse_algorithm(entry, algorithm)
    try:
        current_material(call, entry, MacKey).verify_mac(algorithm, request.message, request.mac)
    except InvalidMac:
        raise KMSInvalidMacException(None) from None
    return VerifyMacResponse(key_id=entry.arn, mac_valid=True, mac_algorithm=request.mac_algorithm)
