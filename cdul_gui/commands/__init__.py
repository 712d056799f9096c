"""Commands by topic; `cdul_gui.commands.every_command` puts them into the menus."""
