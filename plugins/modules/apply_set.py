#!/usr/bin/python
# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apply_set
short_description: Make a cluster match a set of objects
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Applies all objects of one component together, by server-side apply, and removes what the set no longer contains.
  - The set is an ApplySet after KEP-3659. Its parent is a ConfigMap that names the members.
  - Namespaces come first, then CRDs until they are served, then the rest. New and changed declarations are tried by a dry
    run before the first of them is written.
  - Nothing is removed before the new objects run. With O(wait=true) that is at the end of the task, otherwise in
    M(longterm.metrics.rollout).
  - What a controller makes for a member stays that controller's, though it has the labels of the member (C(ownerReferences)
    with C(controller)); it is never pruned.
  - Namespaces, CRDs and PersistentVolumeClaims carry the annotation C(longterm.metrics/keep). They are never pruned, and
    deleted only when O(remove_kept) names them.
  - Existing objects that belong to no set are adopted. A warning lists the managers that wrote them.
  - Fields that are declared are ours. What another manager changed is taken back and reported with that manager's name.
  - A StatefulSet whose immutable fields change is remade around its running pods.
  - Pods that read Secrets only when they start are restarted when those change. An object names the Secrets, separated by commas,
    in the annotation C(longterm.metrics/restarted-by-secrets) of its pod template, or wherever a custom resource has the
    annotations of its pods. With O(state=present), C(longterm.metrics/secrets-digest) is set beside it, a keyed hash of their
    data. A Secret that does not exist is an error. Secrets of the set itself cannot be named.
  - PersistentVolumeClaims that StatefulSets of the set made grow with their templates, and those that O(claims) names. One
    that would have to shrink, or whose class lets none grow, is an error before anything is written.
options:
  name:
    description: Name of the set, and of its parent ConfigMap.
    type: str
    required: true
  namespace:
    description: Namespace of the parent, and of namespaced objects that name none.
    type: str
    required: true
  state:
    description:
      - V(present) applies the set, V(absent) deletes it.
      - V(rendered) writes the objects as files and needs no cluster.
    type: str
    choices: [present, absent, rendered]
    default: present
  templates:
    description:
      - Templates whose rendered YAML documents are objects of the set. Found as by M(ansible.builtin.template); a template may
        give several documents or none.
      - A glob takes all matching files of the role's C(templates) folder but those that start with an underscore. V(*) stays
        within its folder.
      - Rendered on the controller by the action plugin of the same name.
    type: list
    elements: str
  objects:
    description: Objects as data.
    type: list
    elements: dict
    default: []
  files:
    description: Paths of YAML files with plain manifests, read where the module runs. Meant for CRDs.
    type: list
    elements: path
    default: []
  kinds:
    description: Of O(files), only these kinds are taken; all when empty.
    type: list
    elements: str
    default: []
  rendered_to:
    description:
      - Folder for O(state=rendered). The set's files are written to a folder of its name in there, one object each.
      - Files of the set that no longer belong there are removed; those of others stay, and are never overwritten.
    type: path
  rendered_as:
    description:
      - Where else in O(rendered_to) objects go, by the place, each with a list of what goes there, by C(Kind) or C(Kind/name).
      - A place that ends in C(.yaml) is one file of all these objects; any other is a folder, one file each.
    type: dict
    default: {}
  rendered_from:
    description:
      - Folder that O(state=rendered) wrote before, instead of other objects.
      - Makes the set as it is in that folder, and removes it if the folder does not have it.
      - A volume that has grown since stays as it is, with a warning. Of a controller's, O(claims) tells which they are.
    type: path
  force_conflicts:
    description: Whether to take declared fields that other managers own. If not, such a conflict is an error that names them.
    type: bool
    default: true
  keep_replicas:
    description:
      - StatefulSets that keep the replicas they have where the set wants fewer; RV(held) lists them.
      - Use it when something else must change before the replicas go. Then apply the set again without this option.
    type: list
    elements: str
    default: []
  wait:
    description:
      - Whether to wait until all members are ready and then remove what is no longer wanted.
      - With O(state=absent), the module always waits until the objects are gone.
    type: bool
    default: false
  remove_kept:
    description:
      - With O(state=absent), kept objects to delete as well, by C(Kind) or C(Kind/name).
      - PersistentVolumeClaims that StatefulSets made are found by those, and so only while the set is there.
    type: list
    elements: str
    default: []
  claims:
    description:
      - PersistentVolumeClaims of StatefulSets in O(namespace) that are not of the set, as those of a controller, there or gone.
      - With O(state=present) they grow, which a controller lets none do. Where there are none yet, nothing happens. With
        O(rendered_from) they stay as they are, and the custom resource asks for no less.
      - With O(state=absent) they go when O(remove_kept) names them.
    type: list
    elements: dict
    default: []
    suboptions:
      stateful_set:
        description: Name of the StatefulSet.
        type: str
        required: true
      template:
        description: Name of its template of claims.
        type: str
        required: true
      size:
        description: What they ask for at least; when empty they stay as they are.
        type: str
        default: ""
      resource:
        description: >-
          The custom resource as C(Kind/name), where it is in the set. Where claims grow, it is paused (C(spec.paused)) while
          it is applied and the StatefulSet deleted without its pods, so that the controller makes that anew around them.
        type: str
        default: ""
extends_documentation_fragment:
  - longterm.metrics.cluster
  - longterm.metrics.wait
  - longterm.metrics.attributes
  - longterm.metrics.attributes.diff
"""

EXAMPLES = r"""
- name: Apply all templates of the role and wait for them
  longterm.metrics.apply_set:
    name: thanos
    namespace: metrics
    templates: ["*.yaml.j2"]
    wait: true

- name: Apply the CRDs of a release
  longterm.metrics.apply_set:
    name: prometheus-operator-crds
    namespace: metrics
    files: [/tmp/bundle.yaml]
    kinds: [CustomResourceDefinition]

- name: Write the set for a repository that Flux or Argo CD reads
  longterm.metrics.apply_set:
    name: namespace
    namespace: metrics
    state: rendered
    templates: ["*.yaml.j2"]
    rendered_to: clusters/production
    rendered_as: {namespace.yaml: [Namespace]}

- name: Apply a Prometheus resource, and let its volumes grow
  longterm.metrics.apply_set:
    name: prometheus
    namespace: metrics
    templates: ["*.yaml.j2"]
    claims:
      - {stateful_set: prometheus-main, template: prometheus-main-db, size: 100Gi, resource: Prometheus/main}

- name: Apply what was written
  longterm.metrics.apply_set:
    name: thanos
    namespace: metrics
    rendered_from: clusters/production
    wait: true

- name: Remove the set and its volumes
  longterm.metrics.apply_set:
    name: thanos
    namespace: metrics
    state: absent
    remove_kept: [PersistentVolumeClaim]
"""

RETURN = r"""
created:
  description: Objects that were made.
  returned: O(state=present)
  type: list
  elements: str
  sample: [ConfigMap metrics/thanos-objstore]
changed_objects:
  description: Objects that were changed.
  returned: O(state=present)
  type: list
  elements: str
recreated:
  description: StatefulSets that were remade around their running pods.
  returned: O(state=present)
  type: list
  elements: str
adopted:
  description:
    - Objects that existed outside the set and are in it now, with the managers that wrote them; C(set) is the set of ours
      they came from.
  returned: O(state=present)
  type: list
  elements: dict
  sample: [{object: Service metrics/query, managers: [kubectl-client-side-apply]}]
taken_back:
  description:
    - Declared fields that another manager had changed, with its name.
    - A field that another had deleted is nobody's after that. It comes back with its object among RV(changed_objects) and in
      the diff, but is not told here.
  returned: O(state=present)
  type: list
  elements: dict
  sample: [{object: Deployment metrics/query, manager: kubectl-edit, fields: [.spec.replicas]}]
pruned:
  description: Objects that were removed as no longer wanted; in check mode those that would be.
  returned: O(state=present)
  type: list
  elements: str
to_prune:
  description: Objects no longer wanted that stay until M(longterm.metrics.rollout) has seen the new ones run.
  returned: O(state=present)
  type: list
  elements: str
held:
  description: StatefulSets of O(keep_replicas) that have more replicas than the set wants.
  returned: O(state=present)
  type: list
  elements: str
  sample: [StatefulSet metrics/thanos-receive-default]
deleted:
  description: Objects that were deleted.
  returned: O(state=absent)
  type: list
  elements: str
files:
  description: Paths of the files of the set.
  returned: O(state=rendered)
  type: list
  elements: str
"""

from pathlib import Path
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import (
    _cluster,
    _growth,
    _rendered,
    _secret_digests,
    _stateful_set,
    _wait,
)
from ansible_collections.longterm.metrics.plugins.module_utils._apply_set import ApplySet
from ansible_collections.longterm.metrics.plugins.module_utils._claims import claim_name
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module
from ansible_collections.longterm.metrics.plugins.module_utils._objects import check_objects, diff_entry, key_of, read_documents
from ansible_collections.longterm.metrics.plugins.module_utils._prune import Removal


def present(options: dict[str, Any], objects: list[dict[str, Any]], check: bool) -> dict[str, Any]:
    cluster = _cluster.connect(options)
    applied = ApplySet(
        cluster,
        options["name"],
        options["namespace"],
        force=options["force_conflicts"],
        check=check,
        lock_timeout=options["lock_timeout"],
    )
    objects, held = _stateful_set.keep_replicas(cluster, options["namespace"], objects, options["keep_replicas"])
    objects = _secret_digests.stamp(cluster, options["namespace"], objects, check=check)
    kept, claims = [], options["claims"]
    if options["rendered_from"]:
        kept, claims = _growth.keep(cluster, options["namespace"], objects, claims), []
    changes = applied.apply(objects, claims)
    leftovers, pruned = [str(key) for key in changes.leftovers], []
    if check:
        pruned = leftovers
    elif options["wait"]:
        try:
            pruned = [str(key) for key in _wait.wait_and_prune(cluster, [applied.parent], options, remove=True)]
        except MetricsError as error:
            # What was applied stays, and is reported with the failure.
            raise MetricsError(error.message, **error.details, **changes.result(), changed=changes.changed) from error
    return {
        **changes.result(),
        "held": held,
        "changed": changes.changed or bool(pruned),
        "pruned": pruned,
        "to_prune": [] if check or options["wait"] else leftovers,
        "diff": changes.diff() + [{"before_header": key, "before": f"{key}\n", "after": ""} for key in pruned],
        "warnings": kept + changes.warnings + changes.taken_over(),
    }


def absent(options: dict[str, Any], objects: list[dict[str, Any]], check: bool) -> dict[str, Any]:
    claims = [claim_name(entry["template"], entry["stateful_set"]) for entry in options["claims"]]
    cluster = _cluster.connect(options)
    removal = Removal(cluster, options["name"], options["namespace"], options["remove_kept"], claims)
    doomed = removal.find(key_of(item).group_kind for item in objects)
    if not check:
        removal.run(doomed, wait_timeout=options["wait_timeout"], lock_timeout=options["lock_timeout"])
    return {
        "changed": bool(doomed) or removal.parent.exists,
        "deleted": [str(key) for key in doomed],
        "diff": [diff_entry(key, item, None) for key, item in doomed.items()],
    }


def rendered(options: dict[str, Any], objects: list[dict[str, Any]], check: bool) -> dict[str, Any]:
    root, places = Path(options["rendered_to"]), options["rendered_as"]
    return _rendered.write(root, options["name"], options["namespace"], objects, places, check=check)


CLAIMS = {
    "stateful_set": {"type": "str", "required": True},
    "template": {"type": "str", "required": True},
    "size": {"type": "str", "default": ""},
    "resource": {"type": "str", "default": ""},
}
STATES = {"present": present, "absent": absent, "rendered": rendered}


OPTIONS = {
    "name": {"type": "str", "required": True},
    "namespace": {"type": "str", "required": True},
    "state": {"type": "str", "choices": list(STATES), "default": "present"},
    "templates": {"type": "list", "elements": "str"},
    "objects": {"type": "list", "elements": "dict", "default": []},
    "files": {"type": "list", "elements": "path", "default": []},
    "kinds": {"type": "list", "elements": "str", "default": []},
    "rendered_to": {"type": "path"},
    "rendered_as": {"type": "dict", "default": {}},
    "rendered_from": {"type": "path"},
    "force_conflicts": {"type": "bool", "default": True},
    "keep_replicas": {"type": "list", "elements": "str", "default": []},
    "wait": {"type": "bool", "default": False},
    "remove_kept": {"type": "list", "elements": "str", "default": []},
    "claims": {"type": "list", "elements": "dict", "default": [], "options": CLAIMS},
}


def run(call: Call) -> dict[str, Any]:
    options = call.params
    objects = list(options["objects"])
    # The result repeats the options; Secrets may be among the objects.
    options["objects"] = [f"{len(objects)} objects"]
    try:
        for path in options["files"]:
            found = list(read_documents(Path(path).read_text(encoding="utf-8"), path))
            check_objects(found)
            objects += [item for item in found if not options["kinds"] or item["kind"] in options["kinds"]]
        if options["rendered_from"] and options["state"] == "present":
            objects += _rendered.read(Path(options["rendered_from"]), options["name"], options["namespace"])
            options["state"] = "present" if objects else "absent"
        check_objects(objects)
        result = STATES[options["state"]](options, objects, call.check_mode)
    except OSError as error:
        raise MetricsError(f"{error.filename} cannot be used: {error.strerror}") from error
    call.warnings += result.pop("warnings", [])
    return result


MODULE = Definition(
    run,
    {**_cluster.ARGUMENT_SPEC, **_wait.ARGUMENT_SPEC, **OPTIONS},
    {
        "required_if": [("state", "rendered", ("rendered_to",))],
        "mutually_exclusive": [("rendered_from", name) for name in ("templates", "files", "rendered_to")],
    },
    discreet=True,
)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
