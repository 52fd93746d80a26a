//! What was asked for on the command line.

/// The commands, as shown by `cargo xtask help`.
pub(crate) const USAGE: &str = "\
cargo xtask COMMAND

  serve [--port N] [--release] [--open]
                        installs what is missing and serves the page on http://localhost:8080,
                        built anew whenever a file changes
  test [STEP…]          every check, or only these; `test --list` names them
  dist                  the page as a folder, dist/, for any web server and any path
  trained [--bench]     the command line (or what measures exhaustive search) as fast as it gets: built,
                        run to count what it does most, and built again by that
  soak [--minutes N] [--steps N]
                        scenarios and labs over as many seeds as N minutes allow (10 if not said),
                        and each lab with every rule on for at least so many steps, however long that takes";

/// A command with its arguments.
#[derive(Debug, PartialEq)]
pub(crate) enum Order {
    Help,
    ListSteps,
    Serve(Serving),
    /// Names of steps; none means all.
    Test(Vec<String>),
    Dist,
    /// What Trunk asks for.
    Bundle,
    Soak(Soaking),
    Trained {
        /// The bench of exhaustive search, not the command line.
        bench: bool,
    },
}

/// How much is played.
#[derive(Debug, PartialEq)]
pub(crate) struct Soaking {
    pub(crate) minutes: u64,
    /// How many steps of each lab, at least.
    pub(crate) steps: Option<u64>,
}

/// How the page is served.
#[derive(Debug, PartialEq)]
pub(crate) struct Serving {
    pub(crate) port: u16,
    pub(crate) release: bool,
    /// Whether a browser is opened.
    pub(crate) open: bool,
}

/// Reads the arguments behind `cargo xtask`, or says what is wrong with them.
pub(crate) fn read(arguments: &[String]) -> Result<Order, String> {
    let Some((command, rest)) = arguments.split_first() else { return Ok(Order::Help) };
    match command.as_str() {
        "help" | "--help" | "-h" => Ok(Order::Help),
        "serve" => serving(rest).map(Order::Serve),
        "test" => match rest {
            [only] if only == "--list" => Ok(Order::ListSteps),
            names => match names.iter().find(|name| name.starts_with('-')) {
                Some(option) => Err(unknown(option, "test")),
                None => Ok(Order::Test(names.to_vec())),
            },
        },
        "dist" => match rest.first() {
            Some(option) => Err(unknown(option, "dist")),
            None => Ok(Order::Dist),
        },
        "bundle" => match rest.first() {
            Some(option) => Err(unknown(option, "bundle")),
            None => Ok(Order::Bundle),
        },
        "soak" => soaking(rest).map(Order::Soak),
        "trained" => match rest {
            [] => Ok(Order::Trained { bench: false }),
            [only] if only == "--bench" => Ok(Order::Trained { bench: true }),
            [option, ..] => Err(unknown(option, "trained")),
        },
        other => Err(format!("there is no command `{other}`\n\n{USAGE}")),
    }
}

fn serving(arguments: &[String]) -> Result<Serving, String> {
    let mut serving = Serving { port: 8080, release: false, open: false };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--release" => serving.release = true,
            "--open" => serving.open = true,
            "--port" => {
                let given = rest.next().map_or("", String::as_str);
                serving.port = match given.parse() {
                    Ok(port) if port > 0 => port,
                    _ => return Err(format!("`--port {given}` is no port: write a number from 1 to 65535")),
                };
            }
            other => return Err(unknown(other, "serve")),
        }
    }
    Ok(serving)
}

fn soaking(arguments: &[String]) -> Result<Soaking, String> {
    let mut soaking = Soaking { minutes: 10, steps: None };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let (what, example) = match argument.as_str() {
            "--minutes" => ("minutes", "30"),
            "--steps" => ("steps", "100000000"),
            other => return Err(unknown(other, "soak")),
        };
        let given = rest.next().map_or("", String::as_str);
        match given.parse() {
            Ok(number) if number > 0 && what == "minutes" => soaking.minutes = number,
            Ok(number) if number > 0 => soaking.steps = Some(number),
            _ => {
                return Err(format!(
                    "`{argument} {given}` is no number of {what}: write `{argument} {example}`"
                ));
            }
        }
    }
    Ok(soaking)
}

fn unknown(argument: &str, command: &str) -> String {
    format!("`cargo xtask {command}` does not know `{argument}`\n\n{USAGE}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_line(line: &str) -> Result<Order, String> {
        let words: Vec<String> = line.split_whitespace().map(String::from).collect();
        read(&words)
    }

    #[test]
    fn every_command_is_read_with_its_arguments() {
        let serving = |port, release, open| Ok(Order::Serve(Serving { port, release, open }));
        assert_eq!(read_line(""), Ok(Order::Help));
        assert_eq!(read_line("serve"), serving(8080, false, false));
        assert_eq!(read_line("serve --open --port 9000 --release"), serving(9000, true, true));
        assert_eq!(read_line("test"), Ok(Order::Test(Vec::new())));
        assert_eq!(read_line("test size browser"), Ok(Order::Test(vec!["size".into(), "browser".into()])));
        assert_eq!(read_line("test --list"), Ok(Order::ListSteps));
        assert_eq!(read_line("dist"), Ok(Order::Dist));
        assert_eq!(read_line("bundle"), Ok(Order::Bundle));
        assert_eq!(read_line("trained"), Ok(Order::Trained { bench: false }));
        assert_eq!(read_line("trained --bench"), Ok(Order::Trained { bench: true }));
        let soaking = |minutes, steps| Ok(Order::Soak(Soaking { minutes, steps }));
        assert_eq!(read_line("soak"), soaking(10, None));
        assert_eq!(read_line("soak --minutes 90"), soaking(90, None));
        assert_eq!(read_line("soak --steps 100000000 --minutes 5"), soaking(5, Some(100_000_000)));
    }

    #[test]
    fn a_wrong_argument_is_named() {
        for (line, named) in [
            ("srve", "`srve`"),
            ("serve --prot 1", "`--prot`"),
            ("serve --port", "`--port `"),
            ("serve --port 70000", "`--port 70000`"),
            ("serve --port 0", "`--port 0`"),
            ("test --fast", "`--fast`"),
            ("dist --to x", "`--to`"),
            ("soak --minutes", "`--minutes `"),
            ("soak --minutes 0", "`--minutes 0`"),
            ("soak --steps many", "`--steps many`"),
            ("soak 5", "`5`"),
        ] {
            let message = read_line(line).expect_err(line);
            assert!(message.contains(named), "{line}: {message}");
        }
    }
}
