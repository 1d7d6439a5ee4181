"""What is printed: shapes a mark could go into, and phrases."""
