"""From paper to marks."""
