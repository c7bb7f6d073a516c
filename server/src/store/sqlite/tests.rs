//! The conformance suite on SQLite files, and what only this engine promises.

use std::sync::Arc;

use async_trait::async_trait;
use tempfile::TempDir;

use super::SqliteStore;
use crate::store::conformance::{Engine, conformance};
use crate::store::{Observer, Store};

/// One file in a directory that goes with it.
struct File(TempDir);

impl File {
    fn fresh() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> String {
        self.0.path().join("doorstep.db").to_str().unwrap().to_owned()
    }
}

#[async_trait]
impl Engine for File {
    async fn open(&self, observer: Arc<dyn Observer>) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(&self.path(), observer).await.unwrap())
    }
}

conformance!(super::File::fresh());

mod own {
    //! What only this engine promises: one file after closing, and how it meets a broken row.

    use doorstep_model::shipment::Details;
    use doorstep_model::status::Status;
    use doorstep_model::time::Zone;
    use sqlx::{ConnectOptions as _, Connection as _};

    use super::super::connect;
    use super::File;
    use crate::access::{LinkMaker, NewLink, SecretHash};
    use crate::store::StoreError;
    use crate::store::conformance::House;
    use crate::store::conformance::samples::{at, event, id, new, report};
    use crate::store::conformance::telling::{add, claim, plan};

    #[tokio::test]
    async fn a_closed_database_is_one_file() {
        let file = File::fresh();
        let house = House::on(&file).await;
        house.create(new("a", vec![])).await;
        house.store.close().await;
        let names: Vec<_> =
            std::fs::read_dir(file.0.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
        assert_eq!(names, ["doorstep.db"]);
    }

    #[tokio::test]
    async fn a_broken_row_fails_its_own_requests_only() {
        let file = File::fresh();
        let house = House::on(&file).await;
        for name in ["a", "b"] {
            house.create(new(name, vec![event("e0", 0, Status::Created)])).await;
        }
        let mut beside = connect::options(&file.path()).connect().await.unwrap();
        let broken = "UPDATE event SET status = 'gone' WHERE shipment_id = 1";
        sqlx::query(broken).execute(&mut beside).await.unwrap();
        beside.close().await.unwrap();
        let one = || vec![event("e1", 1, Status::Ready)];
        let (bad, good) = tokio::join!(
            house.store.record(house.ours, vec![report("a", one())]),
            house.store.record(house.ours, vec![report("b", one())]),
        );
        assert!(matches!(&bad, Err(StoreError::Corrupt(row)) if row.contains("status")), "{bad:?}");
        good.unwrap();
    }

    #[tokio::test]
    async fn a_broken_endpoint_keeps_nobody_else_from_news() {
        let file = File::fresh();
        let house = House::on(&file).await;
        let (broken, whole) = (add(&house, plan("broken")).await, add(&house, plan("whole")).await);
        house.create(new("a", vec![])).await;
        let mut beside = connect::options(&file.path()).connect().await.unwrap();
        let sql = "UPDATE endpoint SET auth = '{' WHERE id = ?1";
        sqlx::query(sql).bind(broken.id.0).execute(&mut beside).await.unwrap();
        beside.close().await.unwrap();
        let claimed = claim(&house.store, 1, 10).await;
        let of: Vec<_> = claimed.iter().map(|claimed| claimed.endpoint.id).collect();
        assert_eq!(of, [whole.id]);
        assert_eq!(house.store.endpoints(house.ours, None).await.unwrap(), [whole]);
        let own = house.store.endpoint(house.ours, broken.id).await;
        assert!(matches!(&own, Err(StoreError::Corrupt(row)) if row.contains("auth")), "{own:?}");
    }

    #[tokio::test]
    async fn a_failed_group_is_told_and_the_next_is_written() {
        let file = File::fresh();
        let house = House::on(&file).await;
        house.create(new("a", vec![])).await;
        let mut beside = connect::options(&file.path()).connect().await.unwrap();
        let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'no'); END";
        sqlx::query(refuse).execute(&mut beside).await.unwrap();
        let tell =
            |name| house.store.record(house.ours, vec![report("a", vec![event(name, 1, Status::Ready)])]);
        let (one, two) = tokio::join!(tell("e1"), tell("e2"));
        for refused in [one, two] {
            assert!(matches!(refused, Err(StoreError::Engine(_))), "{refused:?}");
        }
        assert_eq!(house.read(house.ours, "a").await.unwrap().sequence(), 1);
        sqlx::query("DROP TRIGGER refuse").execute(&mut beside).await.unwrap();
        let recorded = house.record("a", vec![event("e3", 3, Status::Ready)]).await;
        assert_eq!(recorded.shipment.sequence(), 2);
        assert_eq!(house.witness.of("a"), [1, 2]);
    }

    /// As a full disk does: the engine takes the whole transaction back by itself.
    #[tokio::test]
    async fn a_transaction_that_the_engine_ended_is_told_and_the_next_is_written() {
        let file = File::fresh();
        let house = House::on(&file).await;
        house.create(new("a", vec![])).await;
        let mut beside = connect::options(&file.path()).connect().await.unwrap();
        for refuse in [
            "CREATE TRIGGER refuse_event BEFORE INSERT ON event BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
            "CREATE TRIGGER refuse_link BEFORE INSERT ON link BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
        ] {
            sqlx::query(refuse).execute(&mut beside).await.unwrap();
        }
        let tell = |name| {
            let told = vec![event(name, 1, Status::Ready)];
            house.store.record(house.ours, vec![report("a", told)])
        };
        let (a, link) =
            (id("a"), |n| NewLink { hash: SecretHash([n; 32]), made_at: at(1), made_by: LinkMaker::Client });
        let add = |n| house.store.add_link(house.ours, &a, link(n));
        let (one, two, three) = tokio::join!(tell("e1"), add(1), add(2));
        assert!(matches!(one, Err(StoreError::Engine(_))), "{one:?}");
        for refused in [two, three] {
            assert!(matches!(refused, Err(StoreError::Engine(_))), "{refused:?}");
        }
        for again in ["DROP TRIGGER refuse_event", "DROP TRIGGER refuse_link"] {
            sqlx::query(again).execute(&mut beside).await.unwrap();
        }
        assert_eq!(house.record("a", vec![event("e2", 2, Status::Ready)]).await.shipment.sequence(), 2);
        add(3).await.unwrap().unwrap();
        assert_eq!(house.store.links(house.ours, &a).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_shipment_of_the_first_schema_reads_back() {
        let file = File::fresh();
        let house = House::on(&file).await;
        house.create(new("a", vec![])).await;
        let mut beside = connect::options(&file.path()).connect().await.unwrap();
        let details = r#"{"zone":"UTC","promise":null,"reference":null,"recipient":{},"courier":{},"origin":null,
            "preferences":{"handover":{"value":"at_door","version":1,"editedAt":"2026-11-21T12:00:00Z",
            "receipt":"saved"}},"proofs":[]}"#;
        sqlx::query("UPDATE shipment SET details = ?1").bind(details).execute(&mut beside).await.unwrap();
        beside.close().await.unwrap();
        let kept = house.read(house.ours, "a").await.unwrap();
        assert_eq!(*kept.details(), Details::in_zone(Zone::utc()));
        assert!(!kept.is_amended());
    }

    #[tokio::test]
    async fn many_processes_may_make_the_same_file() {
        let file = File::fresh();
        let path = file.path();
        let opening: Vec<_> = (0..6)
            .map(|_| {
                let path = path.clone();
                tokio::spawn(async move {
                    let witness = std::sync::Arc::new(crate::store::conformance::Witness::default());
                    super::SqliteStore::open(&path, witness).await.map(drop)
                })
            })
            .collect();
        for opened in opening {
            opened.await.unwrap().unwrap();
        }
    }
}
