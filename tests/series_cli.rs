//! `annals project --series`: fields over time as lines of JSON.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::path::Path;

use annals::cli::{Outcome, run};

const EVENTS: &str = r#"{"stream":"order-1","type":"Placed","time":"2024-01-01T10:00:00.120Z","data":{"amount":100}}
{"stream":"order-2","type":"Placed","time":"2024-01-01T23:30:00.5Z","data":{"amount":50}}
{"stream":"order-1","type":"Paid","time":"2024-01-02T00:00:00.000Z","data":{"amount":30}}
{"stream":"order-1","type":"Seen","time":"2024-01-02T05:00:00.000Z","data":{}}
{"stream":"order-1","type":"Paid","time":"2024-01-02T06:00:00.000Z","data":{"amount":70}}
{"stream":"order-2","type":"Paid","time":"2024-03-05T06:00:00.000Z","data":{"amount":50}}
"#;

const SCRIPT: &str = "fromCategory('order').foreachStream().when({
  $init: () => ({ open: 0 }),
  Placed: (s, e) => { s.open += e.data.amount; s.status = 'placed'; },
  Seen: (s, e) => {},
  Paid: (s, e) => { s.open -= e.data.amount; if (!s.open) { s.status = 'paid'; s.by = e.data.who.name; } }
})";

struct Files(tempfile::TempDir);

impl Files {
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("log.jsonl"), EVENTS).unwrap();
        std::fs::write(folder.path().join("open.js"), script).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        Path::join(self.0.path(), name).display().to_string()
    }

    /// What is printed, what is said, and the exit code.
    fn run(&self, options: &[&str]) -> (String, String, u8) {
        let mut args = vec!["annals".to_owned(), "project".to_owned()];
        args.extend([self.path("log.jsonl"), self.path("open.js")]);
        args.extend(options.iter().map(|option| (*option).to_owned()));
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = match run(args.into_iter().map(Into::into), &mut out, &mut err) {
            Outcome::Exit(code) => code,
            Outcome::Window(_) => panic!("no window"),
        };
        (
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
            code,
        )
    }

    /// Time, position, partition and value of each line.
    fn lines(&self, options: &[&str]) -> Vec<String> {
        let (out, err, code) = self.run(options);
        assert_eq!((code, err.as_str()), (0, ""));
        let shown = |line: &str| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |name: &str| line[name].as_str().unwrap().to_owned();
            let place = (&line["position"], &line["value"]);
            format!(
                "{} #{} {} {}",
                text("time"),
                place.0,
                text("partition"),
                place.1
            )
        };
        out.lines().map(shown).collect()
    }
}

fn good() -> Files {
    Files::new(&SCRIPT.replace("s.by = e.data.who.name;", ""))
}

#[test]
fn every_change_is_a_line_with_the_time_of_its_event() {
    let files = good();
    let (out, _, _) = files.run(&["--series", "open"]);
    assert_eq!(
        out.lines().next().unwrap(),
        r#"{"time":"2024-01-01T10:00:00.120Z","position":0,"partition":"order-1","path":"open","value":100}"#
    );
    assert_eq!(
        files.lines(&["--series", "open,status", "--partition", "order-1"]),
        [
            "2024-01-01T10:00:00.120Z #0 order-1 100",
            "2024-01-01T10:00:00.120Z #0 order-1 \"placed\"",
            "2024-01-02T00:00:00.000Z #2 order-1 70",
            "2024-01-02T06:00:00.000Z #4 order-1 0",
            "2024-01-02T06:00:00.000Z #4 order-1 \"paid\"",
        ]
    );
    assert_eq!(
        files.lines(&["--series", "$.open", "--as-of", "#2"]).len(),
        3
    );
    assert_eq!(
        files.lines(&["--series", "open", "--partition", "*"]).len(),
        5
    );
}

#[test]
fn pieces_of_time_begin_where_the_zone_says() {
    let files = good();
    assert_eq!(
        files.lines(&["--series", "open", "--bucket", "1d"]),
        [
            "2024-01-01T00:00:00Z #0 order-1 100",
            "2024-01-01T00:00:00Z #1 order-2 50",
            "2024-01-02T00:00:00Z #4 order-1 0",
            "2024-03-05T00:00:00Z #5 order-2 0",
        ]
    );
    let delta = ["--series", "open", "--bucket", "1mo", "--agg", "delta"];
    assert_eq!(
        files.lines(&delta),
        [
            "2024-01-01T00:00:00Z #4 order-1 0",
            "2024-01-01T00:00:00Z #1 order-2 50",
            "2024-03-01T00:00:00Z #5 order-2 -50",
        ]
    );
    let berlin = [
        &delta[..],
        &["--tz", "Europe/Berlin", "--partition", "order-2"],
    ]
    .concat();
    assert_eq!(
        files.lines(&berlin)[0],
        "2023-12-31T23:00:00Z #1 order-2 50"
    );
    for (agg, expected) in [
        ("count", "3"),
        ("sum", "170"),
        ("min", "0"),
        ("max", "100"),
        ("mean", "56.666667"),
        ("last", "0"),
    ] {
        let one = [
            "--series",
            "open",
            "--bucket",
            "1w",
            "--agg",
            agg,
            "--partition",
            "order-1",
        ];
        assert_eq!(
            files.lines(&one),
            [format!("2024-01-01T00:00:00Z #4 order-1 {expected}")]
        );
    }
}

#[test]
fn what_cannot_be_listed_is_said() {
    let files = good();
    let said = |options: &[&str]| {
        let (out, err, code) = files.run(options);
        assert_eq!((out.as_str(), code), ("", 2));
        err
    };
    assert!(said(&["--series", "closed"]).contains("there are open, status"));
    assert!(said(&["--series", "open", "--partition", "order-9"]).contains("order-9"));
    assert!(said(&["--series", "open", "--bucket", "7m"]).contains("no length"));
    assert!(said(&["--series", ".."]).contains("no field"));
    // A script that fails gives what was so before.
    let (out, err, code) = Files::new(SCRIPT).run(&["--series", "open"]);
    assert_eq!((out.lines().count(), code), (3, 2));
    assert!(
        err.starts_with("annals: the projection faulted at #4, line 5: "),
        "{err}"
    );
}

#[test]
fn two_versions_are_held_against_each_other() {
    let files = Files::new(SCRIPT);
    let same = SCRIPT.replace("s.open -= e.data.amount", "s.open = s.open - e.data.amount");
    std::fs::write(files.path("same.js"), same).unwrap();
    let other = SCRIPT.replace("s.open -= e.data.amount", "s.open -= e.data.amount * 2");
    std::fs::write(files.path("other.js"), other).unwrap();
    let compared = |script: &str, options: &[&str]| {
        let script = files.path(script);
        let upto: &[&str] = &["--as-of", "#3", "--compare", &script];
        files.run(&[upto, options].concat())
    };
    let (said, err, code) = compared("same.js", &[]);
    assert_eq!(
        (said.as_str(), err.as_str(), code),
        ("the same at every event, in 2 partitions\n", "", 0)
    );
    let (said, _, code) = compared("other.js", &[]);
    assert_eq!(code, 1);
    assert!(
        said.starts_with("first different after event #2, Paid, in order-1\n"),
        "{said}"
    );
    let (said, _, code) = compared("other.js", &["--json"]);
    assert_eq!(code, 1);
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["same"], false);
    assert_eq!(said["partitions_same"], 1);
    assert_eq!(said["first"]["path"], "open");
    assert_eq!(
        (&said["first"]["a"], &said["first"]["b"]),
        (&70.into(), &40.into())
    );
    // A version that faults is no answer.
    let broken = "fromAll().when({ Paid: () => { throw 'no' } })";
    std::fs::write(files.path("broken.js"), broken).unwrap();
    let (said, _, code) = compared("broken.js", &[]);
    assert_eq!(code, 2);
    assert!(said.contains("broken.js faulted"), "{said}");
}
