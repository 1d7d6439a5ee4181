"""One module per outside library that more than one of us needs."""
