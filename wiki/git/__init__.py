"""How `wiki/repository.py` works: git driven as a process, a journal around every commit, the last change of each page."""
