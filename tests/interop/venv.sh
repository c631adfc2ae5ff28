# venv.sh PYTHON FOLDER PACKAGE…: a Python environment of its own with these packages; 77 when they cannot be had.
set -u
python=$1 folder=$2
shift 2
[ -x "$folder/bin/python" ] || "$python" -m venv "$folder" || { echo "skipped: no venv"; exit 77; }
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@" || { echo "skipped: pip cannot install $*"; exit 77; }
