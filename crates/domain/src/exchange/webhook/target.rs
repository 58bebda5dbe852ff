//! Where webhooks may point: to the open internet over TLS, and elsewhere only where the operator says
//! so. Without this a subscription would be a way into the network that the service stands in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use url::{Host, Url};

use crate::Label;

/// The longest address.
pub const MAX_URL: usize = 2000;

/// What the operator allows beyond the open internet.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// Plain HTTP.
    pub http: bool,
    /// Private networks.
    pub networks: Vec<IpNet>,
}

/// Networks that are not the open internet (IANA registry of special-purpose IPv4 addresses).
const SPECIAL_V4: [(Ipv4Addr, u8); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// The open internet of IPv6 is `2000::/3` without these (IANA registry of special-purpose IPv6
/// addresses): protocol assignments with Teredo, documentation, 6to4.
const SPECIAL_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];
const OPEN_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

impl Targets {
    /// Whether webhooks may be sent to an address of the network.
    pub fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_open(address) || self.networks.iter().any(|network| network.contains(&address))
    }

    /// The address of a webhook as it is kept, or what is wrong with it.
    ///
    /// # Errors
    /// A code and what it says.
    pub fn check(&self, text: &str) -> Result<Url, (&'static str, Label)> {
        let wrong = |code, vi: &str, en: &str| (code, Label::new(vi, en));
        let url = Url::parse(text.trim()).ok().filter(Url::has_host);
        let url =
            url.ok_or_else(|| wrong("not_a_url", "Đây không phải là một địa chỉ web.", "This is not a web address."))?;
        if text.len() > MAX_URL {
            return Err(wrong(
                "too_long",
                "Địa chỉ dài quá 2000 ký tự.",
                "The address is longer than 2,000 characters.",
            ));
        }
        if url.scheme() != "https" && !(self.http && url.scheme() == "http") {
            return Err(wrong(
                "https_required",
                "Địa chỉ phải bắt đầu bằng https://.",
                "The address must begin with https://.",
            ));
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(wrong(
                "unexpected_part",
                "Địa chỉ không được có tên, mật khẩu hay phần sau dấu #.",
                "The address must have no user, no password and nothing behind a #.",
            ));
        }
        let allowed = match url.host() {
            Some(Host::Ipv4(address)) => self.allows(address.into()),
            Some(Host::Ipv6(address)) => self.allows(address.into()),
            Some(Host::Domain(name)) => !is_local(name) || self.allows(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            None => false,
        };
        if !allowed {
            return Err(wrong(
                "private_address",
                "Địa chỉ nằm trong mạng nội bộ; quản trị hệ thống cho phép trong cấu hình.",
                "The address lies in a private network; the operator allows those in the settings.",
            ));
        }
        Ok(url)
    }
}

/// Names that mean this machine (RFC 6761).
fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
}

fn is_open(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !SPECIAL_V4.iter().any(|(net, bits)| holds_v4(*net, *bits, address)),
        IpAddr::V6(address) => {
            holds_v6(OPEN_V6.0, OPEN_V6.1, address)
                && !SPECIAL_V6.iter().any(|(net, bits)| holds_v6(*net, *bits, address))
        }
    }
}

fn holds_v4(net: Ipv4Addr, bits: u8, address: Ipv4Addr) -> bool {
    Ipv4Net::new(net, bits).is_ok_and(|net| net.contains(&address))
}

fn holds_v6(net: Ipv6Addr, bits: u8, address: Ipv6Addr) -> bool {
    Ipv6Net::new(net, bits).is_ok_and(|net| net.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(targets: &Targets, url: &str) -> &'static str {
        targets.check(url).err().map_or("", |(code, _)| code)
    }

    #[test]
    fn only_the_open_internet_over_tls() {
        let open = Targets::default();
        for url in ["https://sis.example.vn/hooks?x=1", "https://203.162.4.190/", "https://[2606:4700::1111]:8443/a"] {
            assert_eq!(refused(&open, url), "", "{url}");
        }
        for url in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://10.1.2.3/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
            "https://localhost/",
            "https://a.localhost./",
            "https://0.0.0.0/",
            "https://[64:ff9b::a00:1]/",
            "https://[2002:a00:1::]/",
        ] {
            assert_eq!(refused(&open, url), "private_address", "{url}");
        }
        assert_eq!(refused(&open, "http://sis.example.vn/"), "https_required");
        assert_eq!(refused(&open, "ftp://sis.example.vn/"), "https_required");
        assert_eq!(refused(&open, "https://user:x@sis.example.vn/"), "unexpected_part");
        assert_eq!(refused(&open, "https://sis.example.vn/#a"), "unexpected_part");
        assert_eq!(refused(&open, "sis.example.vn"), "not_a_url");
        assert_eq!(refused(&open, "mailto:a@example.vn"), "not_a_url");
    }

    #[test]
    fn the_operator_opens_networks() {
        let inside =
            Targets { http: true, networks: vec!["10.1.0.0/16".parse().unwrap(), "127.0.0.0/8".parse().unwrap()] };
        for url in
            ["http://10.1.2.3/", "http://127.0.0.1:9000/hook", "http://localhost:9000/", "https://sis.example.vn/"]
        {
            assert_eq!(refused(&inside, url), "", "{url}");
        }
        assert_eq!(refused(&inside, "http://10.2.0.1/"), "private_address");
    }
}
