"""Write `src/keystead/shapes/` from the service models that botocore carries.

    python tools/generate_shapes.py            write the modules
    python tools/generate_shapes.py --check    write nothing, fail if a module differs

Each source below becomes `<service>.py` (records and the table of operations) and `<service>_errors.py`.
Types that a request can reach carry the model's constraints; those that only responses reach are plain,
because nothing checks them. A trait that this tool does not know stops it: a model that has learned
something new must not be read as if it had not.
"""

import argparse
import keyword
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore
from botocore.loaders import Loader

SHAPES = Path(__file__).parent.parent / "src" / "keystead" / "shapes"

Shape = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """A service model, and the operations to take from it (None: all)."""

    service: str
    version: str
    operations: tuple[str, ...] | None


SOURCES = (
    Source("kms", "2014-11-01", None),
    Source(
        "iam",
        "2010-05-08",
        (
            "AddClientIDToOpenIDConnectProvider",
            "AddRoleToInstanceProfile",
            "AddUserToGroup",
            "AttachGroupPolicy",
            "AttachRolePolicy",
            "AttachUserPolicy",
            "ChangePassword",
            "CreateAccessKey",
            "CreateAccountAlias",
            "CreateGroup",
            "CreateInstanceProfile",
            "CreateLoginProfile",
            "CreateOpenIDConnectProvider",
            "CreatePolicy",
            "CreatePolicyVersion",
            "CreateRole",
            "CreateServiceLinkedRole",
            "CreateUser",
            "DeleteAccessKey",
            "DeleteAccountAlias",
            "DeleteAccountPasswordPolicy",
            "DeleteGroup",
            "DeleteGroupPolicy",
            "DeleteInstanceProfile",
            "DeleteLoginProfile",
            "DeleteOpenIDConnectProvider",
            "DeletePolicy",
            "DeletePolicyVersion",
            "DeleteRole",
            "DeleteRolePermissionsBoundary",
            "DeleteRolePolicy",
            "DeleteServiceLinkedRole",
            "DeleteUser",
            "DeleteUserPermissionsBoundary",
            "DeleteUserPolicy",
            "DetachGroupPolicy",
            "DetachRolePolicy",
            "DetachUserPolicy",
            "GetAccessKeyLastUsed",
            "GetAccountAuthorizationDetails",
            "GetAccountPasswordPolicy",
            "GetAccountSummary",
            "GetContextKeysForCustomPolicy",
            "GetContextKeysForPrincipalPolicy",
            "GetGroup",
            "GetGroupPolicy",
            "GetInstanceProfile",
            "GetLoginProfile",
            "GetOpenIDConnectProvider",
            "GetPolicy",
            "GetPolicyVersion",
            "GetRole",
            "GetRolePolicy",
            "GetServiceLinkedRoleDeletionStatus",
            "GetUser",
            "GetUserPolicy",
            "ListAccessKeys",
            "ListAccountAliases",
            "ListAttachedGroupPolicies",
            "ListAttachedRolePolicies",
            "ListAttachedUserPolicies",
            "ListEntitiesForPolicy",
            "ListGroupPolicies",
            "ListGroups",
            "ListGroupsForUser",
            "ListInstanceProfileTags",
            "ListInstanceProfiles",
            "ListInstanceProfilesForRole",
            "ListMFADevices",
            "ListOpenIDConnectProviderTags",
            "ListOpenIDConnectProviders",
            "ListPolicies",
            "ListPolicyTags",
            "ListPolicyVersions",
            "ListRolePolicies",
            "ListRoleTags",
            "ListRoles",
            "ListSAMLProviders",
            "ListSSHPublicKeys",
            "ListServerCertificates",
            "ListServiceSpecificCredentials",
            "ListSigningCertificates",
            "ListUserPolicies",
            "ListUserTags",
            "ListUsers",
            "ListVirtualMFADevices",
            "PutGroupPolicy",
            "PutRolePermissionsBoundary",
            "PutRolePolicy",
            "PutUserPermissionsBoundary",
            "PutUserPolicy",
            "RemoveClientIDFromOpenIDConnectProvider",
            "RemoveRoleFromInstanceProfile",
            "RemoveUserFromGroup",
            "SetDefaultPolicyVersion",
            "SimulateCustomPolicy",
            "SimulatePrincipalPolicy",
            "TagInstanceProfile",
            "TagOpenIDConnectProvider",
            "TagPolicy",
            "TagRole",
            "TagUser",
            "UntagInstanceProfile",
            "UntagOpenIDConnectProvider",
            "UntagPolicy",
            "UntagRole",
            "UntagUser",
            "UpdateAccessKey",
            "UpdateAccountPasswordPolicy",
            "UpdateAssumeRolePolicy",
            "UpdateGroup",
            "UpdateLoginProfile",
            "UpdateOpenIDConnectProviderThumbprint",
            "UpdateRole",
            "UpdateRoleDescription",
            "UpdateUser",
        ),
    ),
    Source(
        "sts",
        "2011-06-15",
        (
            "AssumeRole",
            "AssumeRoleWithWebIdentity",
            "DecodeAuthorizationMessage",
            "GetAccessKeyInfo",
            "GetCallerIdentity",
            "GetFederationToken",
            "GetSessionToken",
        ),
    ),
    Source(
        "organizations",
        "2016-11-28",
        (
            "AcceptHandshake",
            "AttachPolicy",
            "CancelHandshake",
            "CloseAccount",
            "CreateAccount",
            "CreateOrganization",
            "CreateOrganizationalUnit",
            "CreatePolicy",
            "DeclineHandshake",
            "DeleteOrganization",
            "DeleteOrganizationalUnit",
            "DeletePolicy",
            "DescribeAccount",
            "DescribeCreateAccountStatus",
            "DescribeHandshake",
            "DescribeOrganization",
            "DescribeOrganizationalUnit",
            "DescribePolicy",
            "DetachPolicy",
            "DisableAWSServiceAccess",
            "DisablePolicyType",
            "EnableAWSServiceAccess",
            "EnableAllFeatures",
            "EnablePolicyType",
            "InviteAccountToOrganization",
            "LeaveOrganization",
            "ListAWSServiceAccessForOrganization",
            "ListAccounts",
            "ListAccountsForParent",
            "ListChildren",
            "ListCreateAccountStatus",
            "ListDelegatedAdministrators",
            "ListHandshakesForAccount",
            "ListHandshakesForOrganization",
            "ListOrganizationalUnitsForParent",
            "ListParents",
            "ListPolicies",
            "ListPoliciesForTarget",
            "ListRoots",
            "ListTagsForResource",
            "ListTargetsForPolicy",
            "MoveAccount",
            "RemoveAccountFromOrganization",
            "TagResource",
            "UntagResource",
            "UpdateOrganizationalUnit",
            "UpdatePolicy",
        ),
    ),
)

# Prose, and traits that change neither the wire form nor what is accepted.
SILENT_TRAITS = {"documentation", "deprecated", "deprecatedMessage", "deprecatedSince", "box"}
KNOWN_TRAITS = {
    # That exactly one member of a union is there is for its operation to check.
    "structure": {"members", "required", "exception", "fault", "error", "union"},
    "list": {"member", "min", "max"},
    "map": {"key", "value"},
    "string": {"min", "max", "pattern", "enum", "sensitive"},
    "blob": {"min", "max", "sensitive"},
    "integer": {"min", "max"},
    "boolean": set[str](),
    "timestamp": set[str](),
}
PLAIN = {"string": "str", "blob": "bytes", "integer": "int", "boolean": "bool", "timestamp": "float"}

HEADER = '''"""{title}

Written by `tools/generate_shapes.py` from AWS's model {service} {version}: do not edit.
"""

# ruff: noqa: D101 -- AWS documents its structures, and their names are its own
{imports}
'''


def snake_case(name: str) -> str:
    """`AWSAccountId` -> `aws_account_id`; a Python keyword gets a trailing underscore."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    return f"{words}_" if keyword.iskeyword(words) else words


def pascal_case(name: str) -> str:
    """What msgspec's `rename="pascal"` makes of an attribute."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def class_name(shape: str) -> str:
    """The Python name of a shape: IAM begins some in lower case."""
    return shape[0].upper() + shape[1:]


# The separators of Unicode (categories Zs, Zl, Zp), which Python's `re` has no class for.
SEPARATORS = r"\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


def python_pattern(pattern: str) -> str:
    r"""A pattern for `re.search` that accepts what AWS accepts: the whole text, by Java's rules.

    Java's `\w`, `\d` and `\s` are ASCII. Its `\p{L}` and `\p{N}` together with the underscore are Python's
    Unicode `\w`; IAM always uses the three together.
    """
    if r"\p{" not in pattern:
        return rf"^(?a:{pattern})\Z"
    if not ({r"\p{L}", r"\p{N}", "_"} <= set(re.findall(r"\\p\{\w\}|_", pattern)) and r"\w" not in pattern):
        raise ValueError(f"no Python form for the pattern {pattern}")
    ours = pattern.replace(r"\p{L}", r"\w").replace(r"\p{N}", "").replace(r"\p{Z}", SEPARATORS)
    if r"\p{" in ours:
        raise ValueError(f"no Python form for the pattern {pattern}")
    return rf"^(?:{ours})\Z"


LONGEST_LITERAL = 80
"""Characters; a longer text is written as several literals, for a line has room for one of these."""


def raw(text: str) -> str:
    """Raw string literals that make `text` together; mostly one."""
    if '"' in text or text.endswith("\\"):
        raise ValueError(f"cannot be a raw literal: {text}")
    parts = re.findall(rf"(?:[^\\]|\\.){{1,{LONGEST_LITERAL}}}", text)  # an escape stays in one of them
    return " ".join(f'r"{part}"' for part in parts)


def quoted(texts: Iterable[str]) -> str:
    """The texts as string literals, separated by commas."""
    return ", ".join(f'"{text}"' for text in texts)


@dataclass
class Module:
    """One module of records being written; each type is written once, after the types it needs."""

    model: Shape
    names: list[str]
    checked: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    writing: set[str] = field(default_factory=set)
    blocks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in self.names:
            if request := self.operation(name).get("input"):
                self.checked |= set(self.reach(request["shape"]))

    def operation(self, name: str) -> Shape:
        """The model of one operation."""
        found: Shape = self.model["operations"][name]
        return found

    def shape(self, name: str) -> Shape:
        """The model of one shape, its traits checked."""
        shape: Shape = self.model["shapes"][name]
        unknown = set(shape) - KNOWN_TRAITS[shape["type"]] - SILENT_TRAITS - {"type"}
        for member in shape.get("members", {}).values():
            unknown |= set(member) - SILENT_TRAITS - {"shape"}
        for part in ("member", "key", "value"):
            unknown |= set(shape.get(part, {})) - SILENT_TRAITS - {"shape"}
        if unknown:
            raise ValueError(f"shape {name} has traits that nobody has taught this tool: {sorted(unknown)}")
        return shape

    def parts(self, name: str) -> Iterator[str]:
        """The names of the shapes that a shape is made of."""
        shape = self.shape(name)
        yield from (member["shape"] for member in shape.get("members", {}).values())
        yield from (shape[part]["shape"] for part in ("member", "key", "value") if part in shape)

    def reach(self, name: str) -> Iterator[str]:
        """A shape and all below it. Nothing in requests has a cycle; one would end in RecursionError."""
        yield name
        for part in self.parts(name):
            yield from self.reach(part)

    def reference(self, name: str, *, checked: bool) -> str:
        """What an annotation says for a shape; writes the type first if it needs to be written.

        A type that is being written holds itself (HandshakeResource): its name is quoted there.
        """
        shape = self.shape(name)
        if checked or shape["type"] == "structure":
            self.write(name)
            return f'"{class_name(name)}"' if name in self.writing else class_name(name)
        return self.inline(shape, checked=False)

    def inline(self, shape: Shape, *, checked: bool) -> str:
        """A type without constraints of its own; `checked` says whether what it holds has them."""
        match shape["type"]:
            case "list":
                return f"list[{self.reference(shape['member']['shape'], checked=checked)}]"
            case "map":
                key, value = (
                    self.reference(shape[part]["shape"], checked=checked) for part in ("key", "value")
                )
                return f"dict[{key}, {value}]"
            case kind:
                return PLAIN[kind]

    def write(self, name: str) -> None:
        """Write a type once."""
        if name in self.written:
            return
        self.written.add(name)
        self.writing.add(name)
        shape = self.shape(name)
        if shape["type"] == "structure":
            block = self.record(class_name(name), shape, checked=name in self.checked)
        else:
            block = f"{class_name(name)} = {self.checked_type(shape)}\n"
        self.writing.remove(name)
        self.blocks.append(block)

    def checked_type(self, shape: Shape) -> str:
        """A type that accepts exactly what the model accepts."""
        if "enum" in shape:
            return f"Literal[{quoted(shape['enum'])}]"
        base = self.inline(shape, checked=True)
        meta = ", ".join(f"{name}={value}" for name, value in constraints(shape))
        return f"Annotated[{base}, Meta({meta})]" if meta else base

    def record(self, name: str, shape: Shape, *, checked: bool) -> str:
        """The class of one structure."""
        members = {member: target["shape"] for member, target in shape["members"].items()}
        sensitive = [snake_case(m) for m, target in members.items() if self.sensitive(target)]
        lines = [f"class {name}(Record, frozen=True, kw_only=True):"]
        if sensitive:
            lines.append(f"    SENSITIVE = frozenset({{{quoted(sensitive)}}})\n")
        lines += [
            self.member(member, self.reference(target, checked=checked), member in shape.get("required", ()))
            for member, target in members.items()
        ]
        if not members:
            lines.append("    pass")
        return "\n".join(lines) + "\n"

    def member(self, member: str, annotation: str, required: bool) -> str:
        """One line of a record."""
        name = snake_case(member)
        if not required:
            annotation += " | None"
        if pascal_case(name) != member:
            default = "" if required else "default=None, "
            return f'    {name}: {annotation} = msgspec.field({default}name="{member}")'
        return f"    {name}: {annotation}" if required else f"    {name}: {annotation} = None"

    def sensitive(self, name: str) -> bool:
        """Whether a member of this shape must not be shown; a structure hides its own members."""
        shape = self.shape(name)
        if shape["type"] in {"list", "map"}:
            return any(self.sensitive(part) for part in self.parts(name))
        return bool(shape.get("sensitive"))

    def table(self) -> str:
        """The table of operations."""
        rows = []
        for name in self.names:
            model = self.operation(name)
            if "input" in model:
                request = self.reference(model["input"]["shape"], checked=True)
            else:
                request = f"{name}Request"
                self.blocks.append(self.record(request, {"members": {}}, checked=True))
            response = "None"
            if "output" in model:
                response = self.reference(model["output"]["shape"], checked=False)
            rows.append(f'OperationShape("{name}", {request}, {response}),')
        return "\n".join(rows)


def constraints(shape: Shape) -> Iterator[tuple[str, str]]:
    """The arguments of `msgspec.Meta`; `extra` keeps the model's pattern for AWS's sentence."""
    low, high = ("ge", "le") if shape["type"] == "integer" else ("min_length", "max_length")
    if "min" in shape and (low == "ge" or shape["min"] > 0):
        yield low, str(shape["min"])
    if "max" in shape:
        yield high, str(shape["max"])
    if shape["type"] == "timestamp":
        # AWS's model has no bounds. These are ours: the years 1 to 9999, which a calendar can show.
        yield from (("ge", "-62135596800"), ("le", "253402300799"))
    if "pattern" in shape:
        yield "pattern", raw(python_pattern(shape["pattern"]))
        yield "extra", f'{{"pattern": {raw(shape["pattern"])}}}'


def records_module(source: Source, model: Shape) -> str:
    """The text of `<service>.py`, not yet formatted."""
    names = sorted(model["operations"] if source.operations is None else source.operations)
    module = Module(model, names)
    table = module.table()
    body = "\n\n".join(module.blocks)
    metadata = model["metadata"]
    others = ", ".join(f'"{name}"' for name in sorted(set(model["operations"]).difference(names)))
    namespace = f'"{metadata["xmlNamespace"]}"' if "xmlNamespace" in metadata else "None"
    imports = [
        f"from typing import {', '.join(n for n in ('Annotated', 'Literal') if f'{n}[' in body)}\n",
        "import msgspec" if "msgspec." in body else "",
        "from msgspec import Meta\n" if "Meta(" in body else "",
        "from keystead.shapes.record import OperationShape, Record, ServiceShape\n",
    ]
    return "\n".join(
        (
            header(source, f"Requests and responses of {metadata['serviceFullName']}.", imports),
            body,
            "OPERATIONS: dict[str, OperationShape] = {",
            f"    operation.name: operation for operation in (\n{table}\n)}}",
            f'SERVICE = ServiceShape(name="{source.service}", version="{source.version}",',
            f"namespace={namespace}, operations=OPERATIONS"
            + (f", others=frozenset(({others},)))" if others else ")"),
        )
    )


def errors_module(source: Source, model: Shape) -> str:
    """The text of `<service>_errors.py`, not yet formatted: every error of the model."""
    title = f"The errors that the model of {model['metadata']['serviceFullName']} lists."
    errors = sorted(name for name, shape in model["shapes"].items() if shape.get("exception"))
    imports = ["from keystead.shapes.errors import AwsError\n"]
    return "\n\n".join((header(source, title, imports), *(error(n, model["shapes"][n]) for n in errors)))


# `Reason` is a member of every `AwsError`; `Type` belongs to TooManyRequestsException, which nothing raises.
SAID_BY_ERRORS = {"message", "Message", "Reason", "Type"}


def error(name: str, shape: Shape) -> str:
    """The class of one error; in AWS JSON a `fault` is a 500 and everything else a 400."""
    if not set(shape["members"]) <= SAID_BY_ERRORS:
        raise ValueError(f"error {name} says more than a message")
    trait = shape.get("error", {})
    status = trait.get("httpStatusCode", 500 if shape.get("fault") else 400)
    if trait.get("senderFault", status < 500) != (status < 500):
        raise ValueError(f"error {name} blames the wrong side for its status")
    lines = [f"class {class_name(name)}(AwsError):", f'    code = "{trait.get("code", name)}"']
    if status != 400:
        lines.append(f"    status = {status}")
    if "Message" in shape["members"]:
        lines.append('    message_member = "Message"')
    return "\n".join(lines) + "\n"


def header(source: Source, title: str, imports: list[str]) -> str:
    """The docstring and the imports of a module."""
    text = HEADER.format(
        title=title,
        service=source.service,
        version=source.version,
        imports="\n".join(line for line in imports if line and line != "from typing import \n"),
    )
    return text.rstrip("\n") + "\n"


def formatted(text: str, name: str) -> str:
    """The text as this repository's ruff settings format it."""
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(SHAPES / name), "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=SHAPES)
    return done.stdout


def modules() -> Iterator[tuple[str, str]]:
    """The name and text of each module."""
    loader = Loader()
    for source in SOURCES:
        model = loader.load_service_model(source.service, "service-2", source.version)
        for name, text in (
            (f"{source.service}.py", records_module(source, model)),
            (f"{source.service}_errors.py", errors_module(source, model)),
        ):
            yield name, formatted(text, name)


def main() -> int:
    """Write or check; the exit status is 1 if and only if `--check` found a difference."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a module differs")
    parser.add_argument("--output", type=Path, default=SHAPES, help="the folder to write to, or to compare")
    arguments = parser.parse_args()
    stale = []
    for name, text in modules():
        path = arguments.output / name
        if arguments.check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"differ from botocore {botocore.__version__}: {', '.join(stale)}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
