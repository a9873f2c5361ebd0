//! Several tables or files as one history: merged by time, each event knowing where it lies.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use annals::cli::Outcome;
use annals::event::{Position, Want};
use annals::history::{History, Which};
use annals::ingest::open;
use annals::source::{MappingOverride, OpenOptions, Source};

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

const SHOP: &str = r#"{"stream":"order-1","version":1,"type":"Placed","time":"2024-03-01T08:00:00Z","data":{"total":3},"correlation":"c1"}
{"stream":"order-1","version":2,"type":"Paid","time":"2024-03-01T10:00:00Z","data":{"by":"card"}}
"#;
const BANK: &str = r#"{"stream":"order-1","version":1,"type":"Asked","time":"2024-03-01T09:00:00Z","data":{}}
{"stream":"account-7","version":5,"type":"Debited","time":"2024-03-01T08:30:00Z","data":{"amount":3},"correlation":"c1"}
{"stream":"account-7","version":6,"type":"Closed","time":"2024-03-01T11:00:00Z","data":{}}
"#;

fn both(options: &OpenOptions) -> (tempfile::TempDir, Arc<History>) {
    let folder = tempfile::tempdir().unwrap();
    let files = [("shop.jsonl", SHOP), ("bank.jsonl", BANK)];
    let files = files.map(|(name, text)| Source::File(write(folder.path(), name, text)));
    let history = open(&Source::Several(files.into()), options, &Arc::default()).unwrap();
    (folder, history)
}

/// Each event as stream, version, type and file, in order.
fn lines(history: &History) -> Vec<String> {
    let log = &history.log;
    (0..)
        .map(Position)
        .take(log.len())
        .map(|at| {
            format!(
                "{}@{} {} {}",
                log.stream_name(log.stream(at)),
                log.version(at).map_or(-1, |version| version.0),
                log.type_name(log.event_type(at)),
                log.file_of_event(at).unwrap_or("-"),
            )
        })
        .collect()
}

#[test]
fn files_are_merged_by_time_and_no_event_overtakes_another_of_its_own_file() {
    let (_folder, history) = both(&OpenOptions::default());
    assert_eq!(
        lines(&history),
        [
            "order-1@1 Placed shop.jsonl",
            "order-1@1 Asked bank.jsonl",
            "account-7@5 Debited bank.jsonl",
            "order-1@2 Paid shop.jsonl",
            "account-7@6 Closed bank.jsonl",
        ]
    );
    assert_eq!(history.log.streams().len(), 3);
    assert!(history.log.find_stream("order-1", None).is_err());
    let which = Which {
        file: Some("bank.jsonl"),
        ..Which::default()
    };
    let asked = history.log.find_stream("order-1", which).unwrap();
    assert_eq!(history.log.events_of(asked).len(), 1);
}

#[test]
fn every_event_is_read_again_from_its_own_file() {
    let (_folder, history) = both(&OpenOptions::default());
    let places: Vec<_> = (0..5).map(|at| history.log.place(Position(at))).collect();
    let mut sources = Vec::new();
    history
        .reader
        .read(&places, Want::Presented, &mut |_, event| {
            sources.push(event.unwrap().source);
            true
        });
    let expected = [
        "shop.jsonl:1",
        "bank.jsonl:1",
        "bank.jsonl:2",
        "shop.jsonl:2",
        "bank.jsonl:3",
    ];
    assert_eq!(sources, expected);
}

#[test]
fn streams_of_the_same_name_are_one_where_the_user_says_so() {
    let options = OpenOptions {
        joins_streams: true,
        ..OpenOptions::default()
    };
    let (_folder, history) = both(&options);
    let order = history.log.find_stream("order-1", None).unwrap();
    let versions: Vec<_> = (0..3)
        .filter_map(|rank| history.log.version_at_rank(order, rank))
        .map(|version| version.0)
        .collect();
    assert_eq!(versions, [1, 1, 2]);
}

#[test]
fn a_problem_in_one_of_several_files_names_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("a.jsonl", SHOP.to_owned()),
        ("b.jsonl", format!("{BANK}not json\n")),
    ];
    let files = files.map(|(name, text)| Source::File(write(folder.path(), name, &text)));
    let history = open(
        &Source::Several(files.into()),
        &OpenOptions::default(),
        &Arc::default(),
    )
    .unwrap();
    let places: Vec<&str> = history
        .problems
        .items()
        .iter()
        .map(|one| one.place.as_str())
        .collect();
    assert_eq!(places, ["line 4 of b.jsonl"]);
}

fn store(sql: &str, mapping: &str) -> Arc<History> {
    let source = Source::Script {
        name: "store".to_owned(),
        sql: sql.to_owned(),
    };
    let options = OpenOptions {
        mapping: (!mapping.is_empty()).then(|| MappingOverride::parse(mapping).unwrap()),
        ..OpenOptions::default()
    };
    open(&source, &options, &Arc::default()).unwrap()
}

#[test]
fn an_expression_makes_the_streams_name() {
    let history = store(
        "CREATE TABLE ledger(seq INTEGER PRIMARY KEY, kind TEXT, nr INTEGER, ver INTEGER, evt TEXT, body TEXT);
         INSERT INTO ledger VALUES (1,'account',7,1,'Opened','{}'),(2,'loan',7,1,'Granted','{}'),(3,'account',7,2,'Closed','{}');",
        "table = \"ledger\"\n[roles]\nstream = \"kind || '-' || nr\"\nversion = \"ver\"\ntype = \"evt\"\ndata = \"body\"",
    );
    let names: Vec<String> = lines(&history);
    assert_eq!(
        names,
        [
            "account-7@1 Opened -",
            "loan-7@1 Granted -",
            "account-7@2 Closed -"
        ]
    );
}

/// What the command line answers.
fn annals(args: &[&str]) -> String {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = std::iter::once("annals")
        .chain(args.iter().copied())
        .map(Into::into);
    let outcome = annals::cli::run(args, &mut out, &mut err);
    let said = String::from_utf8(err).unwrap();
    assert!(matches!(outcome, Outcome::Exit(0)), "{outcome:?}: {said}");
    String::from_utf8(out).unwrap()
}

#[test]
fn a_report_of_several_files_names_all_of_them_as_evidence_and_in_its_command() {
    let folder = tempfile::tempdir().unwrap();
    let [shop, bank] = [("shop.jsonl", SHOP), ("bank.jsonl", BANK)]
        .map(|(name, text)| write(folder.path(), name, text).display().to_string());
    for ending in ["html", "md", "json"] {
        let report = folder.path().join(format!("report.{ending}"));
        annals(&[
            "report",
            &shop,
            &bank,
            "--join-streams",
            "-o",
            report.to_str().unwrap(),
        ]);
        let text = std::fs::read_to_string(&report).unwrap();
        for name in ["shop.jsonl", "bank.jsonl"] {
            let hash = annals::source::hash_file(&folder.path().join(name), &Arc::default());
            assert!(
                text.contains(&hash.unwrap()),
                "{ending} lacks the hash of {name}"
            );
        }
        assert!(
            text.contains("bank.jsonl --join-streams -o "),
            "{ending} lacks the command: {text}"
        );
    }
}

#[test]
fn files_that_were_asked_for_are_no_side_files() {
    let folder = tempfile::tempdir().unwrap();
    let damaged = format!("{BANK}not \u{7} json\n");
    let [shop, bank] = [("shop.jsonl", SHOP), ("bank.jsonl", damaged.as_str())]
        .map(|(name, text)| write(folder.path(), name, text).display().to_string());
    let text = annals(&["inspect", &shop, &bank, "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["opened"]["side_files"], serde_json::json!([]));
    let problem = &answer["problems"]["items"][0];
    assert_eq!(problem["place"], "line 4 of bank.jsonl");
    assert_eq!(problem["excerpt"], "not \\u0007 json");
    let text = annals(&["inspect", &shop, &bank]);
    assert!(text.contains("\n    not \\u0007 json\n"), "{text}");
    assert!(text.contains("\nFile        bank.jsonl  "), "{text}");
}
