"""The one exception of the sandbox: a sentence for the person at the terminal."""

from __future__ import annotations


class SandboxError(Exception):
    """What is wrong and what to do about it, in one sentence."""
