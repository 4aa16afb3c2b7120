#!/bin/sh
# Prints a Python of the version in .python-version, or nothing. With --complain: says what to do.
wanted=$(cat "$(dirname "$0")/../.python-version")
if [ "$1" = "--complain" ]; then
    echo "Ieum needs Python $wanted, and none was found." >&2
    echo "Install it (python.org, your system's packages, or: pyenv install $wanted) and run make again," >&2
    echo "or say where it is: make run PYTHON=/path/to/python$wanted" >&2
    exit 1
fi
for candidate in "python$wanted" python3 python "$HOME"/.pyenv/versions/"$wanted"*/bin/python; do
    found=$(command -v "$candidate" 2>/dev/null) || continue
    "$found" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$wanted')" 2>/dev/null || continue
    "$found" -c 'import sys; print(sys.executable)'
    exit 0
done
exit 0
