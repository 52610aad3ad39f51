-- The signatures of payments in our blocks that this node verified itself: these may return to the pool after a reorg.
-- height, position: the block, and the payment's place there from 0
CREATE TABLE signatures (
    height    INTEGER NOT NULL,
    position  INTEGER NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (height, position)
) STRICT, WITHOUT ROWID;
