//! What a statement says, as far as rows are concerned.

use super::load::{Column, Value};
use super::tokens::{Token, Tokens, hex};

/// A table's name, with its schema where one is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TableName {
    pub(super) schema: String,
    pub(super) name: String,
}

/// What is done with statements.
pub(super) enum Statement<'a> {
    /// A table is made, perhaps as a part of another; what follows are its keys.
    Table {
        name: TableName,
        columns: Vec<Column>,
        part_of: Option<TableName>,
        keys: Vec<Vec<String>>,
    },
    /// A table is a part of another.
    Part { of: TableName, name: TableName },
    /// Columns by which rows are found.
    Key {
        table: TableName,
        columns: Vec<String>,
    },
    /// Rows follow on lines of their own; of all columns where none are named.
    Copy {
        table: TableName,
        columns: Option<Vec<String>>,
        is_text: bool,
    },
    /// Rows follow in the statement.
    Insert {
        table: TableName,
        columns: Option<Vec<String>>,
        rows: Rows<'a>,
    },
    /// Nothing about rows.
    Other,
}

/// The rows of an INSERT.
pub(super) struct Rows<'a>(Tokens<'a>);

/// Reads a statement.
pub(super) fn parse(text: &[u8], escapes: bool) -> Statement<'_> {
    let mut tokens = Tokens::new(text, escapes);
    let Some(Token::Name {
        text: verb,
        is_quoted: false,
    }) = tokens.next()
    else {
        return Statement::Other;
    };
    let statement = match verb.as_str() {
        "create" => create(tokens),
        "alter" => alter(tokens),
        "copy" => copy(tokens),
        "insert" | "replace" => insert(tokens),
        _ => None,
    };
    statement.unwrap_or(Statement::Other)
}

fn name(tokens: &mut Tokens<'_>) -> Option<String> {
    match tokens.next()? {
        Token::Name { text, .. } => Some(text),
        _ => None,
    }
}

fn table_name(tokens: &mut Tokens<'_>) -> Option<TableName> {
    let mut schema = String::new();
    let mut last = name(tokens)?;
    while tokens.eat_sign(b'.') {
        schema = std::mem::replace(&mut last, name(tokens)?);
    }
    Some(TableName { schema, name: last })
}

/// Names in brackets; what stands behind a name, such as an order, is passed over.
fn names(tokens: &mut Tokens<'_>) -> Option<Vec<String>> {
    if !tokens.eat_sign(b'(') {
        return None;
    }
    let (mut found, mut depth, mut expects) = (Vec::new(), 1, true);
    while depth > 0 {
        match tokens.next()? {
            Token::Sign(b'(') => depth += 1,
            Token::Sign(b')') => depth -= 1,
            Token::Sign(b',') if depth == 1 => expects = true,
            Token::Name { text, .. } if depth == 1 && expects => {
                found.push(text);
                expects = false;
            }
            _ => expects = false,
        }
    }
    Some(found)
}

fn create(mut tokens: Tokens<'_>) -> Option<Statement<'static>> {
    loop {
        match tokens.next()? {
            Token::Name {
                text,
                is_quoted: false,
            } => match text.as_str() {
                "table" => return create_table(tokens),
                "index" => return create_index(tokens),
                "unlogged" | "unique" | "foreign" | "temporary" | "temp" | "global" | "local" => {}
                _ => return None,
            },
            _ => return None,
        }
    }
}

fn create_index(mut tokens: Tokens<'_>) -> Option<Statement<'static>> {
    while !tokens.eat("on") {
        tokens.next()?;
    }
    tokens.eat("only");
    let table = table_name(&mut tokens)?;
    if tokens.eat("using") {
        tokens.next()?;
    }
    let columns = names(&mut tokens)?;
    Some(Statement::Key { table, columns })
}

fn create_table(mut tokens: Tokens<'_>) -> Option<Statement<'static>> {
    if tokens.eat("if") {
        tokens.eat("not");
        tokens.eat("exists");
    }
    let table = table_name(&mut tokens)?;
    if tokens.eat("partition") {
        tokens.eat("of");
        return Some(Statement::Table {
            name: table,
            columns: Vec::new(),
            part_of: table_name(&mut tokens),
            keys: Vec::new(),
        });
    }
    if !tokens.eat_sign(b'(') {
        return None;
    }
    let (mut columns, mut keys) = (Vec::new(), Vec::new());
    while let Some(more) = column(&mut tokens, &mut columns, &mut keys) {
        if !more {
            break;
        }
    }
    Some(Statement::Table {
        name: table,
        columns,
        part_of: None,
        keys,
    })
}

/// Takes a column or a rule of a table; whether another one follows.
fn column(
    tokens: &mut Tokens<'_>,
    columns: &mut Vec<Column>,
    keys: &mut Vec<Vec<String>>,
) -> Option<bool> {
    const RULES: [&str; 10] = [
        "constraint",
        "primary",
        "unique",
        "check",
        "foreign",
        "exclude",
        "like",
        "key",
        "index",
        "fulltext",
    ];
    let Token::Name { text, is_quoted } = tokens.next()? else {
        return None;
    };
    if !is_quoted && RULES.contains(&text.as_str()) {
        if text == "constraint" {
            tokens.next()?;
        }
        let is_key = matches!(text.as_str(), "primary" | "unique" | "key")
            || tokens.eat("primary")
            || tokens.eat("unique");
        if is_key {
            while !matches!(tokens.peek(), None | Some(Token::Sign(b'(' | b',' | b')'))) {
                tokens.next();
            }
            keys.extend(names(tokens));
        }
        return rest_of_column(tokens, None);
    }
    let kind = match tokens.peek() {
        Some(Token::Name { text, .. }) => text,
        _ => String::new(),
    };
    let name = text.clone();
    columns.push(Column { name: text, kind });
    rest_of_column(tokens, Some((&name, keys)))
}

fn rest_of_column(
    tokens: &mut Tokens<'_>,
    mut key: Option<(&str, &mut Vec<Vec<String>>)>,
) -> Option<bool> {
    let mut depth = 0;
    loop {
        match tokens.next()? {
            Token::Sign(b'(') => depth += 1,
            Token::Sign(b')') if depth == 0 => return Some(false),
            Token::Sign(b')') => depth -= 1,
            Token::Sign(b',') if depth == 0 => return Some(true),
            Token::Name {
                text,
                is_quoted: false,
            } if depth == 0 && (text == "primary" || text == "unique") => {
                if let Some((name, keys)) = &mut key {
                    keys.push(vec![(*name).to_owned()]);
                }
            }
            _ => {}
        }
    }
}

fn alter(mut tokens: Tokens<'_>) -> Option<Statement<'static>> {
    if !tokens.eat("table") {
        return None;
    }
    tokens.eat("only");
    let table = table_name(&mut tokens)?;
    if tokens.eat("attach") {
        tokens.eat("partition");
        let name = table_name(&mut tokens)?;
        return Some(Statement::Part { of: table, name });
    }
    if tokens.eat("add") {
        while !(tokens.eat("primary") || tokens.eat("unique")) {
            tokens.next()?;
        }
        tokens.eat("key");
        let columns = names(&mut tokens)?;
        return Some(Statement::Key { table, columns });
    }
    None
}

fn copy(mut tokens: Tokens<'_>) -> Option<Statement<'static>> {
    let table = table_name(&mut tokens)?;
    let columns = match tokens.peek() {
        Some(Token::Sign(b'(')) => Some(names(&mut tokens)?),
        _ => None,
    };
    if !(tokens.eat("from") && tokens.eat("stdin")) {
        return None;
    }
    // With options the lines may be of another form.
    let mut is_text = true;
    while let Some(token) = tokens.next() {
        if matches!(&token, Token::Name { text, .. } if text == "csv" || text == "binary" || text == "delimiter")
        {
            is_text = false;
        }
    }
    Some(Statement::Copy {
        table,
        columns,
        is_text,
    })
}

fn insert(mut tokens: Tokens<'_>) -> Option<Statement<'_>> {
    while matches!(tokens.peek(), Some(Token::Name { text, is_quoted: false }) if text != "into") {
        tokens.next();
    }
    if !tokens.eat("into") {
        return None;
    }
    let table = table_name(&mut tokens)?;
    let columns = match tokens.peek() {
        Some(Token::Sign(b'(')) => Some(names(&mut tokens)?),
        _ => None,
    };
    while !(tokens.eat("values") || tokens.eat("value"))
        || matches!(tokens.peek(), Some(Token::Sign(b';')))
    {
        tokens.next()?;
    }
    Some(Statement::Insert {
        table,
        columns,
        rows: Rows(tokens),
    })
}

impl Rows<'_> {
    /// The next row; an error where it is none that can be read, `None` at the end.
    pub(super) fn next(&mut self) -> Option<Result<Vec<Value>, ()>> {
        if !self.0.eat_sign(b'(') {
            return None;
        }
        let mut values = Vec::new();
        let row = loop {
            match self.value() {
                Some(value) => values.push(value),
                None => break Err(()),
            }
            if self.0.eat_sign(b')') {
                break Ok(values);
            }
            if !self.0.eat_sign(b',') {
                break Err(());
            }
        };
        if row.is_err() {
            self.skip_row();
        }
        self.0.eat_sign(b',');
        Some(row)
    }

    /// Passes over what is left of a row.
    fn skip_row(&mut self) {
        let mut depth = 1;
        while depth > 0 {
            match self.0.next() {
                Some(Token::Sign(b'(')) => depth += 1,
                Some(Token::Sign(b')')) => depth -= 1,
                Some(_) => {}
                None => return,
            }
        }
    }

    /// A value with what it is cast to; `None` where it would have to be computed.
    fn value(&mut self) -> Option<Value> {
        let value = match self.0.next()? {
            Token::Name {
                text,
                is_quoted: false,
            } => match text.as_str() {
                "null" | "default" => Value::Null,
                "true" => Value::Int(1),
                "false" => Value::Int(0),
                // MySQL names the character set before a text.
                _ if text.starts_with('_') => match self.0.next()? {
                    Token::Text(text) => Value::Blob(text),
                    Token::Bytes(bytes) => Value::Blob(bytes),
                    _ => return None,
                },
                _ => return None,
            },
            Token::Text(text) => Value::Text(text),
            Token::Bytes(bytes) => Value::Blob(bytes),
            Token::Number(digits) => number(digits),
            Token::Sign(b'-') => match self.0.next()? {
                Token::Number(digits) => number(format!("-{digits}")),
                _ => return None,
            },
            _ => return None,
        };
        let mut value = value;
        while self.0.eat_sign(b':') {
            self.0.eat_sign(b':');
            let kind = table_name(&mut self.0)?.name;
            if let Value::Text(text) = &value
                && kind == "bytea"
                && let Some(bytes) = text.strip_prefix(b"\\x").and_then(hex)
            {
                value = Value::Blob(bytes);
            }
            if self.0.eat_sign(b'(') {
                while !self.0.eat_sign(b')') {
                    self.0.next()?;
                }
            }
        }
        Some(value)
    }
}

fn number(digits: String) -> Value {
    match digits.parse() {
        Ok(number) => Value::Int(number),
        Err(_) => Value::Text(digits.into_bytes()),
    }
}
