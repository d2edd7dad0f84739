"""The generated modules are what the tool writes today, and say what AWS's model says."""

import importlib
import importlib.util
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from types import ModuleType
from typing import Any

import botocore.session
import pytest
from msgspec.structs import fields

from keystead.shapes import iam, kms, kms_errors, organizations, sts
from keystead.shapes.errors import AwsError

TOOL = Path(__file__).parents[2] / "tools" / "generate_shapes.py"
SESSION = botocore.session.get_session()


def load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_shapes", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate_shapes"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


tool = load_tool()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(TOOL), *arguments], capture_output=True, text=True, check=False
    )


def test_the_committed_modules_are_what_the_tool_writes() -> None:
    written = dict(tool.modules())
    assert sorted(written) == sorted(
        f"{service}{suffix}.py"
        for service in ("kms", "iam", "organizations", "sts")
        for suffix in ("", "_errors")
    )
    for name, text in written.items():
        assert (tool.SHAPES / name).read_text("utf-8") == text, f"{name}: run tools/generate_shapes.py"


def test_check_fails_if_and_only_if_a_module_differs(tmp_path: Path) -> None:
    missing = run("--check", "--output", str(tmp_path))
    assert missing.returncode == 1
    assert "kms.py" in missing.stderr
    assert not list(tmp_path.iterdir())


def test_all_operations_of_kms_are_there_with_their_members() -> None:
    model = SESSION.get_service_model("kms")
    assert sorted(kms.OPERATIONS) == sorted(model.operation_names)
    assert len(kms.OPERATIONS) == 56


@pytest.mark.parametrize(
    "service",
    [kms.SERVICE, iam.SERVICE, organizations.SERVICE, sts.SERVICE],
    ids=lambda service: service.name,
)
def test_records_have_the_members_of_the_model_in_its_order(service: Any) -> None:
    model = SESSION.get_service_model(service.name)
    assert (service.version, service.namespace) == (model.api_version, model.metadata.get("xmlNamespace"))
    for name, operation in service.operations.items():
        shapes = model.operation_model(name)
        pairs = ((operation.request, shapes.input_shape), (operation.response, shapes.output_shape))
        for record, shape in pairs:
            if shape is None:  # a request is a record even then
                assert record is None or (record is operation.request and not fields(record))
                continue
            assert record is not None
            assert list(record.__struct_encode_fields__) == list(shape.members)
            required = {field.encode_name for field in fields(record) if field.required}
            assert required == set(shape.required_members)


def wire(record: Any, attribute: str) -> str:
    position = record.__struct_fields__.index(attribute)
    name: str = record.__struct_encode_fields__[position]
    return name


@pytest.mark.parametrize("service", ["kms", "iam", "organizations", "sts"])
def test_every_modelled_error_has_its_code_and_status(service: str) -> None:
    module = importlib.import_module(f"keystead.shapes.{service}_errors")
    model = SESSION.get_service_model(service)
    assert {name for name, value in vars(module).items() if is_error(value)} == {
        shape.name for shape in model.error_shapes
    }
    for shape in model.error_shapes:
        error = getattr(module, shape.name)
        raw = model._service_description["shapes"][shape.name]  # `metadata` drops the trait `fault`
        trait = raw.get("error", {})
        assert error.code == error.query_code == trait.get("code", shape.name)
        assert error.status == error.query_status
        assert error.status == trait.get("httpStatusCode", 500 if raw.get("fault") else 400)


def is_error(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, AwsError) and value is not AwsError


def test_three_errors_of_kms_are_faults() -> None:
    faults = {name for name, value in vars(kms_errors).items() if is_error(value) and value.status == 500}
    assert faults == {"DependencyTimeoutException", "KMSInternalException", "KeyUnavailableException"}


def test_sensitive_members_and_blobs_are_not_in_a_repr() -> None:
    credential = kms.XksProxyAuthenticationCredentialType(
        access_key_id="ABCDEFGHIJKLMNOPQRST", raw_secret_access_key="s3cret" * 8
    )
    request = kms.CreateCustomKeyStoreRequest(
        custom_key_store_name="store",
        key_store_password="hunter22",
        xks_proxy_authentication_credential=credential,
    )
    assert repr(request) == (
        "CreateCustomKeyStoreRequest(custom_key_store_name='store', key_store_password=<sensitive>, "
        "xks_proxy_authentication_credential=XksProxyAuthenticationCredentialType("
        "access_key_id=<sensitive>, raw_secret_access_key=<sensitive>))"
    )
    data_key = kms.GenerateDataKeyResponse(plaintext=b"secret", ciphertext_blob=b"sealed", key_id="k")
    assert repr(data_key) == (
        "GenerateDataKeyResponse(ciphertext_blob=<6 bytes>, plaintext=<sensitive>, key_id='k')"
    )
    key = iam.AccessKey(user_name="a", access_key_id="AKIA", status="Active", secret_access_key="s3cret")
    assert "s3cret" not in repr(iam.CreateAccessKeyResponse(access_key=key))


@pytest.mark.parametrize("service", ["kms", "iam", "organizations", "sts"])
def test_whatever_the_model_calls_sensitive_is(service: str) -> None:
    model, module = SESSION.get_service_model(service), importlib.import_module(f"keystead.shapes.{service}")
    for name, record in vars(module).items():
        if not hasattr(record, "SENSITIVE") or name == "Record":
            continue
        members = model.shape_for(name).members if name in model.shape_names else {}
        expected = {m for m, shape in members.items() if shape.metadata.get("sensitive")}
        assert {wire(record, attribute) for attribute in record.SENSITIVE} == expected


@pytest.mark.parametrize(
    ("model", "wire_name"),
    [
        ("KeyId", "key_id"),
        ("AWSAccountId", "aws_account_id"),
        ("CloudHsmClusterId", "cloud_hsm_cluster_id"),
        ("XksProxyUriEndpoint", "xks_proxy_uri_endpoint"),
        ("Import", "import"),
    ],
)
def test_attributes_are_snake_case(model: str, wire_name: str) -> None:
    assert tool.snake_case(model) == (wire_name if wire_name != "import" else "import_")


def test_javas_letters_numbers_and_separators_are_ours() -> None:
    ours = re.compile(tool.python_pattern(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+"))
    for code in range(sys.maxunicode + 1):
        text = chr(code)
        theirs = unicodedata.category(text)[0] in "LZN" or text in "_.:/=+-@"
        assert (ours.search(text) is not None) == theirs, f"U+{code:04X}"


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r"[\w]+", "abc", True),
        (r"[\w]+", "a b", False),
        (r"[\w]+", "abc\n", False),
        (r"^[a-z]+$", "abc\n", False),
        (r"[\w]+", "é", False),
        (r"\d", "٣", False),
        (r"(a)|(bc)", "xbc", False),
        (r"(a)|(bc)", "bc", True),
    ],
)
def test_patterns_match_the_whole_text_in_ascii(pattern: str, text: str, matches: bool) -> None:
    assert (re.search(tool.python_pattern(pattern), text) is not None) == matches


@pytest.mark.parametrize("pattern", [r"\p{Lu}", r"[\p{L}]+", r"[\p{L}\p{N}\w_]+"])
def test_a_pattern_without_a_python_form_stops_the_tool(pattern: str) -> None:
    with pytest.raises(ValueError, match="no Python form"):
        tool.python_pattern(pattern)


def test_an_unknown_trait_stops_the_tool() -> None:
    model = {"operations": {}, "shapes": {"A": {"type": "string", "streaming": True}}}
    with pytest.raises(ValueError, match=r"traits .* \['streaming'\]"):
        tool.Module(model, []).shape("A")


def test_tokens_are_not_in_a_repr() -> None:
    shown = repr(kms.EncryptRequest(key_id="k", plaintext=b"p", grant_tokens=["t0ken"]))
    shown += repr(kms.CreateGrantResponse(grant_token="t0ken")) + repr(
        kms.RetireGrantRequest(grant_token="t0ken")
    )
    assert "t0ken" not in shown
    assert shown.count("<sensitive>") == 4
