//! The program: reads the arguments, opens the window or answers without one.

fn main() {}
