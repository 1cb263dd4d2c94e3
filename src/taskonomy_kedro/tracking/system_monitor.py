"""Load and memory of the GPU and the processor, while a network is trained."""

from typing import Any

# A point is the mean of a few looks; MLflow's own environment variables say otherwise.
_SECONDS_BETWEEN_LOOKS = 2.0
_LOOKS_A_POINT = 5


class SystemMonitor:
    """MLflow's monitor of the machine for one run; a short training too has a point in the end."""

    def __init__(self, run_id: str) -> None:
        """Start to look.

        Args:
            run_id: The run that the numbers belong to.
        """
        from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor

        self._monitor: Any = SystemMetricsMonitor(
            run_id, sampling_interval=_SECONDS_BETWEEN_LOOKS, samples_before_logging=_LOOKS_A_POINT
        )
        self._monitor.start()

    def finish(self) -> None:
        """Stop looking, and log what was seen since the last point."""
        self._monitor.finish()
        self._monitor.collect_metrics()
        self._monitor.publish_metrics(self._monitor.aggregate_metrics())
        self._monitor.mlflow_logger.flush()
