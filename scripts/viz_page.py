"""Serves kedro-viz of this project and opens it on its five boxes: `make viz`.

Whoever has seen the workflow view has all boxes open ever after, as kedro-viz keeps that in the browser,
and is met by its warning of a big picture. What the address says goes before what the browser remembers.
"""

import sys
import webbrowser

from kedro.framework.cli import main

FOLDED = "?expandAllPipelines=false"


class FoldedBoxes(webbrowser.BaseBrowser):
    """The browser of this machine, opened on folded boxes."""

    def __init__(self, own: webbrowser.BaseBrowser) -> None:
        """Take the browser that opens the address."""
        super().__init__()
        self.own = own

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        """Open kedro-viz at its address; False where that failed."""
        return self.own.open(url + FOLDED, new, autoraise)


def fold_boxes() -> None:
    """Let whatever this process opens in a browser be kedro-viz with folded boxes."""
    try:
        own = webbrowser.get()
    except webbrowser.Error:  # none here: kedro-viz prints its address all the same
        return
    webbrowser.register("folded-boxes", None, FoldedBoxes(own), preferred=True)


if __name__ == "__main__":
    fold_boxes()
    sys.argv = ["kedro", "viz", "run", *sys.argv[1:]]
    main()
