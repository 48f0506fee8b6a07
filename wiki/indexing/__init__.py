"""How `wiki/index.py` and `wiki/search.py` work: the Tantivy schema, its files, a query's terms, the ranking, the snippets."""
