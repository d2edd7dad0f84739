"""Measurements behind the figures that the README claims; see `bench/README.md`."""
