//! The rules of access.

use actix_web::HttpRequest;

use super::asked::{Asked, Single, Site};
use super::authority::{Authority, Host};
use super::refusal_log::RefusalLog;
use super::{HostName, Origin, OwnerToken, Refusal};

/// Who may make a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody, pages of other sites included; those get to see the answer only if their origin is allowed.
    Read,
    /// Everybody but a page of another site.
    Submit,
    /// The owner of the node, from no page of another site.
    Owner,
}

impl Access {
    /// The word that the documents use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Submit => "submit",
            Self::Owner => "owner",
        }
    }
}

/// Who is the owner without the token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OwnerRule {
    /// Whoever asks from this machine.
    #[default]
    Loopback,
    /// Nobody. For a node behind a proxy on its machine, from which all requests seem to come.
    Token,
    /// Everybody who reaches the node.
    Open,
}

/// The rules of a node.
#[derive(Debug)]
pub struct Policy {
    owner: OwnerRule,
    token: OwnerToken,
    /// Where the owner finds the token, in words that a stranger may read.
    token_is: String,
    names: Vec<HostName>,
    origins: Vec<Origin>,
    log: RefusalLog,
}

/// The page that asks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Page {
    /// None, or one of the node's own.
    Own,
    /// One of another site, which the owner has named.
    Allowed,
}

impl Policy {
    /// The rules: who is the owner, the token and where it is found, the names of the node beside `localhost` and IP
    /// addresses, and the origins of pages that may ask.
    pub fn new(
        owner: OwnerRule,
        token: OwnerToken,
        token_is: String,
        names: Vec<HostName>,
        origins: Vec<Origin>,
    ) -> Self {
        Self { owner, token, token_is, names, origins, log: RefusalLog::default() }
    }

    /// Checks that a request may be made.
    ///
    /// # Errors
    ///
    /// [`Refusal`], which the log has noted.
    pub fn check(&self, access: Access, request: &HttpRequest) -> Result<(), Refusal> {
        let asked = Asked(request);
        let checked = match access {
            Access::Read => Ok(()),
            Access::Submit => self.check_page(&asked).map(|_| ()),
            Access::Owner => self.check_owner(&asked),
        };
        checked.inspect_err(|refusal| {
            self.log.note(
                request.match_pattern().as_deref(),
                request.peer_addr().map(|peer| peer.ip()),
                refusal,
            );
        })
    }

    /// The origin of the page that asks, if it may see the answer. None if no page asks.
    pub(crate) fn reader(&self, request: &HttpRequest) -> Option<&Origin> {
        let Single::One(text) = Asked(request).origin() else { return None };
        let origin: Origin = text.parse().ok()?;
        self.origins.iter().find(|known| **known == origin)
    }

    /// Whether the answer to a request depends on the page that asks.
    pub(crate) fn has_readers(&self) -> bool {
        !self.origins.is_empty()
    }

    fn check_owner(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let page = self.check_page(asked)?;
        self.check_host(asked)?;
        let token = asked.token();
        if token.is_some_and(|token| self.token.is(token)) {
            return Ok(());
        }
        match (page, self.owner) {
            (Page::Own, OwnerRule::Open) => Ok(()),
            (Page::Own, OwnerRule::Loopback) if asked.is_loopback() => Ok(()),
            _ if token.is_some() => Err(Refusal::WrongToken(self.token_is.clone())),
            (Page::Own, OwnerRule::Loopback) => Err(Refusal::Stranger(self.token_is.clone())),
            _ => Err(Refusal::NoToken(self.token_is.clone())),
        }
    }

    /// Refuses what a page of another site asks, unless its origin is allowed.
    fn check_page(&self, asked: &Asked<'_>) -> Result<Page, Refusal> {
        match asked.origin() {
            Single::Unclear => Err(Refusal::ForeignPage),
            Single::One(origin) => {
                let origin = origin.parse().map_err(|_| Refusal::ForeignPage)?;
                match self.check_own_page(asked, &origin) {
                    Err(_) if self.origins.contains(&origin) => Ok(Page::Allowed),
                    checked => checked,
                }
            }
            Single::Missing => self.check_silent_page(asked),
        }
    }

    /// Refuses a page that is not the node's own: its host and port are those that are asked, under a name that is ours.
    fn check_own_page(&self, asked: &Asked<'_>, origin: &Origin) -> Result<Page, Refusal> {
        let host = self.check_host(asked)?;
        let is_own = origin.is_at(&host) && asked.site() != Site::Foreign;
        if is_own { Ok(Page::Own) } else { Err(Refusal::ForeignPage) }
    }

    /// A page that gives no origin: browsers leave it out when a page reads, shows a picture or follows a link.
    fn check_silent_page(&self, asked: &Asked<'_>) -> Result<Page, Refusal> {
        match asked.site() {
            Site::Foreign => Err(Refusal::ForeignPage),
            // The page's own site may be one that got our address for its name.
            Site::Own => self.check_host(asked).map(|_| Page::Own),
            // Browsers tell the site only to addresses they trust, such as localhost, so it may be any.
            Site::Unsaid if asked.is_browser() => Err(Refusal::SilentBrowser),
            Site::Unsaid => Ok(Page::Own),
        }
    }

    /// Refuses a request for another host: by DNS rebinding, a page's own name can lead to this node.
    fn check_host(&self, asked: &Asked<'_>) -> Result<Authority, Refusal> {
        let authority = asked.host().ok_or(Refusal::NoHost)?;
        match &authority.host {
            Host::Name(name) if name.as_str() != "localhost" && !self.names.contains(name) => {
                Err(Refusal::ForeignHost(name.clone()))
            }
            _ => Ok(authority),
        }
    }
}
