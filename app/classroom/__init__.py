"""The classroom: a page to see a run, change it and tell it, in a browser, a hand-out or a notebook."""
