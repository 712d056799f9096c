"""The dock of one photo: chips and scores."""
