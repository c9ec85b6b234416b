"""The one error of the benchmark: a sentence for the person at the shell."""


class BenchError(Exception):
    """Says what failed and what to do about it."""
