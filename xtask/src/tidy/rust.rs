//! Rust source as tokens with their lines: what the compiler sees, so a rule is never fooled by a comment or a string.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// One token, or one opening bracket; what is in brackets follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The text; `(`, `[`, `{` for brackets, nothing for those that macros leave out.
    pub text: String,
    /// First line, from 1.
    pub line: usize,
    /// Last line; that of the closing bracket for a bracket.
    pub line_end: usize,
    /// How many tokens stand inside, at any depth.
    pub inside: usize,
}

/// Returns the tokens of a source without its documentation, and without its `#[cfg(test)]` items.
///
/// Errors: the line where it is no Rust.
pub fn tokens(source: &str) -> Result<Vec<Token>, usize> {
    let stream = TokenStream::from_str(source).map_err(|why| why.span().start().line)?;
    let mut list = Vec::new();
    flatten(stream, &mut list);
    Ok(list)
}

fn flatten(stream: TokenStream, list: &mut Vec<Token>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut at = 0;
    while let Some(tree) = trees.get(at) {
        if let Some((attribute, length)) = attribute(&trees[at..]) {
            let words = attribute.stream().to_string().replace(' ', "");
            if words.starts_with("doc=") {
                at += length;
                continue;
            }
            if words == "cfg(test)" && length == 2 {
                at = item_end(&trees, at + length);
                continue;
            }
        }
        push(tree, list);
        at += 1;
    }
}

/// The brackets of an attribute that begins here, `#[…]` or `#![…]`, and how many trees it takes.
fn attribute(trees: &[TokenTree]) -> Option<(&Group, usize)> {
    let is = |at: usize, wanted: char| matches!(trees.get(at), Some(TokenTree::Punct(p)) if p.as_char() == wanted);
    if !is(0, '#') {
        return None;
    }
    let at = if is(1, '!') { 2 } else { 1 };
    match trees.get(at) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => Some((group, at + 1)),
        _ => None,
    }
}

/// The place behind the item that begins here: behind its braces or its semicolon.
fn item_end(trees: &[TokenTree], from: usize) -> usize {
    let is_end = |tree: &TokenTree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    };
    let length = trees[from..].iter().position(is_end);
    length.map_or(trees.len(), |length| from + length + 1)
}

fn push(tree: &TokenTree, list: &mut Vec<Token>) {
    let mut token = Token {
        text: String::new(),
        line: tree.span().start().line,
        line_end: tree.span().end().line,
        inside: 0,
    };
    let TokenTree::Group(group) = tree else {
        token.text = tree.to_string();
        list.push(token);
        return;
    };
    let opening = match group.delimiter() {
        Delimiter::Parenthesis => "(",
        Delimiter::Bracket => "[",
        Delimiter::Brace => "{",
        Delimiter::None => "",
    };
    token.text = opening.to_owned();
    let place = list.len();
    list.push(token);
    flatten(group.stream(), list);
    list[place].inside = list.len() - place - 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docs_comments_and_tests_are_no_tokens() {
        let source =
            "//! doc\n/// doc\nfn a() {\n  // b\n}\n#[cfg(test)]\nmod tests {\n  fn c() {}\n}\nconst D: u8 = 1;\n";
        let texts: Vec<String> = tokens(source).unwrap().into_iter().map(|t| t.text).collect();
        assert_eq!(texts, ["fn", "a", "(", "{", "const", "D", ":", "u8", "=", "1", ";"]);
        assert_eq!(tokens("fn a() {\n}\n}"), Err(3));
    }
}
