//! libmtasts: the engine as a C library.
