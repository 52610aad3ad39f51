//! Traits that programs expect of our types.

use std::error::Error;
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ledger_core::classic::Classic;
use ledger_core::seam::Erased;
use ledger_core::{
    Amount, AmountError, Block, BlockHash, BlockRefused, Blockchain, ChainReader, ClassicRules, Difficulty,
    DifficultyError, EngineError, HashError, JsonError, JsonText, LoadError, Members, NodeAddress,
    NodeAddressError, Number, NumberError, ParseError, PaymentError, Pool, PoolFull, PreviousHash, Puzzle,
    Recipient, RuleViolation, SignedPayment, SignedTransaction, StreamError, Timestamp, Tip, Transaction,
    VerifiedPayment, canonical,
};

fn goes_to_threads<T: Send + Sync + Unpin + 'static>() {}

fn is_data<T: Clone + Debug + PartialEq + Eq + Send + Sync + 'static>() {}

fn is_a_key<T: Hash + Eq>() {}

fn is_read_from_text<T: FromStr<Err: Error> + Display>() {}

fn is_an_error<T: Error + Clone + PartialEq + Send + Sync + 'static>() {}

#[test]
fn types_have_the_usual_traits() {
    goes_to_threads::<(Blockchain, Pool, ChainReader, Erased<Classic>, Puzzle)>();
    is_data::<(Members, Transaction, Amount, Recipient, Number, Timestamp, PreviousHash, JsonText)>();
    is_data::<(Block, BlockHash, ClassicRules, Tip, Difficulty, NodeAddress)>();
    is_data::<(SignedTransaction, SignedPayment, VerifiedPayment)>();
    is_a_key::<(Members, Transaction, Amount, Recipient, Timestamp, BlockHash, NodeAddress)>();
    is_read_from_text::<Members>();
    is_read_from_text::<Transaction>();
    is_read_from_text::<Block>();
    is_read_from_text::<BlockHash>();
    is_read_from_text::<NodeAddress>();
    is_an_error::<AmountError>();
    is_an_error::<BlockRefused>();
    is_an_error::<DifficultyError>();
    is_an_error::<EngineError>();
    is_an_error::<RuleViolation>();
    is_an_error::<HashError>();
    is_an_error::<JsonError>();
    is_an_error::<LoadError>();
    is_an_error::<NodeAddressError>();
    is_an_error::<NumberError>();
    is_an_error::<ParseError>();
    is_an_error::<PaymentError>();
    is_an_error::<PoolFull>();
    is_an_error::<StreamError>();
}

#[test]
fn block_displays_as_its_canonical_text() {
    let mut block = Members::genesis(Timestamp::from_micros(1_506_057_125_900_785));
    block.transactions.push(Transaction::reward("Zoë", 1));
    assert_eq!(block.to_string(), canonical::text(&block));
    assert_eq!(BlockHash::of_text(&block.to_string()), block.hash());
    assert_eq!(block.to_string().parse(), Ok(block.clone()));
    let payment = &block.transactions[0];
    assert_eq!(payment.to_string(), r#"{"amount": 1, "recipient": "Zo\u00eb", "sender": "0"}"#);
    let encoded: Block = block.to_string().parse().unwrap();
    assert_eq!((encoded.to_string(), encoded), (block.to_string(), block.into()));
}

#[test]
fn system_time_before_1970_is_no_timestamp() {
    let time = |time: SystemTime| Timestamp::try_from(time).map(|time| time.to_string());
    assert_eq!(time(UNIX_EPOCH + Duration::from_micros(1_500_000)).unwrap(), "1.5");
    assert!(time(UNIX_EPOCH - Duration::from_secs(1)).is_err());
}

#[test]
fn payment_and_rules_return_their_parts() {
    let payment = Transaction { amount: 5u64.into(), recipient: "bob".into(), sender: "alice".into() };
    assert_eq!(payment.message(), "alicebob5");
    let signed = SignedTransaction::new(payment, "c2ln".into()).unwrap();
    assert_eq!(signed.signature(), "c2ln");
    assert_eq!(ClassicRules::new(Difficulty::new(3).unwrap()).difficulty(), Difficulty::new(3).unwrap());
}
