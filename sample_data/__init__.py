"""The sample workspace of Lanxi Home 兰溪家居, its generator and the truths planted in it."""
