"""Labels that rules suggest: by folders, names, dates, cameras and places."""
