"""The project with a store of its own, on a few small rooms, run in this process."""

import shutil
import warnings
from pathlib import Path
from typing import Any

import mlflow
import yaml
from kedro.framework.project import configure_project
from kedro.framework.session import KedroSession

PROJECT = Path(__file__).resolve().parents[1]
ROOMS = {"train": 2, "transfer": 1, "validation": 1, "test": 1, "views_per_room": 14}
DATA = {"image_size": 32, "processes": 1, "rooms": ROOMS}
SCHEDULE = {"steps": 4, "batch_size": 8, "validate_every": 2}
MODELING = {"training": SCHEDULE, "readout": SCHEDULE, "network": {"width": 8, "units": 1}, "tile_size": None}


class TinyProject:
    """A folder with the project's configuration, where runs leave their products and their tracks."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(PROJECT / "conf", root / "conf", dirs_exist_ok=True)  # another process takes it up
        self.store = f"sqlite:///{root}/mlflow.db"
        self.tracking = root / "conf/base/mlflow.yml"
        settings = yaml.safe_load(self.tracking.read_text())
        settings["server"]["mlflow_tracking_uri"] = self.store
        settings["tracking"]["experiment"] = {
            "name": "tiny",
            "create_experiment_kwargs": {"artifact_location": str(root / "mlruns")},
        }
        self.tracking.write_text(yaml.safe_dump(settings))

    def prepare(self) -> None:
        """Make the images and labels."""
        self.run("data_preparation", data=DATA)

    def run(
        self, pipeline: str, runner: Any = None, *, only_missing_outputs: bool = False, **parameters: Any
    ) -> None:
        """Run a pipeline as the command line would, with parameters of its own."""
        with warnings.catch_warnings():
            mlflow.end_run()  # one that a run of another test which failed on purpose left open
            warnings.simplefilter("ignore")  # of the tracker and its plugin, which a user does not see either
            configure_project("taskonomy_kedro")
            with KedroSession.create(
                project_path=self.root, conf_source=str(self.root / "conf"), runtime_params=parameters
            ) as session:
                session.run(
                    pipeline_names=[pipeline], runner=runner, only_missing_outputs=only_missing_outputs
                )

    def train(self, runner: Any = None, **settings: Any) -> None:
        """Run the task modelling with a schedule of four steps."""
        self.run("task_modeling", runner, data=DATA, task_modeling={**MODELING, **settings})
