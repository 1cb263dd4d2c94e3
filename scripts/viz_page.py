"""Serves kedro-viz of this project, folded into five boxes and without a warning about size: `make viz`.

The workflow view opens all boxes, kedro-viz stores that in the browser, and every later page shows a warning
about a large graph, which no address parameter turns off. So the page contains a script that corrects the
stored values before kedro-viz reads them. `make viz-static` writes the same script into its folder:

    python scripts/viz_page.py --into build/index.html
"""

import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import FastAPI, Request, Response

PAGES = ("/", "/workflow")
HEAD_END = "</head>"
# All other stored values stay. kedro-viz switches from the workflow to the flowchart without loading the
# page, with all boxes open: so that link loads it.
START = """<script>
(() => {
  const isWorkflow = () => location.pathname.endsWith("/workflow");
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem("KedroViz")) || {}; } catch {}
  kept.flags = { ...kept.flags, sizewarning: false };
  const isAsked = new URLSearchParams(location.search).has("expandAllPipelines");
  if (!isWorkflow() && !isAsked) kept.expandAllPipelines = false;
  try { localStorage.setItem("KedroViz", JSON.stringify(kept)); } catch {}
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || !isWorkflow() || `${link.pathname}workflow` !== location.pathname) return;
    event.preventDefault();
    event.stopPropagation();
    location.assign(link.href);
  }, true);
})();
</script>
"""


def with_start(page: str) -> str:
    """Return kedro-viz's page with the script that runs before it.

    Raises:
        ValueError: The page has no `</head>`.
    """
    if HEAD_END not in page:
        raise ValueError(f"kedro-viz's page has no {HEAD_END} to put a script before: {page[:200]!r}")
    return page.replace(HEAD_END, START + HEAD_END, 1)


def app_with_start(app: "FastAPI") -> "FastAPI":
    """Let an app of kedro-viz serve its pages with the script, everything else unchanged."""
    from fastapi.responses import HTMLResponse

    @app.middleware("http")
    async def put_in(request: "Request", call_next: Any) -> "Response":
        response = await call_next(request)
        if request.url.path not in PAGES or response.status_code != 200:
            return response  # type: ignore[no-any-return]
        page = b"".join([part async for part in response.body_iterator])
        return HTMLResponse(with_start(page.decode()))

    return app


def serve(**settings: Any) -> None:
    """Serve as kedro-viz does, with the script; runs in the process that `kedro viz run` starts."""
    warnings.filterwarnings("ignore", message="ORJSONResponse is deprecated")  # kedro-viz uses it
    from kedro_viz import server
    from kedro_viz.api import apps

    make_app = apps.create_api_app_from_project
    apps.create_api_app_from_project = lambda *place: app_with_start(make_app(*place))
    server.run_server(**settings)


def main(arguments: list[str]) -> None:
    """Run `kedro viz run` with the arguments, or write the script into a page."""
    if arguments[:1] == ["--into"]:
        page = Path(arguments[1])
        page.write_text(with_start(page.read_text(encoding="utf-8")), encoding="utf-8")
        return
    import kedro_viz.server
    from kedro.framework import cli

    kedro_viz.server.run_server = serve  # the command looks it up when it runs
    sys.argv = ["kedro", "viz", "run", *arguments]
    cli.main()


if __name__ == "__main__":
    main(sys.argv[1:])
