"""Drawing a label or a prediction for people: one picture with a caption for every kind of label."""

from taskonomy_kedro.core.labels.drawing.drawn import (
    draw_answer,
    draw_input,
    draw_label,
    draw_prediction,
    has_label,
)
from taskonomy_kedro.core.labels.drawing.example_selection import choose_examples
from taskonomy_kedro.core.labels.drawing.pixels import caption_height, draw_image, missing_label
from taskonomy_kedro.core.labels.drawing.regions import class_color
from taskonomy_kedro.core.labels.label_example import LabelExample

__all__ = [
    "LabelExample",
    "caption_height",
    "choose_examples",
    "class_color",
    "draw_answer",
    "draw_image",
    "draw_input",
    "draw_label",
    "draw_prediction",
    "has_label",
    "missing_label",
]
