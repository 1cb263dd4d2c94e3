"""What kedro-viz shows of the node that solves."""

from typing import Any

from kedro.pipeline.preview_contract import TextPreview

from taskonomy_kedro.core.previews.program_text import program_text
from taskonomy_kedro.core.taxonomy import ProgramSettings
from taskonomy_kedro.pipelines import FIXED_PITCH


def preview_program(parameters: dict[str, Any]) -> TextPreview:
    """Return the program under the parameters of a run.

    Args:
        parameters: Of the run: `program`.

    Raises:
        ValueError: A setting is wrong; kedro-viz then logs it and shows nothing.
    """
    settings = ProgramSettings.model_validate(parameters.get("program") or {})
    return TextPreview(program_text(settings), meta=FIXED_PITCH)
