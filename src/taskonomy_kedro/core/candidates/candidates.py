"""A candidate: one way to solve one target."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from taskonomy_kedro.core.errors import UserError

Kind = Literal["transfer", "full_supervision", "scratch", "imagenet", "random"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Readouts from one of these sources alone have a kind of their own.
_SINGLE_SOURCE: dict[Kind, str] = {"imagenet": "imagenet", "random": "random_projection"}


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One way to solve a target: from the representations of some sources, or by its own network.

    Attributes:
        target: The task to be solved.
        sources: Sorted names of the tasks that must be labelled for it; `(target,)` for full
            supervision, empty for the scratch network.
        kind: What was trained; a source set may occur once per kind.

    Raises:
        UserError: An unknown kind, a source named twice or out of order, or sources that do not match
            the kind.

    Example:
        >>> pair = Candidate(target="room_layout", sources=("depth_zbuffer", "normal"))
        >>> pair.order, pair.transfer_id
        (2, 'depth_zbuffer+normal->room_layout')
        >>> Candidate.from_transfer_id("full_supervision->normal").sources
        ('normal',)
    """

    target: str
    sources: tuple[str, ...]
    kind: Kind = "transfer"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UserError(f"target {self.target!r}: kind must be one of {KINDS}, got {self.kind!r}")
        if list(self.sources) != sorted(set(self.sources)):
            raise UserError(
                f"target {self.target!r}: sources must be sorted and distinct, got {list(self.sources)}"
            )
        if self.kind == "full_supervision" and self.sources != (self.target,):
            raise UserError(
                f"target {self.target!r}: full supervision has the one source [{self.target!r}], "
                f"got {list(self.sources)}"
            )
        if self.kind == "scratch" and self.sources:
            raise UserError(
                f"target {self.target!r}: the scratch network has no sources, got {list(self.sources)}"
            )
        for kind, only in _SINGLE_SOURCE.items():
            if (self.kind == kind) != (self.sources == (only,)):
                raise UserError(
                    f"target {self.target!r}: the kind {kind!r} and the only source [{only!r}] "
                    f"require each other, got kind {self.kind!r} and {list(self.sources)}"
                )
        if self.kind != "scratch" and not self.sources:
            raise UserError(f"target {self.target!r}: a {self.kind} needs at least one source, got none")

    @property
    def order(self) -> int:
        """Number of sources: 1 for first-order transfers and full supervision, 0 for scratch."""
        return len(self.sources)

    @property
    def transfer_id(self) -> str:
        """The label of this candidate on an axis: `a+b->t`; networks by kind, `full_supervision->t`.

        The target's own encoder read out again is a transfer, `t->t`, and must not share the label
        of the task-specific network itself.
        """
        origin = self.kind if self.kind in ("full_supervision", "scratch") else "+".join(self.sources)
        return f"{origin}->{self.target}"

    @classmethod
    def from_transfer_id(cls, transfer_id: str) -> "Candidate":
        """Rebuild a candidate from its label, the inverse of `transfer_id`.

        Raises:
            UserError: The label has no `->`, or its parts do not form a candidate.
        """
        origin, arrow, target = transfer_id.rpartition("->")
        if not arrow or not origin or not target:
            raise UserError(f"transfer id must have the form 'source+source->target', got {transfer_id!r}")
        if origin == "full_supervision":
            return cls(target=target, sources=(target,), kind="full_supervision")
        if origin == "scratch":
            return cls(target=target, sources=(), kind="scratch")
        return cls.of_sources(origin.split("+"), target)

    @classmethod
    def of_sources(cls, sources: Sequence[str], target: str) -> "Candidate":
        """Return the transfer from some sources; from a random or an ImageNet network it has its own kind."""
        members = tuple(sources)
        kind: Kind = next((kind for kind, only in _SINGLE_SOURCE.items() if members == (only,)), "transfer")
        return cls(target=target, sources=members, kind=kind)
