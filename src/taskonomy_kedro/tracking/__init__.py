"""What MLflow shows of a run."""
