//! Labels: only their client opens them, and what they say can be scanned.

use serde_json::json;

use super::shop::Shop;

#[tokio::test]
async fn a_label_needs_the_key_and_carries_the_number() {
    let shop = Shop::open().await;
    let placed = shop.place("A 1/ñ").await.json();
    let number = placed["trackingId"].as_str().unwrap_or_default().to_owned();
    let link = placed["label"].as_str().unwrap_or_default().to_owned();
    let path = link.strip_prefix("https://track.test/api/delivery-solutions").unwrap_or_default().to_owned();
    let pdf = shop.bytes(&format!("GET {path}")).await;
    assert!(pdf.1.starts_with(b"%PDF-") && pdf.0 == 200);
    let zpl = shop.call(&format!("GET {}", path.replace(".pdf", ".zpl")), &json!(null)).await;
    assert!(zpl.text.starts_with("^XA") && zpl.text.contains(&number), "{}", zpl.text);
    assert!(zpl.text.contains("Charlize Brian") && zpl.text.contains("Dallas TX 75206"));
    for (key, tenant, status) in
        [("", "shop", 403), ("wrong", "shop", 401), (shop.house.stranger.as_str(), "other", 404)]
    {
        let refused = shop.call_as(&format!("GET {path}"), key, tenant, &json!(null)).await;
        assert_eq!(refused.status.as_u16(), status);
        assert!(!refused.text.contains("Charlize"));
    }
}
