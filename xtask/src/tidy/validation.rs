//! Every outside reference says where it comes from, and is the one it says.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::finding::Finding;
use super::repository::Repository;

const ROOT: &str = "validation/";
/// What a README has to say, in lower case.
const ITEMS: [&str; 6] = ["origin", "version", "licence", "how it was made", "sha256", "tolerance"];
/// Endings of files that are ours and change; everything else is data and has its sum in the README.
const OURS: [&str; 6] = [".rs", ".md", ".py", ".sh", ".toml", "requirements.txt"];

/// Looks at each folder below `validation/`.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let below = repository
        .files
        .iter()
        .filter_map(|file| file.path.strip_prefix(ROOT)?.split_once('/'));
    let cases: BTreeSet<&str> = below.map(|(case, _)| case).filter(|case| *case != "src").collect();
    cases
        .into_iter()
        .flat_map(|case| check_case(repository, case))
        .collect()
}

fn check_case(repository: &Repository, case: &str) -> Vec<Finding> {
    let folder = format!("{ROOT}{case}/");
    let path = format!("{folder}README.md");
    let mut findings = Vec::new();
    let registered = repository.packages.values().flat_map(|package| &package.tests);
    if !registered
        .into_iter()
        .any(|(name, file)| name.starts_with("val_") && file.starts_with(&folder))
    {
        let what = "no val_… test is registered in validation/Cargo.toml or that of the program, add one";
        findings.push(Finding::breach(&path, 1, what));
    }
    let Some(readme) = repository.file(&path) else {
        findings.push(Finding::breach(&path, 1, "missing, write it"));
        return findings;
    };
    let said = readme.text().to_lowercase();
    for item in ITEMS.iter().filter(|item| !said.contains(*item)) {
        findings.push(Finding::breach(&path, 1, format!("does not say: {item}, write it")));
    }
    let sums = sums(readme.text());
    for sum in &sums {
        findings.extend(check_sum(repository, &folder, &path, sum));
    }
    for file in repository.files.iter().filter(|file| file.path.starts_with(&folder)) {
        let is_ours = OURS.iter().any(|ending| file.path.ends_with(ending));
        let has_sum = sums.iter().any(|sum| file.path == format!("{folder}{}", sum.file));
        if !is_ours && !has_sum {
            let what = format!("its sha256 is not in {path}, add it");
            findings.push(Finding::breach(&file.path, 1, what));
        }
    }
    findings
}

/// One line of a README that holds a sum and a file, in either order.
struct Sum {
    line: usize,
    hex: String,
    file: String,
}

/// Reads every line with 64 hexadecimal digits; the file is the word with a dot beside it.
fn sums(readme: &str) -> Vec<Sum> {
    let is_hex = |word: &&str| word.len() == 64 && word.bytes().all(|c| c.is_ascii_hexdigit());
    readme
        .lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let words: Vec<&str> = line
                .split([' ', '`', '|', ',', '(', ')'])
                .map(|word| word.trim_end_matches(['.', ':', ';']))
                .collect();
            let hex = words.iter().copied().find(is_hex)?;
            let file = words
                .iter()
                .copied()
                .find(|word| word.contains('.') || word.contains('/'))?;
            Some(Sum {
                line: index + 1,
                hex: hex.to_lowercase(),
                file: file.to_owned(),
            })
        })
        .collect()
}

/// Compares one sum with the file in the folder, or with the real data where that is present.
fn check_sum(repository: &Repository, folder: &str, readme: &str, sum: &Sum) -> Option<Finding> {
    let name = sum.file.trim_start_matches("$TRILAT_DATA/");
    let bytes = match (repository.file(&format!("{folder}{name}")), &repository.data) {
        (Some(file), _) => file.bytes.clone(),
        (None, None) => return None,
        (None, Some(data)) => match std::fs::read(data.join(name)) {
            Ok(bytes) => bytes,
            Err(why) => {
                return Some(Finding::breach(
                    readme,
                    sum.line,
                    format!("{name}: {why}, mend the name"),
                ));
            }
        },
    };
    let hex: String = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    (hex != sum.hex).then(|| {
        let what = format!("{name} has sha256 {hex}; if it changed for a reason, say it here");
        Finding::breach(readme, sum.line, what)
    })
}

#[cfg(test)]
mod tests {
    use super::super::repository::{Package, with_files};
    use super::*;

    /// The sum of an empty file.
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn readme(sum: &str) -> String {
        format!("Origin Version Licence How it was made sha256 Tolerance\n\n| `a.csv` | `{sum}` |\n")
    }

    fn repository(readme: &str, data: &str) -> Repository {
        let mut repository = with_files([("validation/a/README.md", readme), ("validation/a/a.csv", data)]);
        let tests = [("val_a".to_owned(), "validation/a/val_a.rs".to_owned())].into();
        let package = Package {
            tests,
            ..Package::default()
        };
        repository.packages.insert("validation".to_owned(), package);
        repository
    }

    #[test]
    fn a_whole_case_has_no_findings() {
        assert_eq!(check(&repository(&readme(EMPTY), "")), []);
    }

    #[test]
    fn each_gap_is_found() {
        assert_eq!(check(&repository(&readme(EMPTY), "changed")).len(), 1);
        assert_eq!(check(&repository(&readme("no sum"), "")).len(), 1);
        assert_eq!(check(&repository(&readme(EMPTY).replace("Licence", ""), "")).len(), 1);
        let mut unregistered = repository(&readme(EMPTY), "");
        unregistered.packages.clear();
        assert_eq!(check(&unregistered).len(), 1);
        assert_eq!(check(&with_files([("validation/b/val_b.rs", "")])).len(), 2);
    }
}
