"""Pure statistics on arrays: no files, no tables, no state.

`index_numbers` price levels; `decomposition` what a difference is made of; `resampling` and
`intervals` how sure a number is; `distances` how unlike two assortments are. nan always means
"not known": it goes in and comes out as nan and is never read as zero.
"""
