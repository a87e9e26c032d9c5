"""Whether each receiving site can do what the process asks: parameters, volumes, flows, utilities, rooms, materials."""
