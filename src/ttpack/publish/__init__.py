"""From pages to bytes on disk: the site, the PDF, the terminal. Knows blocks only, never the domain."""
