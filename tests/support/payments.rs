//! What the sample says of its payments, read without the program.
//!
//! Include it with `#[path = "support/payments.rs"] mod payments;`.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

/// The payments of a month in the sample, as the window writes amounts.
pub fn paid_in(month: &str) -> String {
    let text = std::fs::read_to_string("assets/demo/events.jsonl").unwrap();
    let mut cents = 0_i64;
    for line in text
        .lines()
        .filter(|line| line.contains("\"PaymentReceived\""))
    {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        let is_order = event["stream"].as_str().unwrap().starts_with("order-");
        if is_order && event["time"].as_str().unwrap().starts_with(month) {
            let amount = event["data"]["amount"].as_f64().unwrap();
            cents += format!("{:.0}", amount * 100.0).parse::<i64>().unwrap();
        }
    }
    format!("{}.{:02}", cents / 100, cents % 100)
}
