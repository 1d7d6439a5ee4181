"""What was asked, and where its boxes lie."""
