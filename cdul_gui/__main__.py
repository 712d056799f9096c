"""`python -m cdul_gui` does the same as `cdul`."""

from cdul_gui.door import main

if __name__ == "__main__":
    main()
