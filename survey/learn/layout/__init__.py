"""How a page is laid out: boxes in cells, rows, lists and tables."""
