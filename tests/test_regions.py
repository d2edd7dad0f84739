"""The Regions that this release knows are those of botocore's endpoint data."""

import botocore.session

from keystead.kinds import OTHER_REGIONS, REGIONS


def regions() -> dict[str, set[str]]:
    """The Regions of each partition."""
    data = botocore.session.get_session().get_data("endpoints")
    return {one["partition"]: set(one["regions"]) for one in data["partitions"]}


def test_the_regions_of_our_partition() -> None:
    assert regions()["aws"] == REGIONS


def test_the_regions_of_the_others() -> None:
    others = [names for partition, names in regions().items() if partition != "aws"]
    assert set().union(*others) == OTHER_REGIONS
