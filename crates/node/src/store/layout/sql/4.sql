-- From here on seals has the last block, too: tip, its height as rows and its hash as digest, made anew with each block.
-- A file of an older layout gets it when it is taken into use.

-- The address of the wallet that the node was last started with, so that a start misses it.
CREATE TABLE IF NOT EXISTS wallet (
    address TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
