//! The machine that measures: natively, and in WebAssembly under Node.

#[cfg(not(target_arch = "wasm32"))]
mod here {
    use std::time::Duration;

    /// What all threads of the program have had of the processors so far: others who use them do not count.
    pub fn processor_time() -> Duration {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: it is written to a place of our own, and this clock is there wherever the program runs.
        unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    }

    /// What stands behind the program's name.
    pub fn arguments() -> Vec<String> {
        std::env::args().skip(1).collect()
    }

    pub fn say(line: &str) {
        println!("{line}");
    }
}

#[cfg(target_arch = "wasm32")]
mod here {
    use std::time::Duration;
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        type Usage;
        #[wasm_bindgen(method, getter)]
        fn user(this: &Usage) -> f64;
        #[wasm_bindgen(method, getter)]
        fn system(this: &Usage) -> f64;
        #[wasm_bindgen(js_namespace = process, js_name = cpuUsage)]
        fn cpu_usage() -> Usage;
        #[wasm_bindgen(js_namespace = ["process", "argv"])]
        fn join(between: &str) -> String;
        #[wasm_bindgen(js_namespace = console, js_name = log)]
        pub fn say(line: &str);
    }

    /// What all threads of Node have had of the processors so far, the compiler's included.
    pub fn processor_time() -> Duration {
        let usage = cpu_usage();
        Duration::from_micros((usage.user() + usage.system()) as u64)
    }

    /// What stands behind the names of Node and of the program.
    pub fn arguments() -> Vec<String> {
        join("\n").lines().skip(2).map(str::to_owned).collect()
    }
}

pub use here::{arguments, processor_time, say};
