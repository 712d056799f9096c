"""Everyday words: what photos of people's collections may show, for the program to propose labels from."""
