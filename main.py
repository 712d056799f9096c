"""The door of a checkout: `python main.py` does the same as `cdul`."""

from cdul_gui.door import main

if __name__ == "__main__":
    main()
