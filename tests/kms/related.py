"""A multi-Region key in a service in process, and clients for it in several Regions."""

from typing import Any

from tests.iam.in_process import ACCOUNT, InProcess

from keystead.model.key import PASSING_TAKES

HERE, THERE, ELSEWHERE = "us-east-1", "us-west-2", "eu-west-1"
PASSING = PASSING_TAKES / 1000
ROLE = "AWSServiceRoleForKeyManagementServiceMultiRegionKeys"


class Related:
    """A multi-Region key whose primary key is `HERE`; `at` has a root user's client for each Region."""

    def __init__(self, *replicas: str, inside: InProcess | None = None, **asked: Any) -> None:
        self.inside = inside or InProcess()
        self.at = {region: self.client(region) for region in (HERE, THERE, ELSEWHERE)}
        self.id = self.at[HERE].create_key(MultiRegion=True, **asked)["KeyMetadata"]["KeyId"]
        for region in replicas:
            self.replicate(region)
            self.settle()

    def client(self, region: str, who: Any = ("test", "test")) -> Any:
        return self.inside.client("kms", who, region)

    def user(self, name: str, policy: str) -> dict[str, Any]:
        """Clients of a new user with this inline policy, by Region."""
        iam = self.inside.client("iam")
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=policy)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {region: self.client(region, key) for region in self.at}

    def arn(self, region: str) -> str:
        return f"arn:aws:kms:{region}:{ACCOUNT}:key/{self.id}"

    def replicate(self, region: str, primary: str = HERE, **asked: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.at[primary].replicate_key(KeyId=self.id, ReplicaRegion=region, **asked)
        return answer

    def promote(self, region: str, primary: str = HERE) -> None:
        self.at[primary].update_primary_region(KeyId=self.id, PrimaryRegion=region)

    def metadata(self, region: str) -> dict[str, Any]:
        found: dict[str, Any] = self.at[region].describe_key(KeyId=self.id)["KeyMetadata"]
        return found

    def state(self, region: str) -> str:
        return str(self.metadata(region)["KeyState"])

    def settle(self) -> None:
        """Lets passing states pass."""
        self.inside.pass_time(PASSING)

    def configuration(self, type: str, primary: str, *replicas: str) -> dict[str, Any]:
        """What `MultiRegionConfiguration` says."""
        return {
            "MultiRegionKeyType": type,
            "PrimaryKey": {"Arn": self.arn(primary), "Region": primary},
            "ReplicaKeys": [{"Arn": self.arn(region), "Region": region} for region in replicas],
        }
