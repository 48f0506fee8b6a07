"""How `wiki/live_site.py` and `wiki/publishing.py` draw pages: MkDocs' configuration, files, navigation and templates in memory."""
