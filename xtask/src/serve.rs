//! `cargo xtask serve`: the page on this machine, built anew whenever a file changes.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use crate::arguments::Serving;
use crate::page;
use crate::workshop::{Workshop, run};

pub(crate) fn serve(workshop: &Workshop, wishes: &Serving) -> Result<(), String> {
    // Before anything is installed or built: nobody waits for minutes to hear this.
    free(wishes.port)?;
    page::ready(workshop, wishes.release)?;
    println!("the page will be at http://localhost:{}/ once it is built; Ctrl-C stops it", wishes.port);
    let port = wishes.port.to_string();
    let mut arguments = vec!["serve", "--port", &port];
    if wishes.release {
        arguments.extend(page::RELEASE);
    }
    // Said either way, whatever Trunk.toml says.
    arguments.extend(if wishes.open { ["--open", "true"] } else { ["--open", "false"] });
    run(&mut page::trunk(workshop, &arguments))
}

/// Nobody else listens on the port, on either kind of loopback.
fn free(port: u16) -> Result<(), String> {
    let places: [SocketAddr; 2] = [(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()];
    for place in places {
        match TcpListener::bind(place) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                let other = if port < u16::MAX { port + 1 } else { port - 1 };
                return Err(format!(
                    "port {port} is taken by another program: stop that one, or choose another port with \
                     `cargo xtask serve --port {other}`"
                ));
            }
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                return Err(format!("this account may not listen on port {port}: choose one above 1023"));
            }
            // A machine without IPv6, for one: trunk will find its way, or say why not.
            Ok(_) | Err(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_and_another_one_offered() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("some port is free");
        let port = taken.local_addr().expect("it is bound").port();
        let message = free(port).expect_err("it is taken");
        assert!(message.contains(&format!("port {port} is taken")), "{message}");
        assert!(message.contains("--port"), "{message}");
        drop(taken);
    }
}
