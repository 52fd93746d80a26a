//! Splitbrain.
fn main() {
    let run = |args: &[&str]| {
        println!("== cargo {}", args.join(" "));
        let status = std::process::Command::new("cargo").args(args).status();
        if !status.is_ok_and(|status| status.success()) {
            std::process::exit(1);
        }
    };
    run(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    run(&["test", "--workspace"]);
}
