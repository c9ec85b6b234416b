# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of module_utils/_objstore.py."""

    DOCUMENTATION = r"""
options:
  objstore_config:
    description:
      - The objstore configuration that Thanos reads (C(type), C(config), C(prefix)), as a mapping or as YAML text.
      - Best without keys in it; Thanos takes them from its environment or its cloud identity. Keys in it are shown
        neither in results, those of refused tasks included, nor in the system's log.
    type: raw
    required: true
  access_key:
    description:
      - The access key ID. O(access_key), O(profile), O(credentials_secret), the keys in O(objstore_config) and
        the default chain of boto3 (environment, shared files, cloud identity) are looked at in this order.
    type: str
  secret_key:
    description: The secret access key.
    type: str
  session_token:
    description: The session token of temporary keys.
    type: str
  profile:
    description: A profile of the shared AWS configuration.
    type: str
  credentials_secret:
    description: A Secret in the cluster that holds the keys.
    type: dict
    suboptions:
      namespace:
        description: The Secret's namespace.
        type: str
        required: true
      name:
        description: The Secret's name.
        type: str
        required: true
      access_key_key:
        description: Where in the Secret the access key ID is.
        type: str
        default: AWS_ACCESS_KEY_ID
      secret_key_key:
        description: Where in the Secret the secret access key is.
        type: str
        default: AWS_SECRET_ACCESS_KEY
  region:
    description: The region, where O(objstore_config) has none; V(us-east-1) when neither it nor the endpoint's name tells.
    type: str
  addressing_style:
    description:
      - How requests name the bucket. V(auto) follows C(bucket_lookup_type) of O(objstore_config); that unset, it takes virtual
        hosts on AWS and paths anywhere else, as Thanos does.
    type: str
    choices: [auto, path, virtual]
    default: auto
  aws_ca_bundle:
    description:
      - Path of the certificate authorities to trust. Unset, the C(ca_file) of O(objstore_config) is taken where this machine has
        that file, and the default of the environment (E(AWS_CA_BUNDLE)) otherwise.
    type: path
  via:
    description:
      - How the endpoint is reached.
      - V(port_forward) goes through the API server to a pod of the Service that the endpoint names.
      - V(auto) does so for names that end in C(.svc) or C(.svc.cluster.local), and connects directly to any other.
    type: str
    choices: [auto, port_forward, direct]
    default: auto
requirements:
  - boto3 >= 1.36, < 2
"""
