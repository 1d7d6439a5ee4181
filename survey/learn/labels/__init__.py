"""Which words belong to which boxes."""
