"""Scripts of the shapes that steps of real pipelines have; each runs `python gate.py` so that its failure gets out."""

from __future__ import annotations

from typing import Final

__all__ = ["ORDINARY"]

ORDINARY: Final = [
    "python gate.py",
    "python -m venv .venv\nsource .venv/bin/activate\npip install -r requirements.txt\npython gate.py",
    'export NVM_DIR="$HOME/.nvm"\n[ -s "$NVM_DIR/nvm.sh" ] && \\. "$NVM_DIR/nvm.sh"\npython gate.py',
    "set -euo pipefail\ncleanup() { docker rm -f db || true; }\ntrap cleanup EXIT\npython gate.py",
    "set -ex\nfunction end() {\n  if [[ -d t ]]; then rm -r t || sudo rm -r t; fi\n}\ntrap end EXIT\npython gate.py",
    'eval "$(ssh-agent -s)"\nssh-add - <<< "$KEY"\npython gate.py',
    "for i in 1 2 3; do python gate.py && exit 0; sleep 5; done\nexit 1",
    "docker compose up -d\nuntil curl -sf http://localhost/health; do sleep 1; done\npython gate.py",
    "timeout 60 bash -c 'until curl -sf localhost; do sleep 1; done'\npython gate.py",
    "cd web\nnpm ci\ncd ..\npython gate.py",
    "(cd infra && terraform init -input=false)\npython gate.py",
    "pushd infra > /dev/null\nterraform init\npopd > /dev/null\npython gate.py",
    "mkdir -p build && cd build && cmake .. && make && cd ..\npython gate.py",
    'echo "version=$(git describe --tags)" >> "$GITHUB_OUTPUT"\npython gate.py',
    "set -o pipefail\npython gate.py | tee gate.log",
    'if python gate.py; then\n  echo good\nelse\n  echo "::error::no"\n  exit 1\nfi',
    'set +e\npython gate.py\nstatus=$?\nset -e\nif [ "$status" -ne 0 ]; then\n  echo no\n  exit "$status"\nfi',
    'python gate.py || { echo "::error::gate"; exit 1; }',
    'log() { printf "%s %s\\n" "$(date)" "$*"; }\ndie() { log "$@"; exit 1; }\npython gate.py || die no\nlog done',
    'run() { echo "+ $*"; "$@"; }\nrun pip install x\nrun python gate.py',
    'main() {\n  prepare "$@"\n  python gate.py\n}\nmain "$@"',
    'while [[ $# -gt 0 ]]; do\n case "$1" in\n -e) E="$2"; shift 2 ;;\n *) exit 1 ;;\n esac\ndone\npython gate.py',
    "docker build -t x .\ndocker run --rm -v $PWD:/w -w /w x python gate.py",
    "docker run --rm x bash -c 'cd /w && python gate.py'",
    "poetry install --no-root\npoetry run python gate.py",
    "cat > config.yml <<EOF\na: $X\nEOF\npython gate.py",
    'FILES=(a b)\nfor f in "${FILES[@]}"; do echo "$f"; done\npython gate.py',
    'while read -r line; do echo "$line"; done < list.txt\npython gate.py',
    "set -a; source .env; set +a\npython gate.py",
    "shopt -s nullglob inherit_errexit\npython gate.py",
    'judge() { local at="$1"; local now; now=$(date); python gate.py; }\njudge a',
    'case "$BRANCH" in\n  main) ENV=prod ;;\n  *) ENV=dev ;;\nesac\npython gate.py',
    "git ls-files '*.py' | xargs flake8\npython gate.py",
    "curl -LsSf https://example.org/install.sh | sh\npython gate.py",
    "nohup python -m http.server &\nsleep 2\npython gate.py\nkill %1",
    'python server.py &\nPID=$!\ntrap "kill $PID" EXIT\npython gate.py',
    'X=$(jq -r .x f.json)\nif [[ "$X" == "null" ]]; then echo no; exit 1; fi\npython gate.py',
    "i=0; while (( i < 3 )); do echo $i; (( i++ )) || true; done\npython gate.py",
    'if [ -z "${TOKEN:-}" ]; then echo "no token"; exit 1; fi\npython gate.py',
    ': "${ENV:?must be set}"\npython gate.py',
    "test -f out/model.json\npython gate.py",
    'FAILED=0\npython gate.py || FAILED=1\npython lint.py || FAILED=1\nif [ "$FAILED" -ne 0 ]; then exit 1; fi',
    "rc=0\nfor part in eu us; do python gate.py --part $part || rc=1; done\npython gate.py || rc=1\nexit $rc",
    'ARGS=(gate.py)\nif [ -n "$CI" ]; then P=python; else P=python; fi\n"$P" "${ARGS[@]}"',
    # what a test or the world decides, which is open
    'if [ "${SKIP:-}" = 1 ]; then echo skipped; exit 0; fi\npython gate.py',
    "n=0\nuntil [ $n -ge 3 ]; do\n  python gate.py && break\n  n=$((n+1))\ndone\n[ $n -lt 3 ]",
    'while getopts "e:h" opt; do\n  case $opt in\n    h) echo usage; exit 0 ;;\n  esac\ndone\npython gate.py',
]
