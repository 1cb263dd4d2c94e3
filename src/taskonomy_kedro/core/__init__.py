"""The science: plain functions and dataclasses, a folder a step; no kedro, no mlflow."""
