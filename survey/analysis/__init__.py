"""From marks to estimates."""
