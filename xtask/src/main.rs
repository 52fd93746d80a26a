//! `cargo xtask`: everything that has to be done around the code, by one command each.
//!
//! [`workshop`] knows where things are and runs programs; [`tools`] and [`browser`] bring what is missing; [`steps`] is the
//! table of checks; [`page`] builds the page, [`bundle`] puts what belongs to one lab into files of
//! its own, and [`size`] weighs it all; [`serve`], [`soak`] and [`trained`] are commands of their own.

mod arguments;
mod browser;
mod bundle;
mod page;
mod serve;
mod size;
mod soak;
mod steps;
mod tools;
mod trained;
mod version;
mod workshop;

use std::process::ExitCode;

use arguments::{Order, USAGE};
use workshop::Workshop;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments::read(&arguments).and_then(|order| carry_out(&order)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(order: &Order) -> Result<(), String> {
    match order {
        Order::Help => {
            println!("{USAGE}");
            Ok(())
        }
        Order::ListSteps => {
            steps::list();
            Ok(())
        }
        Order::Serve(wishes) => serve::serve(&Workshop::find()?, wishes),
        Order::Test(chosen) => steps::test(&Workshop::find()?, chosen),
        Order::Dist => page::dist(&Workshop::find()?),
        Order::Bundle => bundle::bundle(&Workshop::find()?),
        Order::Soak(wishes) => soak::soak(&Workshop::find()?, wishes),
        Order::Trained { bench } => trained::trained(&Workshop::find()?, *bench),
    }
}
