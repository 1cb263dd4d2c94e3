"""The folders of a Taskonomy directory: those of the stored domains, and those of JSON files."""

from collections.abc import Collection, Iterable

from taskonomy_kedro.core.labels.domains import STORED_DOMAINS, Domain
from taskonomy_kedro.core.tasks.naming import nearest_name_hint

__all__ = [
    "ALL_DOMAINS",
    "FEWEST_BYTES",
    "FORMATS",
    "JSON_FOLDERS",
    "NONFIXATED_MATCHES",
    "N_PLACES",
    "POINT_INFO",
    "StoredFormat",
    "chosen_formats",
]

FEWEST_BYTES = 100  # smaller class and semantic files stand for "no label"
N_PLACES = 365
POINT_INFO = "point_info"
NONFIXATED_MATCHES = "nonfixated_matches"
StoredFormat = Domain
FORMATS = STORED_DOMAINS
ALL_DOMAINS = tuple(FORMATS)

# Folders of JSON files, and the names that earlier versions gave them.
JSON_FOLDERS: dict[str, tuple[str, ...]] = {
    POINT_INFO: (POINT_INFO, "points", "fixatedpose"),
    NONFIXATED_MATCHES: (NONFIXATED_MATCHES, "nonfixated", "nonfixatedpose"),
}


def chosen_formats(
    domains: Iterable[str], custom_formats: Collection[StoredFormat]
) -> dict[str, StoredFormat]:
    """Return the formats of the named domains, `rgb` always the first.

    Args:
        domains: Names of the table above, or of `custom_formats`.
        custom_formats: A user's own label folders.

    Raises:
        ValueError: A domain that neither knows, or a folder of one's own that takes a known name.
    """
    known = dict(FORMATS)
    for form in custom_formats:
        if form.name in FORMATS:
            raise ValueError(
                f"custom_formats names {form.name!r}, which is a domain of the data set; rename it"
            )
        known[form.name] = form
    chosen = {"rgb": known["rgb"]}
    for name in domains:
        if name in JSON_FOLDERS:
            continue
        if name not in known:
            raise ValueError(f"unknown domain {name!r}{nearest_name_hint(name, known)}")
        chosen[name] = known[name]
    return chosen
