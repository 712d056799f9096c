"""The labels dock."""
