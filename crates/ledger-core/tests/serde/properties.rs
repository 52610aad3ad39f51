//! For every block, in every format and enum: it reads back with the same hash, or an error says why not.

use ledger_core::{Block, Members};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::formats::{FORMATS, through};
use super::strategies::{block, compact};
use super::wrappers::{Adjacent, Internal, Untagged};

#[derive(Serialize, Deserialize)]
struct Flat {
    #[serde(flatten)]
    block: Members<'static>,
}

fn same_or_refused(read: Result<Members<'static>, String>, block: &Members<'_>) -> Result<(), TestCaseError> {
    if let Ok(read) = read {
        prop_assert_eq!(read.hash(), block.hash());
        prop_assert_eq!(&read, block);
    }
    Ok(())
}

proptest! {
    #[test]
    fn block_reads_back_in_every_format_and_enum(block in block()) {
        for format in FORMATS {
            same_or_refused(through(format, &block), &block)?;
            let tagged = through(format, &Internal::Block(block.clone()));
            same_or_refused(tagged.map(|read| match read { Internal::Block(read) => read, other => panic!("{other:?}") }), &block)?;
            let adjacent = through(format, &Adjacent::Block(block.clone()));
            same_or_refused(adjacent.map(|read| match read { Adjacent::Block(read) => read, other => panic!("{other:?}") }), &block)?;
            let untagged = through(format, &Untagged::Block(block.clone()));
            same_or_refused(untagged.map(|read| match read { Untagged::Block(read) => read, other => panic!("{other:?}") }), &block)?;
            same_or_refused(through(format, &Flat { block: block.clone() }).map(|read| read.block), &block)?;
            let encoded = through(format, &(Block::new(block.clone()),));
            if format != "TOML" {
                prop_assert_eq!(encoded.map(|(read,)| read.hash()), Ok(block.hash()), "{}", format);
            }
        }
    }

    #[test]
    fn serde_json_and_from_json_agree(block in block()) {
        let json = compact(&block);
        if let Ok(read) = serde_json::from_slice::<Members>(&json) {
            prop_assert_eq!(&read, &block);
        }
        if let Ok(tree) = serde_json::from_slice::<serde_json::Value>(&json) {
            same_or_refused(serde_json::from_value(tree).map_err(|error| error.to_string()), &block)?;
        }
    }
}
