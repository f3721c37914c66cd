"""What Cairn relies on in Reflex that is not part of its public interface.

tests/reflex_adapter has one test for each assumption; docs/upgrading-reflex.md says how to take a new version.
"""
