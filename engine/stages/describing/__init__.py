"""What is in these photos: words that tell a collection apart, offered as labels."""
