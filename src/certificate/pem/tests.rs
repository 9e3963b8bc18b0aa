//! What is read and written as PEM.

use super::*;

#[test]
fn the_written_form_is_recognised() {
    for length in [1, 46, 47, 48, 49, 96, 100] {
        let der = vec![7; length];
        let pem = write("X", &der);
        assert_eq!(pem.len(), written_len("X", &der));
        assert!(is_written(&pem, "X", &der) && !is_written(&pem, "Y", &der), "{pem}");
        for other in [
            pem.replacen('B', "W", 2),
            pem.replace('\n', "\r\n"),
            pem.replacen("-\n", "-\n ", 1),
            pem.replacen("-\n", "-\n\n", 1),
            pem.replace('=', ""),
            format!("x\n{pem}"),
            format!("{pem}\n"),
            pem[..pem.len() - 1].to_owned(),
            pem[..pem.len() - 8].to_owned(),
        ] {
            assert_eq!(is_written(&other, "X", &der), other == pem, "{other}");
        }
    }
}

fn all(text: &str) -> Result<Vec<(&str, Vec<u8>)>, PemError> {
    blocks(text).map(|block| block.and_then(|block| Ok((block.label, block.der()?)))).collect()
}

#[test]
fn text_that_is_not_a_label_is_not_quoted() {
    let text = "-----BEGIN tk_secret-----\nAAAA\n-----END tk_secret-----\n";
    let error = blocks(text).next().unwrap().unwrap_err().to_string();
    assert_eq!(error, "PEM block 1: the BEGIN line has no valid label");
}

#[test]
fn any_wrapping_gives_the_same_block() {
    let der: Vec<u8> = (0..=255).collect();
    let pem = write("X Y", &der);
    for form in [
        pem.clone(),
        pem.replace('\n', "\r\n"),
        pem.replace('\n', "\r"),
        pem.replace('\n', "\r\r\n"),
        pem.replace('\n', " "),
        pem.replace('\n', "\n\n  \t"),
        format!("\u{feff}{pem}"),
        format!("note\n{pem}\ntail"),
        format!("note{pem}"),
        pem.replace("AAEC", " AAEC").replace('\n', "\n "),
        pem.replace("AAEC", "AA EC").replace('\n', " \n"),
        pem.replace('\n', ""),
        pem.replacen('\n', "\nX-Header: yes\n\n", 1),
        pem.replace('=', ""),
    ] {
        assert_eq!(all(&form).unwrap(), [("X Y", der.clone())], "{form}");
    }
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    for width in 1..=130 {
        let lines = base64.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap());
        let body = lines.collect::<Vec<_>>().join("\n");
        let form = format!("-----BEGIN X Y-----\n{body}\n-----END X Y-----\n");
        assert_eq!(all(&form).unwrap(), [("X Y", der.clone())], "{form}");
    }
    assert_eq!(all(&pem.repeat(3)).unwrap().len(), 3);
    assert_eq!(all(&pem.replace('\n', "").repeat(3)).unwrap().len(), 3);
    for none in [
        "",
        "none",
        "the END",
        "BEGIN here",
        "a - dash",
        "    friendlyName: API-ENDPOINT",
        "Subject: CN=FRONT-END Server",
        "CN=A-BEGIN",
        "# --- BEGIN intermediates ---",
        "--- BEGIN intermediates ---",
        "-ENDPOINT",
        "- END of the list",
        "note – END",
    ] {
        assert_eq!(all(&format!("{none}\n{pem}{none}\n{pem}{none}")).unwrap().len(), 2, "{none}");
        assert_eq!(all(none).unwrap().len(), 0, "{none}");
    }
    let blocks = all("------BEGIN X-----AA-----END X------").unwrap();
    assert_eq!(blocks, [("X", vec![0])]);
}

#[test]
fn a_damaged_block_is_an_error_that_says_why_and_the_next_is_still_found() {
    for (bad, why) in [
        ("-----BEGIN X-----\nAAAA", "END line is missing"),
        ("-----BEGIN X-----\nAAAA\n-----END Y-----", "differ"),
        ("-----BEGIN X-----\nAAAA\n-----END X", "not complete"),
        ("-----BEGIN X-----\nAAAA\n-----END X----\n", "not complete"),
        ("-----BEGIN X-----\nAAAA\n----END X-----\n", "END line is missing"),
        ("-----BEGIN X", "BEGIN line is not complete"),
        ("-----BEGIN X\nAAAA\n-----END X-----\n", "BEGIN line is not complete"),
        ("-----BEGIN -----\nAAAA\n-----END -----\n", "BEGIN line is not complete"),
        ("----BEGIN X-----\nAAAA\n", "damaged"),
        ("-----BEGIN-----\nAAAA\n", "damaged"),
        ("-----BEGINX-----\nAAAA\n-----ENDX-----\n", "damaged"),
        ("-----BEGINX-----AAAA-----ENDX-----", "damaged"),
        ("----- BEGIN X -----\nAAAA\n", "damaged"),
        ("-----END X-----\n", "damaged"),
        ("–––––BEGIN X–––––\nAAAA\n", "replaced"),
        ("-----BEGIN X-----\n沃通\n-----END X-----", "not ASCII"),
        ("-----BEGIN X-----\nAA-A\n-----END X-----", "dash"),
        ("-----BEGIN X-----\nAA&#43;\n-----END X-----", "HTML"),
        ("-----BEGIN X-----\\nAAAA\\n-----END X-----", "escaped"),
        ("-----BEGIN X-----\nAA%2B\n-----END X-----", "percent"),
        ("-----BEGIN X-----\nAAAA\u{a0}\n-----END X-----", "no-break"),
        ("-----BEGIN X-----\n-----END X-----", "empty"),
        ("-----BEGIN X-----\nAAAAA\n-----END X-----", "not base64"),
    ] {
        let error = all(bad).unwrap_err().to_string();
        assert!(error.contains("block 1") && error.contains(why), "{bad}: {error}");
        let text = bad.to_owned() + &write("X", &[7]);
        let last = blocks(&text).last().unwrap().unwrap();
        assert_eq!(last.der().unwrap(), [7], "{bad}");
    }
}

#[test]
fn base64_with_a_blank_before_its_padding_is_written_canonically() {
    let der = all("-----BEGIN X-----\nYBs\t=\n-----END X-----").unwrap().remove(0).1;
    assert_eq!(write("X", &der), "-----BEGIN X-----\nYBs=\n-----END X-----\n");
    assert!(all("-----BEGIN X-----\nYBtQ\t=\n-----END X-----").is_err());
}
