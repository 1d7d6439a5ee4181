"""The local web page on which a person settles doubts."""
