"""The frame: application, main window, menus, tool bar."""
