"""Groups of persons that a configuration names by bodies, such as alleged factions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innercircle.data.config import Config
    from innercircle.data.study import Study


def group_members(study: Study, config: Config) -> dict[str, dict[str, list[str]]]:
    """Return the persons of each grouping: name to body to members, whatever their status.

    Membership of an alleged group is coded as disputed or rejected; here the allegation itself is
    what is tested. Who is listed in two of the bodies of a grouping is in neither.
    """
    members = study.get("memberships")
    found: dict[str, dict[str, list[str]]] = {}
    for grouping in config.get("groups", []):
        if members is None:
            break
        listed = {
            body: set(members.loc[members["body_id"] == body, "person_id"])
            for body in grouping["bodies"]
        }
        found[grouping["name"]] = {
            body: sorted(
                persons - set().union(*(other for b, other in listed.items() if b != body))
            )
            for body, persons in listed.items()
        }
    return found
