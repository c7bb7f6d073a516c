//! The public view's conditional reading.

use super::house::House;

#[tokio::test]
async fn a_view_is_sent_again_only_when_it_has_changed() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId": "S-1"}"#).await;
    let first = house.call("GET /api/v1/track/S-1", "", &[], "").await;
    let etag = first.headers["etag"].to_str().unwrap().to_owned();
    for given in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}"), "*".to_owned()] {
        let again = house.call("GET /api/v1/track/s-1", "", &[("if-none-match", &given)], "").await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""), "{given}");
        assert_eq!(again.headers["etag"], etag.as_str());
    }
    house.post("/shipments/S-1/events", r#"{"id": "a", "status": "confirmed"}"#).await;
    let changed = house.call("GET /api/v1/track/S-1", "", &[("if-none-match", &etag)], "").await;
    assert_eq!(changed.at("/status"), (200, "confirmed".into()));
    assert_ne!(changed.headers["etag"], etag.as_str());
}
