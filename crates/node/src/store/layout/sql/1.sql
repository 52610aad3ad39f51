-- The chain: one row a block, its text exactly as it was hashed.
CREATE TABLE blocks (
    height INTEGER PRIMARY KEY,
    hash   TEXT NOT NULL UNIQUE,
    text   TEXT NOT NULL
) STRICT;

-- Which payments of which blocks concern an address, to find them without reading the chain.
-- segment: height / 4096, so that new rows stay together on a few pages whatever their addresses are
-- address: the first 8 bytes of the address's SHA-256
-- first, last: the heights of the first and last block with an entry in this row
-- entries: a JSON list of [height, position in the block from 0, role, amount];
--          role: 1 the address is paid, 2 it pays, 3 both; amount: null if it is a text that does not read as a number
CREATE TABLE payments (
    segment INTEGER NOT NULL,
    address INTEGER NOT NULL,
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL,
    entries TEXT NOT NULL,
    PRIMARY KEY (segment, address, first)
) STRICT, WITHOUT ROWID;

-- The payments that wait, in order.
CREATE TABLE pool (
    number    INTEGER PRIMARY KEY,
    payment   TEXT NOT NULL,
    signature TEXT
) STRICT;

-- The neighbours, as host:port.
CREATE TABLE peers (
    address TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
