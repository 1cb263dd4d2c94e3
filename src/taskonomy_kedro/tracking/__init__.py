"""What runs are remembered and compared by in MLflow."""

from taskonomy_kedro.tracking.child_runs import ChildRuns
from taskonomy_kedro.tracking.network_metrics import Tracks, network_tracks, parent_tracks
from taskonomy_kedro.tracking.settings import settings_as_params
from taskonomy_kedro.tracking.taxonomies import summary_metrics

__all__ = ["ChildRuns", "Tracks", "network_tracks", "parent_tracks", "settings_as_params", "summary_metrics"]
