"""The grants of a scenario: those that there are, the one to make, and the one to retire."""

from dataclasses import replace

from keystead.policy.language.json_reader import JsonArray, JsonScalar, JsonValue
from keystead.policy.request import Caller, Grant
from keystead.policy.scenario.members import MemberReader


class GrantReader(MemberReader):
    """Reads the member `grants`, and the grant that a request is about."""

    __slots__ = ()

    def grants(self, value: JsonValue, path: str) -> tuple[Grant, ...]:
        return tuple(
            self.grant(item, str(number), f"{path}[{number}]")
            for number, item in enumerate(self.array(value, path))
        )

    def grant(self, value: JsonValue, grant_id: str, path: str) -> Grant:
        members = self.members(
            value,
            path,
            {"grantee_principal", "operations", "issuing_account"},
            {"id", "retiring_principal", "constraints", "token_presented", "bound_to_deleted_principal"},
        )
        constrained = members.get("constraints")
        if isinstance(constrained, JsonScalar) and constrained.text == "null":
            constrained = None
        return self.constrained(
            Grant(
                self.string(members["id"], f"{path}.id") if "id" in members else grant_id,
                self.string(members["grantee_principal"], f"{path}.grantee_principal"),
                frozenset(self.strings(members["operations"], f"{path}.operations")),
                self.string(members["issuing_account"], f"{path}.issuing_account"),
                retiring=self.optional(members, "retiring_principal", path),
            ),
            constrained,
            f"{path}.constraints",
        )

    def constrained(self, grant: Grant, value: JsonValue | None, path: str) -> Grant:
        if value is None:
            return grant
        members = self.members(
            value, path, set(), {"EncryptionContextEquals", "EncryptionContextSubset", "SourceArn"}
        )
        equals, subset = members.get("EncryptionContextEquals"), members.get("EncryptionContextSubset")
        return replace(
            grant,
            encryption_context_equals=None if equals is None else self.pairs(equals, path),
            encryption_context_subset=None if subset is None else self.pairs(subset, path),
            source_arn=self.optional(members, "SourceArn", path),
        )

    def new_grant(self, given: dict[str, JsonValue], caller: Caller) -> Grant:
        """The grant that CreateGrant would make."""
        operations = self.strings(given.get("Operations", JsonArray((), 0)), "request.Operations")
        grantee = self.string(given["GranteePrincipal"], "request.GranteePrincipal")
        grant = Grant("new", grantee, frozenset(operations), caller.account)
        return self.constrained(grant, given.get("Constraints"), "request.Constraints")

    def retired(self, given: dict[str, JsonValue], grants: tuple[Grant, ...]) -> Grant | None:
        """The grant that RetireGrant would remove: the one with `GrantId`, else the first."""
        if "GrantId" not in given:
            return grants[0] if grants else None
        wanted = self.string(given["GrantId"], "request.GrantId")
        found = [grant for grant in grants if grant.grant_id == wanted]
        if not found:
            self.fault("there is no grant with this id", given["GrantId"].at, "request.GrantId")
        return found[0]
