"""Serves MLflow's page of this project's runs on this machine only: `make mlflow`.

`mlflow ui` imports MLflow twice, in a process that only starts another one; importing it once halves the
waiting time. There are no workers and no job queue, which a page that is only read does not need.
"""

import argparse
import os
import warnings
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--store", default=f"sqlite:///{PROJECT.as_posix()}/mlflow.db", help="where runs are")
    given = parser.parse_args()
    os.environ["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false"
    warnings.filterwarnings("ignore")  # between parts of MLflow

    import uvicorn
    from mlflow.server import constants

    os.environ[constants.BACKEND_STORE_URI_ENV_VAR] = given.store
    os.environ[constants.REGISTRY_STORE_URI_ENV_VAR] = given.store
    os.environ[constants.ARTIFACT_ROOT_ENV_VAR] = "mlflow-artifacts:/"
    os.environ[constants.ARTIFACTS_DESTINATION_ENV_VAR] = str(PROJECT / "mlartifacts")
    os.environ[constants.SERVE_ARTIFACTS_ENV_VAR] = "true"
    from mlflow.server.fastapi_app import app
    from mlflow.server.handlers import initialize_backend_stores

    initialize_backend_stores(given.store, given.store, os.environ[constants.ARTIFACT_ROOT_ENV_VAR])
    print(f"MLflow shows the runs at http://{HOST}:{given.port} (press Ctrl-C to stop)", flush=True)
    uvicorn.run(app, host=HOST, port=given.port, log_level="warning")


if __name__ == "__main__":
    main()
