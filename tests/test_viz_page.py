"""`make viz` serves kedro-viz's pages with a script, which relies on names in kedro-viz."""

import asyncio
import inspect
import re
import runpy
import sys
import warnings
from pathlib import Path
from typing import Any

import kedro_viz.server
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from scripts import viz_page
from scripts.viz_page import PAGES, START, app_with_start, main, serve, with_start

pytestmark = pytest.mark.filterwarnings("ignore:ORJSONResponse is deprecated")  # in kedro-viz
HTML = Path(kedro_viz.server.__file__).parent / "html"
PAGE = "<html><head><title>Kedro-Viz</title></head><body></body></html>"


@pytest.fixture
def app():
    app = FastAPI()
    for path in PAGES:
        app.get(path)(lambda: HTMLResponse(PAGE))
    app.get("/api/main")(lambda: {"nodes": ["</head>"]})
    return app_with_start(app)


def ask(app: FastAPI, path: str) -> tuple[int, str]:
    """Return status and text of an answer."""
    sent: list[dict[str, Any]] = []
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent).decode()


@pytest.mark.parametrize("path", PAGES)
def test_each_page_has_the_script_once_at_the_end_of_its_head(app, path):
    status, page = ask(app, path)
    assert status == 200
    assert page.count(START) == 1
    assert page.index("<title>") < page.index(START) < page.index("</head>") < page.index("<body>")


def test_other_files_are_unchanged(app):
    assert ask(app, "/api/main") == (200, '{"nodes":["</head>"]}')
    assert ask(app, "/none")[0] == 404


def test_a_page_without_a_head_is_an_error():
    with pytest.raises(ValueError, match=r"no </head> to put a script before: '<p>'"):
        with_start("<p>")


def test_the_script_is_written_into_a_page(tmp_path):
    page = tmp_path / "index.html"
    page.write_text(PAGE)
    main(["--into", str(page)])
    assert page.read_text() == with_start(PAGE)


def test_make_viz_static_adds_the_script():
    makefile = (Path(viz_page.__file__).parents[1] / "Makefile").read_text()
    (recipe,) = re.findall(r"^viz-static:.*\n((?:\t.*\n)+)", makefile, flags=re.MULTILINE)
    built, written = "kedro viz build --include-previews", "scripts/viz_page.py --into build/index.html"
    assert recipe.index(built) < recipe.index(written)


def test_the_command_is_kedro_viz_run_with_its_arguments(monkeypatch):
    seen = []
    monkeypatch.setattr(kedro_viz.server, "run_server", None)
    monkeypatch.setattr("kedro.framework.cli.main", lambda: seen.append(list(sys.argv)))
    monkeypatch.setattr(sys, "argv", ["viz_page.py", "--port", "4142"])
    runpy.run_path(viz_page.__file__, run_name="__main__")
    assert seen == [["kedro", "viz", "run", "--port", "4142"]]
    assert kedro_viz.server.run_server.__name__ == "serve"


def test_the_server_is_kedro_vizs_with_the_script_and_without_the_deprecation_warning(monkeypatch, tmp_path):
    from kedro_viz.api import apps

    served = []

    def run_server(**settings):
        served.append((settings, apps.create_api_app_from_project(tmp_path, False)))

    monkeypatch.setattr(kedro_viz.server, "run_server", run_server)
    monkeypatch.setattr(apps, "create_api_app_from_project", lambda *_: FastAPI())
    with warnings.catch_warnings():
        serve(port=4142)
    ((settings, app),) = served
    assert settings == {"port": 4142}
    assert app.user_middleware, "the app that kedro-viz makes was not given the lines"


def test_kedro_viz_has_the_names_that_the_script_uses():
    gone = "kedro-viz no longer {}: scripts/viz_page.py must do it another way"
    command = (HTML.parent / "launchers/cli/run.py").read_text()
    assert "from kedro_viz.server import run_server" in command, gone.format("looks up run_server when run")
    assert command.count("target=run_server") == 1, gone.format("serves by run_server")
    server = inspect.getsource(kedro_viz.server.run_server)
    called = "apps.create_api_app_from_project(path, autoreload)"
    assert called in server, gone.format("makes its app by create_api_app_from_project")
    assert "</head>" in (HTML / "index.html").read_text(), gone.format("has a head")
    (program,) = (HTML / "assets").glob("index-*.js")
    text = program.read_text()
    for name in ('"KedroViz"', "flags.sizewarning", "expandAllPipelines", "localStorage", "workflow"):
        assert name in text, gone.format(f"knows {name}")
