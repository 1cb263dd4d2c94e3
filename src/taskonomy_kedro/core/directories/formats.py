"""The folders of a Taskonomy directory: those of the stored domains, and those of JSON files."""

from collections.abc import Collection, Iterable

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.domains import STORED_DOMAINS, Domain
from taskonomy_kedro.core.tasks.naming import nearest_name_hint

FEWEST_BYTES = 100  # smaller class and semantic files stand for "no label"
N_PLACES = 365
POINT_INFO = "point_info"
NONFIXATED_MATCHES = "nonfixated_matches"
ALL_DOMAINS = tuple(STORED_DOMAINS)

# Folders of JSON files, and the names that earlier versions gave them.
JSON_FOLDERS: dict[str, tuple[str, ...]] = {
    POINT_INFO: (POINT_INFO, "points", "fixatedpose"),
    NONFIXATED_MATCHES: (NONFIXATED_MATCHES, "nonfixated", "nonfixatedpose"),
}


def chosen_formats(domains: Iterable[str], custom_formats: Collection[Domain]) -> dict[str, Domain]:
    """Return the domains of these names, `rgb` first.

    Args:
        domains: Names of `STORED_DOMAINS`, or of `custom_formats`.
        custom_formats: A user's own label folders.

    Raises:
        UserError: An unknown domain, or a custom folder with the name of a domain of the data set.
    """
    known = dict(STORED_DOMAINS)
    for form in custom_formats:
        if form.name in STORED_DOMAINS:
            raise UserError(f"custom_formats has {form.name!r}, which is a domain of the data set; rename it")
        known[form.name] = form
    chosen = {"rgb": known["rgb"]}
    for name in domains:
        if name in JSON_FOLDERS:
            continue
        if name not in known:
            raise UserError(f"unknown domain {name!r}{nearest_name_hint(name, known)}")
        chosen[name] = known[name]
    return chosen
