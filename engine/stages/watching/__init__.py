"""Photos that come by themselves."""
