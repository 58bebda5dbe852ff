//! A release: what is sent and shown of it. It is kept for good, never changed.

use chrono::{DateTime, Utc};
use gdtx_domain::{
    Checks,
    exchange::resource::ResourceKind,
    statistics::release::{self, ReleaseKind},
};

use crate::{
    Result,
    access::policy::Permission,
    filter::filter,
    resource::{Draft, Resource, Sort},
    shape::record,
    tx::Tx,
};

record! {
    /// A release of a data set (bản phát hành số liệu): its figures at a position of the journal, kept as they were.
    /// They are read at `/v1/statistics/datasets/{dataSet}/releases/{release}/data`, and what changed under
    /// `/changes` there. Counts of cells tell what everybody may see, to everybody.
    StatisticsRelease("StatisticsReleaseFields"), NewStatisticsRelease, StatisticsReleasePatch, StatisticsReleaseManaged of release::Model {
    required {
        /// Why there is a release (Loại phát hành).
        kind: ReleaseKind,
        /// What readers should know of it, in Vietnamese (Ghi chú), at most 4,000 characters.
        notes_vi: String [text(4000)],
        /// The same in English, at most 4,000 characters.
        notes_en: String [text(4000)],
    }
    optional {
        /// What was wrong before (Lý do đính chính), at most 1,000 characters; a correction has one.
        reason: String [text(1000)] = None,
    }
    managed {
        /// The data set (Bộ dữ liệu).
        data_set: String,
        /// Its number (Số phiên bản): the first part rises with other dimensions or measures, the second with members
        /// that were not there, such as another school year, the third with figures alone.
        release: String,
        /// Its place among the releases of the data set, from 1.
        ordinal: i64,
        /// The position of the journal that the figures are true at.
        position: i64,
        /// When they were counted.
        counted_at: DateTime<Utc>,
        /// Cells with a figure, at the finest table.
        cells: i64,
        /// Cells that the release before has no figure of.
        added: i64,
        /// Cells with another figure.
        changed: i64,
        /// Cells that have no figure any more.
        removed: i64,
        /// SHA-256 in hexadecimal over the cells as everybody may see them: a line for each in the order of members,
        /// with `cell` and `measure` as the list of changes writes them and the figure, tabs between them.
        digest: String,
    }
    managed_optional {
        /// The number of the release before it.
        previous: String = None,
    }
    hidden {
        definition: String,
    }
    }
}

filter! {
    /// Which releases to list.
    StatisticsReleaseFilter of release::Entity {
        /// The data set.
        data_set: String => "data_set" eq,
    }
}

/// Releases as a resource: one use case writes it.
pub struct StatisticsReleases;

impl Resource for StatisticsReleases {
    type Entity = release::Entity;
    type Model = release::Model;
    type ActiveModel = release::ActiveModel;
    type Record = StatisticsRelease;
    type Filter = StatisticsReleaseFilter;

    const KIND: ResourceKind = ResourceKind::StatisticsReleases;
    const READ: Permission = Permission::ReleaseRead;
    const WRITE: Permission = Permission::StatisticsRelease;
    const SORTS: &'static [Sort] = &[Sort::ID];

    fn managed(_: &NewStatisticsRelease) -> StatisticsReleaseManaged {
        StatisticsReleaseManaged {
            data_set: String::new(),
            release: String::new(),
            ordinal: 0,
            position: 0,
            counted_at: DateTime::UNIX_EPOCH,
            cells: 0,
            added: 0,
            changed: 0,
            removed: 0,
            digest: String::new(),
            previous: None,
            definition: String::new(),
        }
    }

    async fn prepare(_: &Tx, draft: &mut Draft<StatisticsRelease>, checks: &mut Checks) -> Result<()> {
        checks.fields(&mut draft.new);
        if draft.new.kind == ReleaseKind::Correction && draft.new.reason.is_none() {
            checks.refuse(
                "/reason",
                "required",
                "Bản đính chính nêu rõ điều gì sai.",
                "A correction says what was wrong.",
            );
        }
        if draft.new.kind == ReleaseKind::Correction && draft.managed.previous.is_none() {
            checks.refuse(
                "/kind",
                "nothing_to_correct",
                "Bộ dữ liệu chưa có bản phát hành nào để đính chính.",
                "The data set has no release yet that could be corrected.",
            );
        }
        Ok(())
    }
}
