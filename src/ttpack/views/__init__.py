"""From answers to pages: what a reader sees, as plain blocks. Pure; knows no file, format or clock."""
