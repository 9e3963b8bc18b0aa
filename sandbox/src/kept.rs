//! What a state file holds, and how it is written: rows of JSON in four tables.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::ca::{Authority, Ca, Hierarchy};
use crate::key::Key;
use crate::order::Order;
use crate::outbox::Push;
use crate::state::{Namespace, SeenId, SeenOrder};
use crate::time::Millis;

/// The layout of the rows; a file of another is refused.
const FORMAT: u32 = 1;

/// The tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Table {
    Orders,
    Seen,
    Pushes,
    Facts,
}

impl Table {
    pub(crate) const ALL: [Self; 4] = [Self::Orders, Self::Seen, Self::Pushes, Self::Facts];
}

/// A key and a value.
pub(crate) type Row = (Vec<u8>, Vec<u8>);
/// The rows of each table.
pub(crate) type Rows = HashMap<Table, Vec<Row>>;

/// One thing to write.
pub(crate) enum Change {
    Put {
        table: Table,
        key: Vec<u8>,
        value: Vec<u8>,
    },
    /// Empties every table but the facts.
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

    pub(crate) fn seen(key: &SeenId, value: &SeenOrder) -> Self {
        let row = Seen { namespace: key.0, id: key.1.clone(), of: value.clone() };
        Self::put(Table::Seen, format!("{:?} {}", key.0, key.1).as_bytes(), &row)
    }

    pub(crate) fn push(push: &Push) -> Self {
        Self::put(Table::Pushes, &push.id.to_be_bytes(), push)
    }

    /// How far the clock is ahead.
    pub(crate) fn clock(ahead: Millis) -> Self {
        Self::put(Table::Facts, b"clock", &ahead)
    }

    pub(crate) fn identity(identity: &Identity) -> Self {
        Self::put(Table::Facts, b"identity", identity)
    }
}

/// An idempotenceID, and what came of it.
#[derive(Serialize, Deserialize)]
struct Seen {
    namespace: Namespace,
    id: String,
    of: SeenOrder,
}

/// What makes a sandbox the same one after a restart.
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
        Authority::from_parts(Key::restore(&self.key)?, &self.certificate)
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

    /// The CA of the orders, and the one of the sandbox's own address.
    pub(crate) fn authorities(&self) -> Result<(Ca, Authority), Error> {
        let (general, sm2) = (self.general.restored()?, self.sm2.restored()?);
        Ok((Ca { general, sm2 }, self.tls.restored()?))
    }
}

/// Everything that a file held.
pub(crate) struct Kept {
    /// None in a new file.
    pub(crate) identity: Option<Identity>,
    pub(crate) ahead: Millis,
    pub(crate) orders: Vec<Order>,
    pub(crate) seen: Vec<(SeenId, SeenOrder)>,
    pub(crate) pushes: Vec<Push>,
}

impl Kept {
    /// Reads the rows; says what is wrong with them.
    pub(crate) fn read(mut rows: Rows) -> Result<Self, String> {
        let mut take = |table| rows.remove(&table).unwrap_or_default();
        let facts: HashMap<_, _> = take(Table::Facts).into_iter().collect();
        let fact = |name: &str| facts.get(name.as_bytes());
        let identity: Option<Identity> = fact("identity").map(|row| parse(row)).transpose()?;
        if let Some(other) = identity.as_ref().filter(|identity| identity.format != FORMAT) {
            return Err(format!(
                "it has format {}, and this is a sandbox of {FORMAT}",
                other.format
            ));
        }
        let seen: Vec<Seen> = all(&take(Table::Seen))?;
        Ok(Self {
            identity,
            ahead: fact("clock").map(|row| parse(row)).transpose()?.unwrap_or(0),
            orders: all(&take(Table::Orders))?,
            seen: seen.into_iter().map(|row| ((row.namespace, row.id), row.of)).collect(),
            pushes: all(&take(Table::Pushes))?,
        })
    }
}

fn all<T: DeserializeOwned>(rows: &[Row]) -> Result<Vec<T>, String> {
    rows.iter().map(|(_, row)| parse(row)).collect()
}

fn parse<T: DeserializeOwned>(row: &[u8]) -> Result<T, String> {
    serde_json::from_slice(row).map_err(|error| format!("a row of it cannot be read: {error}"))
}
