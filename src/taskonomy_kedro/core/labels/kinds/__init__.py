"""The kinds of label. A new one is one file here and one entry in `LABEL_KINDS`."""

from taskonomy_kedro.core.labels.kinds.class_map import ClassMap
from taskonomy_kedro.core.labels.kinds.class_of_image import ClassOfImage
from taskonomy_kedro.core.labels.kinds.color_bins import ColorBins
from taskonomy_kedro.core.labels.kinds.label_kind import LabelKind
from taskonomy_kedro.core.labels.kinds.no_label import NoLabel
from taskonomy_kedro.core.labels.kinds.region_map import RegionMap
from taskonomy_kedro.core.labels.kinds.regression_map import RegressionMap
from taskonomy_kedro.core.labels.kinds.soft_class import SoftClass
from taskonomy_kedro.core.labels.kinds.vector import Vector
from taskonomy_kedro.core.tasks import Task

__all__ = ["LABEL_KINDS", "LabelKind", "kind_of"]

LABEL_KINDS: dict[str, LabelKind] = {
    kind.name: kind
    for kind in (
        RegressionMap(),
        ClassMap(),
        Vector(),
        ClassOfImage(),
        RegionMap(),
        ColorBins(),
        SoftClass(),
        NoLabel(),
    )
}
"""By the name that `Label.kind` of a task has; users choose among those with a `custom` entry."""


def kind_of(task: Task) -> LabelKind:
    """Return the kind of a task's label."""
    return LABEL_KINDS[task.label.kind]
