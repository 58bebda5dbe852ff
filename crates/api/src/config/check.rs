//! Checks settings, and reads those that say several things at once.

use actix_web::http::Uri;
use gdtx_domain::{access::rate::RateClass, exchange::webhook::target::Targets};
use gdtx_service::access::quota::Quota;
use ipnet::IpNet;
use secrecy::ExposeSecret;

use super::Settings;

/// Refuses numbers that make no sense, naming the setting.
pub(super) fn ranges(s: &Settings) -> Result<(), String> {
    for (name, value, least, most) in [
        ("max_connections", i64::from(s.max_connections), 1, i64::from(u32::MAX)),
        ("workers", i64::try_from(s.workers).unwrap_or(i64::MAX), 1, 1024),
        ("token_lifetime_seconds", s.token_lifetime_seconds, 60, 3600),
        ("export_lease_seconds", i64::try_from(s.export_lease_seconds).unwrap_or(i64::MAX), 1, 86_400),
        ("export_limit_bytes", s.export_limit_bytes, 1, i64::MAX),
        // Answers are kept for a day for retries, and lead to the job.
        ("export_keep_hours", s.export_keep_hours, 24, 8760),
        ("export_link_seconds", s.export_link_seconds, 1, 86_400),
        ("webhook_messages", i64::try_from(s.webhook_messages).unwrap_or(i64::MAX), 1, 1024),
        ("webhook_disable_days", s.webhook_disable_days.into(), 1, 365),
        ("webhook_log_days", s.webhook_log_days.into(), 1, 3650),
        ("rate_window_seconds", s.rate_window_seconds, 1, 86_400),
        ("rate_ipv4_bits", i64::from(s.rate_ipv4_bits), 8, 32),
        ("rate_ipv6_bits", i64::from(s.rate_ipv6_bits), 16, 128),
    ] {
        if !(least..=most).contains(&value) {
            return Err(format!("configuration: {name}: must lie between {least} and {most}"));
        }
    }
    for (class, requests) in rates(s) {
        if !(0..=1_000_000_000).contains(&requests) {
            return Err(format!("configuration: rate_{class}: must lie between 0 and 1000000000"));
        }
    }
    Ok(())
}

/// Refuses a certificate without its key, and a key without its certificate.
pub(super) fn tls(s: &Settings) -> Result<(), String> {
    match (s.tls(), !s.tls_key.as_os_str().is_empty()) {
        (true, false) => Err("configuration: tls_key: must be set, since tls_cert is".to_owned()),
        (false, true) => Err("configuration: tls_cert: must be set, since tls_key is".to_owned()),
        _ => Ok(()),
    }
}

/// Refuses the address of a collector to which nothing could be sent, and one with a password,
/// which `gdtx config` would show.
pub(super) fn collector(s: &Settings) -> Result<(), String> {
    let usable = |uri: Uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.authority().is_some_and(|a| !a.as_str().contains('@'))
            && uri.query().is_none()
    };
    if s.otlp_endpoint.is_empty() || s.otlp_endpoint.parse::<Uri>().is_ok_and(usable) {
        return Ok(());
    }
    Err("configuration: otlp_endpoint: must be http://HOST:PORT or https://HOST:PORT; what the collector wants \
         as a password stands in OTEL_EXPORTER_OTLP_HEADERS"
        .to_owned())
}

fn rates(s: &Settings) -> [(RateClass, i64); 7] {
    [
        (RateClass::Read, s.rate_read),
        (RateClass::Write, s.rate_write),
        (RateClass::Bulk, s.rate_bulk),
        (RateClass::Statistics, s.rate_statistics),
        (RateClass::Public, s.rate_public),
        (RateClass::Token, s.rate_token),
        (RateClass::Secret, s.rate_secret),
    ]
}

impl Settings {
    /// How many requests of each class are allowed.
    pub fn quota(&self) -> Quota {
        let requests = rates(self).into_iter().filter(|(_, requests)| *requests > 0).collect();
        Quota { window: self.rate_window_seconds, requests }
    }

    /// The addresses of the replicas.
    pub fn replicas(&self) -> Result<Vec<String>, String> {
        let postgres = |url: &str| url.starts_with("postgres://") || url.starts_with("postgresql://");
        let urls = self.replica_urls.expose_secret().split(',').map(str::trim).filter(|url| !url.is_empty());
        let urls: Vec<String> = urls.map(str::to_owned).collect();
        if urls.iter().any(|url| !postgres(url)) {
            return Err("configuration: replica_urls: each must start with postgres://".to_owned());
        }
        if !urls.is_empty() && !postgres(self.database_url.expose_secret()) {
            return Err("configuration: replica_urls: only PostgreSQL has replicas".to_owned());
        }
        Ok(urls)
    }

    /// The networks of proxies in front.
    pub fn proxies(&self) -> Result<Vec<IpNet>, String> {
        networks("trusted_proxies", &self.trusted_proxies)
    }

    /// Where webhooks may point.
    pub fn targets(&self) -> Result<Targets, String> {
        Ok(Targets { http: self.webhook_http, networks: networks("webhook_networks", &self.webhook_networks)? })
    }
}

fn networks(setting: &str, listed: &str) -> Result<Vec<IpNet>, String> {
    let named = listed.split(',').map(str::trim).filter(|n| !n.is_empty());
    named
        .map(|n| {
            let single = || n.parse::<std::net::IpAddr>().map(IpNet::from);
            n.parse::<IpNet>()
                .or_else(|_| single())
                .map_err(|_| format!("configuration: {setting}: “{n}” is no address and no network such as 10.0.0.0/8"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Settings;

    #[test]
    fn a_wrong_setting_is_named() {
        for (wrong, name) in [
            (Settings { rate_read: -1, ..Settings::default() }, "rate_read"),
            (Settings { rate_window_seconds: 0, ..Settings::default() }, "rate_window_seconds"),
            (Settings { rate_ipv6_bits: 129, ..Settings::default() }, "rate_ipv6_bits"),
            (Settings { replica_urls: "sqlite://x".to_owned().into(), ..Settings::default() }, "replica_urls"),
            (Settings { replica_urls: "postgres://x".to_owned().into(), ..Settings::default() }, "replica_urls"),
            (Settings { tls_cert: "cert.pem".into(), ..Settings::default() }, "tls_key"),
            (Settings { tls_key: "key.pem".into(), ..Settings::default() }, "tls_cert"),
            (Settings { otlp_endpoint: "collector:4318".to_owned(), ..Settings::default() }, "otlp_endpoint"),
            (Settings { otlp_endpoint: "http://a:b@c:4318".to_owned(), ..Settings::default() }, "otlp_endpoint"),
            (Settings { trusted_proxies: "10.0.0.0/33".to_owned(), ..Settings::default() }, "trusted_proxies"),
            (Settings { webhook_networks: "intranet".to_owned(), ..Settings::default() }, "webhook_networks"),
            (Settings { export_link_seconds: 0, ..Settings::default() }, "export_link_seconds"),
            (Settings { webhook_messages: 0, ..Settings::default() }, "webhook_messages"),
        ] {
            let told = wrong.completed().err().unwrap_or_default();
            assert!(told.starts_with(&format!("configuration: {name}: ")) && !told.contains('\n'), "{told}");
        }
    }
}
