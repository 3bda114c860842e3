"""How JupyterLab finds the server: the specification that ``jupyter_lsp`` reads from the entry point of that name."""

from __future__ import annotations

import sys
from typing import Any

from accumlint import __version__


def spec(_manager: object) -> dict[str, Any]:
    """The server for notebooks and Python files, beside whichever other servers there are."""
    return {
        "accumlint": {
            "version": 2,
            # -P: it imports nothing that lies beside the notebook
            "argv": [sys.executable, "-P", "-m", "accumlint", "server"],
            "languages": ["python"],
            "mime_types": ["text/x-python", "text/x-ipython"],
            "display_name": f"accumlint {__version__}",
        }
    }
