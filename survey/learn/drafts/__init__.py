"""Draft items, page by page and over the whole blank."""
