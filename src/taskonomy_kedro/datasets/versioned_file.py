"""What every dataset of one versioned file shares."""

from pathlib import PurePosixPath
from typing import Any, TypeVar

import fsspec
from kedro.io.core import AbstractVersionedDataset, Version, get_filepath_str, get_protocol_and_path

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class VersionedFileDataset(AbstractVersionedDataset[_In, _Out]):
    """One file on any fsspec address, with versions; kinds of file add `load` and `save`."""

    def __init__(
        self,
        *,
        filepath: str,
        version: Version | None = None,
        credentials: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Point to a file.

        Args:
            filepath: Any fsspec address.
            version: Load and save version.
            credentials: Credentials of the file system.
            metadata: For other tools, such as kedro-viz; kept as it is.
        """
        protocol, path = get_protocol_and_path(filepath, version)
        arguments = {"auto_mkdir": True} if protocol == "file" else {}
        self._protocol = protocol
        self._fs = fsspec.filesystem(protocol, **(credentials or {}), **arguments)
        self.metadata = metadata
        super().__init__(
            filepath=PurePosixPath(path),
            version=version,
            exists_function=self._fs.exists,
            glob_function=self._fs.glob,
        )

    def _exists(self) -> bool:
        return self._fs.exists(get_filepath_str(self._get_load_path(), self._protocol))

    def _describe(self) -> dict[str, Any]:
        return {"filepath": self._filepath, "protocol": self._protocol, "version": self._version}
