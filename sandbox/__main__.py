"""Make, show and remove a sandbox: a real Kubernetes cluster of one node, from package registries alone."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from . import cgroups, lifecycle, machine, node, programs
from .errors import SandboxError


def main() -> int:
    arguments = _parser().parse_args()
    try:
        machine.check()
        arguments.run(node.Node(arguments.name), arguments)
    except SandboxError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 1
    return 0


def up(cluster: node.Node, arguments: argparse.Namespace) -> None:
    machine.prepare(cluster.state)
    table = programs.load_table()
    images = _images_named_in(arguments.images_for, table)
    wanted = [table["images"][name]["program"] for name in images]
    programs.build([*table["base"], *wanted], table)
    started = time.monotonic()
    lifecycle.up(cluster, table)
    node.import_images(cluster, images, table)
    print(f"sandbox {cluster.name} is Ready after {time.monotonic() - started:.0f} s; kubeconfig: {cluster.kubeconfig}")


def down(cluster: node.Node, arguments: argparse.Namespace) -> None:
    node.down(cluster)
    print(f"sandbox {cluster.name} is gone")


def status(cluster: node.Node, arguments: argparse.Namespace) -> None:
    if not cluster.pid():
        print(f"sandbox {cluster.name} does not run")
        return
    state = "Ready" if cluster.ready() else "not Ready"
    memory = cgroups.memory_bytes(cluster.id) >> 20
    print(f"sandbox {cluster.name} is {state}; memory {memory} MiB; kubeconfig: {cluster.kubeconfig}")


def restart(cluster: node.Node, arguments: argparse.Namespace) -> None:
    cluster.restart(arguments.daemon)


def _images_named_in(folder: Path | None, table: dict) -> list[str]:
    """The images of the table that manifests below a folder name at the release built here."""
    if folder is None:
        return []
    text = "\n".join(file.read_text() for file in folder.rglob("*.yaml"))
    buildable = [name for name, row in table["images"].items() if "program" in row and name not in table["base_images"]]
    return [name for name in buildable if programs.image_reference(name, table) in text]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument("--name", default="default", help="which sandbox; several run side by side (default: %(default)s)")
    commands = parser.add_subparsers(required=True)
    for run in (up, down, status, restart):
        command = commands.add_parser(run.__name__)
        command.set_defaults(run=run)
        if run is up:
            command.add_argument(
                "--images-for", type=Path, help="a folder of manifests: the images they name are built and imported"
            )
        if run is restart:
            command.add_argument("daemon", help="for example kube-apiserver; the node starts it again")
    return parser


if __name__ == "__main__":
    sys.exit(main())
