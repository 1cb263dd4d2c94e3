"""What one node passes to the next and nobody stores."""

from typing import Any

from kedro.io import MemoryDataset, SharedMemoryDataset


class PassedDataset(SharedMemoryDataset):
    """Something in memory with a layer in kedro-viz, for every runner.

    Kedro's own `MemoryDataset` does not reach other processes once the catalog names it, as a layer asks
    for, and what it chooses by itself for `ParallelRunner` takes no layer.

    Example:
        ```yaml
        candidates:
          type: taskonomy_kedro.datasets.PassedDataset
          metadata:
            kedro-viz: {layer: taxonomies}
        ```
    """

    def __init__(self, *, metadata: dict[str, Any] | None = None) -> None:
        """Keep things in this process, until a runner brings what reaches others.

        Args:
            metadata: For other tools, such as kedro-viz; kept as it is.
        """
        super().__init__()
        self.metadata = metadata
        self.shared_memory_dataset = MemoryDataset(copy_mode="assign")

    def _release(self) -> None:
        if isinstance(self.shared_memory_dataset, MemoryDataset):
            self.shared_memory_dataset.release()
