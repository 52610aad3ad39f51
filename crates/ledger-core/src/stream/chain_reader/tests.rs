use super::*;

fn feed(reader: &mut ChainReader, piece: &[u8]) -> Result<(), StreamError> {
    reader.feed(piece, |_| Ok(()))
}

#[test]
fn syntax_error_names_what_was_expected() {
    for (json, expected) in [
        ("[", "a JSON object with the members chain and length"),
        ("{5", "the name of a member"),
        (r#"{"a": 1, }"#, "the name of a member"),
        (r#"{"a" 1"#, "a colon"),
        (r#"{"a": "" 5"#, "a comma or the end of the object"),
        (r#"{"chain": 5"#, "a list of blocks"),
        (r#"{"chain": [5"#, "a block, which is a JSON object"),
        (r#"{"chain": [{}, ]"#, "a block, which is a JSON object"),
        (r#"{"chain": [{} 5"#, "a comma or the end of the list"),
        (r#"{"chain": []} 5"#, "the end"),
    ] {
        let offset = json.len() as u64 - 1;
        let refused = feed(&mut ChainReader::new(100), json.as_bytes());
        assert!(
            matches!(refused, Err(StreamError::Syntax { offset: at, expected: found }) if found == expected && at <= offset),
            "{json}: {refused:?}"
        );
    }
}

#[test]
fn block_limit_is_inclusive() {
    let chain = br#"{"chain": [{"a": 1}"#;
    assert_eq!(feed(&mut ChainReader::new(8), chain), Ok(()));
    assert!(matches!(feed(&mut ChainReader::new(7), chain), Err(StreamError::TooLong { limit: 7, .. })));
}

#[test]
fn bytes_outside_blocks_are_counted_and_bounded() {
    let mut reader = ChainReader::new(1 << 20);
    let block = [&b"{\"a\": \""[..], &vec![b'x'; 600 << 10], b"\"}"].concat();
    feed(&mut reader, br#"{"chain": ["#).unwrap();
    assert_eq!(reader.outside_blocks(), 11);
    // In two pieces.
    feed(&mut reader, &block[..100]).unwrap();
    feed(&mut reader, &block[100..]).unwrap();
    assert_eq!(reader.outside_blocks(), 11);
    let space = vec![b' '; usize::try_from(MAX_OUTSIDE).unwrap()];
    feed(&mut reader, &space).unwrap();
    assert_eq!(reader.outside_blocks(), 11 + MAX_OUTSIDE);
    assert!(matches!(feed(&mut reader, b" "), Err(StreamError::NoBlock { .. })));
}
