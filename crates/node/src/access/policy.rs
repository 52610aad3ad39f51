//! The access rules.

use actix_web::HttpRequest;

use super::authority::{Authority, Host};
use super::caller::{Caller, Single, Site};
use super::refusal_log::RefusalLog;
use super::{HostName, Origin, OwnerToken, Refusal};

/// Who may make a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody, including pages of other sites. Those can read the answer only if their origin is allowed.
    Read,
    /// Everybody but pages of other sites.
    Submit,
    /// The node's owner, and not from a page of another site.
    Owner,
}

impl Access {
    /// The word that the documentation uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Submit => "submit",
            Self::Owner => "owner",
        }
    }
}

/// Who counts as the owner without the token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OwnerRule {
    /// Callers from this machine.
    #[default]
    Loopback,
    /// Nobody. For a node behind a proxy on its own machine: all requests seem to come from this machine.
    Token,
    /// Everybody who can reach the node.
    Open,
}

/// The access rules of a node.
#[derive(Debug)]
pub struct Policy {
    owner: OwnerRule,
    token: OwnerToken,
    /// Where the owner finds the token, in words that a stranger may read.
    token_hint: String,
    names: Vec<HostName>,
    origins: Vec<Origin>,
    log: RefusalLog,
}

/// The page that makes a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Page {
    /// No page, or one of the node's own.
    Own,
    /// A page of another site that the owner has allowed.
    Allowed,
}

impl Policy {
    /// Creates the rules. `names` are the node's host names other than `localhost` and IP addresses. `origins` are those of
    /// other sites whose pages may ask.
    pub fn new(
        owner: OwnerRule,
        token: OwnerToken,
        token_hint: String,
        names: Vec<HostName>,
        origins: Vec<Origin>,
    ) -> Self {
        Self { owner, token, token_hint, names, origins, log: RefusalLog::default() }
    }

    /// Checks whether a request is allowed.
    ///
    /// # Errors
    ///
    /// [`Refusal`], which is also logged.
    pub fn check(&self, access: Access, request: &HttpRequest) -> Result<(), Refusal> {
        let caller = Caller(request);
        let checked = match access {
            Access::Read => Ok(()),
            Access::Submit => self.check_page(&caller).map(|_| ()),
            Access::Owner => self.check_owner(&caller),
        };
        checked.inspect_err(|refusal| {
            self.log.note(
                request.match_pattern().as_deref(),
                request.peer_addr().map(|peer| peer.ip()),
                refusal,
            );
        })
    }

    /// Whether the caller has the owner's rights. A browser sends no origin when a page reads, so for such a request this
    /// says what a later POST of the page may do.
    pub fn is_owner(&self, request: &HttpRequest) -> bool {
        let caller = Caller(request);
        let page = match self.check_page(&caller) {
            Err(Refusal::SilentBrowser) => Ok(Page::Own),
            checked => checked,
        };
        page.is_ok_and(|page| self.check_rights(&caller, page).is_ok())
    }

    /// Whether a request has the owner's token.
    pub(crate) fn has_token(&self, request: &HttpRequest) -> bool {
        Caller(request).token().is_some_and(|token| self.token.is(token))
    }

    /// The origin of the calling page, if it may read the answer. `None` without a page.
    pub(crate) fn reader(&self, request: &HttpRequest) -> Option<&Origin> {
        let Single::One(text) = Caller(request).origin() else { return None };
        let origin: Origin = text.parse().ok()?;
        self.origins.iter().find(|known| **known == origin)
    }

    /// Whether answers depend on the origin of the calling page.
    pub(crate) fn has_readers(&self) -> bool {
        !self.origins.is_empty()
    }

    fn check_owner(&self, caller: &Caller<'_>) -> Result<(), Refusal> {
        let page = self.check_page(caller)?;
        self.check_rights(caller, page)
    }

    /// Checks that the caller is the owner, after the check of its page.
    fn check_rights(&self, caller: &Caller<'_>, page: Page) -> Result<(), Refusal> {
        self.check_host(caller)?;
        let token = caller.token();
        if token.is_some_and(|token| self.token.is(token)) {
            return Ok(());
        }
        match (page, self.owner) {
            (Page::Own, OwnerRule::Open) => Ok(()),
            (Page::Own, OwnerRule::Loopback) if caller.is_loopback() => Ok(()),
            _ if token.is_some() => Err(Refusal::WrongToken(self.token_hint.clone())),
            (Page::Own, OwnerRule::Loopback) => Err(Refusal::Stranger(self.token_hint.clone())),
            _ => Err(Refusal::NoToken(self.token_hint.clone())),
        }
    }

    /// Refuses a page of another site, unless its origin is allowed.
    fn check_page(&self, caller: &Caller<'_>) -> Result<Page, Refusal> {
        match caller.origin() {
            Single::Unclear => Err(Refusal::ForeignPage),
            Single::One(origin) => {
                let origin = origin.parse().map_err(|_| Refusal::ForeignPage)?;
                match self.check_own_page(caller, &origin) {
                    Err(_) if self.origins.contains(&origin) => Ok(Page::Allowed),
                    checked => checked,
                }
            }
            Single::Missing => self.check_silent_page(caller),
        }
    }

    /// Refuses a page that is not the node's own. The origin of our own page is the host that the request is sent to,
    /// and that host is one of our names.
    fn check_own_page(&self, caller: &Caller<'_>, origin: &Origin) -> Result<Page, Refusal> {
        let host = self.check_host(caller)?;
        let is_own = origin.is_at(&host) && caller.site() != Site::Foreign;
        if is_own { Ok(Page::Own) } else { Err(Refusal::ForeignPage) }
    }

    /// Checks a request without an origin: browsers omit it when a page reads, shows an image or follows a link.
    fn check_silent_page(&self, caller: &Caller<'_>) -> Result<Page, Refusal> {
        match caller.site() {
            Site::Foreign => Err(Refusal::ForeignPage),
            // The host may be a foreign name that resolves to our address.
            Site::Own => self.check_host(caller).map(|_| Page::Own),
            // Browsers send `Sec-Fetch-Site` only to trusted addresses such as localhost. Without it, the page may be foreign.
            Site::NotGiven if caller.is_browser() => Err(Refusal::SilentBrowser),
            Site::NotGiven => Ok(Page::Own),
        }
    }

    /// Refuses a request to another host: with DNS rebinding, a foreign page's own name leads to this node.
    fn check_host(&self, caller: &Caller<'_>) -> Result<Authority, Refusal> {
        let authority = caller.host().ok_or(Refusal::NoHost)?;
        match &authority.host {
            Host::Name(name) if name.as_str() != "localhost" && !self.names.contains(name) => {
                Err(Refusal::ForeignHost(name.clone()))
            }
            _ => Ok(authority),
        }
    }
}

#[cfg(test)]
mod tests;
