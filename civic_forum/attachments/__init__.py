"""Files that people attach: what is taken, how it is kept, who may read it."""
