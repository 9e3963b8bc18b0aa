//! The contents of a state file: rows of JSON in four tables.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::certificate::authority::{Authority, Ca, Hierarchy};
use crate::certificate::key::Key;
use crate::order::Order;
use crate::push::outbox::Push;
use crate::request::idempotence::{IdempotenceKey, IdempotenceRecord, Namespace};
use crate::time::Millis;

/// The version of the rows' layout. A file of another version is refused.
const FORMAT: u32 = 1;

/// The tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Table {
    Orders,
    Idempotence,
    Pushes,
    /// Single values by name.
    Values,
}

impl Table {
    pub(crate) const ALL: [Self; 4] = [Self::Orders, Self::Idempotence, Self::Pushes, Self::Values];
}

/// A key and a value.
pub(crate) type Row = (Vec<u8>, Vec<u8>);
/// The rows of each table.
pub(crate) type Rows = HashMap<Table, Vec<Row>>;

/// One change to write.
pub(crate) enum Change {
    Put {
        table: Table,
        key: Vec<u8>,
        value: Vec<u8>,
    },
    /// Empties every table except the single values.
    Clear,
}

impl Change {
    fn put(table: Table, key: &[u8], value: &impl Serialize) -> Self {
        let value = serde_json::to_vec(value).expect("rows have text keys");
        Self::Put { table, key: key.to_vec(), value }
    }

    pub(crate) fn order(order: &Order) -> Self {
        Self::put(Table::Orders, order.id.as_bytes(), order)
    }

    pub(crate) fn idempotence(key: &IdempotenceKey, record: &IdempotenceRecord) -> Self {
        let row = IdempotenceRow { namespace: key.0, id: key.1.clone(), of: record.clone() };
        Self::put(Table::Idempotence, format!("{:?} {}", key.0, key.1).as_bytes(), &row)
    }

    pub(crate) fn push(push: &Push) -> Self {
        Self::put(Table::Pushes, &push.id.to_be_bytes(), push)
    }

    /// How far the clock is ahead of the machine's.
    pub(crate) fn clock(offset: Millis) -> Self {
        Self::put(Table::Values, b"clock", &offset)
    }

    pub(crate) fn identity(identity: &Identity) -> Self {
        Self::put(Table::Values, b"identity", identity)
    }
}

/// An idempotenceID and the order that it created.
#[derive(Serialize, Deserialize)]
struct IdempotenceRow {
    namespace: Namespace,
    id: String,
    of: IdempotenceRecord,
}

/// The token and the authorities: with them a restarted sandbox is the same one for its clients.
#[derive(Serialize, Deserialize)]
pub(crate) struct Identity {
    format: u32,
    pub(crate) token: String,
    general: HierarchyRow,
    sm2: HierarchyRow,
    tls: AuthorityRow,
}

#[derive(Serialize, Deserialize)]
struct AuthorityRow {
    key: Vec<u8>,
    certificate: Vec<u8>,
}

impl AuthorityRow {
    fn of(authority: &Authority) -> Result<Self, Error> {
        let (key, certificate) = authority.parts()?;
        Ok(Self { key, certificate })
    }

    fn restored(&self) -> Result<Authority, Error> {
        Authority::from_parts(Key::from_private_bytes(&self.key)?, &self.certificate)
    }
}

#[derive(Serialize, Deserialize)]
struct HierarchyRow {
    root: AuthorityRow,
    intermediate: AuthorityRow,
}

impl HierarchyRow {
    fn of(hierarchy: &Hierarchy) -> Result<Self, Error> {
        let (root, intermediate) = (&hierarchy.root, &hierarchy.intermediate);
        Ok(Self { root: AuthorityRow::of(root)?, intermediate: AuthorityRow::of(intermediate)? })
    }

    fn restored(&self) -> Result<Hierarchy, Error> {
        Ok(Hierarchy { root: self.root.restored()?, intermediate: self.intermediate.restored()? })
    }
}

impl Identity {
    pub(crate) fn of(token: &str, ca: &Ca, tls: &Authority) -> Result<Self, Error> {
        Ok(Self {
            format: FORMAT,
            token: token.to_owned(),
            general: HierarchyRow::of(&ca.general)?,
            sm2: HierarchyRow::of(&ca.sm2)?,
            tls: AuthorityRow::of(tls)?,
        })
    }

    /// The authorities of the ordered certificates, and that of the sandbox's TLS server.
    pub(crate) fn authorities(&self) -> Result<(Ca, Authority), Error> {
        let (general, sm2) = (self.general.restored()?, self.sm2.restored()?);
        Ok((Ca { general, sm2 }, self.tls.restored()?))
    }
}

/// The contents of a state file.
pub(crate) struct Snapshot {
    /// None in a new file.
    pub(crate) identity: Option<Identity>,
    pub(crate) clock_offset: Millis,
    pub(crate) orders: Vec<Order>,
    pub(crate) idempotence: Vec<(IdempotenceKey, IdempotenceRecord)>,
    pub(crate) pushes: Vec<Push>,
}

impl Snapshot {
    /// Reads the rows. The error is the reason why they cannot be used.
    pub(crate) fn read(mut rows: Rows) -> Result<Self, String> {
        let mut take = |table| rows.remove(&table).unwrap_or_default();
        let values: HashMap<_, _> = take(Table::Values).into_iter().collect();
        let value = |name: &str| values.get(name.as_bytes());
        let identity: Option<Identity> = value("identity").map(|row| parse(row)).transpose()?;
        if let Some(other) = identity.as_ref().filter(|identity| identity.format != FORMAT) {
            return Err(format!(
                "its format is {}, and this version reads format {FORMAT}",
                other.format
            ));
        }
        let idempotence: Vec<IdempotenceRow> = parse_all(&take(Table::Idempotence))?;
        let entry = |row: IdempotenceRow| ((row.namespace, row.id), row.of);
        Ok(Self {
            identity,
            clock_offset: value("clock").map(|row| parse(row)).transpose()?.unwrap_or(0),
            orders: parse_all(&take(Table::Orders))?,
            idempotence: idempotence.into_iter().map(entry).collect(),
            pushes: parse_all(&take(Table::Pushes))?,
        })
    }
}

fn parse_all<T: DeserializeOwned>(rows: &[Row]) -> Result<Vec<T>, String> {
    rows.iter().map(|(_, row)| parse(row)).collect()
}

fn parse<T: DeserializeOwned>(row: &[u8]) -> Result<T, String> {
    serde_json::from_slice(row).map_err(|error| format!("a row cannot be read: {error}"))
}
