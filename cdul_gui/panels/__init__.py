"""The docks and bars around the photos; each reads the session, calls it, and knows no other panel."""
