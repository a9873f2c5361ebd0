//! Small numbers that stand for interned names, and how a stream's name tells its category.

/// A stream of one opened history: an index into its table of streams.
///
/// A stream is known by its name and, where the store keys streams by both, its category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub u32);

/// A category of one opened history: an index into its table of categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CategoryId(pub u32);

/// An event type of one opened history: an index into its table of types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u32);

impl StreamId {
    /// The id as an index into the table of streams.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl CategoryId {
    /// The id as an index into the table of categories.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl TypeId {
    /// The id as an index into the table of types.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The category that a stream's name implies where the store has no column for it.
///
/// What stands before the first `-` or `$`, or the first segment of a name that begins with `/`;
/// else none, which is the empty text. A name that is a UUID tells none.
///
/// ```
/// use annals::event::category_of_name;
/// assert_eq!(category_of_name("order-1220"), "order");
/// assert_eq!(category_of_name("Order$8c41"), "Order");
/// assert_eq!(category_of_name("/rooms/12"), "rooms");
/// assert_eq!(category_of_name("87751d4c"), "");
/// assert_eq!(category_of_name("018bcfe5-6800-7abc-8def-0123456789ab"), "");
/// ```
pub fn category_of_name(name: &str) -> &str {
    if is_uuid(name) {
        return "";
    }
    if let Some(path) = name.strip_prefix('/') {
        return path.split('/').next().unwrap_or("");
    }
    name.find(['-', '$']).map_or("", |end| &name[..end])
}

/// Whether a name is a UUID with its dashes.
fn is_uuid(name: &str) -> bool {
    let is_right = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    name.len() == 36 && name.bytes().enumerate().all(is_right)
}
