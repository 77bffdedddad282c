//! What Exim makes of the module's functions in its configuration.

use testkit::world::enforce;

use super::{Recipe, for_each_recipe, module};
use crate::daemon::Daemon;

/// Runs a test with a function that has Exim call one of the module's, beside a daemon.
fn with_module(test: impl Fn(&dyn Fn(&str) -> String) + Sync) {
    for_each_recipe(|network, recipe| {
        if recipe != Recipe::Module {
            return;
        }
        let patterns = ["${run{/bin/id}}", "$h_to:", "}{", "mx.good.test"];
        network.world().publish("odd.test", "1", &enforce(&patterns));
        let _daemon = Daemon::start_listening(network.world(), "");
        let exim = recipe.exim(network);
        let call = |arguments: &str| {
            exim.expand(&format!("${{dlfunc{{{}}}{arguments}}}", module::path().display()))
        };
        test(&call);
    });
}

#[test]
fn results_are_text_that_is_not_expanded_again() {
    with_module(|call| {
        let decision = call("{mtasts_exim_policy}{127.0.0.1:8461}{odd.test}");
        assert_eq!(decision, "mode=enforce mx=mx.good.test");
        assert_eq!(call(&format!("{{mtasts_exim_mx}}{{{decision}}}{{mx.good.test}}")), "");
        assert_eq!(
            call(&format!("{{mtasts_exim_mx}}{{{decision}}}{{\\$h_to:}}")),
            "MTA-STS: the policy does not name the MX host $h_to:"
        );
    });
}

/// A forced failure would make a router decline, so that the mail goes another way or is returned.
#[test]
fn failures_are_never_forced() {
    with_module(|call| {
        for arguments in [
            "{mtasts_exim_policy}",
            "{mtasts_exim_policy}{}{}",
            "{mtasts_exim_policy}{127.0.0.1:1}{odd.test}",
            "{mtasts_exim_policy}{/nonexistent}{odd.test}",
            "{mtasts_exim_policy}{127.0.0.1:8461}{odd.test}{soon}",
            "{mtasts_exim_policy}{1}{2}{3}{4}{5}{6}{7}",
        ] {
            let said = call(arguments);
            assert!(said.starts_with("Failed: MTA-STS: "), "{arguments}: {said}");
        }
    });
}
