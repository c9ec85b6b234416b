#!/usr/bin/env python3
# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print `metrics_image_digests` for images, or for all images in rendered manifests, as their registries have them now.

Asks the registries by the HTTP API of the OCI distribution specification, with token authentication. Credentials, where a
registry needs them, are REGISTRY_USER and REGISTRY_PASSWORD in the environment.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

# An index comes first: its digest holds on every architecture.
MANIFESTS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
DOCKER = "docker.io"
TIMEOUT = 30


class DigestError(Exception):
    """Which image, and what its registry answered."""


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows redirects, and shows credentials to no other host."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        new = super().redirect_request(req, fp, code, msg, headers, newurl)
        if new and urllib.parse.urlsplit(newurl).netloc != urllib.parse.urlsplit(req.full_url).netloc:
            new.remove_header("Authorization")
        return new


_OPENER = urllib.request.build_opener(_SameHost)


def images_in(place: Path) -> Iterator[str]:
    """The images of all containers in the manifests below a folder."""
    for file in sorted(place.rglob("*.yaml")):
        for document in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            yield from _images(document)


# The arguments of programs that run others by image.
_ARGUMENT = re.compile(r"--[\w-]*(?:reloader|image)=(\S+)")


def _images(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        # As charts write an image.
        if value.get("repository") and value.get("tag") and "/" in str(value["repository"]):
            yield f"{value.get('registry') or DOCKER}/{value['repository']}:{value['tag']}"
        for key, inner in value.items():
            if key == "image" and isinstance(inner, str):
                yield inner
            else:
                yield from _images(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _images(inner)
    elif isinstance(value, str) and (argument := _ARGUMENT.fullmatch(value)):
        yield argument[1]


def parts(reference: str) -> tuple[str, str, str]:
    """Registry, repository and tag of a reference; Docker's short forms are those of Docker Hub."""
    name, _, _digest = reference.partition("@")
    first, slash, rest = name.partition("/")
    if not slash or not (re.search(r"[.:]", first) or first == "localhost"):
        first, rest = DOCKER, name
    repository, _, tag = rest.partition(":")
    if first == DOCKER and "/" not in repository:
        repository = f"library/{repository}"
    return first, repository, tag or "latest"


def digest(reference: str, *, mirror: str = "", plain: bool = False) -> str:
    """The digest that a tag has in its registry, or in a mirror of it; DigestError when that does not say."""
    registry, repository, tag = parts(reference)
    if mirror:
        registry, _, prefix = mirror.partition("/")
        repository = f"{prefix}/{repository}".lstrip("/")
    host = "registry-1.docker.io" if registry == DOCKER else registry
    url = f"{'http' if plain else 'https'}://{host}/v2/{repository}/manifests/{tag}"
    try:
        body, told = _manifest(url)
    except (OSError, ValueError) as error:
        raise DigestError(f"{reference}: {url} gave no manifest: {error}") from error
    found = f"sha256:{hashlib.sha256(body).hexdigest()}"
    if told and told != found:
        raise DigestError(f"{reference}: {url} says its digest is {told}, but its manifest has {found}.")
    return found


def _manifest(url: str) -> tuple[bytes, str]:
    headers = {"Accept": ", ".join(MANIFESTS)}
    try:
        return _get(url, headers)
    except urllib.error.HTTPError as error:
        challenge = error.headers.get("WWW-Authenticate", "")
        if error.code != 401 or not challenge:
            raise
    return _get(url, {**headers, "Authorization": _authorization(challenge)})


def _get(url: str, headers: dict[str, str]) -> tuple[bytes, str]:
    with _OPENER.open(urllib.request.Request(url, headers=headers), timeout=TIMEOUT) as answer:
        return answer.read(), answer.headers.get("Docker-Content-Digest", "")


def _authorization(challenge: str) -> str:
    """What a registry asks for: a token of its service, or user and password."""
    kind, _, rest = challenge.partition(" ")
    user, password = os.environ.get("REGISTRY_USER", ""), os.environ.get("REGISTRY_PASSWORD", "")
    basic = f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}" if user else ""
    if kind.lower() != "bearer":
        if not basic:
            raise ValueError("it asks for a user; set REGISTRY_USER and REGISTRY_PASSWORD")
        return basic
    asked = dict(re.findall(r'(\w+)="([^"]*)"', rest))
    query = urllib.parse.urlencode({name: asked[name] for name in ("service", "scope") if name in asked})
    body, _told = _get(f"{asked['realm']}?{query}", {"Authorization": basic} if basic else {})
    answer = json.loads(body)
    return f"Bearer {answer.get('token') or answer['access_token']}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="+", metavar="FOLDER|IMAGE", help="a folder of rendered manifests, or an image")
    parser.add_argument("--registry", default="", help="ask this mirror, as metrics_image_registry names it")
    parser.add_argument("--plain-http", action="store_true", help="ask by HTTP")
    options = parser.parse_args()
    images: list[str] = []
    for what in options.what:
        images.extend(images_in(Path(what)) if Path(what).is_dir() else [what])
    found, failed = {}, False
    # One that is named by its digest already is as it has to be.
    for image in sorted({image for image in images if "@" not in image and not image.startswith("localhost/")}):
        try:
            found[image] = digest(image, mirror=options.registry, plain=options.plain_http)
        except DigestError as error:
            print(error, file=sys.stderr)
            failed = True
    if failed:
        return 1
    print(yaml.safe_dump({"metrics_image_digests": found}), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
