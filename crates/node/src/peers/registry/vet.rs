//! Checks addresses before they are registered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ledger_core::NodeAddress;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::destination::{self, BadDestination};
use super::ourselves::is_ourselves;
use crate::system::threads::{Panicked, blocking};

/// Time for looking up names that may be this node's.
const LOOK_UP: Duration = Duration::from_secs(10);

/// Time for looking up the other names.
const QUICK_LOOK_UP: Duration = Duration::from_secs(3);

/// Names the work if it panics.
const WORK: &str = "checking addresses of neighbours";

/// Why an address cannot be registered.
#[derive(Debug, thiserror::Error)]
pub enum VetError {
    /// It is this node's.
    #[error("{0} is this node itself")]
    Ourselves(NodeAddress),
    /// It cannot be a peer's.
    #[error("{0} cannot be registered: {1}")]
    BadDestination(NodeAddress, BadDestination),
    /// Looking up whether it is this node's took too long.
    #[error("their names could not be looked up in time; give IP addresses")]
    Slow,
    /// The check panicked: a bug of ours.
    #[error(transparent)]
    Failed(#[from] Panicked),
}

/// Checks addresses. Names can be slow to look up, so requests take turns.
#[derive(Debug, Default)]
pub struct Vetting {
    /// Locked while names are compared with this node's.
    ourselves: Arc<Mutex<()>>,
    /// Locked while the other names are looked up.
    destinations: Arc<Mutex<()>>,
}

impl Vetting {
    /// Returns the addresses if none of them is this node's, which listens on `ours`, or cannot be a peer's.
    ///
    /// Names with another port than ours are looked up for a short time only: their nodes may be down, and each
    /// fetch of a chain checks their IP addresses again.
    ///
    /// # Errors
    ///
    /// [`VetError`] with the first refused address.
    pub async fn vet(
        &self,
        ours: SocketAddr,
        addresses: Vec<NodeAddress>,
    ) -> Result<Vec<NodeAddress>, VetError> {
        let addresses = without_ourselves(&self.ourselves, ours, addresses).await?;
        for address in &addresses {
            let checked = destination::literal(address).map_or(Ok(()), destination::check);
            checked.map_err(|refused| VetError::BadDestination(address.clone(), refused))?;
        }
        let names: Vec<NodeAddress> =
            addresses.iter().filter(|address| destination::literal(address).is_none()).cloned().collect();
        if !names.is_empty() {
            check_destinations(&self.destinations, names).await?;
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

/// Refuses names that lead to addresses which cannot be a peer's. Ignores those that cannot be looked up in time.
async fn check_destinations(lock: &Arc<Mutex<()>>, names: Vec<NodeAddress>) -> Result<(), VetError> {
    let deadline = Instant::now() + QUICK_LOOK_UP;
    let Ok(locked) = timeout(QUICK_LOOK_UP, Arc::clone(lock).lock_owned()).await else { return Ok(()) };
    let check = blocking(WORK, move || {
        let _locked = locked;
        let in_time = names.into_iter().take_while(|_| Instant::now() < deadline);
        in_time
            .map(|name| (destination::check_host(&name), name))
            .find_map(|(checked, name)| checked.err().map(|refused| VetError::BadDestination(name, refused)))
    });
    match timeout(QUICK_LOOK_UP, check).await {
        Ok(refused) => refused?.map_or(Ok(()), Err),
        Err(_) => Ok(()),
    }
}
