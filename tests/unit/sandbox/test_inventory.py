from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_what_an_interrupted_build_left_is_not_taken(tmp_path) -> None:
    files = ("prometheus-operator-0123456789abcdef{}/bundle.yaml", "helm-0123456789abcdef{}/helm")
    for file in [name.format(end) for name in files for end in ("", ".part")]:
        path = tmp_path / "programs" / file
        path.parent.mkdir(parents=True)
        path.touch()
    variables = "{{ prometheus_operator_crds_file }} {{ kube_prometheus_stack_helm_binary }}"
    command = ["ansible", "sandbox", "--inventory=inventories/sandbox", "--module-name=debug", f"--args=msg='{variables}'"]
    environment = {**os.environ, "LONGTERM_METRICS_CACHE": str(tmp_path), "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)

    assert " ".join(str(tmp_path / "programs" / file.format("")) for file in files) in " ".join(done.stdout.split())
    assert ".part" not in done.stdout
