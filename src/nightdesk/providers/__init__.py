"""Adapters to outside models and tools, the keyless one of each kind first."""
