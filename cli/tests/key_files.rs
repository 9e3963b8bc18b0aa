//! Private keys and their passwords in files that other programs made.
// They run the program openssl, which Windows does not have.
#![cfg(unix)]

mod support;

use serde_json::json;
use support::{OpensslFolder, Run};

fn words(folder: &OpensslFolder, line: &str) -> Run {
    folder.wotrus(&line.split(' ').collect::<Vec<_>>())
}

fn refused(folder: &OpensslFolder, line: &str, says: &str) {
    let run = words(folder, line);
    assert!(run.code == 2 && run.err.contains(says), "{line}: {} {}", run.code, run.err);
}

#[test]
fn an_unsupported_encryption_is_not_called_a_wrong_password() {
    let folder = OpensslFolder::new();
    folder.write("password", "secret");
    folder.write("wrong", "other");
    let line = "pkcs8 -topk8 -in leaf.key -passout file:password";
    folder.openssl(&format!("{line} -v2 aes256 -out good.key"));
    folder.openssl(&format!("{line} -v1 PBE-SHA1-3DES -out old.key"));
    let inspect = "cert inspect leaf.pem --key";
    assert_eq!(words(&folder, &format!("{inspect} good.key --password-file password")).code, 0);
    refused(&folder, &format!("{inspect} good.key --password-file wrong"), "password is wrong");
    let says = "unsupported algorithm";
    refused(&folder, &format!("{inspect} old.key --password-file password"), says);
    refused(&folder, &format!("{inspect} old.key --password-file wrong"), says);
}

#[test]
fn each_password_is_tried_for_a_key() {
    let folder = OpensslFolder::new();
    folder.write("old", "old");
    folder.write("new", "new");
    folder.openssl("pkcs8 -topk8 -in leaf.key -passout file:old -out old.key");
    folder.openssl("pkcs8 -topk8 -in leaf.key -passout file:new -out new.key");
    for key in ["old.key", "new.key"] {
        let line = "cert convert leaf.pem --input-password-file old --password-file new --force";
        let run = words(&folder, &format!("{line} --key {key} --pfx a.pfx"));
        assert_eq!(run.code, 0, "{key}: {}", run.err);
        assert_eq!(words(&folder, "cert convert a.pfx --password-file new").code, 0);
    }
}

#[test]
fn keys_without_their_public_half_and_of_other_kinds_are_told_apart() {
    let folder = OpensslFolder::new();
    for curve in ["P-521", "secp256k1", "P-256"] {
        folder.openssl(&format!(
            "genpkey -algorithm ec -pkeyopt ec_paramgen_curve:{curve} -out {curve}.key"
        ));
        folder.openssl(&format!("ec -in {curve}.key -no_public -out half.key"));
        let line = "key csr half.key --csr x.csr --common-name a";
        if curve == "P-256" {
            assert_eq!(words(&folder, line).code, 0);
            continue;
        }
        refused(&folder, line, "openssl ec -in half.key -out FILE");
        // The command that is named works.
        folder.openssl("ec -in half.key -out FILE");
        let run = words(&folder, "cert inspect leaf.pem --key FILE");
        assert!(run.code == 8 && run.err.contains("not for the key"), "{}", run.err);
    }
    folder.openssl("genpkey -algorithm X448 -out x.key");
    refused(&folder, "cert inspect leaf.pem --key x.key", "unsupported kind");
}

#[test]
fn the_content_of_a_file_without_a_key_is_named() {
    let folder = OpensslFolder::new();
    folder.openssl("pkcs12 -export -in leaf.pem -inkey leaf.key -passout pass:x -out c.pfx");
    folder.openssl("crl2pkcs7 -nocrl -certfile leaf.pem -out c.p7b");
    folder.openssl("pkey -in leaf.key -outform DER -out key.der");
    folder.write("notes", "some text");
    folder.write("store.jks", b"\xfe\xed\xfe\xed\0\0\0\x02");
    for (file, says) in [
        ("leaf.pem", "it is CERTIFICATE"),
        ("leaf.csr", "it is CERTIFICATE REQUEST"),
        ("c.pfx", "--output-dir DIR"),
        ("store.jks", "keytool -importkeystore"),
        ("notes", "neither PEM nor DER"),
    ] {
        refused(&folder, &format!("cert inspect leaf.pem --key {file}"), says);
        refused(&folder, &format!("key csr {file} --csr x --common-name a"), says);
    }
    let run = words(&folder, "cert inspect leaf.pem --key c.p7b");
    assert!(run.code == 2 && !run.err.contains("convert"), "{}", run.err);
    refused(&folder, "cert convert store.jks", "keytool -importkeystore");
    refused(&folder, "cert inspect store.jks", "keytool -list -rfc");
    folder.openssl("crl2pkcs7 -nocrl -out empty.p7b");
    for command in ["cert convert empty.p7b", "cert inspect empty.p7b"] {
        refused(&folder, command, "PKCS#7 without certificates");
    }
    // The base64 alone, as forms hand it out.
    let base64: String =
        folder.read("leaf.key").lines().filter(|line| !line.starts_with('-')).collect();
    folder.write("base64", base64);
    assert_eq!(words(&folder, "cert inspect leaf.pem --key base64").code, 0);
}

#[test]
fn any_of_several_keys_may_fit_and_several_requests_are_refused() {
    let folder = OpensslFolder::new();
    folder.openssl("genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 -out other.key");
    folder.openssl("req -new -key other.key -subj /CN=x -out other.csr");
    folder.write("keys", folder.read("other.key") + &folder.read("leaf.key"));
    folder.write("requests", folder.read("other.csr") + &folder.read("leaf.csr"));
    folder.write("twice", folder.read("leaf.csr").repeat(2));
    folder.write("password", "x");
    let (code, json) = folder.json(&["cert", "inspect", "leaf.pem", "--key", "keys"]);
    assert_eq!((code, &json["matches_key"]), (0, &json!(true)));
    let pfx = "--key keys --pfx a.pfx --password-file password";
    let data = json!({"pem_RSA": folder.read("leaf.pem"), "chains_RSA": []});
    let run = folder.fetch(data, &pfx.split(' ').collect::<Vec<_>>());
    assert_eq!(run.code, 0, "{}", run.err);
    let convert = "cert convert a.pfx --password-file password --output-dir o";
    assert_eq!(words(&folder, convert).code, 0);
    folder.openssl("pkey -in o/key.pem -pubout -out one.pub");
    folder.openssl("pkey -in leaf.key -pubout -out two.pub");
    assert_eq!(folder.read("one.pub"), folder.read("two.pub"));
    // --key chooses among the keys of the files.
    let run = words(&folder, "cert convert leaf.pem keys --key leaf.key --der a.der");
    assert_eq!(run.code, 0, "{}", run.err);
    refused(&folder, "cert convert leaf.pem keys --der a.der", "several private keys");
    refused(&folder, "key csr keys --csr x.csr --common-name a", "several private keys");
    refused(&folder, "cert inspect leaf.pem --csr requests", "more than one request");
    assert_eq!(words(&folder, "cert inspect leaf.pem --csr twice").code, 0);
}

#[test]
fn passwords_that_other_programs_cannot_use_are_refused_or_told() {
    let folder = OpensslFolder::new();
    folder.write("ascii", "secret");
    folder.write("chinese", "密码");
    folder.write("emoji", "a😀");
    let line = "cert convert leaf.pem leaf.key --pfx a.pfx --force --password-file";
    refused(&folder, &format!("{line} emoji"), "--password-file: contains a character");
    let run = words(&folder, &format!("{line} ascii"));
    assert_eq!((run.code, run.err.contains("Java")), (0, false), "{}", run.err);
    for legacy in ["", " --legacy"] {
        let line = line.replace("a.pfx", "b.pfx");
        let run = words(&folder, &format!("{line} chinese{legacy}"));
        assert_eq!((run.code, run.err.contains("Java")), (0, true), "{}", run.err);
    }
}

#[test]
fn names_in_every_string_type_are_escaped_alike() {
    let folder = OpensslFolder::new();
    for (kind, mask) in [("utf8", "utf8only"), ("bmp", "MASK:0x800"), ("teletex", "MASK:0x4")] {
        folder.write(
            "req.cnf",
            format!("[req]\ndistinguished_name=n\nprompt=no\nstring_mask={mask}\n[n]\nCN=x\\,CN=google.com\n"),
        );
        folder.openssl(&format!("req -x509 -new -key leaf.key -config req.cnf -out {kind}.pem"));
        let (code, json) = folder.json(&["cert", "inspect", &format!("{kind}.pem")]);
        assert_eq!(code, 0, "{json}");
        assert_eq!(json["certificates"][0]["subject"], "CN=x\\,CN=google.com");
    }
}

#[test]
fn files_in_ber_are_read() {
    let folder = OpensslFolder::new();
    folder.write("text", "signed");
    folder.openssl("smime -sign -in text -signer leaf.pem -inkey leaf.key -certfile low.pem -outform DER -stream -nodetach -out ber.p7b");
    folder.openssl("cms -sign -in text -signer leaf.pem -inkey leaf.key -certfile low.pem -outform PEM -stream -nodetach -out ber.pem");
    assert!(folder.bytes("ber.p7b").starts_with(&[0x30, 0x80]));
    let chain = folder.read("leaf.pem") + &folder.read("low.pem");
    // The base64 alone, as forms hand it out.
    let base64: String =
        folder.read("ber.pem").lines().filter(|line| !line.starts_with('-')).collect();
    folder.write("ber.txt", base64);
    for file in ["ber.p7b", "ber.pem", "ber.txt"] {
        let run = words(&folder, &format!("cert convert {file}"));
        assert_eq!((run.code, run.out), (0, chain.clone()), "{file}: {}", run.err);
        assert_eq!(words(&folder, &format!("cert inspect {file}")).code, 0, "{file}");
    }
    folder.write("password", "x");
    folder.openssl("pkcs12 -export -in leaf.pem -inkey leaf.key -passout pass:x -out c.pfx");
    let der = folder.bytes("c.pfx");
    assert_eq!(der[..2], [0x30, 0x82]);
    folder.write("ber.pfx", [&[0x30, 0x80], &der[4..], &[0, 0]].concat());
    let run = words(&folder, "cert convert ber.pfx --password-file password");
    assert_eq!((run.code, run.out), (0, folder.read("leaf.pem")), "{}", run.err);
}

#[test]
fn requests_are_made_for_keys_in_unusual_forms_or_the_limits_are_named() {
    let folder = OpensslFolder::new();
    let algorithm = "30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00";
    let hex = |text: &str| -> Vec<u8> {
        text.split(' ').map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
    };
    folder.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key");
    folder.openssl("pkcs8 -topk8 -nocrypt -in rsa.key -outform DER -out rsa.der");
    let (der, with_null) = (folder.bytes("rsa.der"), hex(algorithm));
    let at = der.windows(15).position(|window| window == with_null).unwrap();
    let mut bare = [&der[..at], &with_null[..13], &der[at + 15..]].concat();
    bare[at + 1] -= 2;
    let length = u16::from_be_bytes([bare[2], bare[3]]) - 2;
    bare[2..4].copy_from_slice(&length.to_be_bytes());
    folder.write("bare.der", &bare);
    folder.openssl("ec -in leaf.key -conv_form compressed -out short.key");
    for key in ["bare.der", "short.key"] {
        let run = words(&folder, &format!("key csr {key} --csr {key}.csr --common-name a"));
        assert_eq!(run.code, 0, "{key}: {}", run.err);
        folder.openssl(&format!("req -in {key}.csr -noout -verify"));
    }
    assert_eq!(words(&folder, "cert inspect leaf.pem --csr short.key.csr").code, 0);
    folder.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3 -out e3.key");
    folder.openssl("ec -in leaf.key -param_enc explicit -out explicit.key");
    for key in ["e3.key", "explicit.key"] {
        refused(&folder, &format!("key csr {key} --csr x.csr --common-name a"), "openssl req -new");
        folder.openssl(&format!("req -new -key {key} -subj /CN=a -out {key}.csr"));
    }
}
