"""What formats share: whole files, portable names, careful reading."""
