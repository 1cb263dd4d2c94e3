"""The model that all settings extend, and the types that several of them use."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, JsonValue, ValidationError, model_validator
from pydantic_core import ErrorDetails

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.tasks.naming import nearest_name_hint

Changes = dict[str, JsonValue]
"""Settings that differ from those of another model; checked if they are applied with `updated`."""


class Settings(BaseModel):
    """Frozen and strict: `"3"` is no number, and an unknown key is an error that has the nearest known one.

    A validator that raises `ValueError("must …")` gets the setting's path and value added to its message;
    any other message stands for itself.

    Attributes:
        root: Path of these settings in the parameters, with which each error message starts.

    Raises:
        UserError: A wrong value or key; the message has its path, what was expected and what came.
    """

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=True
    )
    root: ClassVar[str] = ""

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise UserError(_sentence(error, self.root)) from None

    # With this mark of its own constructors, pydantic validates nested models in one go, with full paths.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def model_validate(cls, obj: Any, *, root: str | None = None, **options: Any) -> Self:
        """Return settings from a table of them.

        Args:
            obj: The table, or the settings.
            root: Where they stand in the parameters, if not where the class says.
            **options: As pydantic takes them.

        Raises:
            UserError: As the class says.
        """
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise UserError(_sentence(error, cls.root if root is None else root)) from None

    def updated(self, changes: Mapping[str, Any], *, root: str | None = None) -> Self:
        """Return a checked copy with other values.

        Args:
            changes: New values by setting.
            root: Where the changes stand in the parameters.

        Raises:
            UserError: As the class says.
        """
        return self.model_validate({**dict(self), **changes}, root=root)

    @model_validator(mode="before")
    @classmethod
    def _check_names(cls, given: Any) -> Any:
        if isinstance(given, Mapping):
            for key in given:
                if key not in cls.model_fields:
                    raise ValueError(f"has no setting {key!r}{nearest_name_hint(str(key), cls.model_fields)}")
        return given


def as_words(given: Any) -> Any:
    """Return words, such as the command line gives for a list, as a tuple of them."""
    if isinstance(given, str):
        return tuple(given.replace(",", " ").split())
    if given is None:
        return ()
    return tuple(given) if isinstance(given, list) else given


def as_numbers(given: Any) -> Any:
    """Return one number, or words that are numbers, as a tuple; whole numbers stay whole."""
    if isinstance(given, str):
        try:
            return tuple(int(word) if word.isdecimal() else float(word) for word in as_words(given))
        except ValueError:
            return given
    return (given,) if isinstance(given, int | float) else as_words(given)


Words = Annotated[tuple[str, ...], BeforeValidator(as_words)]
"""A list of names, or on the command line words: `--params="task_modeling.tasks=normal reshading"`."""


# How people who write YAML call what pydantic names.
_PLAIN = (
    (r"a valid dictionary or instance of \w+", "a table of settings"),
    (r"a valid dictionary", "a table"),
    (r"a valid tuple", "a list"),
    (r"a valid integer", "a whole number"),
    (r"a valid boolean", "true or false"),
    (r"a valid string", "text"),
    (r"a valid number", "a number"),
    (r"greater than or equal to", "≥"),
    (r"less than or equal to", "≤"),
    (r"greater than", ">"),
    (r"less than", "<"),
)


def _sentence(error: ValidationError, root: str) -> str:
    return "; ".join(_phrases(error.errors(include_url=False), root))


def _phrases(details: Iterable[ErrorDetails], root: str) -> Iterator[str]:
    for detail in details:
        path = ".".join(str(part) for part in (root, *detail["loc"]) if part != "")
        reason = str(detail.get("ctx", {}).get("error") or detail["msg"]).replace("Input should", "must", 1)
        for pattern, plain in _PLAIN:
            reason = re.sub(pattern, plain, reason)
        if reason.startswith("has no setting"):
            yield f"{path} {reason}" if path else reason.replace("has no", "unknown", 1)
        elif not reason.startswith("must"):
            yield reason
        else:
            expected = str(detail.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
            value = detail["input"]
            hint = (
                nearest_name_hint(value, expected.split(", "), list_all=False)
                if isinstance(value, str)
                else ""
            )
            yield f"{path} {reason}, got {value!r}{hint}"
