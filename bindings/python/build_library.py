"""Puts libmtasts into the wheel, which is for the platform it was built on.

`MTASTS_LIBRARY` names the library to take. Without it, cargo builds one from the repository.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAMES = {"darwin": "libmtasts.dylib", "win32": "mtasts.dll"}
NAME = NAMES.get(sys.platform, "libmtasts.so")


class LibraryHook(BuildHookInterface[Any]):
    """Adds the library beside the modules."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the library and the platform to the builder, which is about to begin."""
        del version
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
        build_data["force_include"][str(self._library())] = f"mtasts/{NAME}"

    def _library(self) -> Path:
        given = os.environ.get("MTASTS_LIBRARY")
        if given:
            library = Path(given).resolve()
            if not library.is_file():
                raise FileNotFoundError(f"MTASTS_LIBRARY: there is no file {library}")
            return library
        workspace = Path(self.root, "../..").resolve()
        if not (workspace / "ffi/Cargo.toml").is_file():
            raise FileNotFoundError(
                "libmtasts is neither named by MTASTS_LIBRARY nor can it be built: "
                "its source is in the repository, not in this archive"
            )
        cargo = [os.environ.get("CARGO", "cargo"), "build", "--release", "-p", "mtasts-ffi"]
        cargo += ["--features", "lint"]
        subprocess.run(cargo, cwd=workspace, check=True)  # noqa: S603 (cargo, and no input)
        target = os.environ.get("CARGO_TARGET_DIR", "target")
        return workspace / target / "release" / NAME
