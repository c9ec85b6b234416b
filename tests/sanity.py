"""Run ansible-test's sanity tests on the collection as it is built, and find its playbooks there by their full names.

One of them is run: it renders what the inventory local says.

ansible-test wants a tree named ansible_collections/<namespace>/<name> without links to folders, and installs pip by a script from
the network. Here that script is Python's own ensurepip, so that a package registry is all the network it takes; its virtual
environments stay in the cache.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from types import SimpleNamespace

CHECKOUT = Path(__file__).resolve().parent.parent
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
ENSUREPIP = "import ensurepip\n\nensurepip.bootstrap(default_pip=True)\n"


def main() -> int:
    home = cache() / "ansible-test"
    provide_get_pip(home / ".ansible" / "test" / "cache")
    # pip's own configuration stays where the user has it.
    config = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    environment = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": config}
    with tempfile.TemporaryDirectory(prefix="longterm-metrics-") as folder:
        tree = Path(folder) / "ansible_collections" / "longterm" / "metrics"
        run = partial(subprocess.run, env=environment, cwd=folder, check=True)
        run([program("ansible-galaxy"), "collection", "build", CHECKOUT, "--output-path", folder], stdout=subprocess.DEVNULL)
        (artifact,) = Path(folder).glob("*.tar.gz")
        shutil.unpack_archive(artifact, tree)
        installed = {**environment, "ANSIBLE_COLLECTIONS_PATH": folder}
        playbooks = [f"longterm.metrics.{file.stem}" for file in sorted((tree / "playbooks").glob("*.yml"))]
        inventory = tree / "inventories" / "local"
        run([program("ansible-playbook"), "--syntax-check", f"--inventory={inventory}", *playbooks], env=installed)
        rendered = [f"--extra-vars=metrics_rendered_to={folder}/rendered", "--extra-vars=prometheus_operator_crds=false"]
        playbook = [program("ansible-playbook"), f"--inventory={inventory}", "longterm.metrics.render", *rendered]
        run(playbook, env=installed, stdout=subprocess.DEVNULL)
        shutil.copytree(CHECKOUT / "tests" / "sanity", tree / "tests" / "sanity")
        command = [program("ansible-test"), "sanity", "--python", PYTHON, "--color", "no", *sys.argv[1:]]
        return run(command, cwd=tree, check=False).returncode


def program(name: str) -> Path:
    return Path(sys.executable).with_name(name)


def cache() -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("LONGTERM_METRICS_CACHE") or home / "longterm-metrics")


def provide_get_pip(folder: Path) -> None:
    """Put ensurepip where ansible-test keeps get-pip once it has downloaded it (its target/setup/requirements.py)."""
    from ansible_test._internal.python_requirements import get_venv_packages

    version = get_venv_packages(SimpleNamespace(version=PYTHON))["pip"].replace(".", "_")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"get_pip_{version}.py").write_text(ENSUREPIP)


if __name__ == "__main__":
    sys.exit(main())
