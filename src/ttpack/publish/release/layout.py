"""Names of what stands in an edition's folder, for those who write it and those who read it."""

RECORD = "release.json"
BILL = "bom.cdx.json"
DOCUMENTS = "documents"
FORMAT = 1
"""Version of the release record."""
