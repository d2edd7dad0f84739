"""What the edge answers by itself, when a request cannot reach the service or has no answer from it.

The form follows the request: AWS Query clients read XML, all others JSON.
Source: "Common Error Types" in the AWS API References; for 413 and 408 AWS documents no body (unverified).
"""

from collections.abc import Mapping

from keystead.wire.http import HttpResponse

_SENTENCES = {
    "RequestEntityTooLargeException": "Request body is too large.",
    "MalformedHttpRequestException": "A request header has a value that is not ASCII.",
    "RequestTimeoutException": "The request body did not arrive in time.",
}


def refuse(headers: Mapping[str, str], request_id: str, status: int, code: str) -> HttpResponse:
    """An error in the form that a client with these request headers reads."""
    sentence = _SENTENCES.get(code, "")
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        fault = "Sender" if status < 500 else "Receiver"
        text = (
            f"<ErrorResponse><Error><Type>{fault}</Type><Code>{code}</Code><Message>{sentence}</Message></Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        return HttpResponse(status, _headers("text/xml", request_id), text.encode())
    message = f',"message":"{sentence}"' if sentence else ""
    return HttpResponse(
        status, _headers("application/x-amz-json-1.1", request_id), f'{{"__type":"{code}"{message}}}'.encode()
    )


def _headers(content_type: str, request_id: str) -> list[tuple[str, str]]:
    return [("content-type", content_type), ("x-amzn-requestid", request_id)]
