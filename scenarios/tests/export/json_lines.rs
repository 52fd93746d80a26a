//! JSON lines, read by `serde_json`.

use std::collections::BTreeSet;

use serde_json::Value;
use splitbrain_scenarios::export::Format;

use crate::runs::{all, told};

fn keys(object: &Value) -> BTreeSet<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn every_line_is_an_object_and_says_what_its_record_says() {
    let mut records = 0;
    for case in all() {
        let text = case.export(Format::JsonLines);
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let (header, lines) = lines.split_first().expect("a header");
        assert_eq!(
            keys(header),
            BTreeSet::from([
                "format",
                "version",
                "lab",
                "title",
                "seed",
                "flaws",
                "nodes",
                "properties",
                "sent",
                "records"
            ])
        );
        assert_eq!((&header["format"], &header["version"]), (&"splitbrain-trace".into(), &1.into()));
        assert_eq!(header["title"], case.plan.title);
        assert_eq!(header["seed"], case.plan.setup.seed);
        let names: Vec<_> =
            header["nodes"].as_array().expect("nodes").iter().map(|node| &node["name"]).collect();
        assert_eq!(names, case.names().iter().collect::<Vec<_>>());
        assert_eq!(header["records"], lines.len());
        let mut next = lines.iter();
        case.watch(|run, record| {
            let line = next.next().expect("a line a record");
            let name = |node| run.roster().name(node);
            let info = run.info();
            assert_eq!(keys(line).len(), 14);
            assert_eq!(line["record"], record.number);
            assert_eq!(line["time"], record.time.0);
            assert_eq!(line["digest"], record.digest.to_string(), "{}", case.name);
            assert_eq!(line["node"], record.node.map_or(Value::Null, |node| name(node).into()));
            assert_eq!(line["cause"], record.cause.map_or(Value::Null, Value::from));
            assert_eq!(line["effective"], record.effective);
            assert_eq!(line["message"].is_null(), record.message.is_none());
            if let Some(message) = record.message {
                assert_eq!(line["message"]["message"], message.id.0);
                assert_eq!(line["message"]["kind"], info.kinds[usize::from(message.kind)].id);
                assert_eq!(
                    (&line["message"]["from"], &line["message"]["to"]),
                    (&name(message.from).into(), &name(message.to).into())
                );
            }
            let list = |key: &str| line[key].as_array().expect("a list");
            assert_eq!(list("sent").len(), record.sent.len());
            for (sent, ours) in list("sent").iter().zip(&record.sent) {
                assert_eq!((&sent["message"], &sent["due"]), (&ours.id.0.into(), &ours.due.0.into()));
                assert_eq!(sent["fate"], format!("{:?}", ours.fate).to_lowercase());
                assert_eq!((&sent["from"], &sent["to"]), (&name(ours.from).into(), &name(ours.to).into()));
            }
            assert_eq!(*list("lost"), record.lost.iter().map(|lost| lost.0.into()).collect::<Vec<Value>>());
            assert_eq!(list("facts").len(), record.facts.len());
            for (fact, ours) in list("facts").iter().zip(&record.facts) {
                assert_eq!(fact["fact"], info.facts[usize::from(ours.fact)].id);
                assert_eq!((&fact["node"], &fact["number"]), (&name(ours.node).into(), &ours.number.into()));
            }
            assert_eq!(list("calls").len(), record.calls.len());
            for (call, ours) in list("calls").iter().zip(&record.calls) {
                assert_eq!((&call["op"], &call["words"]), (&ours.op.0.into(), &run.describe(ours.op).into()));
            }
            assert_eq!(list("verdicts").len(), record.verdicts.len());
            for (verdict, ours) in list("verdicts").iter().zip(&record.verdicts) {
                assert_eq!(verdict["property"], info.properties[usize::from(ours.property)].id);
            }
            // Words of the last record may know how the run ended.
            if record.number as usize + 1 < lines.len() {
                assert_eq!(line["words"], told(run, record), "{}", case.name);
            }
            records += 1;
        });
        assert!(next.next().is_none(), "{}", case.name);
    }
    println!("{records} records");
    assert!(records > 30_000, "{records}");
}

#[test]
fn the_header_has_the_last_verdicts_and_the_record_the_violation_in_words() {
    let case = all().into_iter().find(|case| case.name == "lease/no-fencing").expect("a canned scenario");
    let text = case.export(Format::JsonLines);
    let header: Value = serde_json::from_str(text.lines().next().expect("a header")).expect("JSON");
    let property = |id: &str| {
        let all = header["properties"].as_array().expect("a list");
        all.iter().find(|property| property["id"] == id).expect("it is there").clone()
    };
    assert_eq!(property("no-stale-write")["verdict"], "violated");
    let words = property("no-stale-write")["words"].as_str().expect("words").to_owned();
    let fell = text.lines().find(|line| line.contains(r#""to":"violated""#)).expect("a record");
    let fell: Value = serde_json::from_str(fell).expect("JSON");
    assert_eq!(fell["verdicts"][0]["words"], words);
}
