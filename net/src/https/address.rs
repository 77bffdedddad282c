//! Which addresses may be contacted. Anybody can publish a policy host whose address is that of a
//! router or a database in the operator's own network.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Networks that are not on the public Internet (RFC 6890 and its registries).
const REFUSED_V4: [Ipv4Net; 15] = [
    v4([0, 0, 0, 0], 8),       // this network
    v4([10, 0, 0, 0], 8),      // private
    v4([100, 64, 0, 0], 10),   // behind carrier-grade NAT
    v4([127, 0, 0, 0], 8),     // loopback
    v4([169, 254, 0, 0], 16),  // link-local
    v4([172, 16, 0, 0], 12),   // private
    v4([192, 0, 0, 0], 24),    // protocol assignments
    v4([192, 0, 2, 0], 24),    // documentation
    v4([192, 88, 99, 0], 24),  // 6to4 relays
    v4([192, 168, 0, 0], 16),  // private
    v4([198, 18, 0, 0], 15),   // benchmarks
    v4([198, 51, 100, 0], 24), // documentation
    v4([203, 0, 113, 0], 24),  // documentation
    v4([224, 0, 0, 0], 4),     // multicast
    v4([240, 0, 0, 0], 4),     // reserved, and broadcast
];

const REFUSED_V6: [Ipv6Net; 10] = [
    v6([0, 0, 0], 96),          // unspecified, loopback, IPv4-compatible
    v6([0x64, 0xff9b, 1], 48),  // NAT64 of a local network
    v6([0x100, 0, 0], 64),      // discard
    v6([0x2001, 0, 0], 32),     // Teredo
    v6([0x2001, 0xdb8, 0], 32), // documentation
    v6([0x3fff, 0, 0], 20),     // documentation
    v6([0xfc00, 0, 0], 7),      // unique local
    v6([0xfe80, 0, 0], 10),     // link-local
    v6([0xfec0, 0, 0], 10),     // site-local
    v6([0xff00, 0, 0], 8),      // multicast
];

/// NAT64 (RFC 6052 §2.1): the last 32 bits are the IPv4 address.
const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0], 96);
/// 6to4 (RFC 3056 §2): the second and third 16 bits are the IPv4 address.
const SIX_TO_FOUR: Ipv6Net = v6([0x2002, 0, 0], 16);

/// Whether an address must not be contacted, unless one of the networks that are allowed holds it,
/// or the IPv4 address within it.
pub(crate) fn is_refused(address: IpAddr, allowed: &[IpNet]) -> bool {
    let address = address.to_canonical();
    let is_allowed = |address: IpAddr| allowed.iter().any(|network| network.contains(&address));
    if is_allowed(address) {
        return false;
    }
    match address {
        IpAddr::V4(address) => REFUSED_V4.iter().any(|network| network.contains(&address)),
        IpAddr::V6(address) => match embedded(address) {
            Some(inner) => is_refused(inner.into(), allowed),
            None => REFUSED_V6.iter().any(|network| network.contains(&address)),
        },
    }
}

/// The IPv4 address that packets to this address end up at.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [_, _, a, b, c, d, _, _, _, _, _, _, w, x, y, z] = address.octets();
    if NAT64.contains(&address) {
        Some(Ipv4Addr::new(w, x, y, z))
    } else if SIX_TO_FOUR.contains(&address) {
        Some(Ipv4Addr::new(a, b, c, d))
    } else {
        None
    }
}

/// IPv6 and IPv4 in turn, each family in the order given, without repetitions, and at most so many
/// (RFC 8305 §4).
pub(super) fn interleave(addresses: &[IpAddr], most: usize) -> Vec<IpAddr> {
    let (v6, v4): (Vec<IpAddr>, Vec<IpAddr>) = addresses.iter().partition(|ip| ip.is_ipv6());
    let mut v4 = v4.into_iter();
    let mut v6 = v6.into_iter();
    let mut mixed = Vec::new();
    loop {
        let (next_v6, next_v4) = (v6.next(), v4.next());
        if next_v6.is_none() && next_v4.is_none() {
            break;
        }
        for address in next_v6.into_iter().chain(next_v4) {
            if mixed.len() < most && !mixed.contains(&address) {
                mixed.push(address);
            }
        }
    }
    mixed
}

const fn v4([a, b, c, d]: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6([a, b, c]: [u16; 3], length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str, allowed: &[&str]) -> bool {
        let allowed: Vec<IpNet> = allowed.iter().map(|net| net.parse().unwrap()).collect();
        is_refused(address.parse().unwrap(), &allowed)
    }

    #[test]
    fn what_is_not_on_the_internet_is_refused() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.1.2.3",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(refused(address, &[]), "{address}");
        }
    }

    #[test]
    fn public_addresses_are_not_refused() {
        for address in [
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00:1450::1",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2002:101:101::1",
        ] {
            assert!(!refused(address, &[]), "{address}");
        }
    }

    #[test]
    fn refused_ipv4_addresses_within_ipv6_ones_are_refused() {
        for address in [
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::192.168.0.1",
            "64:ff9b:1::1.1.1.1",
            "2002:7f00:1::1",
            "2002:a00:1::",
        ] {
            assert!(refused(address, &[]), "{address}");
        }
    }

    #[test]
    fn networks_can_be_allowed() {
        assert!(!refused("127.0.0.1", &["127.0.0.0/8"]));
        assert!(!refused("::ffff:127.0.0.1", &["127.0.0.0/8"]));
        assert!(!refused("64:ff9b::10.0.0.1", &["10.0.0.0/8"]));
        assert!(!refused("64:ff9b::10.0.0.1", &["64:ff9b::/96"]));
        assert!(!refused("fd00::1", &["192.0.2.0/24", "fd00::/64"]));
        assert!(refused("127.0.0.1", &["10.0.0.0/8", "::/0"]));
        assert!(refused("::1", &["0.0.0.0/0"]));
    }

    #[test]
    fn families_take_turns() {
        let parse = |texts: &[&str]| -> Vec<IpAddr> {
            texts.iter().map(|text| text.parse().unwrap()).collect()
        };
        let found = parse(&["1.0.0.1", "1.0.0.2", "1.0.0.1", "1.0.0.3", "2a00::1", "2a00::2"]);
        let mixed = parse(&["2a00::1", "1.0.0.1", "2a00::2", "1.0.0.2", "1.0.0.3"]);
        assert_eq!(interleave(&found, 8), mixed);
        assert_eq!(interleave(&found, 2), mixed[..2]);
        assert!(interleave(&[], 8).is_empty());
    }
}
