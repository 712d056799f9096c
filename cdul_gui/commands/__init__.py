"""Commands by topic; `cdul_gui.actions` puts them into the menus."""
