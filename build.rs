//! With the feature `capi`, writes the headers of the C interface and names the shared library; without it,
//! does nothing.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "capi")]
    capi::main();
}

#[cfg(feature = "capi")]
mod capi {
    use std::env;
    use std::fs;
    use std::path::Path;

    use cbindgen::{Builder, Config, DocumentationStyle, ItemType, Language, Style};

    const SOURCE: &str = "src/ffi.rs";

    pub(crate) fn main() {
        println!("cargo::rerun-if-changed={SOURCE}");
        println!("cargo::rerun-if-changed=include");
        let root = env::var("CARGO_MANIFEST_DIR").expect("cargo says where the package is");
        let root = Path::new(&root);
        let source = fs::read_to_string(root.join(SOURCE)).expect("src/ffi.rs is there");
        name_the_library(&source);
        // Without its modules, which declare nothing and which cbindgen would look for in the wrong folder.
        let interface: String = source
            .lines()
            .filter(|line| !line.starts_with("mod "))
            .flat_map(|l| [l, "\n"])
            .collect();
        let interface_path =
            Path::new(&env::var("OUT_DIR").expect("cargo gives a folder")).join("ffi.rs");
        fs::write(&interface_path, interface).expect("the folder can be written to");
        for (name, config) in [("wotrus.h", header(&source)), ("wotrus.ffi.h", ffi_header(&source))]
        {
            let builder = Builder::new().with_src(&interface_path).with_config(config);
            let bindings = builder.generate().unwrap_or_else(|error| panic!("{name}: {error}"));
            let mut text = Vec::new();
            bindings.write(&mut text);
            let text = String::from_utf8(text).expect("src/ffi.rs is UTF-8");
            let text = if name == "wotrus.h" { with_calling_convention(&text) } else { text };
            write_if_different(&root.join("include").join(name), &text);
        }
    }

    /// The SONAME has the ABI's number. `nodelete`, because hosts such as PHP close the library
    /// after every request, and would lose its connections and leak what its threads hold.
    fn name_the_library(source: &str) {
        let elf = ["linux", "android", "freebsd", "netbsd", "openbsd", "dragonfly", "illumos"];
        if !elf.contains(&&*env::var("CARGO_CFG_TARGET_OS").expect("cargo names the target")) {
            return;
        }
        let (_, _, abi) = constants(source)
            .find(|(_, name, _)| *name == "WOTRUS_ABI")
            .expect("src/ffi.rs has WOTRUS_ABI");
        println!("cargo::rustc-link-arg=-Wl,-soname,libwotrus.so.{abi}");
        println!("cargo::rustc-link-arg=-Wl,-z,nodelete");
    }

    /// For compilers: C89 and C++98.
    fn header(source: &str) -> Config {
        let mut config = common();
        let version = env::var("CARGO_PKG_VERSION").expect("cargo knows the version");
        let numbers = ["MAJOR", "MINOR", "PATCH"].map(|part| {
            let number = env::var(format!("CARGO_PKG_VERSION_{part}")).expect("as above");
            format!("#define WOTRUS_VERSION_{part} {number}\n")
        });
        config.header = Some(format!(
            "#ifndef WOTRUS_H\n#define WOTRUS_H\n\n/*\n{manual} */\n\n#include <stddef.h>\n\n\
             #define WOTRUS_VERSION \"{version}\"\n{numbers}\n\
             /* WOTRUS_STATIC is for those who link the .a on Windows. */\n\
             #if defined(_WIN32) && !defined(WOTRUS_STATIC)\n\
             #define WOTRUS_API __declspec(dllimport)\n#else\n#define WOTRUS_API\n#endif\n\n\
             /* The calling convention of the functions and of the callback, whatever the compiler's\n \
             * default is. */\n\
             #ifdef _WIN32\n#define WOTRUS_CALL __cdecl\n#else\n#define WOTRUS_CALL\n#endif\n\n\
             #ifdef __cplusplus\nextern \"C\" {{\n#endif",
            manual = manual(source),
            numbers = numbers.concat(),
        ));
        config.trailer = Some("#ifdef __cplusplus\n}\n#endif\n\n#endif".to_owned());
        config.function.prefix = Some("WOTRUS_API".to_owned());
        config.documentation_style = DocumentationStyle::Doxy;
        config
    }

    /// For parsers that know no preprocessor: PHP's FFI, cffi, LuaJIT.
    fn ffi_header(source: &str) -> Config {
        let mut config = common();
        let constants: Vec<String> =
            constants(source).map(|(_, name, value)| format!("  {name} = {value}")).collect();
        config.header = Some(format!(
            "/* The declarations of wotrus.h, which documents them, for parsers without a preprocessor: PHP FFI, \
             cffi, LuaJIT. */\n\n\
             enum {{\n{}\n}};",
            constants.join(",\n")
        ));
        config.export.item_types =
            vec![ItemType::Functions, ItemType::OpaqueItems, ItemType::Typedefs];
        config.documentation = false;
        config
    }

    /// Adds the calling convention, which cbindgen does not know, to the declarations of wotrus.h.
    fn with_calling_convention(header: &str) -> String {
        let mut is_function = false;
        let mut text = String::new();
        for line in header.split_inclusive('\n') {
            is_function |= line.starts_with("WOTRUS_API");
            match line.find('(') {
                Some(end) if is_function => {
                    // The name of the function is the word before its parameters.
                    let name = line[..end].rfind(['*', ' ']).map_or(0, |at| at + 1);
                    text += &format!("{}WOTRUS_CALL {}", &line[..name], &line[name..]);
                    is_function = false;
                }
                _ => text += &line.replacen("(*wotrus_", "(WOTRUS_CALL *wotrus_", 1),
            }
        }
        text
    }

    /// A source package stays as it is if nothing differs.
    fn write_if_different(path: &Path, text: &str) {
        if fs::read_to_string(path).is_ok_and(|old| old == text) {
            return;
        }
        fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    fn common() -> Config {
        Config {
            language: Language::C,
            style: Style::Type,
            no_includes: true,
            usize_is_size_t: true,
            line_length: 100,
            ..Config::default()
        }
    }

    /// `pub const NAME: type = value;` with the line before it.
    fn constants(source: &str) -> impl Iterator<Item = (&str, &str, &str)> {
        source.lines().filter_map(|line| {
            let (name, rest) = line.strip_prefix("pub const ")?.split_once(": ")?;
            let (kind, value) = rest.split_once(" = ")?;
            Some((kind, name, value.strip_suffix(';')?))
        })
    }

    /// The header's manual: what stands at the top of src/ffi.rs.
    fn manual(source: &str) -> String {
        let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
        lines.map(|line| format!(" *{line}\n")).collect()
    }
}
