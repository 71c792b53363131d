//! Messages that make no sense: counted, the last twenty kept for their device's owner.

use server::db::rejects::list_rejects;
use server::ingest::Receipt;

use super::rig::{Rig, reading, times};
use crate::store::rig::{new_device, on_both};

on_both! {
    async fn the_last_twenty_are_kept_per_device(db: Db) {
        let (noisy, quiet) = (new_device(&db, "Asia/Seoul", 60).await, new_device(&db, "Asia/Seoul", 60).await);
        let rig = Rig::start(&db);
        rig.send(quiet.serial, "?").await;
        for n in 0..25 {
            assert!(matches!(rig.send(noisy.serial, &format!("nonsense {n}")).await, Receipt::Refused(_)));
        }
        let kept = list_rejects(&db, noisy.id).await.unwrap();
        assert_eq!(kept.len(), 20);
        assert_eq!((kept[0].excerpt.as_str(), kept[19].excerpt.as_str()), ("nonsense 24", "nonsense 5"));
        assert_eq!(list_rejects(&db, quiet.id).await.unwrap().len(), 1);
        rig.stop().await;
    }

    async fn any_bytes_at_all_are_survived_and_the_next_reading_stored(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        for payload in [&b"\xff\xfe\x00"[..], b"", b"\0\0\0", b"[", "{\"t\":\u{1F3E0}}".as_bytes(), &[b'['; 70_000]] {
            let receipt = rig.intake.telemetry(device.serial, bytes::Bytes::copy_from_slice(payload), rig.clock.now()).await;
            assert!(matches!(receipt, Receipt::Refused(_)), "{receipt:?}");
        }
        rig.store(device.serial, &reading(0, 20.0)).await;
        assert_eq!(times(&db, device.id).await, [0.0]);
        rig.stop().await;
    }

    async fn a_flood_in_one_message_keeps_its_last_twenty(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        let items = vec!["{}"; 500].join(",");
        assert_eq!(rig.send(device.serial, &format!("[{items}]")).await, Receipt::Stored { accepted: 0, rejected: 500 });
        let kept = list_rejects(&db, device.id).await.unwrap();
        assert_eq!(kept.len(), 20);
        assert!(kept[0].reason.starts_with("item 500: "), "{}", kept[0].reason);
        rig.stop().await;
    }
}
