//! Checks addresses on their way into the list of neighbours.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ledger_core::NodeAddress;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::destination::{self, NoPlace};
use super::ourselves::is_ourselves;
use crate::system::threads::{Panicked, blocking};

/// How long looking up names that may be this node's may take.
const LOOK_UP: Duration = Duration::from_secs(10);

/// How long looking up the other names may take.
const BRIEF: Duration = Duration::from_secs(3);

/// What panics are told of.
const WORK: &str = "checking addresses of neighbours";

/// Why an address is no neighbour's.
#[derive(Debug, thiserror::Error)]
pub enum VetError {
    /// It leads back to this node.
    #[error("{0} is this node itself")]
    Ourselves(NodeAddress),
    /// No node is there.
    #[error("{0} cannot be registered: {1}")]
    NoPlace(NodeAddress, NoPlace),
    /// It cannot be told in time whether it is this node.
    #[error("their names could not be looked up in time; give IP addresses")]
    Slow,
    /// The check panicked, which is a fault of ours.
    #[error(transparent)]
    Failed(#[from] Panicked),
}

/// Checks addresses. Looking up names may take long, so one request does it at a time.
#[derive(Debug, Default)]
pub struct Vetting {
    /// Held while names are compared with this node's own.
    ourselves: Arc<Mutex<()>>,
    /// Held while it is checked where names lead.
    places: Arc<Mutex<()>>,
}

impl Vetting {
    /// Answers the addresses again if none is this node's own, which listens on `ours`, or one where no node can be.
    ///
    /// A name whose port is not ours is looked up for a while only: its node may be down, and what the name leads to is
    /// checked again whenever a chain is fetched.
    ///
    /// # Errors
    ///
    /// [`VetError`] with the first address that is refused.
    pub async fn vet(
        &self,
        ours: SocketAddr,
        addresses: Vec<NodeAddress>,
    ) -> Result<Vec<NodeAddress>, VetError> {
        let addresses = without_ourselves(&self.ourselves, ours, addresses).await?;
        for address in &addresses {
            let place = destination::literal(address).map_or(Ok(()), destination::check);
            place.map_err(|refused| VetError::NoPlace(address.clone(), refused))?;
        }
        let names: Vec<NodeAddress> =
            addresses.iter().filter(|address| destination::literal(address).is_none()).cloned().collect();
        if !names.is_empty() {
            places(&self.places, names).await?;
        }
        Ok(addresses)
    }
}

async fn without_ourselves(
    lock: &Arc<Mutex<()>>,
    ours: SocketAddr,
    addresses: Vec<NodeAddress>,
) -> Result<Vec<NodeAddress>, VetError> {
    let deadline = Instant::now() + LOOK_UP;
    let locked = timeout(LOOK_UP, Arc::clone(lock).lock_owned()).await.map_err(|_| VetError::Slow)?;
    let check = blocking(WORK, move || {
        let _locked = locked;
        for address in &addresses {
            if Instant::now() > deadline {
                return Err(VetError::Slow);
            }
            if is_ourselves(address, ours) {
                return Err(VetError::Ourselves(address.clone()));
            }
        }
        Ok(addresses)
    });
    timeout(LOOK_UP, check).await.map_err(|_| VetError::Slow)??
}

/// Refuses names that lead to where no node can be, as far as they can be looked up in time.
async fn places(lock: &Arc<Mutex<()>>, names: Vec<NodeAddress>) -> Result<(), VetError> {
    let deadline = Instant::now() + BRIEF;
    let Ok(locked) = timeout(BRIEF, Arc::clone(lock).lock_owned()).await else { return Ok(()) };
    let check = blocking(WORK, move || {
        let _locked = locked;
        let in_time = names.into_iter().take_while(|_| Instant::now() < deadline);
        in_time
            .map(|name| (destination::check_host(&name), name))
            .find_map(|(place, name)| place.err().map(|refused| VetError::NoPlace(name, refused)))
    });
    match timeout(BRIEF, check).await {
        Ok(refused) => refused?.map_or(Ok(()), Err),
        Err(_) => Ok(()),
    }
}
