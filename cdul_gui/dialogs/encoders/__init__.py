"""Encoders: which there are, what each is good for, and how to get one."""
