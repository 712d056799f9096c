"""The grid of photos: what is shown where, and the thumbnails."""

from cdul_gui.gallery.view import GalleryView

__all__ = ["GalleryView"]
