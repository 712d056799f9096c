"""Labelling on more than one machine: photos in parts, which many workers encode and one keeps."""
