//! A changed block among many. Blocks are hashed in batches: the first bad one must be named at any position.

use std::sync::LazyLock;

use crate::harness::durable::{assert_one_line, database, open};
use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, chain, texts};

/// Two full batches of 32 blocks, and a part of a third.
const LENGTH: usize = 75;

/// A database with [`LENGTH`] blocks.
static STORED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let launch = Launch::usual().file("chain.json", &answer(&texts(&chain(LENGTH))));
    let ended =
        launch.clone().without("port").without("wallet").argument("import").argument("chain.json").end();
    assert_eq!(ended.code, Some(0), "{:?}", ended.stderr);
    std::fs::read(database(&launch)).unwrap()
});

/// Changes the rewards of these blocks. Checks that the first one is named.
fn assert_first_is_found(changed: &[u64]) {
    let launch = Launch::usual();
    std::fs::create_dir(launch.folder().join("data")).unwrap();
    std::fs::write(database(&launch), &*STORED).unwrap();
    for height in changed {
        let update =
            "UPDATE blocks SET text = replace(text, '\"amount\": 1', '\"amount\": 9') WHERE height = ?1";
        assert_eq!(open(&launch).execute(update, [height]).unwrap(), 1);
    }
    let named = format!("block {}: its content was changed", changed.iter().min().unwrap());
    assert_one_line(&launch.clone().argument("verify").end(), &[&named]);
    assert_one_line(&launch.end(), &[&named]);
}

#[test]
fn changed_block_is_named_anywhere_in_its_batch() {
    for height in [2, 16, 17, 31, 32, 33, 63, 64, 65, 74, 75] {
        assert_first_is_found(&[height]);
    }
}

#[test]
fn first_of_several_changed_blocks_is_named() {
    for heights in [[20, 19], [30, 40], [64, 33], [75, 65]] {
        assert_first_is_found(&heights);
    }
}
