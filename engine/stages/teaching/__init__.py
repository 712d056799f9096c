"""What people's answers teach about all other photos, as they answer."""
