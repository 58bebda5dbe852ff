//! `gdtx client …` and `gdtx key …`: the way in when there is no administrator yet.

use std::path::{Path, PathBuf};

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use gdtx_domain::access::{
    agreement::Agreement,
    reach::Reach,
    role::{ClientState, Role},
};
use gdtx_service::{
    Ctx, Error, Keyring, PageRequest,
    access::{
        client::{self, Client, ClientFilter, NewClient, Registered},
        keys,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::Settings;

/// Work on clients.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Register a client and show its secret, this once.
    Add(Box<Add>),
    /// List clients.
    List {
        /// One role only.
        #[arg(long, value_parser = roles())]
        role: Option<Role>,
        /// One state only.
        #[arg(long, value_parser = states())]
        state: Option<ClientState>,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show one client.
    Show(One),
    /// Give a client a new secret and show it, this once.
    Rotate {
        #[command(flatten)]
        one: One,
        /// Hours for which the old secret works on (0 to 720).
        #[arg(long, default_value_t = 24)]
        overlap_hours: u32,
    },
    /// Refuse a client until it is resumed.
    Suspend(One),
    /// Serve a suspended client again.
    Resume(One),
    /// Refuse a client for good.
    Revoke(One),
}

/// What `gdtx client add` takes.
#[derive(Debug, Args)]
pub struct Add {
    /// Name of the client.
    #[arg(long)]
    name: String,
    /// Organisation that runs it.
    #[arg(long)]
    organisation: String,
    /// What it is to the service.
    #[arg(long, value_parser = roles())]
    role: Role,
    /// Electronic organisation id.
    #[arg(long)]
    egov_id: Option<String>,
    /// Its own system in external ids; made of the name when absent.
    #[arg(long)]
    system: Option<String>,
    /// Reach: the whole country.
    #[arg(long)]
    country: bool,
    /// Reach: a province of today, by code; may be repeated.
    #[arg(long = "province", value_name = "CODE")]
    provinces: Vec<String>,
    /// Reach: a commune of today, by code; may be repeated.
    #[arg(long = "commune", value_name = "CODE")]
    communes: Vec<String>,
    /// Reach: a centre, by id; may be repeated.
    #[arg(long = "centre", value_name = "ID")]
    centres: Vec<Uuid>,
    /// File with the data-sharing agreement (JSON, as in the API).
    #[arg(long, value_name = "FILE")]
    agreement: Option<PathBuf>,
    /// File with its public keys (JWKS); no secret is made then.
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    /// Outside issuer of its tokens.
    #[arg(long, requires = "subject")]
    issuer: Option<String>,
    /// Its subject in those tokens.
    #[arg(long, requires = "issuer")]
    subject: Option<String>,
    /// Answer as JSON.
    #[arg(long)]
    json: bool,
}

/// One client.
#[derive(Debug, Args)]
pub struct One {
    /// The client id.
    id: Uuid,
    /// Answer as JSON.
    #[arg(long)]
    json: bool,
}

/// Work on the keys that sign access tokens.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Sign with a new key from now on; the old one verifies until its tokens have expired.
    Rotate {
        /// Minutes for which the old key verifies; twice the life of a token when absent.
        #[arg(long)]
        overlap_minutes: Option<u32>,
    },
    /// Print a new data key, to stand first in `data_keys` or in the file `data.keys`.
    NewData {
        /// Its name, e.g. the date.
        name: String,
    },
    /// Lock everything that lies encrypted with the first data key, while the service runs.
    RewrapData,
}

fn roles() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.iter().map(|r| r.code()))
        .try_map(|code| Role::from_code(&code).ok_or("no such role"))
}

fn states() -> impl TypedValueParser<Value = ClientState> {
    PossibleValuesParser::new(ClientState::ALL.iter().map(|s| s.code()))
        .try_map(|code| ClientState::from_code(&code).ok_or("no such state"))
}

/// Runs a command on clients and returns what to print; the error is for the terminal too.
pub async fn run_client(command: ClientCommand, ctx: &Ctx) -> Result<String, String> {
    match command {
        ClientCommand::Add(add) => {
            let json = add.json;
            shown_with_secret(&client::register(ctx, add.input()?).await.map_err(|e| told(&e))?, json)
        }
        ClientCommand::List { role, state, json } => list(ctx, ClientFilter { role, state, search: None }, json).await,
        ClientCommand::Show(one) => shown(client::get(ctx, one.id).await, one.json),
        ClientCommand::Rotate { one, overlap_hours } => {
            let done = client::rotate_secret(ctx, one.id, Some(overlap_hours)).await.map_err(|e| told(&e))?;
            shown_with_secret(&done, one.json)
        }
        ClientCommand::Suspend(one) => shown(client::suspend(ctx, one.id).await, one.json),
        ClientCommand::Resume(one) => shown(client::resume(ctx, one.id).await, one.json),
        ClientCommand::Revoke(one) => shown(client::revoke(ctx, one.id).await, one.json),
    }
}

/// Runs a command on keys and returns what to print. A data key may be wanted before there is a
/// database to lock with it, so that is opened only where it is needed.
pub async fn run_key(
    command: KeyCommand,
    settings: &Settings,
    open: impl AsyncFnOnce() -> Result<Ctx, String>,
) -> Result<String, String> {
    match command {
        KeyCommand::NewData { name } => Keyring::generate(&name).map(|entry| entry + "\n"),
        KeyCommand::RewrapData => {
            let done = gdtx_service::rewrap(&open().await?).await.map_err(|e| told(&e))?;
            Ok(format!("records locked anew: {done}\n"))
        }
        KeyCommand::Rotate { overlap_minutes } => {
            let lifetime = chrono::Duration::seconds(settings.token_lifetime_seconds);
            let overlap = overlap_minutes.map(|m| chrono::Duration::minutes(m.into()));
            let kid = keys::rotate(&open().await?, lifetime, overlap).await.map_err(|e| told(&e))?;
            Ok(format!("signing key: {kid}\n"))
        }
    }
}

impl Add {
    fn input(self) -> Result<NewClient, String> {
        let reach =
            Reach { country: self.country, provinces: self.provinces, communes: self.communes, centres: self.centres };
        Ok(NewClient {
            name: self.name,
            organisation: self.organisation,
            egov_id: self.egov_id,
            role: self.role,
            system: self.system,
            reach,
            agreement: self.agreement.as_deref().map(read::<Agreement>).transpose()?,
            jwks: self.jwks.as_deref().map(read).transpose()?,
            external_issuer: self.issuer,
            external_subject: self.subject,
        })
    }
}

fn read<T: DeserializeOwned>(file: &Path) -> Result<T, String> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    serde_json::from_str(&text).map_err(|e| format!("{}: {e}", file.display()))
}

async fn list(ctx: &Ctx, filter: ClientFilter, json: bool) -> Result<String, String> {
    let mut clients = Vec::new();
    let mut request = PageRequest { first: Some(200), ..PageRequest::default() };
    loop {
        let page = client::list(ctx, filter.clone(), request.clone()).await.map_err(|e| told(&e))?;
        clients.extend(page.items);
        if !page.page_info.has_next_page {
            break;
        }
        request.after = page.page_info.end_cursor;
    }
    if json {
        return pretty(&clients);
    }
    let line = |c: &Client| {
        format!("{}  {:<20} {:<10} {} ({})\n", c.id, c.role.code(), c.state.code(), c.name, c.organisation)
    };
    Ok(clients.iter().map(line).collect::<Vec<_>>().concat())
}

fn shown(outcome: Result<Client, Error>, json: bool) -> Result<String, String> {
    let client = outcome.map_err(|e| told(&e))?;
    if json { pretty(&client) } else { Ok(lines(&client)) }
}

fn shown_with_secret(done: &Registered, json: bool) -> Result<String, String> {
    if json {
        return pretty(done);
    }
    let secret = match &done.client_secret {
        Some(secret) => format!("client secret: {secret}\nThe secret is not kept and not shown again.\n"),
        None => String::new(),
    };
    Ok(lines(&done.client) + &secret)
}

fn lines(c: &Client) -> String {
    let reach = &c.reach;
    let reach = if reach.country {
        "the whole country".to_owned()
    } else {
        let (p, m) = (reach.provinces.join(" "), reach.communes.join(" "));
        format!("provinces [{p}], communes [{m}], {} centre(s)", reach.centres.len())
    };
    let rows = [
        ("client id", c.id.to_string()),
        ("name", c.name.clone()),
        ("organisation", c.organisation.clone()),
        ("role", c.role.code().to_owned()),
        ("state", c.state.code().to_owned()),
        ("system", c.system.clone()),
        ("reach", reach),
        (
            "agreement",
            c.agreement
                .as_ref()
                .map_or_else(|| "none".to_owned(), |a| format!("{}, until {}", a.reference, a.valid_to)),
        ),
    ];
    rows.map(|(name, value)| format!("{name}: {value}\n")).concat()
}

fn pretty(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(|e| e.to_string())
}

/// A refusal in a few lines: the detail, and each field at fault.
fn told(error: &Error) -> String {
    let source = error.source.as_ref().map(|s| format!(" ({s})")).unwrap_or_default();
    let fields: Vec<String> = error.fields.iter().map(|f| format!("\n  {}: {}", f.pointer, f.detail.en)).collect();
    format!("{}{source}{}", error.detail.en, fields.concat())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(subcommand)]
        command: ClientCommand,
    }

    #[test]
    fn a_client_is_described_on_one_line() {
        let line = "client add --name A --organisation B --role vendor --province 31 --province 01";
        let Ok(Line { command: ClientCommand::Add(add) }) = Line::try_parse_from(line.split(' ')) else {
            panic!("not understood");
        };
        let input = add.input().ok();
        assert_eq!(input.as_ref().map(|i| i.role), Some(Role::Vendor));
        assert_eq!(input.map(|i| i.reach.provinces), Some(vec!["31".to_owned(), "01".to_owned()]));
    }

    #[test]
    fn an_unknown_role_is_refused_with_the_known_ones() {
        let wrong = Line::try_parse_from("client add --name A --organisation B --role king".split(' '));
        assert!(wrong.is_err_and(|e| e.to_string().contains("province_department")));
    }
}
