"""The demo, the state of the machine, and tidying up."""
