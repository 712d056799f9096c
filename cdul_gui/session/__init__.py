"""The open project and all one can do with it, without a widget."""
