//! Web servers that serve one file on one host.

use alloc::{format, string::String};

/// A web server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WebServer {
    /// Apache httpd 2.4 with `mod_ssl` and `mod_alias`.
    Apache,
    /// nginx.
    Nginx,
    /// Caddy 2, which gets the certificate itself.
    Caddy,
}

impl WebServer {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Apache, Self::Nginx, Self::Caddy];

    /// The name in one word that does not change, as in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Apache => "apache",
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
        }
    }
}

/// The configuration for a policy host. Each answers on this host only, serves the policy and
/// answers 404 to everything else, sets the media type whatever its defaults are, and redirects
/// nothing.
pub(super) fn configuration(server: WebServer, host: &str) -> String {
    match server {
        WebServer::Apache => apache(host),
        WebServer::Nginx => nginx(host),
        WebServer::Caddy => caddy(host),
    }
}

// `RedirectMatch 404` answers 404: with that status there is no redirect.
fn apache(host: &str) -> String {
    format!(
        r#"<VirtualHost *:443>
    ServerName {host}
    DocumentRoot "/var/www/{host}"

    SSLEngine on
    SSLCertificateFile "/etc/letsencrypt/live/{host}/fullchain.pem"
    SSLCertificateKeyFile "/etc/letsencrypt/live/{host}/privkey.pem"

    <Directory "/var/www/{host}">
        Options None
        AllowOverride None
        Require all granted
    </Directory>
    <Location "/.well-known/mta-sts.txt">
        ForceType "text/plain; charset=utf-8"
    </Location>
    RedirectMatch 404 "^/(?!\.well-known/mta-sts\.txt$)"
</VirtualHost>
"#
    )
}

fn nginx(host: &str) -> String {
    format!(
        r"server {{
    listen 443 ssl;
    listen [::]:443 ssl;
    server_name {host};

    ssl_certificate /etc/letsencrypt/live/{host}/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/{host}/privkey.pem;

    root /var/www/{host};

    location = /.well-known/mta-sts.txt {{
        types {{ }}
        default_type text/plain;
        charset utf-8;
    }}
    location / {{
        return 404;
    }}
}}
"
    )
}

fn caddy(host: &str) -> String {
    format!(
        r#"https://{host} {{
	root * /var/www/{host}

	@policy path /.well-known/mta-sts.txt
	handle @policy {{
		header Content-Type "text/plain; charset=utf-8"
		file_server
	}}
	handle {{
		respond 404
	}}
}}
"#
    )
}
