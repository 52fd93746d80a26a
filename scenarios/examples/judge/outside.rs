//! What a program is told, and files: natively, and in WebAssembly under Node.

#[cfg(not(target_arch = "wasm32"))]
mod here {
    use std::{env, fs};

    /// What stands behind the program's name.
    pub(crate) fn arguments() -> Vec<String> {
        env::args().skip(1).collect()
    }

    pub(crate) fn read_file(path: &str) -> String {
        fs::read_to_string(path).expect("a text")
    }

    pub(crate) fn write_file(path: &str, text: &str) {
        fs::write(path, text).expect("the folder can be written");
    }
}

#[cfg(target_arch = "wasm32")]
mod here {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = ["process", "argv"])]
        fn join(between: &str) -> String;
    }

    #[wasm_bindgen(module = "fs")]
    extern "C" {
        #[wasm_bindgen(js_name = readFileSync)]
        fn read(path: &str, encoding: &str) -> String;
        #[wasm_bindgen(js_name = writeFileSync)]
        pub(crate) fn write_file(path: &str, text: &str);
    }

    /// What stands behind the names of Node and of the program.
    pub(crate) fn arguments() -> Vec<String> {
        join("\n").lines().skip(2).map(str::to_owned).collect()
    }

    pub(crate) fn read_file(path: &str) -> String {
        read(path, "utf8")
    }
}

pub(crate) use here::{arguments, read_file, write_file};
