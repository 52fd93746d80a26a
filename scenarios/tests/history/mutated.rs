//! Nothing that somebody may have in a file ends the program.

use proptest::prelude::*;
use splitbrain_core::judge::{Checker, Consistency, Manner};
use splitbrain_scenarios::history::{Fail, Model, Options, pair, read};

const TEXTS: &[(Model, &str)] = &[
    (
        Model::CasRegister,
        "[{:process 0, :type :invoke, :f :cas, :value [1 2]}\n {:process 0, :type :fail, :f :cas, :value [1 2]}\n ; a remark\n {:process 1, :type :invoke, :f :read, :value nil}\n #_{:process :nemesis} {:process 1, :type :ok, :f :read, :value 2}]",
    ),
    (
        Model::Kv,
        "{:process 0, :type :invoke, :f :append, :key \"7\", :value \"x 0 \\u00e9\\n\"}\n{:process 0, :type :ok, :f :append, :key \"7\", :value \"x 0 \\u00e9\\n\"}\n{:process 2, :type :invoke, :f :get, :key \"7\", :value nil}\n{:process 2, :type :ok, :f :get, :key \"7\", :value \"x 0 é\\n\"}",
    ),
    (
        Model::Register,
        "INFO  jepsen.util - 4\t:invoke\t:write\t3\nINFO  jepsen.util - 4\t:ok\t:write\t3\nINFO  jepsen.util - 12\t:invoke\t:read\tnil\nINFO  jepsen.util - 12\t:info\t:read\t:timed-out\n",
    ),
    (
        Model::ListAppend,
        "{\"process\":0,\"type\":\"invoke\",\"f\":\"txn\",\"value\":[[\"append\",\"x\",1],[\"r\",\"y\",null]]}\n{\"process\":0,\"type\":\"ok\",\"f\":\"txn\",\"value\":[[\"append\",\"x\",1],[\"r\",\"y\",[2,3]]]}\n{\"process\":1,\"type\":\"invoke\",\"f\":\"append\",\"key\":\"y\",\"value\":2}\n",
    ),
    (
        Model::Queue,
        "{:process 0 :type :invoke :f :enqueue :value 1} {:process 0 :type :ok :f :enqueue :value 1} {:process 1 :type :invoke :f :drain} {:process 1 :type :ok :f :drain :value [1]} {:process 1 :type :invoke :f :dequeue} {:process 1 :type :ok :f :dequeue :value 4}",
    ),
    (
        Model::MultiRegister,
        "#jepsen.history.Op{:index 0, :type :invoke, :f :txn, :value [[:r :x nil] [:w :y #{1 2}]], :process 3, :time 76}\n{:type :ok, :f :txn, :value [[:r :x 0.5] [:w :y #{2 1}]], :process 3}\n{:type :invoke, :f :cas, :key :x :value [\\a 7N], :process 3}",
    ),
    (
        Model::Set,
        "({:process 0 :type :invoke :f :add :value {:a 1}} {:process 0 :type :ok :f :add :value {:a 1}} {:process 0 :type :invoke :f :read} {:process 0 :type :ok :f :read :value #{{:a 1}}})",
    ),
    (
        Model::Mutex,
        "{:process 0 :type :invoke :f :acquire} {:process 0 :type :ok :f :acquire} {:process 1 :type :invoke :f :release} {:process 1 :type :fail :f :release :error [:not-held]}",
    ),
];

/// Parts that turn up in histories.
const PARTS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "\\",
    "#",
    "#_",
    "#{",
    ";",
    ":",
    ",",
    "\n",
    "nil",
    ":ok",
    ":invoke",
    ":info",
    ":fail",
    ":process 0 ",
    ":f :read ",
    ":value [1 2]",
    "-",
    "9223372036854775808",
    "1e9",
    "\u{feff}",
    "é",
    "\\u12",
    "##Inf",
    "^x",
    "'",
];

fn mutated() -> impl Strategy<Value = (Model, String)> {
    let change = (any::<prop::sample::Index>(), 0..4_usize, any::<prop::sample::Index>(), any::<char>());
    (0..TEXTS.len(), proptest::collection::vec(change, 1..6), 0..Model::ALL.len() * 2).prop_map(
        |(which, changes, model)| {
            let (own, text) = TEXTS[which];
            let mut letters: Vec<char> = text.chars().collect();
            for (place, kind, part, letter) in changes {
                let at = place.index(letters.len() + 1);
                match kind {
                    0 => letters.truncate(at),
                    1 if at < letters.len() => {
                        letters.remove(at);
                    }
                    2 => letters.insert(at, letter),
                    _ => {
                        let part: Vec<char> = PARTS[part.index(PARTS.len())].chars().collect();
                        letters.splice(at..at, part);
                    }
                }
            }
            let model = Model::ALL.get(model).copied().unwrap_or(own);
            (model, letters.into_iter().collect())
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("SPLITBRAIN_MUTATIONS").ok().and_then(|number| number.parse().ok()).unwrap_or(4_000)
    ))]
    #[test]
    fn mutated_histories_are_read_or_refused((model, text) in mutated(), executed in any::<bool>()) {
        let Ok(events) = read(&text) else { return Ok(()) };
        let Ok(calls) = pair(&text, &events) else { return Ok(()) };
        let fail = if executed { Fail::Executed } else { Fail::Absent };
        match (Options { model, init: None, fail }).case(&text, &calls) {
            Ok(subject) => {
                for level in Consistency::ALL {
                    let mut checker = Checker::new(&subject.case, level, Manner::default());
                    checker.advance(&subject.case, 1_000);
                }
                for place in 0..subject.case.operations.len() as u32 {
                    prop_assert!(subject.told(&text, &calls, place).starts_with("line "));
                }
            }
            Err(wrong) => {
                prop_assert!(!wrong.message.is_empty());
                prop_assert!(wrong.span.end as usize <= text.len() && wrong.span.start <= wrong.span.end);
            }
        }
    }
}
