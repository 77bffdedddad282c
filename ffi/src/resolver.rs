//! DNS, HTTPS and a cache file, all in one.
