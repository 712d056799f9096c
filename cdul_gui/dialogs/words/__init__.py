"""What is in these photos: words to make labels of."""
